"""Bonus and malus on the average accuracy of what a window delivers, as formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.schema import Contract
from allocate.costing.clauses.quality import Measured, measured
from allocate.reporting.workbook.contracts import Contracts
from allocate.reporting.workbook.terms import Term, number, when
from allocate.reporting.workbook.unit_costs import bound_of, change_of, early_payment
from allocate.tolerances import STEP_OF_QUALITY

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Bonus:
    """What the average accuracy of a window changes of the prices of what is delivered in it."""

    weights: Floats
    """Part of the deliveries of each period that counts in the window, shape (T,)."""
    share: Term
    """The change as a share of the price."""
    money: Term
    """The change as money for a billed unit."""


def bonuses(sheet: Contracts) -> Mapping[tuple[int, int], Sequence[Bonus]]:
    """Rows of every window, vendor by vendor; by positions of vendor and product."""
    found: dict[tuple[int, int], Sequence[Bonus]] = {}
    for one in measured(sheet.case, sheet.product, sheet.vendor):
        found[one.vendor, one.product] = [
            made for window in range(len(one.windows.labels)) if (made := _window(sheet, one, window)) is not None
        ]
    return found


def _window(sheet: Contracts, one: Measured, window: int) -> Bonus | None:
    """Rows of one window, the discount for paying early on it included; nothing where nothing is delivered."""
    weights, keys = one.windows.weights[window], {"vendor number": one.vendor, "product number": one.product}
    items = sheet.gathered("items", keys, weights, sheet.items, "delivered")
    if items.value <= 0:
        return None
    name, product = sheet.ways.vendors[one.vendor], sheet.ways.products[one.product]
    right = sheet.gathered("right items", keys, weights, sheet.right, "delivered")
    accuracy = sheet.put("accuracy", Term(f"IF({items.text}=0,0,{right.text}/{items.text})", right.value / items.value))
    contract = sheet.case.vendors[name].contract
    share = sheet.put("change, share", _change(sheet, name, contract, accuracy, of_money=False))
    money = sheet.put("change, money per unit", _change(sheet, name, contract, accuracy, of_money=True))
    paid = sheet.gathered("price", keys, weights, sheet.line_prices, "delivered")
    rated = sheet.gathered("units at rate", keys, weights, sheet.rated, "delivered")
    base = sheet.put("in the window", rated if share.plain else paid)
    whole = share * base if share.plain or money.plain else share * base + money * rated
    whole = money * base if share.plain else whole
    label, noun = one.windows.labels[window], sheet.ways.items[one.product]
    each = Term(f"IF({items.text}=0,0,({whole.text})/{items.text})", whole.value / items.value)
    owed = sheet.entry((name, label, "quality", product), items, noun, each, of_lines=True)
    early = early_payment(sheet.inputs, name)
    if early.value:
        less = Term(
            f"IF({items.text}=0,0,-{early.text}*{owed.amount.text}/{items.text})",
            -early.value * owed.amount.value / items.value,
        )
        true = -early.value * owed.amount.value
        sheet.entry((name, label, "early payment", product), items, noun, less, of_lines=True, true=true)
    return Bonus(weights, share, money)


def _change(sheet: Contracts, vendor: str, contract: Contract, accuracy: Term, of_money: bool) -> Term:
    """The change of price at an average accuracy: of the lowest bound it is below, else of the highest it is above."""
    steps = list(enumerate(contract.quality))
    above = sorted(((n, one) for n, one in steps if one.above is not None), key=lambda one: one[1].above or 0.0)
    below = sorted(((n, one) for n, one in steps if one.below is not None), key=lambda one: -(one[1].below or 0.0))
    found = number(0)
    for position, step in (*above, *below):
        change = change_of(sheet.inputs, vendor, "quality", position, step.price, of_money)
        edge = bound_of(sheet.inputs, vendor, position) + (
            -STEP_OF_QUALITY / 2 if step.above is None else STEP_OF_QUALITY / 2
        )
        yes, no = (found, change) if step.above is not None else (change, found)
        if not (yes.plain and no.plain):
            found = when(accuracy, "<", edge, yes, no)
    return found
