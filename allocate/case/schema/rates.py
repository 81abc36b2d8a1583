"""Tables beside a case: the rate card, and the calendar of vendors."""

from __future__ import annotations

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.clauses.price import InParts, Plus


class Rate(InParts):
    """One line of the rate card: what a vendor asks, and how well and fast it works, for one product."""

    product: a.Name
    """Product it is for."""
    vendor: a.Name
    """Vendor that asks it."""
    workflow: a.Name | None = None
    """Only for this workflow; a price per item is then for the finished item, all passes included."""
    price: a.Price | None = None
    """Price per item, label, driver, hour or EU; absent: the vendor's contract."""
    plus: Plus = ()
    """Further parts of the price, each per a unit of its own; also written as a sum in `price`."""
    historic_price: a.Price | None = None
    """What was paid for it before, per what the price counts; the buyer's page tells what the plan saves against it."""
    accuracy: a.Share | None = None
    """Accuracy of one pass on this product; absent: the vendor's."""
    checked: a.Whole | None = None
    """Items the accuracy was measured on; absent: the vendor's."""
    pace: a.Pace | None = None
    """Measured items per hour worked, one pass."""
    productivity: a.Factor | None = None
    """Standard hours made per hour worked on this product; absent: the vendor's."""
    capacity: a.CapacityByTime | None = None
    """Most items of this pair, per day, week or month, or in all; counted like a vendor's capacity, by its working days."""
    start_fee: a.Money | None = None
    """Paid once when the vendor starts on the product; absent: the contract's."""
    minimum_order: a.Items | None = None
    """Least items of the product if the vendor makes any; absent: the contract's."""
    lead: a.Lead | None = None
    """From work to delivery of this product; absent: the vendor's."""
    source: a.Text | None = None
    """Where the figures come from."""
    note: a.Text | None = None
    """For people; nothing is computed from it."""


class CalendarRow(Block):
    """One vendor in one period: its capacity, its price factor."""

    vendor: a.Name
    """Vendor it is about."""
    week: a.Whole
    """Number of the period, from 1."""
    capacity: a.CapacityByTime | None = None
    """Its capacity in the period, as in `1_200 h/week` in a plan by weeks, `100 units/month` in one by months."""
    season: a.Factor | None = None
    """Factor on its prices in the period."""
