"""`allocate track`: a plan against what was done, week by week."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import CaseGiven, actuals_option, case_argument, format_option, plan_option

if TYPE_CHECKING:
    from allocate.tracking.track import Tracked


@click.command("track", short_help="A plan against what was done, week by week: earned value, alarms, forecast.")
@case_argument
@format_option
@plan_option("The plan that is tracked; default: the best one.")
@actuals_option(required=True)
@click.option(
    "--at",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="The last period that counts; default: the last with records.",
)
def command(
    given: CaseGiven,
    format_: str,
    plan_path: str | None,
    folders: tuple[Path, ...],
    at: int | None,
) -> None:
    """Show plan, actual and forecast of CASE by period: PV, EV, AC, CPI, SPI, earned schedule, and what all of it will cost.

    EV counts what was accepted at its planned cost; AC is what contracts ask for the work that was done. Where the case has
    spreads (as `calibrate` writes them), each period has its own P10 to P90, and an alarm needs two periods outside of it.
    """
    from allocate.actuals.reading import read_actuals
    from allocate.cli.plans import plan_named
    from allocate.tracking.track import track

    case = given.read()
    plan = plan_named(case, plan_path) if plan_path is not None else None
    _print(track(case, read_actuals(folders), plan, at=at), format_)


def _print(found: Tracked, format_: str) -> None:
    """The table by period, and where it leads."""
    from allocate.cli.output import print_data, print_grids, say
    from allocate.tracking.track import rows, shown

    forecasts, now = found.now.value.forecasts(), found.now.value
    told = {
        "case": found.case.name, "currency": found.case.currency, "periods": rows(found), "budget_at_completion": now.budget,
        "earned_schedule": found.schedule, "forecasts": forecasts, "rest": found.rest, "billed": found.billed,
        "alarms": list(found.alarms()),
    }  # fmt: skip
    if print_data(format_, lambda: told, lambda: found.table):
        return
    print_grids([shown(found)], format_)
    currency = found.case.currency
    said = [f"{name} {amount:,.2f}" for name, amount in forecasts.items() if amount is not None]
    say(f"All of it is planned at {now.budget:,.2f} {currency}. Forecasts: {', '.join(said)}.", format_)
    if found.rest is not None:
        low, middle, high = found.rest
        say(f"With the case's spreads: P10 {low:,.2f}, P50 {middle:,.2f}, P90 {high:,.2f} {currency}.", format_)
    else:
        say(
            "The case has no spread, so the range of these forecasts is not known; `allocate calibrate --out` measures some.",
            format_,
        )
    if found.billed is not None:
        say(f"Billed so far: {found.billed:,.2f} {currency}.", format_)
    for line in found.alarms():
        say(line, format_)
