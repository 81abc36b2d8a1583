"""Columns of the tables of odds; cells of many units, and chances with their intervals, are texts."""

from __future__ import annotations

from allocate.tables.column import Column
from allocate.tables.formats import FIGURE, FIGURES, LONG_TEXT
from allocate.tables.formats import MONEY as MONEY_

LIMITS = (
    Column("limit", "", "what is promised", LONG_TEXT, heading="what"),
    Column("owner", "", "who answers for it"),
    Column("planned", "unit", "the limit as written", FIGURES, heading="limit"),
    Column("odds", "share", "chance that it is kept, with half of its 95 % interval", FIGURES, heading="odds kept"),
    Column(
        "p10",
        "unit",
        "what the plan comes to, with half of its 95 % interval: less in one case in ten",
        FIGURES,
        heading="P10",
    ),
    Column("p50", "unit", "the same: more as often as less", FIGURES, heading="P50"),
    Column("p90", "unit", "the same: more in one case in ten", FIGURES, heading="P90"),
    Column(
        "missed_by",
        "unit",
        "by how much it is missed on average, where it is",
        LONG_TEXT,
        heading="when missed, by (mean)",
    ),
)
"""Each limit of a case in many scenarios."""
MONEY = (
    Column("figure", "", "money of the plan", heading="money"),
    Column("planned", "money", "where every amount comes out at P50", FIGURES),
    Column("mean", "money", "average of all scenarios", FIGURES),
    Column("p10", "money", "less in one case in ten", FIGURES, heading="P10"),
    Column("p50", "money", "more as often as less, with half of its 95 % interval", FIGURES, heading="P50"),
    Column("p90", "money", "more in one case in ten", FIGURES, heading="P90"),
)
"""Spend, value and net value in many scenarios."""
MADE = (
    Column("product", "", "the AI product"),
    Column("planned", "items", "items of the plan", FIGURES),
    Column("due", "", "week (or month) in which the plan has them all", FIGURES, heading="all there by"),
    Column("in_time", "share", "chance that 99 % of them are there by then", FIGURES, heading="odds in time"),
    Column("p10", "items", "delivered within the horizon: less in one case in ten", FIGURES, heading="made, P10"),
    Column("p50", "items", "the same: more as often as less", FIGURES, heading="made, P50"),
    Column("finish_p50", "", "when all are there: later as often as earlier", FIGURES, heading="all there, P50"),
    Column("finish_p90", "", "when all are there: later in one case in ten", FIGURES, heading="P90"),
)
"""Each product's items in many scenarios."""
KEPT = (
    Column("what", "", "a limit, all limits, money, or what moves it", LONG_TEXT),
    Column("unit", "", "of the figures beside it; % of shares"),
    Column("odds", "%", "chance that it is kept", FIGURE, heading="odds %"),
    Column("odds_error", "points", "half of its 95 % interval", FIGURE, heading="±"),
    Column("planned", "unit", "of a limit as written, of money where every amount comes out at P50", FIGURE),
    Column("p10", "unit", "less in one case in ten", FIGURE, heading="P10"),
    Column("p50", "unit", "more as often as less", FIGURE, heading="P50"),
    Column("p90", "unit", "more in one case in ten", FIGURE, heading="P90"),
    Column("missed_by", "unit", "by how much it is missed on average, where it is", FIGURE, heading="missed by"),
    Column("share", "%", "share of the variance that it explains by itself", FIGURE, heading="share %"),
    Column("worth_knowing", "money", "what it is worth to know it before planning", MONEY_, heading="worth knowing"),
)
"""Odds as a run keeps them."""
AMOUNT = Column("amount", "", "what was drawn", LONG_TEXT, heading="what moves it")


def shares(figures: list[str], worth: str) -> tuple[Column, ...]:
    """Columns of what moves some figures; worth: the currency of what knowing it is worth, empty where that is not told."""
    meaning = "share of its variance that the amount explains by itself, with half of its 95 % interval"
    found = [AMOUNT, *(Column(name, "share", meaning, FIGURES, heading=name) for name in figures)]
    if worth:
        known = "what it is worth to know the amount before planning"
        found.append(Column("worth_knowing", "money", known, FIGURES, heading=f"worth knowing ({worth})"))
    return tuple(found)
