"""Texts in CSV files that spreadsheets open: none of them may begin a formula, and each is read back as it was."""

from __future__ import annotations

import re
from collections.abc import Collection

_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠]")


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before one that would begin like one.

    Spreadsheets show such a cell as text. A text that has apostrophes there already gets one more, so that `meant`
    gives each text back.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def meant(cell: str) -> str:
    """The text that `inert` wrote as this cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def name_meant(cell: str, known: Collection[str]) -> str:
    """The known name a cell of a table means: as `inert` writes it, or as it stands; the cell itself where it is none.

    Readers of tables leave spaces around cells away, so they do not tell names apart.
    """
    for text in (meant(cell), cell):
        if text in known:
            return text
        same = [name for name in known if name.strip() == text.strip()]
        if len(same) == 1:
            return same[0]
    return cell
