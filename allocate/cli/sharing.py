"""Options of commands whose work can be shared out, and the workers they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from allocate.cli.options import Decorated

if TYPE_CHECKING:
    from concurrent.futures import Executor


def worker_options(what: str) -> Decorated:
    """`--workers` and `--cluster`; what: who needs them, as the end of a sentence."""

    def added(function: Decorated) -> Decorated:
        cluster = click.option(
            "--cluster", metavar="ADDRESS", help="Solve on a Dask cluster, as in tcp://host:8786; the plan is the same."
        )
        workers = click.option(
            "--workers", type=click.IntRange(min=1), metavar="N", help=f"Solve in N processes; for {what}."
        )
        return workers(cluster(function))

    return added


@contextmanager
def workers_asked_for(workers: int | None, cluster: str | None) -> Iterator[Executor]:
    """Whoever shall do the work; this process where neither is given. Tells of workers that had to be replaced."""
    from allocate.workers.executors import ClusterError, executor
    from allocate.workers.pool import Processes

    if workers is not None and cluster is not None:
        raise click.UsageError("--workers and --cluster are two ways to the same end: give one of them.")
    try:
        with executor(workers or 0, cluster) as pool:
            yield pool
            if isinstance(pool, Processes) and pool.replaced:
                told = "1 worker" if pool.replaced == 1 else f"{pool.replaced} workers"
                click.echo(f"note: {told} died or hung and had to be replaced; the work was done again.", err=True)
    except ClusterError as error:
        raise click.UsageError(str(error)) from None
