"""Executors that know their workers: who has a piece of work, who is silent, and how one is replaced."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

PATIENCE = 60.0
"""Seconds without a sign of life after which a worker counts as unresponsive."""


class Workforce(Executor):
    """An executor whose workers can be told apart, passed over and replaced."""

    @property
    @abstractmethod
    def replaced(self) -> int:
        """Workers that died or became unresponsive so far."""

    @abstractmethod
    def submit_elsewhere(
        self, future: Future[Any], fn: Callable[..., Any], /, *args: Any, **kwargs: Any
    ) -> Future[Any]:
        """Have a call made by somebody else than who has the work of this future."""

    @abstractmethod
    def replace(self, future: Future[Any]) -> None:
        """Let another worker take the place of who has the work of this future, which nobody waits for any more."""

    def has_begun(self, future: Future[Any]) -> bool:
        """Whether somebody has the work of this future in hand."""
        return future.running()

    @abstractmethod
    def silent(self, future: Future[Any]) -> bool:
        """Whether who has the work of this future has given no sign of life for too long, and still has it."""

    @abstractmethod
    def end_early(self) -> None:
        """Tell all workers to end what they do with what there is."""

    @abstractmethod
    def stop(self) -> None:
        """Call off everything at once, in hand or not."""
