"""Tables a case names: their rows put in place of the names, and their many equal problems told once."""

from __future__ import annotations

import re
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from allocate.case.document import Document, Path_, graft
from allocate.case.names import nearest
from allocate.case.plan_file import COLUMNS, LEVERS, OF_NO_LINE, OF_SOLVE
from allocate.case.schema import CaseFile
from allocate.case.separated import name_in
from allocate.case.tables import Column, Expected, Table, read_table
from allocate.case.validation import block_at
from allocate.currencies import CURRENCIES
from allocate.errors import CaseError, Place, Problem
from allocate.numerals import plainly
from allocate.units import Quantity, UnitError, Units

EARLIER: Path_ = ("earlier",)
"""Where a case names a table that is a plan."""
Spot = tuple[str, int, int]
"""File, line and column."""


@dataclass
class Attached:
    """The tables of a case, each with the path of its rows, and the names of the blocks whose table could not be read whole."""

    tables: list[tuple[Path_, Table]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    faulty: set[str] = field(default_factory=set)

    def files(self) -> list[Path]:
        """The files read."""
        return sorted({table.file for _, table in self.tables if table.file is not None})


def attach_tables(document: Document, folder: Path, allowed: Iterable[Path] = ()) -> Attached:
    """Put the rows of every table the case names in place of its name."""
    attached = Attached()
    listed: dict[Path_, Document] = {}
    for path in named_tables(document.data):
        rows = path[:1] if isinstance(path[-1], int) else path
        try:
            table = read_table(folder, document.at(path), document.place(path), _expected(rows), allowed)
        except CaseError as error:
            attached.problems += error.problems
            attached.faulty.add(str(path[0]))
            table = Table(Document({"rows": {} if path == ("exchange",) else []}))
        else:
            attached.problems += table.problems
            attached.tables.append((rows, table))
        if table.problems:
            attached.faulty.add(str(path[0]))
        if path == ("exchange",):
            _exchange(table.document)
        if rows == EARLIER:
            _lines_of_plan(table)
        if rows == path:
            graft(document, path, table.document, ("rows",))
        else:
            listed[path] = table.document
    for path in {path[:1]: None for path in listed}:
        _written_out(document, path, listed)
    return attached


def _written_out(document: Document, path: Path_, tables: Mapping[Path_, Document]) -> None:
    """Put the rows of the tables that a list names in place of their names."""
    rows = Document({"rows": []}, {("rows",): place} if (place := document.place(path)) else {})
    for position in range(len(document.at(path))):
        where = (*path, position)
        table = tables.get(where)
        entries = (
            [(document, where)] if table is None else [(table, ("rows", n)) for n in range(len(table.data["rows"]))]
        )
        for source, at in entries:
            rows.data["rows"].append(None)
            graft(rows, ("rows", len(rows.data["rows"]) - 1), source, at)
    graft(document, path, rows, ("rows",))


def named_tables(data: dict[str, Any]) -> list[Path_]:
    """The paths of a case's data that name tables."""
    named: list[Path_] = [
        (key,) for key in ("rates", "calendar", "exchange", "earlier") if isinstance(data.get(key), str)
    ]
    for key in ("rates", "calendar", "earlier"):
        listed = data.get(key)
        named += [(key, n) for n, one in enumerate(listed) if isinstance(one, str)] if isinstance(listed, list) else []
    products = data.get("products")
    for name, product in products.items() if isinstance(products, dict) else ():
        value = product.get("value") if isinstance(product, dict) else None
        curve = value.get("curve") if isinstance(value, dict) else None
        if isinstance(curve, str):
            named.append(("products", name, "value", "curve"))
        elif isinstance(curve, dict) and isinstance(curve.get("points"), str):
            named.append(("products", name, "value", "curve", "points"))
    return named


def _exchange(table: Document) -> None:
    """Turn rows of `week, PHP, EUR` into steps by currency, in place."""
    steps: dict[str, list[dict[str, str]]] = {}
    places = dict(table.values)
    for position, row in enumerate(table.data["rows"]):
        key = next((name for name in ("week", "month", "from") if name in row), "")
        start = row.get(key, "")
        for column, rate in row.items():
            if column == key:
                continue
            entries = steps.setdefault(column.upper(), [])
            where: Path_ = ("rows", column.upper(), len(entries))
            table.values[where] = table.values[(*where, "rate")] = places["rows", position, column]
            table.values[(*where, "from")] = places.get(("rows", position, key), places["rows", position])
            entries.append({"from": f"{key} {start}" if start.isdecimal() and key != "from" else start, "rate": rate})
    table.data["rows"] = steps


def _lines_of_plan(table: Table) -> None:
    """Leave of a plan's table, as `solve` writes one, its lines with the columns that say who makes what; in place."""
    known, places = {*COLUMNS, LEVERS}, table.document.values
    rows, kept = table.document.data["rows"], []
    for position, row in enumerate(rows):
        if "product" not in row and OF_NO_LINE in row:
            continue  # money that no line bears
        line = {key: cell for key, cell in row.items() if key in known}
        for name in ("week", "month"):
            if name in row and "period" not in row:
                line["period"] = row[name]
                places["rows", position, "period"] = places["rows", position, name]
        if OF_SOLVE in row and "items" in line:
            line["items"] = plainly(line["items"])  # its numbers have decimal points
        if LEVERS in line:
            line[LEVERS] = [name.strip() for name in line[LEVERS].split("+") if name.strip()]
        kept.append((position, line))
    moved = {("rows", new, *key): places[where] for new, (old, line) in enumerate(kept) for where in places
             if where[:2] == ("rows", old) for key in [where[2:]] if not key or key[0] in line}  # fmt: skip
    for where in [where for where in places if where[:1] == ("rows",) and len(where) > 1]:
        del places[where]
    places.update(moved)
    table.document.data["rows"] = [line for _, line in kept]
    table.columns = [one for one in table.columns if one.name in known]


def header_problems(attached: Attached, units: Units) -> tuple[list[Problem], set[Spot]]:
    """What is wrong with headers, and the spots of cells and rows whose problems are the header's."""
    problems: list[Problem] = []
    spots: set[Spot] = set()
    for path, table in attached.tables:
        places = table.document.values
        names = {column.name for column in table.columns}
        found = [
            (column, problem) for column in table.columns for problem in _column_problems(path, column, names, units)
        ]
        for column, problem in found:
            problems.append(problem)
            spots |= {_spot(p) for where, p in places.items() if where[-1:] == (column.name,) or _is_of(where, column)}
        missing = _missing(path, table, [column for column, _ in found])
        if missing is not None:
            problems.append(missing)
            spots |= {_spot(place) for where, place in places.items() if len(where) == 2}
    return problems, spots


def _is_of(where: Path_, column: Column) -> bool:
    return column.name.upper() in where[1:2]


def _block(path: Path_) -> type[BaseModel] | None:
    below: Path_ = ("points", 0) if path[-1] == "curve" else (0,)
    return block_at(CaseFile, (*path, *below)) if path != ("exchange",) else None


@lru_cache(maxsize=8)
def _expected(path: Path_) -> Expected:
    """The columns a table at a path may have, and those of them that hold amounts."""
    block = _block(path)
    if block is None:
        codes = frozenset(code.lower() for code in CURRENCIES)
        return Expected(codes | {"week", "month", "from"}, codes)
    fields = {field.alias or name: field.annotation for name, field in block.model_fields.items()}
    amounts = {name for name, kind in fields.items() if {Quantity, float, int} & {kind, *_kinds_in(kind)}}
    return Expected(frozenset(fields), frozenset(amounts))


def _kinds_in(annotation: Any) -> set[Any]:
    """The plain types an annotation is made of."""
    inner = [one for part in typing.get_args(annotation) for one in (part, *_kinds_in(part))]
    return {one for one in inner if isinstance(one, type)}


def _column_problems(path: Path_, column: Column, names: Collection[str], units: Units) -> Iterator[Problem]:
    block = _block(path)
    known = [field.alias or name for name, field in block.model_fields.items()] if block is not None else []
    if block is not None and column.name not in known:
        close = nearest(column.name, [name for name in known if name not in names])
        fix = f"write `{close}`" if close else f"known columns: {', '.join(known)}"
        in_brackets = re.fullmatch(r"([^()\[\]]*)\(([^()\[\]]*)\)", column.text)
        if in_brackets and name_in(in_brackets[1]) in known and units.reads(f"1 {in_brackets[2].strip()}"):
            message = f"the unit of '{column.text}' stands in round brackets"
            yield Problem(message, column.place, f"write `{in_brackets[1].strip()} [{in_brackets[2].strip()}]`")
            return
        hint = f", did you mean '{close}'?" if close else ""
        yield Problem(f"unknown column '{column.name}'{hint}", column.place, fix)
    elif column.unit:
        try:
            units.quantity(f"1 {column.unit}")
        except UnitError as error:
            unit = error.corrections[0].text.removeprefix("1 ") if error.corrections else None
            header = f"write `{column.name} [{unit}]`" if unit else error.fix
            yield Problem(f"the column '{column.name}' {error}", column.place, header)


def _missing(path: Path_, table: Table, wrong: list[Column]) -> Problem | None:
    """The columns every row needs and the table has not, unless one of them is misspelt."""
    block = _block(path)
    fields = block.model_fields.items() if block is not None else ()
    needed = [field.alias or name for name, field in fields if field.is_required()]
    there = {column.name for column in table.columns}
    meant = {nearest(column.name, needed) for column in wrong}
    missing = [name for name in needed if name not in there and name not in meant]
    if not missing:
        return None
    names = " and ".join(f"'{name}'" for name in missing)
    message = f"the table has no column {names}"
    return Problem(message, table.document.place(("rows",)), "add it to the first line and to every row")


def _spot(place: Place) -> Spot:
    return place.file, place.line, place.column


def spots_of(places: Iterable[Place]) -> set[Spot]:
    """The spots of places."""
    return {_spot(place) for place in places}


def without(problems: Iterable[Problem], spots: set[Spot]) -> list[Problem]:
    """The problems that do not lie at one of the spots."""
    return [problem for problem in problems if problem.place is None or _spot(problem.place) not in spots]


def told_once(problems: list[Problem], attached: Attached) -> list[Problem]:
    """The problems, those that repeat in three cells of a column or more told at the first."""
    if len(problems) < 3:
        return problems
    cells = _cells(attached)
    groups: dict[object, list[Problem]] = {}
    for number, problem in enumerate(problems):
        cell = cells.get(_spot(problem.place)) if problem.place is not None else None
        key: object = number
        if cell is not None:
            file, column, row = cell
            key = (file, column, _pattern(problem.message, row, column))
        groups.setdefault(key, []).append(problem)
    result: list[Problem] = []
    for key, group in groups.items():
        result += [_together(group, str(key[1]))] if isinstance(key, tuple) and len(group) > 2 else group
    return result


def _cells(attached: Attached) -> dict[Spot, tuple[str, str, dict[str, str]]]:
    cells: dict[Spot, tuple[str, str, dict[str, str]]] = {}
    for path, table in attached.tables:
        for where, place in table.document.values.items() if path != ("exchange",) else ():
            if len(where) > 1:
                row = table.document.data["rows"][where[1]]
                cells.setdefault(_spot(place), (place.file, str(where[2]) if len(where) > 2 else "", row))
    return cells


def _pattern(message: str, row: dict[str, str], column: str) -> str:
    """A message without what differs from row to row: its names, and the numbers of its own cell."""
    for name, text in row.items():
        if name in ("product", "vendor", "workflow") and name != column:
            message = re.sub(rf"(?<![\w-]){re.escape(text)}(?![\w-])", "…", message)
    message = re.sub(r"'[^']*\d[^']*'", "'#'", message)
    return re.sub(r"[\d_.,'\u2019]*\d[\d_.,'\u2019]*", "#", message)


def _together(group: list[Problem], column: str) -> Problem:
    first = min(group, key=lambda problem: problem.place or Place(""))
    what = f"the column '{column}'" if column else "the table"
    message = f"{first.message}; so it is with {len(group) - 1:,} more cells of {what}"
    fix = first.fix
    example = re.search(r"`[\d_.]+k? ?(\S.*)`", fix or "")
    if "number without a unit" in message and example:
        fix = f"write the unit into the header, as in `{column} [{example[1]}]`"
    return Problem(message, first.place, fix, first.otherwise)
