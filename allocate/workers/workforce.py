"""What executors that replace their workers have in common: how long work may take, and how all of it is ended."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

PATIENCE = 60.0
"""Seconds that work may take at least."""
FACTOR = 10
"""How many times as long as the longest of its like work may take; so much longer each time it is done again."""


class WorkerLostError(RuntimeError):
    """One worker after the other stopped or became unresponsive over the same work, or it was called off."""


class Workforce(Executor):
    """An executor that gives work a time-out: ten times the longest of its like (calls of the same function).

    That is ``patience`` seconds at least, and ten times these while none of its like was answered. A worker that is over
    the time counts as unresponsive: it is replaced, and its work done again.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self.replaced = 0  # workers that stopped or became unresponsive so far
        self.beat = min(1.0, patience / 10.0)  # seconds between looks at the work
        self.patience = patience
        self._longest: dict[Callable[..., Any], float] = {}

    def took(self, fn: Callable[..., Any], seconds: float) -> None:
        """Learn from a call that was answered."""
        self._longest[fn] = max(seconds, self._longest.get(fn, 0.0))

    def allowed(self, fn: Callable[..., Any], lost: int) -> float:
        """Seconds a call may take once this many workers were lost over it."""
        longest = self._longest.get(fn)
        once = FACTOR * self.patience if longest is None else max(self.patience, FACTOR * longest)
        return once * float(FACTOR**lost)

    @abstractmethod
    def end_early(self) -> None:
        """Tell all workers to end what they do with what there is, where they can be told."""

    @abstractmethod
    def stop(self) -> None:
        """Call off everything at once, in hand or not."""
