"""Work that takes far longer than its like is given to another worker as well; who answers first counts."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import Any, ParamSpec, TypeVar

from allocate.workers.workforce import PATIENCE, Workforce

P = ParamSpec("P")
T = TypeVar("T")

FACTOR = 10
"""How many times as long as the longest of its like work takes before it counts as unresponsive."""
TRIES = 3
"""Workers the same work is given to at most; after that it is waited for."""
BEAT = 1.0
"""Seconds between looks at the work, or a tenth of the patience where that is less."""


class Guarded(Executor):
    """Another executor, looked after: work must give the same whoever does it, since it may be done twice.

    Work is late after ten times as long as the longest of its like (calls of the same function) took, but never before
    ``patience`` seconds; while none of its like was answered, after ten times the patience.
    """

    def __init__(self, inner: Executor, patience: float = PATIENCE) -> None:
        self.inner, self.patience = inner, patience
        self._pieces: list[_Piece] = []
        self._longest: dict[Callable[..., Any], float] = {}
        self._lock = threading.Lock()
        self._settling = threading.Lock()
        self._wake = threading.Event()
        self._watching = False
        self._stir = time.monotonic()

    @property
    def replaced(self) -> int:
        """Workers that died or became unresponsive so far, where the executor knows its workers."""
        return self.inner.replaced if isinstance(self.inner, Workforce) else 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a function called, by more than one worker where the first is late."""
        piece = _Piece(fn, args, kwargs)
        copy = piece.given(self.inner.submit(fn, *args, **kwargs))
        with self._lock:
            self._pieces.append(piece)
            if not self._watching:
                self._watching, self._stir = True, time.monotonic()
                threading.Thread(target=self._watch, name="guard", daemon=True).start()
        copy.future.add_done_callback(lambda _: self._answered(piece, copy))
        return piece.future

    def end_early(self) -> None:
        """Tell all workers to end what they do with what there is, where they can be told."""
        if isinstance(self.inner, Workforce):
            self.inner.end_early()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work."""
        self.settle()
        self.inner.shutdown(wait, cancel_futures=cancel_futures)

    def stop(self) -> None:
        """Call off everything at once, in hand or not."""
        self.settle()
        if isinstance(self.inner, Workforce):
            self.inner.stop()
        else:
            self.inner.shutdown(wait=False, cancel_futures=True)

    def _answered(self, piece: _Piece, copy: _Copy) -> None:
        now = time.monotonic()
        with self._lock:
            self._stir = now
            if piece.answered or (copy.future.cancelled() and piece.is_waited_for):
                return
            piece.answered = True
            if not copy.future.cancelled():
                took = 0.0 if copy.began is None else now - copy.began
                self._longest[piece.fn] = max(self._longest.get(piece.fn, 0.0), took)
            if len(piece.copies) > 1:
                self._wake.set()
        piece.future.become(copy.future)

    def _watch(self) -> None:
        beat = min(BEAT, self.patience / 10.0)
        while True:
            self._wake.wait(beat)
            self._wake.clear()
            some = self.settle()
            with self._lock:
                if not some and not self._pieces:
                    self._watching = False
                    return
                waited_for = [piece for piece in self._pieces if not piece.answered]
            self._look(waited_for)

    def settle(self) -> bool:
        """Tidy up after what was answered, whoever gets to it first; whether there was any."""
        with self._settling:
            with self._lock:
                settled = [piece for piece in self._pieces if piece.answered]
                self._pieces = [piece for piece in self._pieces if not piece.answered]
            for piece in settled:
                self._tidy(piece)
            return bool(settled)

    def _tidy(self, piece: _Piece) -> None:
        """Call off who was not needed; whoever was late and lost is replaced."""
        for copy in piece.copies:
            if copy.future.done():
                continue
            if copy.late and isinstance(self.inner, Workforce):
                self.inner.replace(copy.future)
            copy.future.cancel()

    def _look(self, pieces: list[_Piece]) -> None:
        now = time.monotonic()
        for piece in pieces:
            copy = piece.copies[-1]
            if copy.began is None and self._has_begun(copy.future):
                copy.began = now
            if copy.began is not None:
                self._stir = now
        for piece in pieces:
            if len(piece.copies) < TRIES and not piece.copies[-1].late and self._is_late(piece, now):
                self._again(piece)

    def _has_begun(self, future: Future[Any]) -> bool:
        return self.inner.has_begun(future) if isinstance(self.inner, Workforce) else future.running()

    def _is_late(self, piece: _Piece, now: float) -> bool:
        """Also work that does not begin, though nobody does anything: an executor may lose track of it."""
        copy, longest = piece.copies[-1], self._longest.get(piece.fn)
        allowed = FACTOR * self.patience if longest is None else max(self.patience, FACTOR * longest)
        if now - (self._stir if copy.began is None else copy.began) > allowed:
            return True
        return isinstance(self.inner, Workforce) and self.inner.silent(copy.future)

    def _again(self, piece: _Piece) -> None:
        late = piece.copies[-1]
        late.late = True
        # An executor that takes no more work fails in its own ways; the work is then waited for.
        with contextlib.suppress(Exception):
            if isinstance(self.inner, Workforce):
                future = self.inner.submit_elsewhere(late.future, piece.fn, *piece.args, **piece.kwargs)
            else:
                future = self.inner.submit(piece.fn, *piece.args, **piece.kwargs)
            copy = piece.given(future)
            future.add_done_callback(lambda _: self._answered(piece, copy))


class _Promise(Future[Any]):
    """What comes of work, whoever does it."""

    def __init__(self) -> None:
        super().__init__()
        self.copies: list[Future[Any]] = []

    def cancel(self) -> bool:
        """Call the work off, unless somebody has begun it."""
        refused = [copy for copy in self.copies if not copy.cancel()]
        # The last copy that is called off may have brought this about already.
        if not refused and not self.cancelled() and super().cancel():
            self.set_running_or_notify_cancel()
        return self.cancelled()

    def running(self) -> bool:
        """Whether somebody has begun it."""
        return not self.done() and any(copy.running() for copy in self.copies)

    def become(self, copy: Future[Any]) -> None:
        """Take over what came of a copy."""
        if copy.cancelled():
            self.cancel()
        elif self.set_running_or_notify_cancel():
            error = copy.exception()
            if error is not None:
                self.set_exception(error)
            else:
                self.set_result(copy.result())


@dataclass(eq=False)
class _Copy:
    """Work as it was given to one worker."""

    future: Future[Any]
    began: float | None = None
    """When somebody was first seen to have begun it."""
    late: bool = False


@dataclass(eq=False)
class _Piece:
    """A call to make, and those it was given to."""

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    copies: list[_Copy] = field(default_factory=list)
    future: _Promise = field(default_factory=_Promise)
    answered: bool = False

    def given(self, future: Future[Any]) -> _Copy:
        """The work as it was given to one more worker, who owes this."""
        copy = _Copy(future)
        self.copies.append(copy)
        self.future.copies.append(future)
        return copy

    @property
    def is_waited_for(self) -> bool:
        """Whether anybody may still answer."""
        return any(not copy.future.done() for copy in self.copies)


def guarded(executor: Executor) -> Guarded:
    """An executor that is looked after: itself, or any other of `concurrent.futures` with the usual patience."""
    return executor if isinstance(executor, Guarded) else Guarded(executor)
