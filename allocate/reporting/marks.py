"""The mark before accuracies that nobody stated, in every table of a page that has some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from allocate.costing.quality.unstated import MARK, unstated
from allocate.reporting.document import Section, Table
from allocate.reporting.material import Material
from allocate.reporting.wording import named
from allocate.tables.frames import table_of

KEYS = ("product", "vendor")


def with_marks(m: Material, sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections, each accuracy in a table marked that rests on a pair of product and vendor nobody stated one of."""
    used = set(table_of(m.plan, "lines").rows("product", "vendor")) & unstated(m.case)
    pairs = [(m.product[product], m.vendor[vendor]) for product, vendor in used]
    rests = _variants(m)
    if not pairs and not rests:
        return tuple(sections)
    return tuple(
        replace(
            one,
            tables=tuple(_marked(table, pairs, rests) for table in one.tables),
            chart=one.chart and replace(one.chart, figures=_marked(one.chart.figures, pairs, rests)),
        )
        for one in sections
    )


def _variants(m: Material) -> frozenset[str]:
    """Scenarios, as the page names them, whose plan rests on such an accuracy."""
    if m.scenarios is None:
        return frozenset()
    found, rows = m.scenarios.unstated, m.scenarios.study.rows
    shown = named([row["variant"] for row in rows], 48)
    return frozenset(
        "as it is" if n == 0 else shown[row["variant"]] for n, row in enumerate(rows) if row["variant"] in found
    )


def _marked(table: Table, pairs: Sequence[tuple[str, str]], rests: frozenset[str]) -> Table:
    if "accuracy" not in table.header:
        return table
    at = {name: table.header.index(name) for name in (*KEYS, "accuracy", "scenario") if name in table.header}

    def assumed(row: tuple[str, ...]) -> bool:
        if "scenario" in at:
            return row[at["scenario"]] in rests
        return any(
            all(row[at[key]] == name for key, name in zip(KEYS, pair, strict=True) if key in at) for pair in pairs
        )

    place = at["accuracy"]
    rows = tuple(
        (*row[:place], MARK + row[place].removeprefix(MARK), *row[place + 1 :]) if assumed(row) else row
        for row in table.rows
    )
    return replace(table, rows=rows)
