"""Who does the jobs of a study: this process, other processes, or a Dask cluster, behind one interface."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from allocate.solvers.watch import Cancel
from allocate.study.points import Done, Job, run_job

P = ParamSpec("P")
T = TypeVar("T")
_ended: Cancel | None = None
"""In a worker process: set when the study was ended early."""


class InProcess(Executor):
    """Does each job at once, in the caller's own thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call a function; the future is done when this returns."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class Processes(ProcessPoolExecutor):
    """Worker processes that leave Ctrl-C to this one, and end their search within a second when told to."""

    def __init__(self, workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._end = context.Event()
        super().__init__(workers, context, _begin_worker, (self._end,))

    def end_early(self) -> None:
        """Tell all workers to stop searching."""
        self._end.set()


def _begin_worker(end: Any) -> None:
    global _ended
    _ended = end
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def do(job: Job) -> Done:
    """Do a job in a worker, wherever that is."""
    return run_job(job, _ended)


class ClusterError(RuntimeError):
    """The cluster is not there, or the package for it is not."""


@contextmanager
def executor(workers: int = 0, cluster: str | None = None) -> Iterator[Executor]:
    """An executor for a study: processes, a Dask cluster by its address, or this process where neither is asked for.

    Raises ClusterError where the cluster cannot be used.
    """
    if cluster is not None:
        with _dask(cluster) as one:
            yield one
    elif workers > 0:
        with Processes(workers) as pool:
            yield pool
    else:
        yield InProcess()


@contextmanager
def _dask(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError("a cluster needs Dask: install `allocate[dask]`, here and on the workers") from None
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {error}") from None
    try:
        yield client.get_executor(pure=False)
    finally:
        client.close()
