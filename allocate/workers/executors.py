"""Executors by what a user asks for: this process, other processes, or a Dask cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager, nullcontext
from typing import ParamSpec, TypeVar

from allocate.workers.processes import Processes
from allocate.workers.workforce import PATIENCE, Workforce

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


class WhereItPays(InProcess):
    """The same, where pieces are short; of a row of long ones those who ask for it give the rest to all cores (`cores`)."""


def cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ClusterError(RuntimeError):
    """The cluster is not there, or the package for it is not."""


@contextmanager
def executor(workers: int = 0, cluster: str | None = None, patience: float = PATIENCE) -> Iterator[Executor]:
    """An executor: processes, a Dask cluster by its address, or this process where neither is asked for.

    A worker that dies, or is over its time (`Workforce`), is replaced and its work done again. No worker process is left
    when the context ends. Raises ClusterError where the cluster cannot be used.
    """
    if cluster is None and workers == 0:
        yield InProcess()
        return
    with _dask(cluster, patience) if cluster is not None else nullcontext(Processes(workers, patience)) as pool:
        try:
            yield pool
        finally:
            pool.stop()


@contextmanager
def _dask(address: str, patience: float) -> Iterator[Workforce]:
    try:
        from distributed import Client

        from allocate.workers.cluster import Cluster
    except ImportError:
        raise ClusterError("a cluster needs Dask: install `allocate[dask]`, here and on the workers") from None
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(f"no Dask scheduler answers at {address}: {error}") from None
    try:
        yield Cluster(client, patience)
    finally:
        client.close()
