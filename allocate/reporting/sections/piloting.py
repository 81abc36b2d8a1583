"""Pilots to run before the rest is decided: which, how large, what to decide after them, and what to sign when."""

from __future__ import annotations

from allocate.errors import readable
from allocate.odds.pilot_words import SHOWN, design_rows, rule_rows, sentences
from allocate.reporting.document import Section
from allocate.reporting.material import Material, table
from allocate.reporting.wording import rounded
from allocate.tables.formats import count, percent


def pilots(m: Material) -> Section | None:
    """What `allocate pilot` finds; nothing for a case without pilots, or whose pilots measure nothing uncertain."""
    if m.pilots is None:
        return None
    words = tuple(readable(line, 600) for line in sentences(m.pilots))
    tables = []
    if m.pilots.worths:
        header = ["pilot", "items", f"costs, {m.currency}", f"worth, {m.currency}", "±", f"net, {m.currency}"]
        rows = [
            [readable(row["pilots"], 80), row["items"], *(rounded(row[key]) for key in ("costs", "worth", "error", "net"))]
            for row in design_rows(m.pilots)[:SHOWN]
        ]  # fmt: skip
        tables.append(table("pilots", header, rows, order="best first"))
    if m.pilots.rules:
        header = ["pilot", "then", "right, from", "to", "of", "items ordered", "chance, %"]
        rows = [
            [readable(row["pilot"], 80), row["then"], *(count(row[key]) for key in ("least", "most", "checked", "ordered")),
             percent(row["chance"], 0).replace("%", "")]
            for row in rule_rows(m.pilots)
        ]  # fmt: skip
        tables.append(table("outcomes", header, rows))
    return Section("Pilots to run first", words, tables=tuple(tables), is_wide=True)
