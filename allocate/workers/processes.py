"""A pool of processes that is made again when one of them dies or is over its time; the work it had is done again."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import BrokenExecutor, Future, InvalidStateError, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, ParamSpec, TypeVar

from allocate.workers.workforce import PATIENCE, WorkerLostError, Workforce

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 3
"""Pools that may break over the same work before it is given up."""
STARTING = 30.0
"""Seconds more for the first work of a new pool, whose processes have to start."""
_ended = threading.Event()


def told_to_end() -> threading.Event:
    """In a worker: set when work in hand shall end early with what there is; anywhere else never set."""
    return _ended


@dataclass(eq=False)
class _Job:
    """A call to make, and where its result goes."""

    fn: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    future: Future[Any] = field(default_factory=Future)
    given: Future[tuple[float, Any]] = field(default_factory=Future)
    begun: float = 0.0
    lost: int = 0
    """Pools that broke while it was under way."""

    @property
    def is_suspect(self) -> bool:
        """Whether one more worker lost over it is the last: then it is done alone, so that no other work is blamed."""
        return self.lost == TRIES - 1


class Processes(Workforce):
    """Worker processes, started when there is work for them; they leave Ctrl-C to this one and never outlive it.

    One thread hands work out, as many calls at a time as there are workers, and takes in what comes back.
    """

    def __init__(self, workers: int, patience: float = PATIENCE) -> None:
        super().__init__(patience)
        self._workers = workers
        self._pool: _Pool | None = None
        self._waiting: deque[_Job] = deque()
        self._running: list[_Job] = []
        self._closed = self._stopped = False
        self._lock = threading.RLock()
        self._news: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="workers", daemon=True)

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers there are."""
        pool = self._pool
        return [] if pool is None else [one.pid for one in pool.started if one.pid is not None]

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker call a function; it is called again by another where a worker is lost."""
        job = _Job(fn, args, kwargs)
        with self._lock:
            if self._closed:
                raise RuntimeError("the workers were dismissed")
            self._waiting.append(job)
            if self._thread.ident is None:
                self._thread.start()
        self._news.put(None)
        return job.future

    def end_early(self) -> None:
        """Tell all workers to end what they do with what there is."""
        with self._lock:
            if self._pool is not None:
                self._pool.tell.send_bytes(b"end")

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more work; workers end when what was asked is done, or called off."""
        with self._lock:
            self._closed = True
            for job in self._waiting if cancel_futures else ():
                job.future.cancel()
        self._news.put(None)
        if wait and self._thread.ident is not None:
            self._thread.join()

    def stop(self) -> None:
        """Call off everything at once, in hand or not; no worker is left when this returns."""
        self._stopped = True
        self.shutdown(cancel_futures=True)

    def _run(self) -> None:
        # A process started here inherits this: Ctrl-C is for the one that started it, from the first moment on.
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            while not self._stopped:
                with self._lock:
                    self._take_in()
                    self._hand_out()
                    if self._closed and not self._running:
                        break
                with suppress(queue.Empty):
                    self._news.get(timeout=self.beat if self._running else None)
        finally:
            # Whatever ends this thread: nobody waits for work that no one does, and nobody hands out more.
            with self._lock:
                self._closed = True
                for job in (*self._running, *self._waiting):
                    with suppress(InvalidStateError):  # called off by who asked
                        job.future.set_exception(WorkerLostError("the work was called off"))
                self._waiting.clear()
            if self._pool is not None:
                self._pool.end()

    def _take_in(self) -> None:
        """What was answered, and who is lost: a broken pool, or work that is over its time."""
        if (pool := self._pool) is None:
            return
        done = [job for job in self._running if job.given.done()]
        for job in done:
            error = job.given.exception()
            if isinstance(error, BrokenExecutor):
                continue
            self._running.remove(job)
            pool.has_answered = True
            if error is not None:
                job.future.set_exception(error)
            else:
                seconds, result = job.given.result()
                self.took(job.fn, seconds)
                job.future.set_result(result)
        if any(job in self._running for job in done):
            self._replace(self._running)
            return
        over = time.monotonic() - (0.0 if pool.has_answered else STARTING)
        if late := [job for job in self._running if over - job.begun > self.allowed(job.fn, job.lost)]:
            self._replace(late)

    def _replace(self, suspects: Collection[_Job]) -> None:
        """End the pool; its work is done again by another, or given up where too many were lost over it."""
        if self._pool is not None:
            self._pool.end()
        self.replaced, self._pool = self.replaced + 1, None
        running, self._running = self._running, []
        for job in reversed(running):
            job.lost += job in suspects
            if job.lost < TRIES:
                self._waiting.appendleft(job)
            else:
                words = f"{TRIES} workers stopped or became unresponsive over the same work"
                job.future.set_exception(WorkerLostError(words))

    def _hand_out(self) -> None:
        while self._waiting and len(self._running) < self._workers:
            job = self._waiting[0]
            if self._running and (job.is_suspect or self._running[0].is_suspect):
                return
            self._waiting.popleft()
            if not job.future.running() and not job.future.set_running_or_notify_cancel():
                continue
            self._running.append(job)
            self._pool = self._pool or _Pool(self._workers)
            try:
                job.begun, job.given = time.monotonic(), self._pool.submit(_called, job.fn, job.args, job.kwargs)
                job.given.add_done_callback(self._news.put)
            except BrokenExecutor:  # a worker died that had nothing to do
                self._replace(())
            except RuntimeError:  # a pool that breaks just now calls itself shut down
                self._replace((job,))
            except OSError as error:  # no process can be started
                self._running.remove(job)
                job.future.set_exception(error)


class _Pool(ProcessPoolExecutor):
    """A pool of the standard library whose processes can be told to end, and be ended."""

    def __init__(self, workers: int) -> None:
        context = _Context()
        told, self.tell = context.Pipe(duplex=False)
        self.started, self.has_answered = context.started, False
        super().__init__(workers, context, _begin, (told,))

    def end(self) -> None:
        """End all processes, whatever they do, and wait until they are gone."""
        started = [process for process in self.started if process.pid is not None]
        for process in started:
            process.kill()
        self.shutdown(wait=False, cancel_futures=True)
        for process in started:
            process.join()
        self.tell.close()


class _Context(SpawnContext):
    """Starts processes, and knows those it has started."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[SpawnProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override] # noqa: N802
        """One more process."""
        self.started.append(SpawnProcess(*args, **kwargs))
        return self.started[-1]


def _called(fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[float, Any]:
    """In a worker: the seconds a call takes, and its result; an error that cannot travel comes back in words."""
    begun = time.monotonic()
    try:
        result = fn(*args, **kwargs)
        return time.monotonic() - begun, result
    except Exception as error:
        try:
            pickle.loads(pickle.dumps(error))
        except Exception:
            raise RuntimeError(f"{type(error).__name__}: {error}") from None
        raise


def _begin(told: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_listen, args=(told,), daemon=True).start()


def _listen(told: Connection) -> None:
    """In a worker: wait to be told to end early, and for the end of the process that started this one."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    if parent.sentinel not in wait([told, parent.sentinel]):
        _ended.set()
        wait([parent.sentinel])
    # Nobody is left to work for, however far the work is.
    os._exit(0)
