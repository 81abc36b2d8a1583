"""Options of commands whose work can be shared out, and the workers they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from allocate.cli.options import Decorated, Finite

if TYPE_CHECKING:
    from concurrent.futures import Executor

MOST_WORKERS = 1024
"""Processes that may be asked for."""


@dataclass(frozen=True)
class Workers:
    """The workers a command was asked to use: processes, a cluster, or none of them."""

    processes: int | None
    cluster: str | None
    patience: float | None
    """s."""

    @property
    def asked_for(self) -> bool:
        """Whether anybody but this process shall work."""
        return self.processes is not None or self.cluster is not None


def worker_options(what: str) -> Decorated:
    """`--workers`, `--cluster` and `--patience`, as ``workers``; what: who needs them, as the end of a sentence."""

    def added(function: Decorated) -> Decorated:
        @wraps(function)
        def gathered(
            *args: Any, workers: int | None, cluster: str | None, patience: float | None, **options: Any
        ) -> Any:
            return function(*args, workers=Workers(workers, cluster, patience), **options)

        patience = click.option(
            "--patience",
            type=Finite(least=1),
            metavar="S",
            help="With workers: one whose work takes ten times as long as any like it, and S seconds at least, is replaced, "
            "and the work done again; default: 60.",
        )
        cluster = click.option(
            "--cluster", metavar="ADDRESS", help="Solve on a Dask cluster, as in tcp://host:8786; the plan is the same."
        )
        workers = click.option(
            "--workers",
            type=click.IntRange(min=1, max=MOST_WORKERS),
            metavar="N",
            help=f"Solve in N processes; for {what}.",
        )
        return workers(cluster(patience(gathered)))

    return added


@contextmanager
def workers_asked_for(workers: Workers) -> Iterator[Executor]:
    """Whoever shall do the work; this process where nobody is asked for. Tells of workers that had to be replaced."""
    from allocate.workers.executors import ClusterError, WhereItPays, executor
    from allocate.workers.workforce import PATIENCE, Workforce

    if workers.processes is not None and workers.cluster is not None:
        raise click.UsageError("--workers and --cluster are two ways to the same end: give one of them.")
    if workers.patience is not None and not workers.asked_for:
        raise click.UsageError("--patience is for workers: add --workers N or --cluster ADDRESS.")
    if not workers.asked_for:
        yield WhereItPays()
        return
    try:
        with executor(workers.processes or 0, workers.cluster, workers.patience or PATIENCE) as pool:
            yield pool
            if isinstance(pool, Workforce) and pool.replaced:
                told = "1 worker" if pool.replaced == 1 else f"{pool.replaced} workers"
                click.echo(
                    f"note: {told} stopped or became unresponsive and had to be replaced; the work was done again.",
                    err=True,
                )
    except ClusterError as error:
        raise click.UsageError(str(error)) from None
