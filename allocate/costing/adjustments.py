"""What contracts add to or take off the price of single items: bonus and malus, and discounts for paying early."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Contract
from allocate.costing.clauses.early_payment import early_payment
from allocate.costing.terms.prices import in_case_currency
from allocate.tolerances import AT_BOUND
from allocate.units import Quantity, kind_of

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Change = tuple[Quantity, NDArray[np.intp]]
"""A change of price, and the rows it holds for."""


def adjustments(case: Case, columns: Mapping[str, NDArray[Any]], tiered: NDArray[np.bool_]) -> dict[str, Floats]:
    """Bonus and malus of each route by period, shape (R, T), in the case's currency; and its discount, shape (R,).

    columns: `vendor`, `accuracy` at delivery, `weeks` from work to it, `billable` units the price counts, each of shape
    (R,), and `price` by period, shape (R, T), of the first step. tiered: whether it depends on volume, shape (R,): what is
    a share of such a price stands apart too, shape (R,), for the price follows from the plan.
    """
    vendor, price, billable = columns["vendor"], columns["price"], columns["billable"]
    quality, lateness = np.zeros(price.shape), np.zeros(price.shape)
    shares = {"quality": np.zeros(len(vendor)), "lateness": np.zeros(len(vendor))}
    for position, one in enumerate(case.vendors.values()):
        contract = one.contract
        if not (contract.quality or contract.lateness):
            continue
        rows = np.flatnonzero(vendor == position)
        for name, money, steps in (
            (
                "quality",
                quality,
                quality_steps(contract, columns["accuracy"][rows]) if contract.quality_window is None else [],
            ),
            ("lateness", lateness, lateness_steps(contract, columns["weeks"][rows])),
        ):
            for change, mine in steps:
                chosen = rows[mine]
                money[chosen] = change_of(case, change, price[chosen], billable[chosen, None])
                if kind_of(change) == "fraction":
                    shares[name][chosen[tiered[chosen]]] = change.number
    terms = [early_payment(case, one) for one in case.vendors.values()]
    discount = np.array([one.discount if one is not None else 0.0 for one in terms])[vendor]
    apart = {f"{name}_share": share for name, share in shares.items()}
    return {"quality": quality, "lateness": lateness, "discount": discount, **apart}


def change_of(
    case: Case, change: Quantity, price: Floats, billable: Floats, period: int | slice = slice(None)
) -> Floats:
    """A change of price in money of the case's currency: a share of it, or money for billable units at rates of some periods."""
    if kind_of(change) == "fraction":
        return change.number * price
    return in_case_currency(case, change)[period] * billable


def quality_steps(contract: Contract, accuracy: Floats) -> list[Change]:
    """The change of price at each accuracy: of the lowest bound it is below, else of the highest it is above."""
    above = sorted(((s.above, s.price) for s in contract.quality if s.above is not None), key=itemgetter(0))
    below = sorted(((s.below, s.price) for s in contract.quality if s.below is not None), key=itemgetter(0))
    found = [(price, accuracy > bound + AT_BOUND) for bound, price in above]
    return _last([*found, *((price, accuracy < bound - AT_BOUND) for bound, price in reversed(below))])


def lateness_steps(contract: Contract, lead: Floats) -> list[Change]:
    """The change of price at each lead from work to delivery, in weeks: of the latest bound it is beyond."""
    steps = sorted(contract.lateness, key=lambda step: step.beyond.number)
    return _last([(step.price, lead > step.beyond.number + AT_BOUND) for step in steps])


def _last(steps: Sequence[tuple[Quantity, NDArray[np.bool_]]]) -> list[Change]:
    """For each row the last of the steps that holds there, as the rows of each step."""
    number = np.full(len(steps[0][1]) if steps else 0, -1)
    for position, (_, holds) in enumerate(steps):
        number[holds] = position
    return [(price, np.flatnonzero(number == position)) for position, (price, _) in enumerate(steps)]
