"""What contracts add to or take off the price of single items: bonus and malus, and discounts for paying early."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Contract
from allocate.costing.clauses.early_payment import early_payment
from allocate.costing.terms.prices import in_case_currency
from allocate.exact import array_of
from allocate.numbers import above, below, placed, when
from allocate.tolerances import AT_BOUND
from allocate.units import Quantity, kind_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Change = tuple[Quantity, NDArray[Any]]
"""A change of price, and whether it holds, shape (N,)."""


def adjustments(case: Case, columns: Mapping[str, NDArray[Any]], tiered: NDArray[np.bool_]) -> dict[str, Floats]:
    """Bonus and malus of each route by period, shape (R, T), in the case's currency; and its discount, shape (R,).

    columns: `vendor`, `accuracy` at delivery, `weeks` from work to it, `billable` units the price counts, each of shape
    (R,), and `price` by period, shape (R, T), of the first step. tiered: whether it depends on volume, shape (R,): what is
    a share of such a price stands apart too, shape (R,), for the price follows from the plan.
    """
    vendor, price, billable = columns["vendor"], columns["price"], columns["billable"]
    money = {name: np.zeros(price.shape) for name in ("quality", "lateness")}
    shares = {name: np.zeros(len(vendor)) for name in money}
    for position, one in enumerate(case.vendors.values()):
        contract = one.contract
        if not (contract.quality or contract.lateness):
            continue
        rows = np.flatnonzero(vendor == position)
        accuracy = columns["accuracy"][rows]
        by_route = quality_steps(contract, accuracy) if contract.quality_window is None else []
        for name, steps in (("quality", by_route), ("lateness", lateness_steps(contract, columns["weeks"][rows]))):
            amount: Any = 0.0
            share: Any = 0.0
            for change, holds in steps:
                of_price = change_of(case, change, price[rows], billable[rows, None])
                amount = when(holds[:, None], of_price, amount)
                share = when(holds, change.number if kind_of(change) == "fraction" else 0.0, share)
            money[name] = placed(money[name], rows, amount)
            shares[name] = placed(shares[name], rows, np.where(tiered[rows], share, 0.0))
    terms = [early_payment(case, one) for one in case.vendors.values()]
    discount = array_of([one.discount if one is not None else 0.0 for one in terms])[vendor]
    apart = {f"{name}_share": share for name, share in shares.items()}
    return {**money, "discount": discount, **apart}


def change_of(
    case: Case, change: Quantity, price: Floats, billable: Floats, period: int | slice = slice(None)
) -> Floats:
    """A change of price in money of the case's currency: a share of it, or money for billable units at rates of some periods."""
    if kind_of(change) == "fraction":
        return change.number * price
    return in_case_currency(case, change)[period] * billable


def quality_steps(contract: Contract, accuracy: Floats) -> list[Change]:
    """The change of price at each accuracy: of the lowest bound it is below, else of the highest it is above; the last holds."""
    bounds = sorted(((s.above, s.price) for s in contract.quality if s.above is not None), key=itemgetter(0))
    found = [(price, above(accuracy, bound + AT_BOUND)) for bound, price in bounds]
    bounds = sorted(((s.below, s.price) for s in contract.quality if s.below is not None), key=itemgetter(0))
    return [*found, *((price, below(accuracy, bound - AT_BOUND)) for bound, price in reversed(bounds))]


def lateness_steps(contract: Contract, lead: Floats) -> list[Change]:
    """The change of price at each lead from work to delivery, in weeks: of the latest bound it is beyond; the last holds."""
    steps = sorted(contract.lateness, key=lambda step: step.beyond.number)
    return [(step.price, lead > step.beyond.number + AT_BOUND) for step in steps]
