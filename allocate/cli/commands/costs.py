"""`allocate costs`: the routes table."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocate.cli.options import case_argument, format_option

if TYPE_CHECKING:
    from pandas import DataFrame

    from allocate.case.load import Case
    from allocate.costing.table import Routes

MONEY = (
    "price",
    "rework",
    "platform_fee",
    "adjustment",
    "usage",
    "review_cost",
    "unit_cost",
    "unit_cost_last",
    "cost_per_accurate_item",
    "cost_per_eu",
)
WORK = (
    "item",
    "equivalent_units",
    "hours",
    "review_hours",
    "accuracy",
    "assured_accuracy",
    "effective_labels",
    "error_cost",
    "lead",
)


@click.command("costs", short_help="The routes table: every unit-economics column, explained.")
@case_argument
@format_option
@click.option("--by-period", is_flag=True, help="Unit costs of every period instead (one row per route and period).")
@click.option("--errors", is_flag=True, help="What errors cost on each route instead: escaped, and lost to training.")
@click.option(
    "--trace",
    metavar="PRODUCT/VENDOR/WORKFLOW",
    help="Every input of one route's figures, with its place and source, instead.",
)
def command(
    case_path: Path,
    scenario: str | None,
    settings: tuple[str, ...],
    format_: str,
    by_period: bool,
    errors: bool,
    trace: str | None,
) -> None:
    """Show what one more item costs on every route of CASE: product, vendor and workflow."""
    from allocate.case.load import read_case
    from allocate.cli import output
    from allocate.costing.route_periods import by_period_table
    from allocate.costing.routes import routes
    from allocate.costing.table import COLUMNS, LEVER_COLUMN
    from allocate.record.plain_values import records

    case = read_case(case_path, scenario, settings)
    if trace is not None:
        _trace(case, trace, format_)
        return
    ways = routes(case)
    if errors:
        _errors(case, ways, format_)
        return
    table = by_period_table(case, ways) if by_period else ways.table
    columns = COLUMNS | ({"levers": LEVER_COLUMN} if ways.levers else {})
    if format_ == "json":
        legend = {name: {"unit": _unit(unit, ways.currency), "meaning": says} for name, (unit, says) in columns.items()}
        answer = {"case": case.name, "currency": ways.currency, "routes": records(table)}
        output.print_json(answer if by_period else {**answer, "columns": legend})
        return
    if format_ == "csv":
        output.print_csv(table)
        return
    unused = {"adjustment"} if not ways.adjustment.any() else set[str]()
    table = table.drop(columns=list(unused))
    if by_period:
        printer = output.print_tables if format_ == "table" else output.print_markdown
        names = {name: output.significant() if table[name].dtype.kind == "f" else output.text for name in table.columns}
        printer([(f"Unit costs of {case.name} by period", list(names), output.rows_of(table, names), _numeric(table))])
        return
    legend_rows = [
        [name, _unit(unit, ways.currency), says] for name, (unit, says) in columns.items() if name not in unused
    ]
    _print(ways, table, legend_rows, format_)
    _say_teams(case)


def _print(ways: Routes, table: DataFrame, legend_rows: list[list[str]], format_: str) -> None:
    """The table in two parts, money and work, and what each column means."""
    from allocate.cli import output

    printer = output.print_tables if format_ == "table" else output.print_markdown
    key = {"product": output.text, "vendor": output.text, "workflow": output.text}
    key |= {"levers": output.text} if ways.levers else {}
    money = {**key, "basis": output.text, **{name: output.significant() for name in MONEY if name in table}}
    work = {**key, **dict.fromkeys(WORK, output.significant())}
    work |= {
        "item": output.text,
        "accuracy": output.share(),
        "assured_accuracy": output.share(),
        "lead": output.amount(0),
    }
    printer(
        [
            (
                f"What one item costs ({ways.currency})",
                list(money),
                output.rows_of(table, money),
                _kinds(money, len(key) + 1),
            ),
            ("Work, quality and time of one item", list(work), output.rows_of(table, work), _kinds(work, len(key) + 1)),
            ("Columns", ["column", "unit", "meaning"], legend_rows, [False] * 3),
        ]
    )


def _say_teams(case: Case) -> None:
    """Why an item of an in-house team costs nothing more."""
    from allocate.cli import output

    for name, vendor in case.vendors.items():
        if vendor.team is not None:
            words = (
                "a team, paid for every hour employed, busy or not: one more item costs no wages; see the plan's staff."
            )
            click.echo(f"{output.text(name)}: {words}")


def _errors(case: Case, ways: Routes, format_: str) -> None:
    """Print what errors cost on each route."""
    from allocate.cli import output
    from allocate.costing.value.error_costs import COLUMNS, error_table
    from allocate.costing.value.values import product_values
    from allocate.record.plain_values import records

    table = error_table(ways, product_values(case, ways))
    legend = {name: {"unit": _unit(unit, ways.currency), "meaning": says} for name, (unit, says) in COLUMNS.items()}
    if format_ == "json":
        output.print_json({"case": case.name, "currency": ways.currency, "routes": records(table), "columns": legend})
    elif format_ == "csv":
        output.print_csv(table)
    else:
        names = {name: output.significant() if table[name].dtype.kind == "f" else output.text for name in table.columns}
        names["accuracy"] = output.share()
        rows = [[name, entry["unit"], entry["meaning"]] for name, entry in legend.items()]
        printer = output.print_tables if format_ == "table" else output.print_markdown
        title = f"What errors cost, per item ({ways.currency})"
        printer(
            [
                (title, list(names), output.rows_of(table, names), _numeric(table)),
                ("Columns", ["column", "unit", "meaning"], rows, [False] * 3),
            ]
        )


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
    if format_ == "json":
        output.print_json({"case": case.name, "route": route, "inputs": records(table)})
    elif format_ == "csv":
        output.print_csv(table)
    else:
        columns = dict.fromkeys(table.columns, output.long_text)
        printer = output.print_tables if format_ == "table" else output.print_markdown
        printer([(f"What {route} rests on", list(columns), output.rows_of(table, columns), [False] * 4)])


def _kinds(columns: Mapping[str, object], words: int) -> list[bool]:
    return [position >= words for position in range(len(columns))]


def _numeric(table: object) -> list[bool]:
    return [table[name].dtype.kind in "fi" for name in table.columns]  # type: ignore[attr-defined, index]


def _unit(unit: str, currency: str) -> str:
    return unit.replace("money", currency)
