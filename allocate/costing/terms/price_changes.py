"""Changes of the price of single items by their quality or their lead: a share of it, or money per billable unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Contract
from allocate.costing.terms.prices import in_case_currency
from allocate.numbers import Floats, placed, when
from allocate.units import Quantity, kind_of

Change = tuple[Quantity, NDArray[Any]]
"""A change of price, and whether it holds, shape (N,)."""


def price_changes(
    case: Case,
    columns: Mapping[str, NDArray[Any]],
    tiered: NDArray[np.bool_],
    steps: Callable[[Contract, NDArray[np.intp]], Sequence[Change]],
) -> tuple[Floats, Floats]:
    """What each route's price is changed by, by period, shape (R, T), in the case's currency; and as a share, shape (R,).

    columns: `vendor` and `billable` units the price counts, shape (R,), and `price` by period, shape (R, T), of the first
    step. tiered: whether it depends on volume, shape (R,): what is a share of such a price stands apart too, for the price
    follows from the plan. steps: of a contract and the rows of its routes; the last that holds counts.
    """
    vendor, price, billable = columns["vendor"], columns["price"], columns["billable"]
    money, shares = np.zeros(price.shape), np.zeros(len(vendor))
    for position, maker in enumerate(case.vendors.values()):
        rows = np.flatnonzero(vendor == position)
        amount: Any = 0.0
        share: Any = 0.0
        for change, holds in steps(maker.contract, rows):
            amount = when(holds[:, None], change_of(case, change, price[rows], billable[rows, None]), amount)
            share = when(holds, change.number if kind_of(change) == "fraction" else 0.0, share)
        money = placed(money, rows, amount)
        shares = placed(shares, rows, np.where(tiered[rows], share, 0.0))
    return money, shares


def change_of(
    case: Case, change: Quantity, price: Floats, billable: Floats, period: int | slice = slice(None)
) -> Floats:
    """A change of price in money of the case's currency: a share of it, or money for billable units at rates of some periods."""
    if kind_of(change) == "fraction":
        return change.number * price
    return in_case_currency(case, change)[period] * billable
