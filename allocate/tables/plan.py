"""Columns of the tables of a plan."""

from __future__ import annotations

from allocate.tables.column import Column
from allocate.tables.formats import COUNT, FIGURE, FIGURE_6, MONEY, SHARE, TENTHS, Format

DAY = Format(lambda day: f"{day:%Y-%m-%d}", right=False)

MIX = (
    Column("product", "", "the AI product"),
    Column("vendor", "", "who makes the labels"),
    Column("workflow", "", "how items are made and checked"),
    Column("levers", "", "levers it is worked with"),
    Column("first", "date", "first day of the first period it is worked in", DAY),
    Column("last", "date", "first day of the last period it is worked in", DAY),
    Column("items", "items", "items delivered", COUNT),
    Column("hours", "h", "hours the vendor works", TENTHS),
    Column("spend", "money", "decision-relevant cost", MONEY),
    Column("accuracy", "share", "items right at delivery", SHARE),
)
"""Who makes what, periods added together."""

LIMITS = (
    Column("limit", "", "what is limited"),
    Column("period", "number", "week (or month) it is about, from 1; none for the whole horizon", COUNT),
    Column("start", "date", "first day of that period", DAY),
    Column("sense", "", "at least or at most"),
    Column("used", "unit", "what the plan comes to", FIGURE_6),
    Column("amount", "unit", "the limit", FIGURE_6),
    Column("unit", "", "of used and amount; points of a percentage for shares"),
    Column("price", "money/unit", "shadow price: what one more unit is worth in the first objective", FIGURE),
)
"""Limits of a plan with their shadow prices."""
