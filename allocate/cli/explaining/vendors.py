"""Vendors and prices: where each would enter the plan, and where it would lose work."""

from __future__ import annotations

from collections.abc import Sequence

from allocate.case.load import Case
from allocate.explaining.offers import Offer
from allocate.explaining.thresholds import Threshold
from allocate.tables.column import Grid
from allocate.tables.formats import percent, significant, text


def offers_block(offers: Sequence[Offer], case: Case) -> Grid:
    """A row for each vendor that has prices; of people of your own, no wage at which they would get more work is named."""
    asked = [one for one in offers if one.enters or one.loses_some or one.loses_all]
    title = f"Vendors and their prices: all of a vendor's prices moving together ({case.currency} per item)"
    head = [
        "vendor",
        "share of spend",
        "would get more of",
        "price",
        "below",
        "cut",
        "keeps its work up to",
        "has none above",
    ]
    return Grid(title, head, [_row(one) for one in asked], [False, True, False, True, True, True, True, True])


def _row(one: Offer) -> list[str]:
    enters = one.enters
    cut = "–" if enters is None or enters.factor is None else percent(1.0 - enters.factor)
    return [
        text(one.vendor),
        percent(one.share),
        text(f"{one.product}, {one.workflow}") if one.product else "–",
        significant(one.price) if one.enters is not None else "–",
        _below(one),
        cut,
        _above(one.loses_some),
        _above(one.loses_all),
    ]


def _below(one: Offer) -> str:
    if one.enters is None:
        return "–"
    if one.enters.factor is None:
        return {"never": "at no price"}.get(one.enters.state, "not known")
    return significant(one.entry)


def _above(threshold: Threshold | None) -> str:
    if threshold is None:
        return "–"
    if threshold.factor is None:
        return {"never": "keeps some at any price"}.get(threshold.state, "not known")
    more = 100.0 * (threshold.factor - 1.0)
    if threshold.factor >= 3.0:
        return f"{significant(threshold.factor, 3)} times its price"
    # Another plan is as good already: the next cent gives it the work.
    return f"{significant(more, 3)}% more" if more >= 1e-3 else "today's price"
