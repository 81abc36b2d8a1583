"""Columns of the tables of studies: one row per point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from allocate.tables import odds, pilots
from allocate.tables.column import Column, Grid, grid
from allocate.tables.formats import CHANGE, COUNT, FIGURE, FINE_SHARE, LONG_TEXT, MONEY, SHARE, THOUSANDTHS, WHOLE_SHARE

STATUS = Column("status", "", "what became of the point")
WHY = Column("why", "", "why there is no plan; empty where there is one", LONG_TEXT)
PLAN = (
    Column("objective", "money", "what the plan reaches of the first objective", MONEY),
    Column("bound", "money", "no plan reaches more (when minimising: less)", MONEY),
    Column("gap", "share", "distance of both, relative to the objective", FINE_SHARE),
    Column("spend", "money", "decision-relevant cost", MONEY),
    Column("value", "money", "by the value curves", MONEY),
    Column("net_value", "money", "value less hurdle times spend less escaped errors less penalties", MONEY),
    Column("items", "items", "items delivered", COUNT),
)
ACCURACY = Column("accuracy", "share", "items right at delivery", SHARE)
VENDORS_USED = Column("vendors_used", "vendors", "vendors with work", COUNT)
DELIVERED = Column("delivered", "number", "week (or month) of the last delivery", COUNT)

FRONTIER = (
    Column("budget", "money", "total budget", MONEY),
    Column("accuracy", "share", "accuracy floor; on other axes what is reached", FINE_SHARE),
    Column("deadline", "number", "week (or month) of the deadline", COUNT),
    STATUS,
    *PLAN,
    Column("accuracy_reached", "share", "items right at delivery", FINE_SHARE),
    DELIVERED,
    Column(
        "worth_of_one_more",
        "money/money",
        "shadow price of the budget: what one more unit of money is worth",
        FIGURE,
        heading="shadow price",
    ),
    WHY,
)

COMPARE = (
    Column("variant", "", "case, scenario or setting"),
    STATUS,
    Column("aim", "", "first objective"),
    *PLAN,
    Column("spend_change", "money", "spend less that of the first variant", MONEY),
    Column("value_change", "money", "value less that of the first variant", MONEY),
    Column("net_value_change", "money", "net value less that of the first variant", MONEY),
    ACCURACY,
    VENDORS_USED,
    Column("last_delivery", "date", "day the last items are delivered"),
    Column("cost_per_item", "money/item", "spend / items", FIGURE),
    Column("cost_per_accurate_item", "money/item", "spend / items that are right", FIGURE),
    WHY,
)
PARTS = (
    Column("variant", "", "case, scenario or setting"),
    Column(
        "vendor",
        "",
        "who makes the labels; `(no vendor)` for levers, penalties and what else goes with no vendor's work",
    ),
    Column("product", "", "the AI product"),
    Column("items", "items", "items delivered", COUNT),
    Column("items_change", "items", "items less those of the first variant", COUNT),
    Column(
        "spend",
        "money",
        "all money that goes with it: fees and idle pay too, and of a product its part of levers",
        MONEY,
    ),
    Column("spend_change", "money", "spend less that of the first variant", MONEY),
    Column("spend_share", "share", "share of the variant's spend", SHARE),
    ACCURACY,
    Column("last_delivery", "date", "day the last items are delivered"),
    Column("periods_later", "periods", "later than in the first variant", COUNT),
)
"""Vendors or products of each variant of a comparison."""

SENSITIVITY = (
    Column("input", "", "what is moved"),
    Column("change_low", "money", "change of the objective with less of it", CHANGE),
    Column("change_high", "money", "change of the objective with more of it", CHANGE),
    Column("swing", "money", "the larger of both", MONEY),
    Column("status_low", "", "what became of the point with less"),
    Column("status_high", "", "what became of the point with more"),
    Column("objective_low", "money", "objective with less of it", MONEY),
    Column("objective_high", "money", "objective with more of it", MONEY),
    Column("set_low", "", "as `--set` takes it", LONG_TEXT),
    Column("set_high", "", "as `--set` takes it", LONG_TEXT),
    Column("place", "", "where it is written"),
)
ASSUMPTIONS = (
    Column("figure", "", "what was assumed"),
    Column("taken", "", "what the plan counts with"),
    Column("basis", "", "not stated, or stated as an assumption"),
    Column("tried", "", "the plausible range it was moved over"),
    Column("change_low", "money", "change of the objective at one end", CHANGE),
    Column("change_high", "money", "change of the objective at the other", CHANGE),
    Column("status_low", "", "what became of the first end, where it has no plan"),
    Column("status_high", "", "what became of the other, where it has no plan"),
    Column("swing", "money", "the larger of both changes", MONEY),
    Column("write", "", "the line that states it, as `--set` takes it", LONG_TEXT),
    Column("source", "", "where the figure comes from", LONG_TEXT),
)
VALUES = (STATUS, *PLAN, ACCURACY, WHY)
"""Points of values that are given, after the paths they are given for."""

SCALE = (
    Column("factor", "number", "volume, times the case's own", FIGURE),
    Column("items", "items", "items of the product", COUNT),
    STATUS,
    Column("product_spend", "money", "spend on the product", MONEY),
    Column("cost_per_item", "money/item", "spend on the product by items", FIGURE),
    Column("cost_of_one_more", "money/item", "further spend by further items, from the volume before", FIGURE),
    *(one for one in PLAN if one.name != "items"),
    VENDORS_USED,
    DELIVERED,
    WHY,
)

MIX = (
    Column("moved", "share", "part of the giver's work that is moved", WHOLE_SHARE),
    STATUS,
    *PLAN,
    Column("change", "money", "of the objective, from the best plan", CHANGE),
    Column("cost_per_item", "money/item", "spend by items", FIGURE),
    ACCURACY,
    VENDORS_USED,
    Column("largest_share", "share", "of the spend, the largest vendor's", SHARE),
    Column("concentration", "index", "Herfindahl-Hirschman index of shares of the spend", THOUSANDTHS),
    WHY,
)

KINDS = {
    "frontier": FRONTIER,
    "compare": COMPARE,
    "sensitivity": SENSITIVITY,
    "scale": SCALE,
    "mix": MIX,
    "assumptions": ASSUMPTIONS,
    "odds": odds.KEPT,
    "pilot": pilots.KEPT,
}
"""Columns of each kind of study; those of values follow the paths they are given for."""


def study_grid(title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column]) -> Grid:
    """Some columns of a study's rows as they are shown; those without anything in them are left out."""
    kept = [one for one in columns if any(row.get(one.name) not in (None, "") for row in rows)]
    valued = any(row.get("value") for row in rows)
    return grid(title, [one for one in kept if valued or one.name != "value"], rows)
