"""`allocate model`: the tasks, workflows, regions and drivers of a cost model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from allocate.cli.options import allow_path_option, format_option
from allocate.tables.column import Column, Grid, legend, names
from allocate.tables.formats import FIGURE, long_text
from allocate.tables.model import MODEL

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
    from allocate.costing.work.model_tables import model_tables

    opened = open_model(reference)
    found = model_tables(opened)
    parts = PARTS if part is None else (part,)
    told: dict[str, Any] = {"model": opened.model.model, "title": opened.model.title, "case": opened.case}
    told |= {"reference": opened.model.reference, "units": dict(opened.units), **{name: found[name] for name in parts}}
    told["columns"] = {name: legend(MODEL[name], "money") for name in parts}
    listed = part or "tasks"
    rows = [{key: _text(value) for key, value in row.items()} for row in found[listed]]
    if output.print_data(format_, lambda: told, lambda: rows, names(MODEL[listed])):
        return
    tables = [_grid(TITLES[name], MODEL[name], found[name]) for name in parts if found[name]]
    said = [[name, one.name, one.unit, one.meaning] for name in parts for one in MODEL[name]]
    output.print_grids([*tables, Grid("Columns", ["table", "column", "unit", "meaning"], said, [False] * 4)], format_)
    output.say(
        f"Cost model {opened.model.model}; an equivalent unit (EU) is one item of {opened.model.reference}.", format_
    )


def _driver(name: str, one: dict[str, Any]) -> str:
    default = f" (default {one['per_item']:.12g})" if one["per_item"] is not None else ""
    return f"{one['seconds']:.12g} s/{name}{default}"


def _grid(title: str, columns: Sequence[Column], rows: list[dict[str, Any]]) -> Grid:
    """A table as it is printed."""
    shown = [[long_text(_shown(one.name, row[one.name])) for one in columns] for row in rows]
    numeric = [all(isinstance(row[one.name], (int, float, type(None))) for row in rows) for one in columns]
    return Grid(title, names(columns), shown, numeric)


def _shown(name: str, value: Any) -> str:

    if value is None:
        return "–"
    if name in ("review", "attrition", "rate") and isinstance(value, float):
        return f"{value * 100:.4g}%"
    return FIGURE(value) if isinstance(value, float) else _text(value)


def _text(value: Any) -> Any:
    """A cell as one text: drivers with their times, lists joined; a number as it is."""
    if isinstance(value, dict):
        shown = [_driver(name, one) if isinstance(one, dict) else f"{name} {one:.12g}" for name, one in value.items()]
        return ", ".join(shown)
    if isinstance(value, list):
        return ", ".join(value)
    return value if isinstance(value, (int, float)) else "" if value is None else str(value)
