"""Plain prices: what they count, and whether work done again is paid."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.context import Context
from allocate.case.index import PAID_BY_THE_HOUR, VENDORS, Check, Clause
from allocate.case.terms import contracts
from allocate.errors import Problem


class Price(Block):
    """Keys of a contract."""

    per: a.Name | None = None
    """What the invoice counts: item, label, hour, EU, or a driver such as box; checked against the price."""
    price: a.Price | None = None
    """Price for every product without a price of its own in the rates."""


class WorkDoneAgain(Block):
    """Keys of a contract."""

    rework_paid: a.Truth | None = None
    """Whether work done again is billed; absent: yes when billed by the hour, no otherwise."""


_SAME = {"hour": "h", "hours": "h"}


def counted(c: Context) -> Iterator[Problem]:
    """A price is per what its contract says the invoice counts."""
    for _, where, vendor in contracts(c):
        price, per = vendor.contract.price, vendor.contract.per
        if per is None or price is None:
            continue
        nouns = {plural: singular for singular, plural in c.units.nouns.items()}
        if price.per() != _SAME.get(per, nouns.get(per, per)):
            message = f"the contract is per {per}, its price per {price.per()} ('{price.text}')"
            yield c.problem((*where, "price"), message, "make them agree, or remove `per`")


CLAUSE = Clause(
    "price",
    keys=(
        "vendors.NAME.contract.per",
        "vendors.NAME.contract.price",
        "vendors.NAME.contract.rework-paid",
        "rates.NAME.price",
    ),
    checks=(Check(counted),),
    costs={VENDORS: ("items",)},
    not_for_teams=PAID_BY_THE_HOUR,
)
