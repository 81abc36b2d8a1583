"""Running a solver so that Ctrl-C, a cancel event and a progress report work while it computes."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from allocate.solvers.work import Work

Progress = Callable[[float, float | None, float | None], None]
"""Called with seconds since the start, best objective so far and bound, None where there is none yet."""

POLL = 0.05
REPORT_EVERY = 1.0


class Cancel(Protocol):
    """Anything that can say a solve is no longer wanted, such as ``threading.Event``."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...


class Watch:
    """A solve under observation; it stays stopped once stopped, over all the runs of one solve."""

    def __init__(
        self, cancel: Cancel | None = None, progress: Progress | None = None, work: Work | None = None
    ) -> None:
        """``work``: where what is searched is counted, and ends."""
        self.work = Work() if work is None else work
        self.best: float | None = None
        self.bound: float | None = None
        self._stop = threading.Event()
        self._cancel = cancel
        self._progress = progress
        self._began = time.monotonic()
        self._reported = self._began

    def apart(self) -> Watch:
        """A watch of searches in other programs on the way: they stop with this one, and their plans and bounds are not told."""
        return Watch(_Stopped(self), work=self.work)

    @property
    def stopped(self) -> bool:
        """Whether Ctrl-C was pressed or the cancel event set; solvers ask this as they go."""
        return self._stop.is_set() or (self._cancel is not None and self._cancel.is_set())

    @property
    def seconds(self) -> float:
        """Seconds since the watch began."""
        return time.monotonic() - self._began

    def run(self, job: Callable[[], Any]) -> Any:
        """Result of a job that looks at ``stopped`` itself.

        The job runs in a thread of its own, so the main thread is free to take Ctrl-C at once. The first Ctrl-C asks
        the job to stop, the second raises KeyboardInterrupt; the handler found before is put back.
        """
        results: list[Any] = []
        errors: list[BaseException] = []

        def work() -> None:
            try:
                results.append(job())
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=work, name="solver", daemon=True)
        with self._interruptible():
            thread.start()
            try:
                self._wait(thread)
            except BaseException:
                self._stop.set()
                thread.join(5.0)
                raise
        if errors:
            raise errors[0]
        return results[0]

    def _wait(self, thread: threading.Thread) -> None:
        while True:
            thread.join(POLL)
            if not thread.is_alive():
                return
            now = time.monotonic()
            if self._progress is not None and now - self._reported >= REPORT_EVERY:
                self._reported = now
                self._progress(now - self._began, self.best, self.bound)

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        mine = (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGINT) is signal.default_int_handler
        )
        if not mine:
            # A handler of somebody else's stays in charge.
            yield
            return

        def pressed(number: int, frame: Any) -> None:
            if self._stop.is_set():
                signal.default_int_handler(number, frame)
            self._stop.set()

        signal.signal(signal.SIGINT, pressed)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.default_int_handler)


class _Stopped:
    """Whether the solve under a watch is no longer wanted."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch

    def is_set(self) -> bool:
        """Whether to stop."""
        return self._watch.stopped
