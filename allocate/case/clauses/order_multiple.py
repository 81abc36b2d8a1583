"""Lots: items are ordered in multiples of so many."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.context import Context
from allocate.case.index import OF_CONTRACTS, Check, Clause
from allocate.case.terms import contracts, orderable
from allocate.errors import Problem


class OrderMultiple(Block):
    """Keys of a contract."""

    order_multiple: a.Items | None = None
    """Items come in lots of so many, product by product."""


def wanted(c: Context) -> Iterator[Problem]:
    """It counts items of what the vendor makes, of which so many are wanted."""
    for name, where, vendor in contracts(c):
        yield from orderable(c, (*where, "order-multiple"), name, vendor.contract.order_multiple)


CLAUSE = Clause(
    "order_multiple",
    keys=("vendors.NAME.contract.order-multiple",),
    checks=(Check(wanted, OF_CONTRACTS),),
)
