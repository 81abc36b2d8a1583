"""Work that was handed out to an executor, and comes back whoever fails over it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, wait
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

POLL = 0.1
"""Seconds between looks at whether the search was ended."""


class Handed(Generic[Asked, Answer]):
    """A piece of work that was handed out, to be done here where nobody else can."""

    def __init__(self, executor: Executor, work: Callable[[Asked], Answer], asked: Asked) -> None:
        self.work, self.asked = work, asked
        try:
            self._future: Future[Answer] = executor.submit(work, asked)
        except Exception as error:  # an executor that takes no work any more fails in its own ways
            self._future = Future()
            self._future.set_exception(error)

    def result(self, stopped: Callable[[], bool]) -> Answer | None:
        """What a worker answers, wherever it is; None once the search was ended."""
        while not stopped():
            if wait([self._future], timeout=POLL).done:
                failed = self._future.cancelled() or self._future.exception() is not None
                return self.work(self.asked) if failed else self._future.result()
        return None

    def call_off(self) -> None:
        """Nobody waits for it any more."""
        self._future.cancel()
