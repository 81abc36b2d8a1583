"""Tables that came as workbooks: the first sheet as rows of text, below whatever title stands above its header."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any


def is_workbook(path: Path) -> bool:
    """Whether a file is named as a workbook."""
    return path.suffix.lower() == ".xlsx"


def sheet_rows(path: Path, shown: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of the first sheet, each with its line, all as long as the header: the first row with two filled cells.

    Raises CaseError for a file that is no workbook, or is larger than is read.
    """
    from allocate.case.xlsx import read_xlsx

    width = 0
    sheet = next(iter(read_xlsx(path, shown, None, ("",), "save it again as .xlsx, or as .csv").sheets.values()))
    for line, row in enumerate(sheet, start=1):
        texts = [_text(cell) for cell in row]
        if not width:
            if sum(bool(text) for text in texts) < 2:
                continue
            while texts and not texts[-1]:
                texts.pop()
            width = len(texts)
        elif not any(texts):
            continue
        filled = [*texts, *[""] * (width - len(texts))]
        while len(filled) > width and not filled[-1]:
            filled.pop()
        yield line, filled


def _text(cell: Any) -> str:
    """A cell as a CSV has it: times in ISO 8601, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, (datetime, date, time)):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        hours, seconds = divmod(cell.total_seconds(), 3600.0)
        return f"{hours:.0f}:{seconds // 60:02.0f}:{seconds % 60:02.0f}"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()
