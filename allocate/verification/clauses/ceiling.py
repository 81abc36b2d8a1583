"""The most money a contract may come to: prices, not fees, in the currency the ceiling is written in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.verification.checks import Check
from allocate.verification.exchange import currency_of

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Money of the prices of each contract that has a ceiling."""
    prices = [*work.bill.by_clause["price"].entries, *work.bill.by_clause["tiers"].entries]
    for vendor, (name, terms) in enumerate(work.case.vendors.items()):
        most = terms.contract.ceiling
        if most is not None:
            unit = currency_of(work.case, most)
            each = (entry.amount / work.stated.rate(unit, entry.period) for entry in prices if entry.vendor == name)
            subject = f"ceiling of the contract with {name}"
            yield Check("ceiling", (vendor,), subject, unit, sum(each, 0.0), most.number, False)
