"""The table of a bridge from one bill to another."""

from __future__ import annotations

from allocate.tables.column import Column
from allocate.tables.formats import MONEY, SHARE, WHOLE

BRIDGE = (
    Column("cause", "", "what changed"),
    Column("product", "", "product it concerns"),
    Column("vendor", "", "vendor it concerns"),
    Column("period", "", "number of the period it lies in", WHOLE),
    Column("start", "date", "first day of that period, in the bill after"),
    Column("amount", "money", "its part of the difference; above zero costs more", MONEY),
    Column("share", "share", "its part over the whole difference", SHARE, "of the change"),
    Column("kind", "", "external, internal, quality, or volume and mix", heading="whose"),
    Column("meaning", "", "what belongs to the cause"),
)
"""A difference by its causes."""
