"""`allocate bottlenecks`: how full each stage is, and where it is full first."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from allocate.cli.keeping import keep, save_option
from allocate.cli.options import CaseGiven, case_argument, format_option, time_limit_option
from allocate.tables.column import Grid
from allocate.tables.formats import FIGURE, FINE_SHARE, percent, text, whole_or_significant

if TYPE_CHECKING:
    from allocate.answers import Answer
    from allocate.case.load import Case
    from allocate.explaining.bottlenecks import Bottlenecks
    from allocate.explaining.growth import Growth

EXIT = {"optimal": 0, "feasible": 4, "infeasible": 3, "unbounded": 1, "stopped": 5}


@click.command("bottlenecks", short_help="How full each stage is by period, and where it is full first.")
@case_argument
@format_option
@time_limit_option("Seconds for each search at most.")
@save_option
def command(given: CaseGiven, format_: str, time_limit: float | None) -> None:
    """Find what is tight in the best plan of CASE: vendors, pairs, teams and review, and what stops demand from growing.

    CSV is one row per stage and period.
    """
    from allocate.api.explaining import bottlenecks
    from allocate.api.solving import solve
    from allocate.cli import output
    from allocate.record.plain_values import records

    case = given.told()
    answer = solve(case, time_limit=time_limit)
    keep(answer, given.path)
    found = bottlenecks(case, answer=answer, time_limit=time_limit)
    if format_ == "json":
        plan = answer.plan
        waiting = {"pipeline": records(plan.pipeline)} if plan is not None and len(plan.pipeline) else {}
        head = {"case": case.name, "currency": case.currency, "status": answer.status.value}
        output.print_json({**head, **_plain(found), **waiting})
    elif format_ == "csv":
        _csv(case, found)
    else:
        _print(case, answer, found, format_)
    if answer.plan is None:
        click.echo(
            f"error: {case.name}: there is no plan, so there are no stages to show ({answer.status.value}).", err=True
        )
    sys.exit(EXIT[answer.status.value])


def _plain(found: Bottlenecks) -> dict[str, Any]:
    grown = found.growth
    return {
        "stages": [
            {
                "stage": stage.name,
                "unit": stage.unit,
                "peak": stage.peak.utilisation,
                "mean": stage.mean,
                "periods_full": stage.full,
                "periods": [
                    {
                        "period": None if use.period is None else use.period + 1,
                        "used": use.used,
                        "there": use.there,
                        "utilisation": use.utilisation,
                        "worth": use.worth,
                    }
                    for use in stage.uses
                ],
            }
            for stage in found.stages
        ],
        "people": [vars(one) for one in found.people],
        "growth": None
        if grown is None
        else {"factor": grown.factor, "proven": grown.proven, "stops": [vars(stop) for stop in grown.stops]},
    }


def _csv(case: Case, found: Bottlenecks) -> None:
    import pandas as pd

    from allocate.cli import output

    columns = ["stage", "unit", case.periods.unit, "used", "there", "utilisation", "worth"]
    rows = [
        [
            one.name,
            one.unit,
            None if use.period is None else use.period + 1,
            use.used,
            use.there,
            use.utilisation,
            use.worth,
        ]
        for one in found.stages
        for use in one.uses
    ]
    table = pd.DataFrame(rows, columns=columns)
    output.print_csv(table.astype({case.periods.unit: "Int64"}))


def _print(case: Case, answer: Answer, found: Bottlenecks, format_: str) -> None:
    from allocate.cli import output
    from allocate.cli.plan_tables import pipeline_grids

    tables: list[Grid] = []
    if found.stages:
        header = ["stage", "unit", "peak", "in", "used", "there", "mean", "full", f"one more ({case.currency})"]
        tables.append(Grid("How full each stage is", header, _stage_rows(case, found), [False, False, *[True] * 7]))
    if found.people:
        show = whole_or_significant
        rows = [[text(one.who), show(one.there), show(one.needed)] for one in found.people]
        tables.append(Grid("People", ["who", "there", "fewest people for the plan"], rows, [False, True, True]))
    if answer.plan is not None:
        tables += pipeline_grids(case, answer.plan)
    if found.growth is not None and found.growth.stops:
        header = ["limit", "unit", "amount", f"{case.periods.unit}s", "more demand for 1% more of it"]
        kinds = [False, False, True, True, True]
        tables.append(Grid("What stops demand from growing", header, _stop_rows(found.growth), kinds))
    output.print_grids(tables, format_)
    if answer.plan is not None and not found.stages:
        click.echo("No vendor, team or pair has a limit on what it can do.")
    click.echo(output.sentence(in_words(found.growth), format_))


def _stage_rows(case: Case, found: Bottlenecks) -> list[list[str]]:
    show = FIGURE
    return [
        [
            text(one.name),
            text(one.unit),
            percent(one.peak.utilisation),
            "horizon" if one.peak.period is None else case.periods.label(one.peak.period),
            show(one.peak.used),
            show(one.peak.there),
            percent(one.mean),
            f"{one.full} of {len(one.uses)}",
            show(one.peak.worth),
        ]
        for one in found.stages
    ]


def _stop_rows(grown: Growth) -> list[list[str]]:

    show = FIGURE
    return [
        [
            text(stop.subject),
            text(stop.unit),
            show(stop.limit),
            "–" if stop.periods is None else str(stop.periods),
            FINE_SHARE(stop.further),
        ]
        for stop in grown.stops
    ]


def in_words(grown: Growth | None) -> str:
    """How far demand can grow, in a sentence."""
    if grown is None:
        return "The case asks for no items (no `demand: {at-least: …}`, no milestones), so there is no demand to grow."
    if grown.factor is None:
        return "How far demand could grow is not known: the other limits allow no plan, or the time ran out."
    if grown.endless:
        return f"Demand can grow at least {grown.factor:.4g}-fold within all limits."
    known = "at most" if grown.proven else "at least"
    if grown.factor < 1.0:
        return f"Of the demand {known} {grown.factor:.2%} can be met within all other limits."
    return f"Demand can grow by {known} {grown.factor - 1.0:.2%} within all other limits."
