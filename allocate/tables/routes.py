"""Columns of the routes table."""

from __future__ import annotations

from allocate.tables.column import Column
from allocate.tables.formats import FIGURE, SHARE

SHOWN = (
    Column("product"), Column("vendor"), Column("workflow"), Column("levers"), Column("basis"),
    Column("unit_cost", "money/item", "", FIGURE), Column("accuracy", "share", "", SHARE),
    Column("cost_per_accurate_item", "money/item", "", FIGURE),
)  # fmt: skip
