"""Minimum orders: least items of a product, or none at all."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.context import Context
from allocate.case.index import OF_CONTRACTS, Check, Clause
from allocate.case.terms import contracts, orderable
from allocate.errors import Problem


class MinimumOrder(Block):
    """Keys of a contract."""

    minimum_order: a.Items | None = None
    """Least items of each product it works on, or none at all."""


def wanted(c: Context) -> Iterator[Problem]:
    """It counts items of what the vendor makes, of which so many are wanted."""
    for name, where, vendor in contracts(c):
        yield from orderable(c, (*where, "minimum-order"), name, vendor.contract.minimum_order)


def of_pairs(c: Context) -> Iterator[Problem]:
    """A minimum order that the rate card states for a pair is no more than the product is wanted for."""
    for position, rate in enumerate(c.file.rates):
        product = c.file.products.get(rate.product)
        most = (product.demand.exactly or product.demand.at_most) if product is not None else None
        if rate.minimum_order is not None and most is not None and rate.minimum_order.number > most.number:
            message = f"the minimum order is {rate.minimum_order.text}, and at most {most.text} of {rate.product} are asked for"
            yield c.problem(
                ("rates", position, "minimum-order"), message, "lower it, raise the demand, or drop the rate"
            )


CLAUSE = Clause(
    "minimum_order",
    keys=("vendors.NAME.contract.minimum-order", "rates.NAME.minimum-order"),
    checks=(Check(wanted, OF_CONTRACTS), Check(of_pairs, OF_CONTRACTS)),
)
