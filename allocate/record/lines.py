"""The lines of a plan to be held or priced, from every kind of file a plan is written to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from allocate.case.load import Case
from allocate.case.plan_file import COLUMNS, LEVERS, PlanLine, Row, plan_lines, read_plan
from allocate.errors import CaseError, Place, Problem
from allocate.numerals import plainly
from allocate.record.text import Text, read_json

RUN_FILE = "plan.json"
"""The plan in the folder of a run that was kept."""


def lines_of(case: Case, path: Path) -> tuple[PlanLine, ...]:
    """The lines of a plan: a table (.csv, .xlsx), JSON as `solve` writes it, or the folder of a run that was kept.

    Raises CaseError with every line that is not right, and for a file without lines.
    """
    path = path / RUN_FILE if path.is_dir() else path
    if path.suffix.lower() != ".json":
        return read_plan(case, path)
    text = read_json(path)
    lines = text.data.get("lines")
    if not isinstance(lines, list):
        fix = "name a file as `allocate solve CASE --out PLAN` or `--format json` writes it"
        raise CaseError.of(f"{path.name} has no list of lines", text.place(("lines",)), fix)
    problems = [
        Problem(f"line {number + 1} is not an object", text.place(("lines", number)), "write it as in the others")
        for number, line in enumerate(lines)
        if not isinstance(line, dict)
    ]
    return plan_lines(case, [_row(text, n, line) for n, line in enumerate(lines) if isinstance(line, dict)], problems)


def _row(text: Text, number: int, line: dict[str, Any]) -> Row:
    """A line's values as texts, as a table would have them, with their places in the file."""
    cells = {key: _cell(line[key]) for key in (*COLUMNS, LEVERS) if line.get(key) not in (None, "")}

    def at(key: str) -> Place | None:
        return text.place(("lines", number, key) if key else ("lines", number))

    return cells, at


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " + ".join(map(str, value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return plainly(str(value)) if isinstance(value, float) else str(value)
