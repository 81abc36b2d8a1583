"""The tables of SECURITY.md are those of the code: every tolerance and every limit on files, and nothing else.

`REGENERATE=1 python -m pytest tests/test_security.py` writes them; read the difference.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from allocate import input_limits, tolerances

PAGE = Path(__file__).resolve().parent.parent / "SECURITY.md"


def _tables() -> dict[str, str]:
    """The tables as they should be, by the name of their mark."""
    rows = [
        f"| {one.used_by} | `{one.name}` | {one.value:g} | {one.measure} | {one.reason} |" for one in tolerances.TABLE
    ]
    heads = {
        "tolerances": "| used by | name | value | a share of, or counted in | why |\n|---|---|---|---|---|",
    }
    return {"tolerances": "\n".join([heads["tolerances"], *rows]), "limits": input_limits.table().rstrip()}


def test_the_tables_are_those_of_the_code() -> None:
    """Every tolerance and limit stands in SECURITY.md with its value, measure and reason."""
    text = PAGE.read_text(encoding="utf-8")
    right = text
    for name, table in _tables().items():
        right = re.sub(
            rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m, t=table: f"{m[1]}{t}\n{m[2]}", right, flags=re.S
        )  # type: ignore[misc]
    if os.environ.get("REGENERATE"):
        PAGE.write_text(right, encoding="utf-8")
    assert text == right or os.environ.get("REGENERATE")
