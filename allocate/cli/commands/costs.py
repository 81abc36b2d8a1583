"""`allocate costs`: the routes table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from allocate.cli.options import CaseGiven, case_argument, format_option
from allocate.tables.column import Column, as_named, chosen, columns_of, grid, legend, legend_grid
from allocate.tables.formats import LONG_TEXT, SHARE, text
from allocate.tables.routes import ERRORS, ROUTES

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.costing.table import Routes

COSTS = ("price", "rework", "platform_fee", "adjustment", "usage", "review_cost", "unit_cost", "unit_cost_last", "unit_cost_per_accurate_item", "unit_cost_per_eu")  # fmt: skip
WORK = ("item", "equivalent_units", "hours", "review_hours", "accuracy", "assured_accuracy", "effective_labels", "error_cost", "lead")  # fmt: skip
KEY = ("product", "vendor", "workflow", "levers")


@click.command("costs", short_help="The routes table: every unit-economics column, explained.")
@case_argument
@format_option
@click.option("--by-period", is_flag=True, help="Unit costs of every period instead (one row per route and period).")
@click.option("--errors", is_flag=True, help="What errors cost on each route instead: escaped, and lost to training.")
@click.option("--spread", is_flag=True, help="P1, P10, P50, P90, P99 and mean of every amount with a spread instead.")
@click.option(
    "--trace",
    metavar="PRODUCT/VENDOR/WORKFLOW",
    help="Every input of one route's figures, with its place and source, instead.",
)
def command(
    given: CaseGiven,
    format_: str,
    by_period: bool,
    errors: bool,
    spread: bool,
    trace: str | None,
) -> None:
    """Show what one more item costs on every route of CASE: product, vendor and workflow."""
    from allocate.cli.output import told

    case = given.read()
    if spread:
        _spread(case, format_)
        return
    told(case)
    if trace is not None:
        _trace(case, trace, format_)
        return
    _unit_costs(case, errors, by_period, format_)


def _unit_costs(case: Case, errors: bool, by_period: bool, format_: str) -> None:
    """Print what an item costs on every route, what errors cost there, or the costs of each period."""
    from allocate.cli import output
    from allocate.costing.quality.unstated import legend_of, marked
    from allocate.costing.route_periods import by_period_table
    from allocate.costing.routes import routes
    from allocate.record.plain_values import records

    ways = routes(case)
    if errors:
        _errors(case, ways, format_)
        return
    table = by_period_table(case, ways) if by_period else ways.table
    columns = [one for one in ROUTES if ways.levers or one.name != "levers"]
    told: dict[str, Any] = {"case": case.name, "currency": ways.currency, "routes": records(table)}
    told |= {} if by_period else {"columns": legend(columns, ways.currency)}
    if output.print_data(format_, lambda: told, lambda: table):
        return
    if not ways.adjustment.any():
        table, columns = table.drop(columns="adjustment"), [one for one in columns if one.name != "adjustment"]
    if by_period:
        output.print_grids([grid(f"Unit costs of {case.name} by period", columns_of(table), table)], format_)
        return
    money, work = (as_named(chosen(columns, *KEY, *names, within=table)) for names in (("basis", *COSTS), WORK))
    tables = [
        grid(f"What one item costs ({ways.currency})", money, table),
        grid("Work, quality and time of one item", work, table),
    ]
    pairs = list(zip(table["product"], table["vendor"], strict=True))
    tables = [marked(case, one, pairs) for one in tables]
    output.print_grids([*tables, legend_grid(columns, ways.currency)], format_)
    if words := legend_of(case, pairs):
        output.say(words, format_)
    _say_teams(case)


def _say_teams(case: Case) -> None:
    """Why an item of an in-house team costs nothing more."""
    for name, vendor in case.vendors.items():
        if vendor.team is not None:
            words = (
                "a team, paid for every hour employed, busy or not: one more item costs no wages; see the plan's staff."
            )
            click.echo(f"{text(name)}: {words}")


def _errors(case: Case, ways: Routes, format_: str) -> None:
    """Print what errors cost on each route."""
    from allocate.cli import output
    from allocate.costing.value.error_costs import error_table
    from allocate.costing.value.values import product_values
    from allocate.record.plain_values import records

    table = error_table(ways, product_values(case, ways))
    told: dict[str, Any] = {"case": case.name, "currency": ways.currency, "routes": records(table)}
    if not output.print_data(format_, lambda: {**told, "columns": legend(ERRORS, ways.currency)}, lambda: table):
        columns = [replace(one, format=SHARE) if one.name == "accuracy" else one for one in columns_of(table)]
        errors = grid(f"What errors cost, per item ({ways.currency})", columns, table)
        output.print_grids([errors, legend_grid(ERRORS, ways.currency)], format_)


def _spread(case: Case, format_: str) -> None:
    """Print what each amount with a spread may come to."""
    from allocate.cli import output
    from allocate.odds.inputs import input_rows
    from allocate.tables.tools import SPREADS

    rows = input_rows(case)
    columns = [
        one for one in SPREADS if one.name != "source" and (one.name != "weekly" or any(row["weekly"] for row in rows))
    ]
    told = {"case": case.name, "inputs": rows, "columns": legend(SPREADS, case.currency)}
    if output.print_data(format_, lambda: told, lambda: rows, [one.name for one in SPREADS]):
        return
    if not rows:
        click.echo(f"{text(case.name)}: no amount has a spread; write one as in `12 s/image ±20%`.")
    else:
        title = f"What the amounts of {case.name} may come to"
        output.print_grids([grid(title, columns, rows), legend_grid(columns)], format_)


def _trace(case: Case, route: str, format_: str) -> None:
    """Print the inputs of one route."""
    import pandas as pd

    from allocate.cli import output
    from allocate.costing.trace import trace
    from allocate.record.plain_values import records

    parts = route.split("/")
    if len(parts) != 3:
        raise click.BadParameter("write PRODUCT/VENDOR/WORKFLOW", param_hint="--trace")
    table = pd.DataFrame([vars(one) for one in trace(case, *parts)])
    told = {"case": case.name, "route": route, "inputs": records(table)}
    if not output.print_data(format_, lambda: told, lambda: table):
        columns = [Column(str(name), format=LONG_TEXT, heading=str(name)) for name in table.columns]
        output.print_grids([grid(f"What {route} rests on", columns, table)], format_)
