"""Who may ask: nobody from another site, nobody without the token; and what a browser may do with an answer."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load and run: only what comes from here, and no text as code."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
MOST_BODY = 256 * 1024
"""Bytes of a form that are read at most."""
ANYBODY = ("none", "same-origin")
"""Who a browser may say has asked: the person, or a page of ours."""


class Guard:
    """Lets through what comes from the browser the page was opened in; all else is answered here.

    hosts: what `Host` may be, as in `127.0.0.1:8000`. A name that somebody has made point here (DNS rebinding) is none of them.
    """

    def __init__(self, app: App, hosts: Iterable[str], token: str, cookie: str) -> None:
        self._app, self._hosts, self._token, self._cookie = app, frozenset(hosts), token, cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise ValueError(f"{scope['type']} connections are not served")
        headers = _headers(scope)
        refused = self._refused(scope, headers)
        if refused is not None:
            await _answer(send, *refused)
            return
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        if scope["method"] == "GET" and scope["path"] == "/" and _same(given, self._token):
            set_cookie = f"{self._cookie}={self._token}; Path=/; HttpOnly; SameSite=Strict"
            await _answer(
                send, 303, "The address with the token was right.", {"location": "/", "set-cookie": set_cookie}
            )
            return
        if not _same(self._known(headers), self._token):
            await _answer(
                send, 403, "Open the address that `allocate dashboard` printed: it has the token this page asks for."
            )
            return
        await self._app(scope, receive, _with_headers(send))

    def _refused(self, scope: Scope, headers: dict[str, list[str]]) -> tuple[int, str] | None:
        """Status and words for what comes from elsewhere; None for what may come in."""
        hosts, origins = headers.get("host", []), headers.get("origin", [])
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return 400, "The page is not served at this address."
        if any(origin.lower() not in {f"http://{host}" for host in self._hosts} for origin in origins):
            return 403, "A page of another site asked for this."
        if any(site not in ANYBODY for site in headers.get("sec-fetch-site", [])):
            return 403, "A page of another site asked for this."
        length = headers.get("content-length", ["0"])[0]
        if not length.isdecimal() or int(length) > MOST_BODY:
            return 413, f"A form has {MOST_BODY:,} bytes at most."
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return 405, "Only GET and POST are answered."
        return None

    def _known(self, headers: dict[str, list[str]]) -> str:
        """The token in the cookies; empty where there is none."""
        for line in headers.get("cookie", []):
            try:
                found = SimpleCookie(line).get(self._cookie)
            except CookieError:
                continue
            if found is not None:
                return found.value
        return ""


def _same(given: str, right: str) -> bool:
    return secrets.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode())


def _headers(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


async def _answer(send: Send, status: int, words: str, more: dict[str, str] | None = None) -> None:
    body = f"{words}\n".encode()
    headers = {**HEADERS, "content-type": "text/plain; charset=utf-8", "content-length": str(len(body)), **(more or {})}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})


def _with_headers(send: Send) -> Send:
    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            added = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in there]
            message = {**message, "headers": [*message["headers"], *added]}
        await send(message)

    return sent
