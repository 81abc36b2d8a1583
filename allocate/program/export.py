"""The program as LP and MPS text: equal programs give equal bytes, and every name comes from our own words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocate.program.arrays import Floats, Integers, ProgramArrays
from allocate.program.build import Built
from allocate.program.naming import Block
from allocate.program.program import Program
from allocate.program.pulp_face import AT_LEAST, AT_MOST

if TYPE_CHECKING:
    import pandas as pd

CONSTANT = "constant"
"""A column fixed at 1 that carries the objective's constant: readers agree on it, and on no other way."""


def lp_text(program: Program) -> str:
    """The program as an LP file, one term a line; ranges become two rows, free rows a comment."""
    arrays, columns = program.arrays(), _column_names(program)
    terms = [f"{_signed(cost)} {columns[j]}" for j, cost in enumerate(arrays.costs.tolist()) if cost]
    terms += [f"{_signed(arrays.offset)} {CONSTANT}"] if arrays.offset else []
    lines = ["maximize" if arrays.maximise else "minimize", "obj:"]
    lines += [f" {term}" for term in terms or [f"0 {columns[0] if columns else CONSTANT}"]]
    lines += ["", "subject to"]
    taken = set(columns)
    start, order, values = arrays.by_rows
    for i, name in enumerate(_row_names(program)):
        entries = slice(start[i], start[i + 1])
        left = [
            f" {_signed(value)} {columns[j]}"
            for j, value in zip(order[entries].tolist(), values[entries].tolist(), strict=True)
        ]
        lines += _lp_row(name, left or [f" 0 {columns[0] if columns else CONSTANT}"], *_row(arrays, i), taken)
    lines += ["bounds", *_lp_bounds(arrays, columns)]
    whole = [f" {columns[j]}" for j in np.flatnonzero(arrays.integer).tolist()]
    lines += ["", "general", *whole] if whole else []
    return "\n".join([*lines, "", "end", ""])


def mps_text(program: Program) -> str:
    """The program as a free MPS file, with its sense in an OBJSENSE section; ranges become two rows."""
    arrays, columns = program.arrays(), _column_names(program)
    taken, rows = set(columns), _row_names(program)
    written = [
        [(_row_name(row, taken), sense, side) for row, sense, side in _sides(name, *_row(arrays, i))]
        for i, name in enumerate(rows)
    ]
    flat = [side for sides in written for side in sides]
    letters = {"<=": "L", ">=": "G", "=": "E"}
    lines = [f"NAME {program.name}", "OBJSENSE", " MAX" if arrays.maximise else " MIN", "ROWS", " N obj"]
    lines += [f" {letters[sense]} {name}" for name, sense, _ in flat]
    lines += ["COLUMNS", *_mps_columns(arrays, columns, written)]
    lines += ["RHS", *(f" rhs {name} {_number(side)}" for name, _, side in flat if side)]
    lines += ["BOUNDS", *_mps_bounds(arrays, columns)]
    return "\n".join([*lines, "ENDATA", ""])


def _column_names(program: Program) -> list[str]:
    own = [name for block in program.columns.values() for name in block.names()]
    return own + [f"variable_{n}" for n in range(len(program.guests()))]


def _row_names(program: Program) -> list[str]:
    own = [name for block in program.rows.values() for name in block.names()]
    return own + [f"rule_{n}" for n in range(len(program.rules))]


def _row(arrays: ProgramArrays, number: int) -> tuple[float, float]:
    return float(arrays.row_lower[number]), float(arrays.row_upper[number])


def _sides(name: str, lower: float, upper: float) -> list[tuple[str, str, float]]:
    """Name, sense and right-hand side of the one, two or no rows a file needs for a row."""
    if lower == upper:
        return [(name, "=", lower)]
    ranged = math.isfinite(lower) and math.isfinite(upper)
    sides = [(name + AT_LEAST if ranged else name, ">=", lower), (name + AT_MOST if ranged else name, "<=", upper)]
    return [side for side in sides if math.isfinite(side[2])]


def _row_name(name: str, columns: set[str]) -> str:
    """A row is never called like a column: some readers keep both in one table."""
    return f"{name}__row" if name in columns else name


def _lp_row(name: str, left: list[str], lower: float, upper: float, taken: set[str]) -> list[str]:
    lines: list[str] = []
    for written, sense, side in _sides(name, lower, upper):
        lines += [f"{_row_name(written, taken)}:", *left, f" {sense} {_number(side)}", ""]
    return lines or [f"\\ {name} demands nothing", ""]


