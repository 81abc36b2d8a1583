"""The table of what a new plan changes of an earlier one."""

from __future__ import annotations

from allocate.tables.column import Column
from allocate.tables.formats import COUNT, MONEY, TEXT, WHOLE

CHANGES = (
    Column("product", "", "product of the case", TEXT),
    Column("vendor", "", "vendor of the case", TEXT),
    Column("workflow", "", "how the items are made and checked", TEXT),
    Column("period", "", "number of the period the work begins in", WHOLE),
    Column("start", "", "first day of that period", TEXT),
    Column("items_before", "items", "items in the earlier plan", COUNT, "items so far"),
    Column("items", "items", "items in the new plan", COUNT, "items now"),
    Column("items_more", "items", "items more; below zero fewer", COUNT, "more"),
    Column("spend_before", "money", "what the earlier plan's line costs", MONEY, "spend so far"),
    Column("spend", "money", "what the new plan's line costs", MONEY, "spend now"),
    Column("spend_more", "money", "money more; below zero less", MONEY, "more money"),
)
"""Lines that differ between an earlier plan and a new one."""
