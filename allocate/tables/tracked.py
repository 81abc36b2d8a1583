"""Tables of a plan beside what was done, what was billed, what was measured, and the plan that follows from it."""

from __future__ import annotations

from allocate.tables.column import Column
from allocate.tables.formats import COUNT, FIGURE, MONEY, SHARE, TEXT, WHOLE

TRACKED = (
    Column("period", "", "number of the period", WHOLE),
    Column("items_planned", "items", "items that should be delivered by then", COUNT, "items planned"),
    Column("items", "items", "items delivered and accepted by then", COUNT),
    Column("pv", "money", "planned cost of what should be delivered by then", MONEY, "planned (PV)"),
    Column("ev", "money", "planned cost of what was delivered and accepted", MONEY, "earned (EV)"),
    Column("ac", "money", "what the work done has cost, hours paid and not worked included", MONEY, "actual (AC)"),
    Column("cv", "money", "EV - AC; below zero it cost more than planned", MONEY, "CV"),
    Column("sv", "money", "EV - PV; below zero less is done than planned", MONEY, "SV"),
    Column("cpi", "", "EV / AC", FIGURE, "CPI"),
    Column("spi", "", "EV / PV; 1 once all is delivered, however late", FIGURE, "SPI"),
    Column("low", "money", "P10 of EV as the case's spreads have it", MONEY, "EV, P10"),
    Column("high", "money", "P90 of EV", MONEY, "EV, P90"),
    Column("outside", "", "whether EV lies behind or ahead of that range", TEXT),
)
"""Earned value by period; everything cumulated."""
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
MEASURED = (
    Column("figure", "", "what was measured"),
    Column("stated", "", "what the case says, as written", TEXT, "the case says"),
    Column("measured", "as unit", "the figure as it was recorded, together with a range the case had", FIGURE),
    Column("low", "as unit", "its P10", FIGURE, "P10"),
    Column("high", "as unit", "its P90", FIGURE, "P90"),
    Column("unit", "", "unit of measured, P10 and P90"),
    Column("change", "share", "measured over stated, less 1", SHARE),
    Column("n", "", "records it comes from", WHOLE, "records"),
    Column("people", "people", "people it comes from, where they are the sample", WHOLE),
    Column("held", "", "whether the range the case gave held it", TEXT, "range held"),
    Column("method", "", "how it was found"),
    Column("path", "", "where the case says it; empty where it has no place"),
)
"""What was measured."""
