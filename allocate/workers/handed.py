"""Work that was handed out to an executor, and comes back whoever dies over it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

POLL = 0.1
"""Seconds between looks at whether the search was ended."""
TRIES = 3
"""Workers that may fail over a piece of work before it is done here."""


class Handed(Generic[Asked, Answer]):
    """A piece of work that was handed out, once or again."""

    def __init__(self, executor: Executor, work: Callable[[Asked], Answer], asked: Asked) -> None:
        self.executor, self.work, self.asked = executor, work, asked
        self._failed = 0
        self._hand_out()

    def _hand_out(self) -> None:
        try:
            self._future: Future[Answer] = self.executor.submit(self.work, self.asked)
        except Exception:  # an executor that takes no work any more fails in its own ways
            self._future, self._failed = Future(), TRIES

    def result(self, stopped: Callable[[], bool]) -> Answer | None:
        """What a worker answers, wherever it is; None once the search was ended."""
        while self._failed < TRIES:
            if stopped():
                return None
            if not wait([self._future], timeout=POLL).done:
                continue
            if not self._future.cancelled() and self._future.exception() is None:
                return self._future.result()
            self._failed += 1
            if self._failed < TRIES:
                self._hand_out()
        return self.work(self.asked)

    def call_off(self) -> None:
        """Nobody waits for it any more."""
        self._future.cancel()