def _lp_bounds(arrays: ProgramArrays, columns: list[str]) -> Iterator[str]:
    for name, lower, upper in zip(columns, arrays.lower.tolist(), arrays.upper.tolist(), strict=True):
        if lower == upper:
            yield f" {name} = {_number(lower)}"
        elif math.isinf(lower) and math.isinf(upper):
            yield f" {name} free"
        elif math.isinf(upper):
            yield f" {name} >= {_number(lower)}"
        else:
            yield f" {_number(lower)} <= {name} <= {_number(upper)}"
    if arrays.offset or not columns:
        yield f" {CONSTANT} = 1"


def _mps_columns(
    arrays: ProgramArrays, columns: list[str], written: list[list[tuple[str, str, float]]]
) -> Iterator[str]:
    start, index, value = arrays.start.tolist(), arrays.index, arrays.value
    marked = False
    for j, (name, cost, whole) in enumerate(zip(columns, arrays.costs.tolist(), arrays.integer.tolist(), strict=True)):
        if whole != marked:
            yield f" marker 'MARKER' '{'INTORG' if whole else 'INTEND'}'"
            marked = whole
        rows, values = _ascending(index[start[j] : start[j + 1]], value[start[j] : start[j + 1]])
        entries = [
            f" {name} {row} {_number(number)}"
            for i, number in zip(rows, values, strict=True)
            for row, _, _ in written[i]
        ]
        # A column has to appear once, be it with nothing.
        yield from [f" {name} obj {_number(cost)}"] if cost or not entries else []
        yield from entries
    if marked:
        yield " marker 'MARKER' 'INTEND'"
    if arrays.offset:
        yield f" {CONSTANT} obj {_number(arrays.offset)}"


def _mps_bounds(arrays: ProgramArrays, columns: list[str]) -> Iterator[str]:
    sides = zip(columns, arrays.lower.tolist(), arrays.upper.tolist(), arrays.integer.tolist(), strict=True)
    for name, lower, upper, whole in sides:
        if lower == upper:
            yield f" FX bnd {name} {_number(lower)}"
            continue
        if math.isinf(lower):
            yield f" {'FR' if math.isinf(upper) else 'MI'} bnd {name}"
        elif math.isinf(upper) and whole:
            # Without it, readers give a whole-numbered column an upper bound of 1.
            yield f" PL bnd {name}"
        if math.isfinite(lower) and lower:
            yield f" LO bnd {name} {_number(lower)}"
        if math.isfinite(upper):
            yield f" UP bnd {name} {_number(upper)}"
    if arrays.offset:
        yield f" FX bnd {CONSTANT} 1"


def _ascending(rows: Integers, values: Floats) -> tuple[list[int], list[float]]:
    order = np.argsort(rows, kind="stable")
    return rows[order].tolist(), values[order].tolist()


def _number(number: float) -> str:
    """The shortest text that reads back as the same number."""
    return str(int(number)) if abs(number) < 1e15 and number == int(number) else repr(number)


def _signed(number: float) -> str:
    return f"{'-' if number < 0 else '+'}{_number(abs(number))}"


def legend_table(built: Built) -> pd.DataFrame:
    """One row per column and row of the program: its name in LP and MPS files, its family, what it is about."""
    import pandas as pd

    routes = built.layout.routes
    names = {
        "product": [*routes.products, "the portfolio"],
        "vendor": list(routes.vendors),
        "workflow": list(routes.workflows),
        "period": [built.layout.case.periods.label(number) for number in range(built.layout.case.periods.count)],
        "rule": [rule.name for rule in built.layout.case.file.rules],
        "lever": [lever.name for lever in routes.levers],
        "other": [lever.name for lever in routes.levers],
        "levers": [" + ".join(routes.levers[n].name for n in some) for some in routes.combinations],
        "limit": [limit.name for limit in built.layout.case.file.budget.limits],
    }
    parts = [("column", block) for block in built.program.columns.values()]
    parts += [("row", block) for block in built.program.rows.values()]
    tables = [_block(kind, block, names) for kind, block in parts]
    return pd.concat(tables, ignore_index=True)


def _block(kind: str, block: Block, names: dict[str, list[str]]) -> pd.DataFrame:
    import pandas as pd

    axes = {
        axis: [names[axis][number] for number in values] if axis in names else [str(number) for number in values]
        for axis, values in block.index.items()
    }
    return pd.DataFrame({"name": block.names(), "kind": kind, "family": block.family, **axes})
