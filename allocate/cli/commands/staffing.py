"""`allocate staffing`: how many people keep a promise of answering in time."""

from __future__ import annotations

import click

from allocate.cli.options import Finite, format_option, share_of
from allocate.tables.column import grid
from allocate.tables.tools import STAFFING


@click.command("staffing", short_help="How many people keep a promise of answering in time.")
@click.option(
    "--arrivals", type=Finite(least=0), required=True, metavar="PER-HOUR", help="Pieces of work that arrive in an hour."
)
@click.option(
    "--handling", type=Finite(above=0), required=True, metavar="SECONDS", help="Mean time one of them takes a person."
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
    "--work-variability", type=Finite(least=0), default=1.0, show_default=True, help="The same of the handling time."
)
@format_option
def command(
    arrivals: float,
    handling: float,
    share: float,
    within: float,
    arrival_variability: float,
    work_variability: float,
    format_: str,
) -> None:
    """Staff a queue: the fewest people, and what a few more or fewer would change.

    Waiting follows Erlang's C formula, with Allen and Cunneen's correction where variabilities are not 1.
    """
    import pandas as pd

    from allocate.cli import output
    from allocate.costing.supply.queueing import Queue, erlang_c, mean_wait, servers_for, waiting_longer

    load = arrivals * handling / 3600.0
    try:
        like = Queue(1, handling, arrival_variability, work_variability)
        people = servers_for(load, handling, share, within, like)
        waiting_longer(like, 0.0, within)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    rows = []
    for count in range(max(1, people - 3), people + 4):
        queue = Queue(count, handling, arrival_variability, work_variability)
        rows.append(
            {
                "people": count,
                "utilisation": min(load / count, 1.0),
                "must_wait": erlang_c(load, count),
                "in_time": 1.0 - waiting_longer(queue, load, within),
                "mean_wait": mean_wait(queue, load),
            }
        )
    if format_ == "json":
        output.print_json({"people": people, "load": load, "rows": rows})
        return
    table = pd.DataFrame(rows)
    if format_ == "csv":
        output.print_csv(table)
        return
    title = f"{people:,} people begin {share:.4g} of the work within {within:g} s; it is {load:,.4g} erlang; waits in s"
    output.print_grids([grid(title, STAFFING, table)], format_)
