"""Signs of life on stderr while a command looks into one thing after another."""

from __future__ import annotations

import time
from collections.abc import Callable

import click

SILENT = 2.0
"""Seconds after which a command says what it is at."""
EVERY = 1.0
"""Seconds between two such lines."""


def telling() -> Callable[[str], None]:
    """Says what is looked into next, with the seconds since the start; nothing in the first seconds, nor too often."""
    began = last = time.monotonic()

    def tell(words: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - began >= SILENT and now - last >= EVERY:
            last = now
            click.echo(f"{now - began:6.0f} s  {words}", err=True)

    return tell
