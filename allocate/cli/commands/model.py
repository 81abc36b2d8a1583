"""`allocate model`: the tasks, workflows, regions and drivers of a cost model."""

from __future__ import annotations

from typing import Any

import click

from allocate.cli.options import allow_path_option, format_option

PARTS = ("tasks", "workflows", "regions", "drivers", "activities")
TITLES = {
    "tasks": "Tasks: how long an item takes, one pass without review",
    "workflows": "Workflows: how an item is made and checked",
    "regions": "Regions: where people work",
    "drivers": "Drivers: what is counted on an item",
    "activities": "Overhead pools, for absorbed cost",
}


@click.command("model", short_help="The tasks, workflows, regions and drivers of a cost model.")
@click.argument("reference", metavar="[NAME|CASE]", default="annotation")
@click.option("--part", type=click.Choice(PARTS), help="One of the tables; CSV has one, the tasks unless you say.")
@allow_path_option
@format_option
def command(reference: str, part: str | None, format_: str) -> None:
    """Show what a cost model has: the one of a NAME (annotation, unless you say), of a path, or of a CASE.

    These are the names a case may use: tasks with their unit, standard time and drivers, workflows and regions.
    """
    from allocate.case.opened_model import open_model
    from allocate.cli import output
    from allocate.costing.work.model_tables import PARTS as COLUMNS
    from allocate.costing.work.model_tables import model_tables

    opened = open_model(reference)
    tables = model_tables(opened)
    parts = PARTS if part is None else (part,)
    if format_ == "json":
        legend = {
            name: {column: {"unit": unit, "meaning": says} for column, (unit, says) in COLUMNS[name].items()}
            for name in parts
        }
        head: dict[str, Any] = {"model": opened.model.model, "title": opened.model.title, "case": opened.case}
        head |= {"reference": opened.model.reference, "units": dict(opened.units)}
        output.print_json({**head, **{name: tables[name] for name in parts}, "columns": legend})
        return
    if format_ == "csv":
        import pandas as pd

        name = part or "tasks"
        rows = [{key: _text(value) for key, value in row.items()} for row in tables[name]]
        output.print_csv(pd.DataFrame(rows, columns=list(COLUMNS[name])))
        return
    printer = output.print_tables if format_ == "table" else output.print_markdown
    blocks = [_block(TITLES[name], COLUMNS[name], tables[name]) for name in parts if tables[name]]
    said = [[name, column, unit, says] for name in parts for column, (unit, says) in COLUMNS[name].items()]
    printer([*blocks, ("Columns", ["table", "column", "unit", "meaning"], said, [False] * 4)])
    output.say(
        f"Cost model {opened.model.model}; an equivalent unit (EU) is one item of {opened.model.reference}.", format_
    )


def _driver(name: str, one: dict[str, Any]) -> str:
    default = f" (default {one['per_item']:.12g})" if one["per_item"] is not None else ""
    return f"{one['seconds']:.12g} s/{name}{default}"


def _block(title: str, columns: Any, rows: list[dict[str, Any]]) -> tuple[str, list[str], list[list[str]], list[bool]]:
    """A table as it is printed: title, header, cells, which columns are numbers."""
    from allocate.cli import output

    shown = [[output.long_text(_shown(name, row[name])) for name in columns] for row in rows]
    numeric = [all(isinstance(row[name], (int, float, type(None))) for row in rows) for name in columns]
    return title, list(columns), shown, numeric


def _shown(name: str, value: Any) -> str:
    from allocate.cli import output

    if value is None:
        return "–"
    if name in ("review", "attrition", "rate") and isinstance(value, float):
        return f"{value * 100:.4g}%"
    return output.significant()(value) if isinstance(value, float) else _text(value)


def _text(value: Any) -> Any:
    """A cell as one text: drivers with their times, lists joined; a number as it is."""
    if isinstance(value, dict):
        shown = [_driver(name, one) if isinstance(one, dict) else f"{name} {one:.12g}" for name, one in value.items()]
        return ", ".join(shown)
    if isinstance(value, list):
        return ", ".join(value)
    return value if isinstance(value, (int, float)) else "" if value is None else str(value)
