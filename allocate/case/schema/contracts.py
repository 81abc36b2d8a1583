"""Contracts in the words people use: tiers, commitments, minimum orders, fees."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from allocate.case import amounts as a
from allocate.case.amounts import fail
from allocate.case.blocks import Block, Names, or_mapping


def _or_one(value: Any) -> Any:
    """One block stands for a list of one."""
    return [value] if isinstance(value, dict) else value


Window = Literal["period", "week", "month", "quarter", "horizon"]


class TierStep(Block):
    """A price up to a quantity; the last step may have no end."""

    price: a.Price
    """Price of a unit on this step."""
    from_: a.Start | None = Field(None, alias="from")
    """Where the step starts, if you want it checked; absent: where the one before ends."""
    up_to: a.Volume | None = None
    """Where the price ends: at a quantity, of what the price counts or of items, labels, hours, EU or a driver, or at
    money (`40k USD`); absent: no end.

    A quantity counts what would be billed if the
    price were per that unit: every pass, and work done again where it is paid. Money counts prices alone, season and
    escalation included, without fees, bonus or malus: of incremental steps as they are charged; of all-unit steps at the
    first step's price (the list price), so that a discount never takes back what earned it."""


class Tiers(Block):
    """A price that depends on the volume bought."""

    steps: tuple[TierStep, ...]
    """Prices in order of volume."""
    kind: Literal["incremental", "all-unit"] = "incremental"
    """incremental: each unit costs the price of the step it falls in; all-unit: all units cost the last step reached.

    Where incremental steps count another unit than the price, and not every item has as many of the one to the other, or
    bonus and malus are shares of the price, work fills the steps in order: of the periods, then of the products and
    workflows as the case lists them."""
    products: Names | None = None
    """Products priced so (a group, counted together); absent: all the vendor has a rate for without a price of its own."""
    over: Literal["all", "task", "product"] = "all"
    """What is counted together: all these products, those of one task, or each product for itself."""
    window: Window = "horizon"
    """When counting starts again: each period, calendar month or quarter, or never. A week is split over months by days;
    a month of a plan by months lies whole in the calendar month, and the quarter, it begins in.

    Season and escalation of a window are those of its first period. It is paid in its last, at the exchange rate of that
    period."""
    surplus: Literal["allowed", "paid-only"] | None = None
    """`allowed`: more may be bought than is used where an all-unit step makes that cheaper; it is made and delivered, so no more
    than the vendor's capacity leaves in the window (of a week that two windows share, its part), and in whole lots. `paid-only`:
    it is paid for and not made. Absent: never. Where steps count another unit than the price, what is bought and not used is of
    the products and workflows that bill least to one of it."""

    @model_validator(mode="after")
    def _in_order(self) -> Tiers:
        if not self.steps:
            raise fail("tiers need at least one step", "write it as in `steps: [{price: 63 USD/1000 boxes}]`")
        bases = {step.price.dimensions for step in self.steps}
        if len(bases) > 1:
            raise fail("the steps' prices count different things", "write all prices in one currency and per one unit")
        if self.surplus is not None and self.kind == "incremental":
            message = "buying more than is used never makes incremental steps cheaper"
            raise fail(message, "leave `surplus` out, or write `kind: all-unit`")
        ends = [step.up_to for step in self.steps]
        if any(end is None for end in ends[:-1]):
            raise fail("only the last step may have no `up-to`", "write where each earlier step ends")
        bounds = [*ends, *(step.from_ for step in self.steps)]
        if len({bound.dimensions for bound in bounds if bound is not None and bound.number > 0}) > 1:
            raise fail("the steps' `from` and `up-to` count different things", "write all of them in one unit")
        return self


class Commitment(Block):
    """Take or pay: what the vendor is paid at least in each window, once it is engaged.

    Prices count towards it, fees do not. A window that the horizon cuts keeps its whole commitment, and a note says so.

    It is counted in the currency it is written in: what is billed in that currency as it is billed, whatever the exchange
    rate; what is billed in another at the rates of the period it is owed in. What is missing is paid in the window's last
    period, at the exchange rate of that period."""

    at_least: a.Money
    """Money paid in each window, used or not."""
    window: Window = "horizon"
    """How often it falls due: each period, month or quarter, or once for the horizon."""


class Seat(Block):
    """Seats or licences, bought in whole numbers by whole weeks, months or quarters, or for the horizon.

    A month that the horizon cuts is paid whole and carries its whole work, and a note says so. Paid in the window's first
    period."""

    price: a.SeatPrice
    """`99 USD/month`, or money for the whole horizon."""
    carries: a.SeatWork
    """Work one seat is enough for, in the same time: `160 h/month`, `5_000 images/month`, `900 EU/month`."""
    products: Names | None = None
    """Products whose work needs a seat; absent: all."""
    name: a.Name | None = None
    """What it is a licence of; absent: the vendor's name."""


