"""Bonus and price reduction by accuracy: of each route by itself, or of all that is delivered in a window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Window
from allocate.case.context import Context, line_of
from allocate.case.document import Path_
from allocate.case.index import ADJUSTMENT, OF_CONTRACTS, PAID_WAGES, VENDORS, Check, Clause
from allocate.case.reading import fail
from allocate.case.terms import by_week, changes, contracts
from allocate.errors import Problem

if TYPE_CHECKING:
    from allocate.case.schema import Contract


class AccuracyStep(Block):
    """A bonus or price reduction for items delivered at an accuracy below, or above, a bound."""

    below: a.Share | None = None
    """It holds for accuracies below this."""
    above: a.Share | None = None
    """It holds for accuracies above this."""
    price: a.PriceChange
    """A share of the price, or money per billable unit: `-10%`, `+0.01 USD/box`. Of a price by volume the share is taken of
    what its steps ask for the items concerned, surplus left out."""

    @model_validator(mode="after")
    def _one_side(self) -> AccuracyStep:
        if (self.below is None) == (self.above is None):
            raise fail(
                "a quality step is for accuracies below or above one bound",
                "write it as in `below: 95%` or `above: 99%`",
            )
        return self


class ByAccuracy(Block):
    """Keys of a contract."""

    quality: tuple[AccuracyStep, ...] = ()
    """Bonus or price reduction by the accuracy at which a route delivers (after its workflow): of the steps it is below the lowest
    one, of those it is above the highest."""
    quality_window: Window | None = None
    """Over what `quality` takes the accuracy: the average of all items of a product delivered in each period, month,
    quarter or the horizon, of which the step then changes the price (a millionth beyond its bound); absent: of each
    route by itself. The change is paid in the window's last period, at the exchange rate of that period."""


def steps(c: Context) -> Iterator[Problem]:
    """Each accuracy has one step at most; a window has steps it averages for."""
    for _, where, vendor in contracts(c):
        yield from _apart(c, where, vendor.contract)
        yield from by_week(c, (*where, "quality-window"), vendor.contract.quality_window)
        if vendor.contract.quality_window is not None and not vendor.contract.quality:
            message = "`quality-window` says over what accuracy is averaged, and no `quality` says what for"
            fix = "add `quality: [{below: 95%, price: -10%}]`, or leave it out"
            yield c.problem((*where, "quality-window"), message, fix)


def _apart(c: Context, where: Path_, contract: Contract) -> Iterator[Problem]:
    """Each accuracy has one step at most: bounds differ, and those below end before those above begin."""
    seen: dict[tuple[str, float], int] = {}
    for position, step in enumerate(contract.quality):
        side, bound = ("below", step.below) if step.below is not None else ("above", step.above)
        assert bound is not None
        if (side, bound) in seen:
            there = line_of(c, (*where, "quality", seen[side, bound]))
            message = f"two steps are for accuracies {side} {_percent(bound)}{there}"
            yield c.problem((*where, "quality", position), message, "keep one of them")
        seen.setdefault((side, bound), position)
    below = [(bound, position) for (side, bound), position in seen.items() if side == "below"]
    above = [(bound, position) for (side, bound), position in seen.items() if side == "above"]
    if below and above and max(below)[0] > min(above)[0]:
        (upper, position), (lower, other) = max(below), min(above)
        there = line_of(c, (*where, "quality", other))
        message = f"an accuracy between {_percent(lower)} and {_percent(upper)} is both below this step and above another{there}"
        yield c.problem((*where, "quality", position, "below"), message, f"write `{_percent(lower)}` or less")


def _percent(share: float) -> str:
    return f"{100 * share:.6g}%"


def priced(c: Context) -> Iterator[Problem]:
    """What steps change is a price there is, and stays above zero."""
    return changes(c, "quality")


CLAUSE = Clause(
    "quality",
    keys=("vendors.NAME.contract.quality", "vendors.NAME.contract.quality-window"),
    checks=(Check(steps, OF_CONTRACTS), Check(priced, OF_CONTRACTS)),
    examples={"AccuracyStep": "{below: 95%, price: -10%}"},
    costs={VENDORS: ("quality",)},
    charged=ADJUSTMENT,
    not_for_teams=PAID_WAGES,
    figures={
        "vendors.NAME.contract.quality.price": "change of price for quality",
        "vendors.NAME.contract.quality.above": "accuracy above which the price changes",
        "vendors.NAME.contract.quality.below": "accuracy below which the price changes",
    },
    meant={"quality": ("price",)},
    of_prices=("quality",),
)
