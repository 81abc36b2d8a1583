"""What contracts add to or take off the price of single items: bonus and malus, and discounts for paying early."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Contract
from allocate.costing.lines import Line
from allocate.costing.prices import in_case_currency
from allocate.units import Quantity, kind_of

Floats = NDArray[np.float64]

ROUNDING = 1e-9
"""An accuracy or a lead this close to a bound is at the bound, where no step holds."""


def adjustments(
    case: Case, lines: Sequence[Line], accuracy: Floats, price: Floats, billable: Floats
) -> dict[str, object]:
    """Bonus and malus of each line by period, shape (N, T), in the case's currency; and its discount, shape (N,).

    accuracy: at delivery, shape (N,); price: by period, shape (N, T); billable: units the price counts, shape (N,).
    """
    quality, lateness = np.zeros_like(price), np.zeros_like(price)
    for position, line in enumerate(lines):
        contract = line.serves.contract
        if contract.quality:
            _change(case, quality, position, quality_step(contract, float(accuracy[position])), price, billable)
        if contract.lateness:
            late = lateness_step(contract, line.rate.lead or line.serves.lead)
            _change(case, lateness, position, late, price, billable)
    terms = [line.serves.contract.early_payment for line in lines]
    discount = np.array([one.discount if one is not None else 0.0 for one in terms])
    return {"quality": quality, "lateness": lateness, "discount": discount}


def _change(case: Case, money: Floats, position: int, change: Quantity | None, price: Floats, billable: Floats) -> None:
    """Put a change of one line's price into its row: a share of the price, or money for its billable units."""
    if change is not None and kind_of(change) == "fraction":
        money[position] = change.number * price[position]
    elif change is not None:
        money[position] = in_case_currency(case, change) * billable[position]


def quality_step(contract: Contract, accuracy: float) -> Quantity | None:
    """The change of price at an accuracy: the lowest bound it is below, else the highest it is above."""
    below = [step for step in contract.quality if step.below is not None and accuracy < step.below - ROUNDING]
    above = [step for step in contract.quality if step.above is not None and accuracy > step.above + ROUNDING]
    if below:
        return min(below, key=lambda step: step.below or 0.0).price
    return max(above, key=lambda step: step.above or 0.0).price if above else None


def lateness_step(contract: Contract, lead: Quantity | None) -> Quantity | None:
    """The change of price at a lead from work to delivery: the latest bound it is beyond."""
    weeks = lead.number if lead is not None else 0.0
    late = [step for step in contract.lateness if weeks > step.beyond.number + ROUNDING]
    return max(late, key=lambda step: step.beyond.number).price if late else None
