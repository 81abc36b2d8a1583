"""Discounts for paying in time, and whether they are worth it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from allocate.case import amounts as a
from allocate.case.blocks import Block, or_mapping
from allocate.case.context import Context, line_of
from allocate.case.document import Path_
from allocate.case.index import OF_CONTRACTS, PAID_WAGES, VENDORS, Check, Clause
from allocate.case.terms import contracts
from allocate.errors import Problem

if TYPE_CHECKING:
    from allocate.case.schema import Contract


class EarlyPayment(Block):
    """A discount on all prices for paying in time."""

    discount: a.Share
    """Share taken off all prices."""
    within: a.Lead | None = None
    """Days after the period's last day until which it is granted: with a `payment`, all is paid then."""
    taken: Literal["always", "never", "when-it-pays"] = "always"
    """Whether the plan pays in time. `when-it-pays`: where what is saved, as a yearly rate over the days from `within` to
    `payment`, (1 / (1 - discount)) ^ (365.25 / days) - 1, is no less than the case's `discount`; one answer for the contract."""


class PaidEarly(Block):
    """Keys of a contract."""

    early_payment: Annotated[EarlyPayment | None, or_mapping("discount", EarlyPayment | a.Share | None)] = None
    """Discount for paying in time, on prices, bonus and price reduction; commitments and ceilings count prices before it."""


def sooner(c: Context) -> Iterator[Problem]:
    """What is paid early for a discount is paid before it would be anyway."""
    for _, where, vendor in contracts(c):
        yield from _sooner(c, where, vendor.contract)


def _sooner(c: Context, where: Path_, contract: Contract) -> Iterator[Problem]:
    """What is paid early for a discount is paid before it would be anyway."""
    payment, early = contract.payment, contract.early_payment
    if early is not None and early.taken == "when-it-pays":
        yield from _weighed(c, (*where, "early-payment", "taken"), contract)
    if payment is None or early is None or early.within is None:
        return
    path, there = (*where, "early-payment", "within"), line_of(c, (*where, "payment"))
    if isinstance(payment, str):
        message = f"all is paid in advance{there}, and nothing can be paid earlier for a discount"
        yield c.problem(path, message, "leave `within` out, or write `payment: 30 days`")
    elif early.within.number >= payment.number:
        message = f"paying within {early.within.text} is no earlier than the contract's {payment.text}{there}"
        yield c.problem(path, message, f"write fewer days than {payment.text}")


def _weighed(c: Context, path: Path_, contract: Contract) -> Iterator[Problem]:
    """Whether paying early pays needs the days between, and what money loses in worth in them."""
    early = contract.early_payment
    if early is None or early.within is None or contract.payment is None:
        message = "nothing says how many days sooner is paid for the discount"
        fix = "write `payment: 30 days` in the contract and `within: 10 days` here, or `taken: always`"
        yield c.problem(path, message, fix)
    elif c.file.discount is None:
        message = "nothing says what money loses in worth until it would be paid without the discount"
        yield c.problem(path, message, "add `discount: 8 %/year` to the case, or write `taken: always`")


CLAUSE = Clause(
    "early_payment",
    keys=("vendors.NAME.contract.early-payment",),
    checks=(Check(sooner, OF_CONTRACTS),),
    examples={"EarlyPayment": "{discount: 2%, within: 10 days}"},
    costs={VENDORS: ("early payment",)},
    not_for_teams=PAID_WAGES,
    figures={
        "vendors.NAME.contract.early-payment": "discount for paying early",
        "vendors.NAME.contract.early-payment.discount": "discount for paying early",
    },
    meant={"early-payment": ("discount",)},
    of_prices=("early-payment",),
)
