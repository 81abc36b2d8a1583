"""What is mutated: small cases as their files, the same with workbooks for tables, and the plan files made of them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = (
    "vendor-comparison",
    "contracts",
    "in-house-team",
    "video-throughput",
    "launch-gate",
    "medical",
    "published-prices",
)
"""Cases of the repository that are planned in a moment."""
PLAN, LINES, BOOK = "plan.json", "lines.csv", "report.xlsx"
"""Files made of a case's plan: as `solve --out` writes it, as `solve --format csv` prints it, and the report's workbook."""


@dataclass(frozen=True)
class Seed:
    """A case as its files, and the files that were made of its plan."""

    name: str
    files: dict[str, bytes]
    made: dict[str, bytes]


def folders() -> dict[str, Path]:
    """The folders cases are taken from, by name."""
    return {name: ROOT / "cases" / name for name in SHIPPED}


def files_of(folder: Path) -> dict[str, bytes]:
    """The files of a case by their path in its folder, without pages and expected answers."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".yaml", ".csv")
    }


def with_workbooks(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same case with each of its tables as a workbook."""
    found = dict(files)
    for name in [name for name in files if name.endswith(".csv")]:
        found[name.removesuffix(".csv") + ".xlsx"] = as_workbook(found.pop(name))
        found["case.yaml"] = found["case.yaml"].replace(name.encode(), (name.removesuffix(".csv") + ".xlsx").encode())
    return found


def as_workbook(table: bytes) -> bytes:
    """A CSV table as a workbook, numbers as numbers."""
    from xlsxwriter import Workbook

    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True})
    sheet = book.add_worksheet("Table")
    for number, row in enumerate(csv.reader(io.StringIO(table.decode()))):
        for column, cell in enumerate(row):
            try:
                sheet.write_number(number, column, float(cell))
            except ValueError:
                sheet.write_string(number, column, cell)
    book.close()
    return made.getvalue()
