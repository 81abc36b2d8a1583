"""Names and near misses."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

OF_CAPACITY = " (capacity)"
"""Stands after a lever that changes the capacity of the line's vendor and not the line's own work."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name a word was probably meant to be, None when nothing is close."""
    names = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), list(names), n=1, cutoff=0.6)
    return names[close[0]] if close else None


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """A fix in words: the nearest known name, or all of them when they are few."""
    names = list(known)
    close = nearest(word, names)
    if close is not None:
        return f"did you mean '{close}'?"
    if 0 < len(names) <= 8:
        return f"known: {', '.join(sorted(names))}"
    return None
