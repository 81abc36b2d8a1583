"""Incumbents: who made a product before, and what it costs to take it away from them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from allocate.case.clauses.switching import Incumbent
from allocate.case.load import Case
from allocate.costing.readings import read_once
from allocate.costing.terms.prices import in_case_currency
from allocate.exact import element
from allocate.tolerances import TAKEN_OVER
from allocate.units import Quantity

NOBODY = -1
"""Stands among the positions of vendors for money that is paid to none of them: levers, the cost of switching."""


@dataclass(frozen=True)
class Switching:
    """What it costs when a product's incumbent gets too little of it."""

    product: int
    vendor: int
    fee: float
    """Money in the case's currency."""
    below: float
    """Share of the product's items below which it is owed."""
    paid_to: int = NOBODY
    """Position of the vendor that gets it; `NOBODY`: nobody, it is a cost of your own."""
    begins: int = 0
    """Position of the period it falls due in: the first, or the first one planned where what is done owes none."""
    begun: bool = False
    """Whether it is owed already, whoever makes the rest."""

    def owed(self, own: float, total: float) -> bool:
        """Whether it is owed when the incumbent makes so many items of all."""
        if self.begun:
            return True
        return own < (self.below - TAKEN_OVER) * total


@read_once
def switching(case: Case) -> tuple[Switching, ...]:
    """Every cost of switching in a case, product by product."""
    return tuple(
        _switching(case, position, product.incumbent, product.incumbent.switching)
        for position, product in enumerate(case.products.values())
        if product.incumbent is not None and product.incumbent.switching is not None
    )


def _switching(case: Case, position: int, asked: Incumbent, fee: Quantity) -> Switching:
    vendors, past = list(case.vendors), case.past
    paid_to = NOBODY if asked.paid_to is None else vendors.index(asked.paid_to)
    amounts, vendor = in_case_currency(case, fee), vendors.index(asked.vendor)
    found = Switching(position, vendor, element(amounts[0]), asked.below, paid_to)
    if past is None:
        return found
    made = [one for one in past.work if one.product == list(case.products)[position]]
    own = sum(one.items for one in made if one.vendor == asked.vendor)
    if past.has_begun(None, list(case.products)[position]):
        return replace(found, begun=True)
    if made and found.owed(own, sum(one.items for one in made)):
        return found
    return replace(found, fee=element(amounts[past.first]), begins=past.first)


@read_once
def incumbents(case: Case) -> dict[int, int]:
    """Position of the incumbent of each product that has one, by position of the product."""
    vendors = list(case.vendors)
    return {
        position: vendors.index(product.incumbent.vendor)
        for position, product in enumerate(case.products.values())
        if product.incumbent is not None
    }
