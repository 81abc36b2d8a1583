"""Signs of life on stderr while a command looks into one thing after another."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import click

SILENT, UNWATCHED = 2.0, 30.0
"""Seconds after which a command says what it is at: on a terminal, and where stderr goes to a file or another command."""
EVERY = 1.0
"""Seconds between two such lines."""


def telling() -> Callable[[str], None]:
    """Says what is looked into next, with the seconds since the start; nothing in the first seconds, nor too often."""
    began = last = time.monotonic()
    silent = SILENT if sys.stderr.isatty() else UNWATCHED

    def tell(words: str) -> None:
        nonlocal last
        now = time.monotonic()
        if now - began >= silent and now - last >= EVERY:
            last = now
            click.echo(f"{now - began:6.0f} s  {words}", err=True)

    return tell
