"""Serving the dashboard of a case: an address at once, then the page, until it is told to end."""

from __future__ import annotations

import ipaddress
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from types import FrameType
from typing import TYPE_CHECKING

from allocate.errors import CaseError, Place

if TYPE_CHECKING:
    from allocate.dashboard.planner import Asked

NEEDS = {"starlette": "starlette", "uvicorn": "uvicorn", "jinja2": "jinja2"}
"""Modules a dashboard needs, and the packages they come in."""
SHORTEST = 16
"""Characters of a token at least."""


def check_extra() -> None:
    """Raise CaseError, with how to install it, where what a dashboard needs is not there."""
    missing = [package for module, package in NEEDS.items() if find_spec(module) is None]
    if missing:
        message = f"a dashboard needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed"
        fix = "pip install '.[dashboard]' in a clone of the repository, else pip install 'allocate[dashboard]'"
        raise CaseError.of(message, None, fix)


def checked_host(host: str, token: str | None) -> str:
    """An address to listen at; CaseError for one that others reach without a token, or that is no single address."""
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        message = f"'{host}' is not an address of this machine"
        raise CaseError.of(message, Place("--host"), "write it in numbers, as in `--host 192.168.1.20`") from None
    if address.is_unspecified:
        message = "every address of this machine is more than one"
        raise CaseError.of(message, Place("--host"), "name the one that others use, as in `--host 192.168.1.20`")
    if not address.is_loopback and token is None:
        message = f"others reach {host}, and whoever does may read the case"
        fix = "add `--token`, or ALLOCATE_TOKEN in the environment, with a secret of your own"
        raise CaseError.of(message, Place("--host"), fix)
    if token is not None and (
        len(token) < SHORTEST or not token.isascii() or not all(c.isalnum() or c in "-_" for c in token)
    ):
        message = f"a token has {SHORTEST} characters or more, all of them letters, digits, `-` and `_`"
        raise CaseError.of(message, Place("--token"), "leave it out, and one is made")
    return str(address)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens at an address; CaseError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen(64)
    except OSError as error:
        found.close()
        why = (error.strerror or str(error)).lower()
        raise CaseError.of(
            f"cannot listen at {host}, port {port}: {why}", Place("--port"), "name another port, or leave it out"
        ) from None
    return found


def address_of(found: socket.socket, token: str) -> str:
    """The address to open, with the token."""
    host, port = found.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/?token={token}"


def hosts_of(found: socket.socket) -> tuple[str, ...]:
    """What browsers may call the address."""
    host, port = found.getsockname()[:2]
    named = [f"[{host}]" if ":" in host else host, *(["localhost"] if ipaddress.ip_address(host).is_loopback else [])]
    return tuple(f"{one}:{port}" for one in named)


def new_token() -> str:
    """A token nobody can guess."""
    return secrets.token_urlsafe(24)


def serve(found: socket.socket, token: str, asked: Asked, ready: Callable[[], None] | None = None) -> None:
    """Serve the dashboard of a case at a socket until it is told to end. ready: called once requests are answered."""
    import uvicorn

    from allocate.dashboard.app import application
    from allocate.dashboard.guard import Guard
    from allocate.dashboard.planner import Planner

    port = found.getsockname()[1]
    guarded = Guard(application(Planner(asked)), hosts_of(found), token, f"allocate-{port}")
    config = uvicorn.Config(
        guarded, log_level="critical", access_log=False, ws="none", http="h11", server_header=False, lifespan="on",
        timeout_graceful_shutdown=2,
    )  # fmt: skip
    if ready is not None:
        ready()
    server = uvicorn.Server(config)
    # It would end the process by the signal itself, before the other process is told.
    server.capture_signals = lambda: _told_to_end(server.handle_exit)  # type: ignore[method-assign]
    server.run(sockets=[found])


@contextmanager
def _told_to_end(ended: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Ctrl-C and the end of the session are told, and nothing else; what they did before is put back."""
    before = {number: signal.signal(number, ended) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
