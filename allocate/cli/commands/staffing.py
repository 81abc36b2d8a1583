"""`allocate staffing`: how many people keep a promise of answering in time."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING, Any

import click

from allocate.cli.options import Finite, format_option, share_of
from allocate.tables.column import grid
from allocate.tables.tools import STAFFING

if TYPE_CHECKING:
    from allocate.costing.supply.queueing import Queue


@click.command("staffing", short_help="How many people keep a promise of answering in time.")
@click.option(
    "--arrivals", type=Finite(least=0), required=True, metavar="PER-HOUR", help="Pieces of work that arrive in an hour."
)
@click.option(
    "--handling", type=Finite(above=0), required=True, metavar="SECONDS", help="Mean time that one of them takes."
)
@click.option(
    "--share",
    type=share_of,
    metavar="SHARE",
    default="80%",
    show_default=True,
    help="Share that must be begun in time.",
)
@click.option(
    "--within", type=Finite(least=0), required=True, metavar="SECONDS", help="The time promised until work begins."
)
@click.option(
    "--arrival-variability",
    type=Finite(least=0),
    default=1.0,
    show_default=True,
    help="Squared coefficient of variation.",
)
@click.option(
    "--work-variability", type=Finite(least=0), default=1.0, show_default=True, help="The same for the handling time."
)
@click.option(
    "--batch", type=click.IntRange(1, 100_000), default=1, show_default=True, help="Pieces that arrive together."
)
@click.option(
    "--swing", type=share_of, metavar="SHARE", help="How far arrivals rise above their mean over a day, as in 20%."
)
@click.option(
    "--day", type=Finite(above=0), default=8.0, show_default=True, metavar="HOURS", help="Length of that day."
)
@click.option("--occupancy", type=share_of, metavar="SHARE", help="Most of people's time that may be work, as in 85%.")
@click.option(
    "--shrinkage",
    type=share_of,
    metavar="SHARE",
    help="Paid time away from the queue (leave, breaks, training), as in 30%.",
)
@click.option("--every", type=Finite(above=0), metavar="HOURS", help="All of an interval's pieces arrive at its end.")
@format_option
def command(
    arrivals: float,
    handling: float,
    share: float,
    within: float,
    arrival_variability: float,
    work_variability: float,
    batch: int,
    swing: float | None,
    day: float,
    every: float | None,
    occupancy: float | None,
    shrinkage: float | None,
    format_: str,
) -> None:
    """Staff a queue: the fewest people, and what a few more or fewer would change.

    With --occupancy nobody is busier than that on average, whatever is promised; with --shrinkage it says how many people are
    to be scheduled so that enough are there.

    Waiting follows Erlang's C formula, with Allen and Cunneen's correction where variabilities are not 1. With --batch,
    --swing or --every it follows the queue that `review-team: {answer: {arrivals: …}}` is planned by; no mean is printed then.
    """
    from allocate.costing.supply.queueing import Queue, erlang_c, mean_wait, waiting_longer

    load = arrivals * handling / 3600.0
    if occupancy == 0.0 or shrinkage == 1.0:
        raise click.UsageError("an occupancy of 0%, or a shrinkage of 100%, leaves nobody for the work")
    least = 0 if occupancy is None else ceil(load / occupancy - 1e-9)
    if batch > 1 or swing or every is not None:
        _check_pattern(
            every is not None, batch > 1 or bool(swing), (arrival_variability, work_variability) != (1.0, 1.0)
        )
        people, rows = _by_pattern(load, handling, share, within, batch, swing or 0.0, day, every, least)
        _print(people, rows, load, share, within, shrinkage, format_)
        return
    people = max(_fewest(load, share, within, Queue(1, handling, arrival_variability, work_variability)), least)

    def waits(count: int) -> Waits:
        queue = Queue(count, handling, arrival_variability, work_variability)
        return erlang_c(load, count), 1.0 - waiting_longer(queue, load, within), mean_wait(queue, load)

    _print(people, _about(people, load, waits), load, share, within, shrinkage, format_)


def _fewest(load: float, share: float, within: float, like: Queue) -> int:
    """The fewest people by Erlang's formula, for arrivals and work like those of a queue."""
    from allocate.costing.supply.queueing import servers_for, waiting_longer

    try:
        people = servers_for(load, like.handling, share, within, like)
        waiting_longer(like, 0.0, within)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return people


def _check_pattern(by_interval: bool, at_random: bool, variable: bool) -> None:
    """Options about how work arrives that do not go together."""
    if by_interval and at_random:
        raise click.UsageError("pieces arrive either at intervals (--every), or at random (--batch, --swing)")
    if variable:
        raise click.UsageError("variabilities are for arrivals one by one at an even rate only")


Waits = tuple[float, float, float | None]
"""Share that must wait, share begun in time, and the mean wait where there is a formula."""


def _about(people: int, load: float, waits: Callable[[int], Waits]) -> list[dict[str, Any]]:
    """Rows about some more people and some fewer."""
    names = ("people", "utilisation", "must_wait", "in_time", "mean_wait")
    counts = range(max(1, people - 3), people + 4)
    return [dict(zip(names, (count, min(load / count, 1.0), *waits(count)), strict=True)) for count in counts]


def _by_pattern(
    load: float,
    handling: float,
    share: float,
    within: float,
    batch: int,
    swing: float,
    day: float,
    every: float | None,
    least: int,
) -> tuple[int, list[dict[str, Any]]]:
    """The fewest people, and rows about some more and fewer, where work does not come one by one at an even rate."""
    from allocate.costing.supply.arrivals import Arrivals, in_time, swinging
    from allocate.costing.supply.queueing import fewest

    each = 3600.0 / handling
    pattern = Arrivals(day * each, swinging(swing), batch) if every is None else Arrivals(every * each, at_once=True)

    def begun(people: int, time: float) -> float:
        return in_time(people, load, time / handling, pattern) if 0.0 < load < people else float(load == 0.0)

    try:
        people = max(fewest(lambda count: begun(count, within) >= share, load), least)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return people, _about(people, load, lambda count: (1.0 - begun(count, 0.0), begun(count, within), None))


def _print(
    people: int,
    rows: list[dict[str, Any]],
    load: float,
    share: float,
    within: float,
    shrinkage: float | None,
    format_: str,
) -> None:

    from allocate.cli import output

    scheduled = None
    if shrinkage is not None:
        rows = [{**row, "scheduled": ceil(row["people"] / (1.0 - shrinkage) - 1e-9)} for row in rows]
        scheduled = ceil(people / (1.0 - shrinkage) - 1e-9)
    more = {} if scheduled is None else {"scheduled": scheduled}
    if output.print_data(format_, lambda: {"people": people, **more, "load": load, "rows": rows}, lambda: rows):
        return
    some = f" of {scheduled:,} scheduled" if scheduled is not None else ""
    title = f"{people:,} people{some} begin {share:.4g} of the work within {within:g} s; it is {load:,.4g} erlang; waits in s"
    output.print_grids([grid(title, [one for one in STAFFING if rows[0].get(one.name) is not None], rows)], format_)
