"""Columns of the tables of odds."""

from __future__ import annotations

from allocate.tables.column import Column
from allocate.tables.formats import LONG_TEXT, WHOLE_SHARE

RIGHT = LONG_TEXT
"""Figures of many units in one column are texts."""

LIMITS = (
    Column("limit", "", "what is promised", heading="what"),
    Column("owner", "", "who answers for it"),
    Column("planned", "unit", "the limit as written", heading="limit"),
    Column("odds", "share", "chance that it is kept, with half the width of its 95 % interval", heading="odds kept"),
    Column("p10", "unit", "what the plan comes to: less in one case of ten", heading="P10"),
    Column("p50", "unit", "what it comes to: more as often as less", heading="P50"),
    Column("p90", "unit", "what it comes to: more in one case of ten", heading="P90"),
    Column(
        "missed_by", "unit", "by how much it is missed on average where it is missed", heading="when missed, by (mean)"
    ),
)
FIGURES = (
    Column("figure", "", "money of the plan", heading="money"),
    Column("planned", "money", "where every amount comes out at P50"),
    Column("mean", "money", "average of all scenarios"),
    Column("p10", "money", "less in one case of ten", heading="P10"),
    Column("p50", "money", "more as often as less, with half the width of its 95 % interval", heading="P50"),
    Column("p90", "money", "more in one case of ten", heading="P90"),
)
MADE = (
    Column("product", "", "the AI product"),
    Column("planned", "items", "items of the plan"),
    Column("due", "number", "week (or month) in which the plan has them all", heading="all there by"),
    Column("in_time", "share", "chance that 99 % of them are there by then", heading="odds in time"),
    Column("p10", "items", "delivered within the horizon: less in one case of ten", heading="made, P10"),
    Column("p50", "items", "more as often as less", heading="P50"),
    Column(
        "finish_p50",
        "number",
        "week (or month) in which all are there: later as often as earlier",
        heading="all there, P50",
    ),
    Column("finish_p90", "number", "later in one case of ten", heading="P90"),
)
DRIVERS = (
    Column("amount", "", "what was drawn", heading="what moves it"),
    Column("share", "share", "share of the variance of a figure that it explains by itself", WHOLE_SHARE),
    Column("error", "share", "half the width of its 95 % interval", WHOLE_SHARE),
)
