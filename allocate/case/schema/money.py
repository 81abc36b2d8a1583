"""Time and money of a case: horizon, exchange rates, budgets, targets."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names
from allocate.case.reading import fail


class Horizon(Block):
    """The planning horizon: a start date and a number of weeks, or of months."""

    start: a.Date
    """First day of the first period."""
    weeks: a.Whole | None = None
    """Number of weekly periods."""
    months: a.Whole | None = None
    """Number of monthly periods (instead of weeks), each from the start's day of a month to the next; what goes by the month
    is whole in each."""

    @model_validator(mode="after")
    def _one_length(self) -> Horizon:
        if (self.weeks is None) == (self.months is None):
            raise fail("a horizon has either weeks or months", "write it as in `{start: 2027-01-04, weeks: 12}`")
        if (self.weeks or 0) > 1040 or (self.months or 0) > 240:
            raise fail("a horizon has at most 1,040 weeks or 240 months", "shorten it")
        return self


class BudgetLimit(Block):
    """A limit on the spend of some products or vendors, in some periods or all."""

    name: a.Name
    """What reports call it."""
    at_most: a.Money
    """Most money that may be spent on it."""
    products: Names | None = None
    """Products it covers; absent: all."""
    vendors: Names | None = None
    """Vendors it covers; absent: all."""
    from_: a.WhenType | None = Field(None, alias="from")
    """First period it covers; absent: the first of the horizon. In a budget `by: paid`, a date has what falls due on that day and
    later, by the contract's `payment`; what no contract dates goes by its period."""
    to: a.WhenType | None = None
    """Last period it covers; absent: the last of the horizon. In a budget `by: paid`, a date has what falls due until that day."""


class Budget(Block):
    """Money that may be spent: in total, in each period, by groups.

    A budget in another currency than the case's is counted in its own: each amount at the exchange rate of the period it is
    owed in, so that what is billed in that currency counts as it is billed."""

    total: a.Money | None = None
    """Over the whole horizon."""
    per_week: a.Money | None = None
    """In every week (horizons in weeks)."""
    per_month: a.Money | None = None
    """In every month (horizons in months)."""
    limits: tuple[BudgetLimit, ...] = ()
    """Limits on some products, vendors or periods."""
    by: Literal["worked", "paid"] = "worked"
    """What counts towards a week, a month or the time of a limit: what is owed for work in it, or what is paid in it. What is
    paid after the horizon counts towards the total and limits without an end only."""


class ExchangeStep(Block):
    """Exchange rate from a period on, until the next step."""

    from_: a.WhenType | None = Field(None, alias="from")
    """First period it holds in; absent: the first of the horizon."""
    rate: a.Money
    """What one unit of the other currency is worth, for all that is owed in that currency in the periods it holds in.

    Prices are owed in the period of the work; prices by volume, rebates, bonus by window, and what is missing of commitments in
    their window's last period; a penalty when it falls due. Limits are never converted: each counts in its own currency."""


class Targets(Block):
    """Results the portfolio must reach (with `objective: cost`: the least budget that reaches them)."""

    value: a.Money | None = None
    """Least value all products add together, in the currency it is written in: of each product at the exchange rate of the
    period in which its time ends."""


def _rate(value: Any) -> Any:
    return [{"rate": value}] if isinstance(value, (str, int, float)) else value


Steps = Annotated[tuple[ExchangeStep, ...], BeforeValidator(_rate, json_schema_input_type=a.Money | list[ExchangeStep])]
