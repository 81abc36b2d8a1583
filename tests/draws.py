"""How many examples are drawn: a part of them in each run of the tests, always the same ones; all of them with `DRAWS=all`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

ALL = os.environ.get("DRAWS") == "all"
PART, LEAST = 0.4, 6
"""What is drawn of many examples, and how many at least of those there are."""


def examples(many: int) -> int:
    """How many of so many examples this run draws."""
    return many if ALL else max(min(many, LEAST), round(PART * many))


def some(of: Sequence[T], every: int = 2) -> list[T]:
    """One of so many in this run, evenly over what is listed."""
    return list(of) if ALL else list(of[::every])