class Fees(Block):
    """Money that does not depend on the items.

    What is for the vendor as a whole (onboarding, retainer, a commitment not used up) counts towards no limit on some
    products; a product's start does. What is paid once is paid in the first period."""

    onboarding: a.Money | None = None
    """Once, when the vendor is first used."""
    retainer: a.MoneyPerTime | None = None
    """Over the whole horizon when the vendor is used at all, as in `2k USD/month`, and owed in each period: the same in every
    month, a third of a quarter's, a twelfth of a year's; in weeks by the days of each month. Money per day is by the
    day of the calendar."""
    product_start: a.Money | None = None
    """Once for each product the vendor starts on: guidelines, gold set, training."""
    seat: Annotated[tuple[Seat, ...], BeforeValidator(_or_one, json_schema_input_type=Seat | list[Seat])] = ()
    """Seats, or several kinds of licences."""


class AccuracyStep(Block):
    """A bonus or malus on the price of items delivered at an accuracy below, or above, a bound."""

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


class LatenessStep(Block):
    """A malus on the price of items that come later after the order than the contract allows."""

    beyond: a.Lead
    """Lead from work to delivery above which it holds."""
    price: a.PriceChange
    """A share of the price, or money per billable unit."""


class EarlyPayment(Block):
    """A discount on all prices for paying in time."""

    discount: a.Share
    """Share taken off all prices."""
    within: a.Lead | None = None
    """Days after the period's last day until which it is granted: with a `payment`, all is paid then."""
    taken: Literal["always", "never", "when-it-pays"] = "always"
    """Whether the plan pays in time. `when-it-pays`: where what is saved, as a yearly rate over the days from `within` to
    `payment`, (1 / (1 - discount)) ^ (365.25 / days) - 1, is no less than the case's `discount`; one answer for the contract."""


class RebateStep(Block):
    """A share paid back from a spend on."""

    at_least: a.Money
    """Spend from which it holds."""
    back: a.Share
    """Share paid back."""


class Rebate(Block):
    """Money paid back by what all the vendor's prices came to in each window; paid in the window's last period.

    A window that the horizon cuts keeps its whole steps.

    It is counted in the currency its steps are written in: what is billed in that currency as it is billed, whatever the
    exchange rate; what is billed in another at the rates of the period it is owed in. It is paid back in that currency, at the
    exchange rate of the window's last period."""

    steps: tuple[RebateStep, ...]
    """Shares paid back, by spend, in order."""
    kind: Literal["incremental", "all-unit"] = "all-unit"
    """all-unit: the share of the last step reached, of all the money; incremental: of the money above each start."""
    window: Window = "horizon"
    """When counting starts again: each period, month or quarter, or never."""

    @model_validator(mode="after")
    def _in_order(self) -> Rebate:
        if not self.steps:
            raise fail("a rebate needs at least one step", "write it as in `steps: [{at-least: 100k USD, back: 2%}]`")
        if len({step.at_least.currency for step in self.steps}) > 1:
            raise fail("the steps are in different currencies", "write all of them in one")
        return self


class Contract(Block):
    """How a vendor charges."""

    per: a.Name | None = None
    """What the invoice counts: item, label, hour, EU, or a driver such as box; checked against the price."""
    price: a.Price | None = None
    """Price for every product without a price of its own in the rates."""
    tiers: Annotated[tuple[Tiers, ...], BeforeValidator(_or_one, json_schema_input_type=Tiers | list[Tiers])] = ()
    """Prices by volume, for products without a price of their own in the rates."""
    rework_paid: a.Truth | None = None
    """Whether work done again is billed; absent: yes when billed by the hour, no otherwise."""
    commitment: Annotated[Commitment | None, or_mapping("at-least", Commitment | a.Money | None)] = None
    """Take or pay: the larger of what is used and what was committed."""
    minimum_order: a.Items | None = None
    """Least items of each product it works on, or none at all."""
    order_multiple: a.Items | None = None
    """Items come in lots of so many, product by product."""
    ceiling: a.Money | None = None
    """Most money the contract may come to: prices, not fees. Counted, as a commitment is, in the currency it is written in."""
    fees: Fees = Fees()
    """Money that does not depend on the items."""
    quality: tuple[AccuracyStep, ...] = ()
    """Bonus or malus by the accuracy at which a route delivers (after its workflow): of the steps it is below the lowest
    one, of those it is above the highest."""
    quality_window: Window | None = None
    """Over what `quality` takes the accuracy: the average of all items of a product delivered in each period, month,
    quarter or the horizon, of which the step then changes the price (a millionth beyond its bound); absent: of each
    route by itself. The change is paid in the window's last period, at the exchange rate of that period."""
    lateness: tuple[LatenessStep, ...] = ()
    """Malus by the lead from work to delivery: of the steps it is beyond the latest one."""
    rebate: Rebate | None = None
    """What is paid back by total spend; commitments and ceilings count prices before it."""
    early_payment: Annotated[EarlyPayment | None, or_mapping("discount", EarlyPayment | a.Share | None)] = None
    """Discount for paying in time, on prices, bonus and malus; commitments and ceilings count prices before it."""
    payment: a.Payment | None = None
    """When all that the vendor is owed in a period is paid: so many days after the period's last day, or `in advance`, on its
    first. With an `early-payment` discount that says `within` how many days and is taken, it is paid after those instead. Absent: in the period itself.
    Amounts in another currency keep the exchange rate of the period they are owed in, however much later they are paid."""
