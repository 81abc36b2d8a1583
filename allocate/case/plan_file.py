"""A plan of one's own as a table: product, vendor, workflow, period and items, one line each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allocate.case.names import OF_CAPACITY, Suggestions, suggestion
from allocate.case.spreadsheet_text import meant, name_meant
from allocate.case.tables import Expected, read_table
from allocate.errors import CaseError, Place, Problem
from allocate.numerals import plainly
from allocate.units import UnitError, Units, kind_of

if TYPE_CHECKING:
    from allocate.case.load import Case

COLUMNS = ("product", "vendor", "workflow", "period", "items")
_DECIMALS = re.compile(r"\+?(?P<whole>[\d_]*)\.(?P<decimals>\d[\d_]*)(?P<power>(?:[eE][+-]?\d+)?)")
LEVERS = "levers"
"""A column a plan may have beside them: the levers a line is worked with, joined by ` + `."""

OF_SOLVE = "equivalent-units"
"""A column that plans of `solve --format csv` have: their numbers have decimal points."""
OF_NO_LINE = "cost"
"""A column of theirs that is filled where all others are not: money of no line."""
_OURS = frozenset((OF_SOLVE, "spend-as-planned"))
"""A column that tables of `solve` or of the report's workbook have, with which a plan may have no lines: it makes nothing."""
_EXPECTED = Expected(
    frozenset((*COLUMNS, LEVERS, "week", "month")), frozenset(("items", "period", "week", "month")), _OURS
)


@dataclass(frozen=True)
class PlanLine:
    """One line of a plan, written by hand or by `solve`."""

    product: str
    vendor: str
    workflow: str
    period: int
    """Week or month, from 1."""
    items: float
    levers: tuple[str, ...] = ()
    """Levers it is worked with."""
    within: float = 0.0
    """By how much the digits written leave the items open: half a unit of the last decimal; 0 for a whole number."""


Row = tuple[dict[str, Any], Callable[[str], Place | None]]
"""Cells of a line by column, and where each stands; the line itself is at the column "" (nothing)."""


def read_plan(case: Case, path: Path) -> tuple[PlanLine, ...]:
    """The lines of a plan file (.csv or .xlsx); columns beside the five it needs, and `levers`, are left aside.

    A case with one workflow on its menus needs no workflow column.

    Raises CaseError with every line that is not right: names the case does not have, periods outside of the horizon,
    items that are not an amount.
    """
    table = read_table(path.parent, path.name, None, _EXPECTED)
    values = table.document.values

    def at(position: int) -> Callable[[str], Place | None]:
        return lambda key: values.get(("rows", position, key) if key else ("rows", position))

    rows = [(_pointed(_meant(case, row)), at(position)) for position, row in enumerate(table.document.data["rows"])]
    return plan_lines(case, rows, list(table.problems))


def plan_lines(case: Case, rows: Iterable[Row], problems: list[Problem]) -> tuple[PlanLine, ...]:
    """Lines of a plan from texts; CaseError with every one that is not right, after the problems there are already."""
    units = Units({**case.model.units, **case.file.units})
    only = next(iter(case.workflows)) if len(case.workflows) == 1 else None
    lines: list[PlanLine] = []
    suggestions = Suggestions()
    for row, at in rows:
        if OF_NO_LINE in row and not {"vendor", "period", "week", "month"} & row.keys():
            continue  # `solve --format csv` ends with money that no line bears
        if only is not None:
            row = {"workflow": only, **row}
        if "week" in row or "month" in row:
            row = {"period": row.get("week", row.get("month")), **row}
        missing = [key for key in COLUMNS if key not in row]
        if missing:
            problems.append(Problem(f"the line has no {', no '.join(missing)}", at(""), "fill in the cell"))
            continue
        levers = tuple(name.strip() for name in str(row.get(LEVERS, "")).split("+") if name.strip())
        places = {key: at(key) for key in COLUMNS}
        wrong = [
            *_names(case, row, places, suggestions),
            *_numbers(case, units, row, places),
            *_levers(case, levers, at(LEVERS)),
        ]
        problems += wrong
        if not wrong:
            amounts = units.quantity(row["items"]).number, half_a_digit(row["items"], units)
            names = row["product"], row["vendor"], row["workflow"]
            lines.append(PlanLine(*names, int(row["period"]), amounts[0], levers, amounts[1]))
    if problems:
        raise CaseError(problems)
    return tuple(lines)


def half_a_digit(text: str, units: Units) -> float:
    """Half a unit of the last decimal an amount is written with, in its base unit; 0 where it is written as a whole number.

    >>> half_a_digit("919.18 images", Units({"image": "images"})), half_a_digit("12_000", Units())
    (0.005, 0.0)
    """
    # The fourth decimal of a number such as 12.1250 says that 12.125 is no thousands, and nothing of how exact it is.
    text = re.sub(r"^(\+?[1-9]\d{0,2}\.\d{3})0(?!\d)", r"\1", text.strip())
    written = _DECIMALS.match(text)
    if written is None or not written["decimals"]:
        return 0.0
    last = re.sub(r"[0-9]", "0", written["whole"] + "." + written["decimals"][:-1]) + "1" + written["power"]
    return units.quantity(last + text[written.end() :]).number / 2.0


def _meant(case: Case, row: dict[str, Any]) -> dict[str, Any]:
    """A row with the names its cells mean."""
    known = {"product": case.products, "vendor": case.vendors, "workflow": case.workflows}
    return {key: name_meant(cell, known[key]) if key in known else meant(cell) for key, cell in row.items()}


def _pointed(row: dict[str, Any]) -> dict[str, Any]:
    """A row with the decimal point of its items told from one between thousands, where `solve` wrote it."""
    return {**row, "items": plainly(row["items"])} if OF_SOLVE in row and "items" in row else row


def _names(case: Case, row: dict[str, Any], places: dict[str, Place | None], suggestions: Suggestions) -> list[Problem]:
    known = {"product": case.products, "vendor": case.vendors, "workflow": case.workflows}
    return [
        Problem(f"there is no {kind} '{row[kind]}'", places[kind], suggestions.of(row[kind], names, kind))
        for kind, names in known.items()
        if row[kind] not in names
    ]


def _levers(case: Case, names: tuple[str, ...], place: Place | None) -> list[Problem]:
    known = list(case.file.levers)
    return [
        Problem(f"there is no lever '{name}'", place, suggestion(name, known) or "take it out of the line")
        for name in names
        if name.removesuffix(OF_CAPACITY) not in known
    ]


def _numbers(case: Case, units: Units, row: dict[str, Any], places: dict[str, Place | None]) -> list[Problem]:
    problems: list[Problem] = []
    count, unit = case.periods.count, case.periods.unit
    if not (row["period"].isdigit() and 1 <= int(row["period"]) <= count):
        message = f"'{row['period']}' is not one of the horizon's {count} {unit}s"
        problems.append(Problem(message, places["period"], f"write the number of the {unit}, from 1 to {count}"))
    try:
        items = units.quantity(row["items"])
        if items.number < 0 or kind_of(items) not in ("fraction", "count"):
            problems.append(Problem(f"'{row['items']}' is not a number of items", places["items"], "write `12_000`"))
    except UnitError as error:
        problems.append(Problem(str(error), places["items"], error.fix))
    return problems
