"""The table of a plan against what was done."""

from __future__ import annotations

from allocate.tables.column import Column
from allocate.tables.formats import COUNT, FIGURE, MONEY, TEXT, WHOLE

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
