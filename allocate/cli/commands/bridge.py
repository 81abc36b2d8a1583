"""`allocate bridge`: why one bill is higher than another, cause by cause, to the cent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from allocate.cli.options import allow_path_option, format_option, time_limit_option

if TYPE_CHECKING:
    from allocate.bridge.bridge import Bridge


@click.command("bridge", short_help="Why one bill is higher than another, cause by cause, to the cent.")
@click.option(
    "--from", "before", metavar="CASE|RUN", required=True, help="The bill before: a case, or a run that was kept."
)
@click.option("--to", "after", metavar="CASE|RUN", required=True, help="The bill after.")
@click.option(
    "--from-plan",
    "plan_before",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A plan of your own for the case before; default: its best.",
)
@click.option(
    "--to-plan",
    "plan_after",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="A plan of your own for the case after.",
)
@click.option("--from-scenario", "scenario_before", metavar="NAME", help="A scenario of the case before.")
@click.option("--to-scenario", "scenario_after", metavar="NAME", help="A scenario of the case after.")
@click.option(
    "--actuals",
    "folders",
    metavar="DIR",
    multiple=True,
    type=click.Path(path_type=Path),
    help="What was done, in place of a plan of the case after: a folder that `actuals import` wrote.",
)
@click.option(
    "--order",
    type=click.Choice(["shapley", "standard"]),
    default="shapley",
    show_default=True,
    help="shapley: no order decides; standard: the variances of textbooks.",
)
@click.option(
    "--by",
    type=click.Choice(["cause", "product", "vendor", "cell", "period"]),
    default="cause",
    show_default=True,
    help="What amounts are summed by; a cell is a product and a vendor, a period a week or month by its number.",
)
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write a page with the waterfall (.html).")
@time_limit_option("Stop each search for a plan after this many seconds.")
@allow_path_option
@format_option
def command(
    before: str, after: str, plan_before: Path | None, plan_after: Path | None, scenario_before: str | None, scenario_after: str | None,
    folders: tuple[Path, ...], order: str, by: str, out: Path | None, time_limit: float | None, format_: str,
) -> None:  # fmt: skip
    """Share the difference of two bills out among its causes: volume, mix, workflow, drivers, pace, rework, price, terms, currency, idle time.

    Bills are made by the project's own invoice, never by a formula: plans between the two are priced with some causes as
    before and all others as after. Shapley's value lets no order of the causes decide; `--order standard` gives the variances
    of textbooks. Every amount is in whole cents, and they add up.
    """
    from allocate.bridge.bridge import bridge_bills, verdict
    from allocate.cli.ends import end_of
    from allocate.cli.studying import progress_bar
    from allocate.writing import check_can_write, write_whole

    if out is not None:
        if out.suffix != ".html":
            raise click.UsageError("--out takes a name that ends in .html")
        check_can_write(out)
    first = end_of(before, plan_before, scenario_before, time_limit)
    second = end_of(after, plan_after, scenario_after, time_limit)
    if folders:
        from allocate.actuals.reading import read_actuals
        from allocate.bridge.ends import of_actuals

        second = of_actuals("What was done", second.case, read_actuals(list(folders)), second)
    with progress_bar("plans between the two") as tell:
        found = bridge_bills(first, second, order=order, progress=tell)
    if out is not None:
        from allocate.reporting.bridge import bridge_page

        write_whole(out, bridge_page(found))
    _print(found, verdict(found), by, format_)


def _print(found: Bridge, said: str, by: str, format_: str) -> None:
    from allocate.bridge.bridge import rows, shown
    from allocate.cli.output import print_data, print_grids, say

    told: dict[str, Any] = {
        "before": found.before.name, "after": found.after.name, "currency": found.before.case.currency,
        "totals": {"before": found.totals[0], "after": found.totals[1], "change": found.change}, "order": found.order,
        "kinds": found.kinds(), "causes": rows(found, "cell"), "periods": rows(found, "period"), "verdict": said, "plans_priced": found.evaluations,
    }  # fmt: skip
    bare = [
        {key: value for key, value in row.items() if key != "meaning"}
        for row in told["periods" if by == "period" else "causes"]
    ]
    if print_data(format_, lambda: told, lambda: bare):
        return
    print_grids([shown(found, by)], format_)
    say(said, format_)
