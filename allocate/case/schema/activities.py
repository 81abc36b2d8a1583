"""Overhead pools: what activities cost, and what they are allocated by."""

from __future__ import annotations

from pydantic import model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.reading import fail

MEASURED = ("vendor-hours", "items", "eu", "spend", "vendors", "products")
"""Drivers that follow from a plan; all others are counted by the products of a case."""


class Activity(Block):
    """An overhead pool and the driver it is allocated by, for absorbed cost."""

    title: a.Text | None = None
    """What it is."""
    driver: a.Name
    """What it is allocated by: `vendor-hours`, `items`, `eu`, `spend`, `vendors`, `products`, or a driver of your own, which
    products count under `activity-drivers`, as in `setups`."""
    rate: a.Share | None = None
    """Size of the pool as a share of the plan's spend; absent, and without an amount: the activity has none."""
    amount: a.PoolAmount | None = None
    """What the pool costs, whatever is planned: once, as in `150k USD`, or `5k USD/month`, the same in every month; stands before a
    rate."""
    each: a.Money | None = None
    """Of a driver of your own, what one of it costs, as in `600 USD`: the pool is as large as what is counted asks."""
    capacity: a.CapacityByTime | None = None
    """Most of its driver the pool can serve (hours, items or EU a week): what a plan does not use is shown as unused."""

    @model_validator(mode="after")
    def _one_size(self) -> Activity:
        if self.each is not None and self.driver in MEASURED:
            raise fail(
                f"`each` is the cost of a driver of your own, and {self.driver} is none", "write `amount`, or `rate`"
            )
        if self.each is not None and self.amount is not None:
            raise fail("a pool has an amount, or costs so much for each of its driver", "leave one of them out")
        return self
