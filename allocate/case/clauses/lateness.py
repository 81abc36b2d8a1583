"""Price reduction by lateness: of items that come later after the order than the contract allows."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.context import Context
from allocate.case.index import ADJUSTMENT, OF_CONTRACTS, PAID_WAGES, VENDORS, Check, Clause
from allocate.case.terms import changes
from allocate.errors import Problem


class LatenessStep(Block):
    """A price reduction for items that come later after the order than the contract allows."""

    beyond: a.Lead
    """Lead from work to delivery above which it holds."""
    price: a.PriceChange
    """A share of the price, or money per billable unit."""


class ByLateness(Block):
    """Keys of a contract."""

    lateness: tuple[LatenessStep, ...] = ()
    """Price reduction by the lead from work to delivery: of the steps it is beyond the latest one."""


def priced(c: Context) -> Iterator[Problem]:
    """What steps change is a price there is, and stays above zero."""
    return changes(c, "lateness")


CLAUSE = Clause(
    "lateness",
    keys=("vendors.NAME.contract.lateness",),
    checks=(Check(priced, OF_CONTRACTS),),
    examples={"LatenessStep": "{beyond: 2 weeks, price: -5%}"},
    costs={VENDORS: ("lateness",)},
    charged=ADJUSTMENT,
    not_for_teams=PAID_WAGES,
    figures={
        "vendors.NAME.contract.lateness.price": "change of price for lateness",
    },
    meant={"lateness": ("price",)},
    of_prices=("lateness",),
)
