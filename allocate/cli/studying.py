"""What the study commands share: options, a progress bar, ways to print, and how they end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from allocate.cli.keeping import keep_study, save_option
from allocate.cli.options import Decorated, Finite, time_limit_option
from allocate.cli.sharing import Workers, worker_options, workers_asked_for
from allocate.tables.column import Column
from allocate.tables.studies import study_grid

if TYPE_CHECKING:
    from allocate.study.running import Progress
    from allocate.study.study import Study

T = TypeVar("T")
_BEGAN = "allocate.began"
BAR = 40
"""Characters of the longest bar."""


@dataclass(frozen=True)
class Asked:
    """How a study shall be done: by whom, and when each point's search stops."""

    workers: Workers
    time_limit: float | None
    """s."""
    gap: float | None


def study_options(function: Decorated) -> Decorated:
    """Who solves the points, and how long each may take, as ``asked``."""

    @wraps(function)
    def gathered(*args: Any, workers: Workers, time_limit: float | None, gap: float | None, **options: Any) -> Any:
        return function(*args, asked=Asked(workers, time_limit, gap), **options)

    wrapped: Decorated = gathered
    for option in (
        click.option("--gap", type=Finite(least=0), metavar="G", help="Stop each point at this relative gap."),
        time_limit_option("Stop each point after this many seconds."),
        worker_options("points that take long; by default all cores are used once a point takes more than a second"),
    ):
        wrapped = option(wrapped)
    return save_option(wrapped)


def run_study(asked: Asked, study: Callable[..., T], *about: Any, **more: Any) -> T:
    """The result of a function of `allocate.study`; problems with workers end the command with a message."""
    from allocate.study.running import StudyError

    click.get_current_context().meta[_BEGAN] = time.monotonic()
    try:
        with workers_asked_for(asked.workers) as pool, progress_bar() as progress:
            limits = {"time_limit": asked.time_limit, "gap": asked.gap}
            return study(*about, **more, **limits, executor=pool, progress=progress)
    except StudyError as error:
        done = sum(one is not None for one in error.results.flat)
        click.echo(f"error: {error}\n{done} of {len(error.results.flat)} points had been done.", err=True)
        sys.exit(5)


@contextmanager
def progress_bar(what: str = "points") -> Iterator[Progress | None]:
    """A bar on stderr, only where somebody watches; it goes when the work is done."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), what, TimeRemainingColumn())
    # Without a thread of its own: processes that work for the study are made meanwhile.
    with Bar(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total, refresh=True)


def print_study(study: Study, title: str, columns: Sequence[Column], format_: str) -> None:
    """A study's table, then what it found."""
    from allocate.cli import output

    if format_ == "json":
        output.print_json(study.as_object())
    elif format_ == "csv":
        output.print_csv(study.table)
    else:
        output.print_grids([study_grid(title, study.rows, columns)], format_)
        for line in study.notes:
            click.echo(output.sentence(line, format_))


def bars(rows: Sequence[tuple[str, float]]) -> list[str]:
    """Amounts as bars of text, to scale from zero; what is below zero goes to the left."""
    largest = max((abs(amount) for _, amount in rows), default=0.0)
    if not largest > 0:
        return []
    width = max(len(name) for name, _ in rows)
    below = any(amount < 0 for _, amount in rows)
    shown = []
    for name, amount in rows:
        bar = "█" * max(round(BAR * abs(amount) / largest), 1 if amount else 0)
        left = bar.rjust(BAR) if amount < 0 else " " * BAR
        shown.append(
            f"{name:<{width}}  {left if below else ''}{'|' if below else ''}{bar if amount >= 0 else ''}".rstrip()
        )
    return shown


def keep_points(study: Study, source: object, found: dict[str, Any] | None = None) -> None:
    """Keep the study before it is printed, so that a reader who goes away takes nothing with them.

    source: where the case was read from. found: the study as JSON has it, where it holds more than its rows.
    """
    seconds = time.monotonic() - click.get_current_context().meta[_BEGAN]
    keep_study(found or study.as_object(), study.cases, str(source), seconds)


def finish(study: Study) -> None:
    """End the command: 0 with plans, 3 where no point has one, 4 or 5 where it was ended early."""
    done = [one for one in study.figures if one is not None]
    if wrong := sum(bool(one.fault) for one in done):
        points = "a point was" if wrong == 1 else f"{wrong} points were"
        told = f"{points} planned again, for a plan did not hold; the study's notes say which"
        click.echo(f"warning: {study.case.name}: {told}", err=True)
    with_plan = any(one.has_plan for one in done)
    if not study.whole:
        told = f"{len(done)} of {len(study.figures)} points done; the others are marked."
        click.echo(f"note: {study.case.name}: ended early, {told}", err=True)
        sys.exit(4 if with_plan else 5)
    sys.exit(0 if with_plan else 3)
