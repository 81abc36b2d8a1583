"""Executors by what a user asks for: this process, other processes, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from allocate.workers.pool import Processes

P = ParamSpec("P")
T = TypeVar("T")


class InProcess(Executor):
    """Does each piece of work at once, in the caller's own thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call a function; the future is done when this returns."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class ClusterError(RuntimeError):
    """The cluster is not there, or the package for it is not."""


@contextmanager
def executor(workers: int = 0, cluster: str | None = None) -> Iterator[Executor]:
    """An executor: processes, a Dask cluster by its address, or this process where neither is asked for.

    No worker process is left when the context ends. Raises ClusterError where the cluster cannot be used.
    """
    if cluster is not None:
        with _dask(cluster) as one:
            yield one
    elif workers > 0:
        pool = Processes(workers)
        try:
            yield pool
        finally:
            pool.stop()
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
