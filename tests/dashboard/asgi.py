"""An application asked without a network: requests go in as the server would hand them over."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from allocate.dashboard.app import application
from allocate.dashboard.background import Background
from allocate.dashboard.guard import Guard
from allocate.dashboard.planner import Asked, Planner
from allocate.workers.executors import InProcess

HOST, TOKEN, COOKIE = "127.0.0.1:8000", "a-token-for-the-tests", "allocate-8000"

SMALL = """\
case: small
currency: USD
horizon: {start: 2027-01-04, weeks: 3}
objective: cost
budget: 9k USD   # what there is
products:
  boxes:
    item: image
    effort: 30 sec/image
    demand: {exactly: 20_000 images}
    accuracy: {at-least: 92%}
vendors:
  acme: {capacity: 200 h/week, accuracy: 95%, contract: {per: item, price: 0.30 USD/item}}
  beta: {capacity: 40 h/week, accuracy: 93%, contract: {per: item, price: 0.25 USD/item}}
workflows: [single-pass]
scenarios:
  less-of-beta: {vendors.beta.capacity: 20 h/week}   # a guess

# the end
"""
"""A case that is planned in a few milliseconds."""


@dataclass(frozen=True)
class Got:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    text: str


class Client:
    """A browser that has opened the address with the token."""

    def __init__(self, app: Any, form_token: str = "") -> None:
        self._app, self.form_token = app, form_token
        self._loop = asyncio.new_event_loop()

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Got:
        """One request; headers are added to those of a browser, and left out where their value is empty."""
        route, _, query = path.partition("?")
        given = {"host": HOST, "cookie": f"{COOKIE}={TOKEN}", "content-length": str(len(body)), **(headers or {})}
        raw = [(name.encode(), value.encode("latin-1")) for name, value in given.items() if value]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": route,
            "raw_path": route.encode(), "query_string": query.encode(), "headers": raw, "root_path": "",
            "client": ("127.0.0.1", 40_000), "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        sent: list[dict[str, Any]] = []
        parts = iter([{"type": "http.request", "body": body, "more_body": False}, {"type": "http.disconnect"}])

        async def receive() -> dict[str, Any]:
            return next(parts)

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        self._loop.run_until_complete(self._app(scope, receive, send))
        start = next(one for one in sent if one["type"] == "http.response.start")
        found = {name.decode().lower(): value.decode("latin-1") for name, value in start["headers"]}
        text = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body").decode()
        return Got(start["status"], found, text)

    def get(self, path: str, **headers: str) -> Got:
        """A page, or what a script asks for."""
        return self.ask("GET", path, {name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path: str, pairs: Sequence[tuple[str, str]] = (), *, by_script: bool = True, **headers: str) -> Got:
        """A form of the page."""
        body = urlencode([("token", self.form_token), ("page", "one"), *pairs], errors="surrogatepass").encode()
        kind = {"content-type": "application/x-www-form-urlencoded", **({"hx-request": "true"} if by_script else {})}
        return self.ask("POST", path, {**kind, **{k.replace("_", "-"): v for k, v in headers.items()}}, body)

    def close(self) -> None:
        """End what is under way."""
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                self._loop.run_until_complete(task)
        self._loop.close()


@contextmanager
def dashboard(source: Path, **more: Any) -> Iterator[Client]:
    """The dashboard of a case, guarded as it is served."""
    app = application(Planner(Asked(source, **more)), Background(InProcess))
    one = next(route.endpoint.__self__ for route in app.routes if route.path == "/")  # type: ignore[attr-defined]
    client = Client(Guard(app, [HOST], TOKEN, COOKIE), one.form_token)
    with pytest.MonkeyPatch.context() as patch:
        # What is asked in the background is answered in this process, which has other tests to do at its own priority.
        patch.setattr(os, "setpriority", lambda *_: None, raising=False)
        try:
            yield client
        finally:
            client.close()
