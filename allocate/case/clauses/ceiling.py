"""The most money a contract may come to."""

from __future__ import annotations

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.index import PAID_WAGES, Clause


class Ceiling(Block):
    """Keys of a contract."""

    ceiling: a.Money | None = None
    """Most money the contract may come to: prices, not fees. Counted, as a commitment is, in the currency it is written in."""


CLAUSE = Clause(
    "ceiling",
    keys=("vendors.NAME.contract.ceiling",),
    not_for_teams=PAID_WAGES,
    of_prices=("ceiling",),
)
