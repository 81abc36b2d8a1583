"""What an invoice bills of prices by volume: which units fall into which step of a window."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocate.costing.bill.entries import Bought
from allocate.costing.supply.surplus import spare_ratio
from allocate.costing.terms.schedules import Schedule
from allocate.exact import array_of, element, total

Floats = NDArray[np.float64]
Parts = list[tuple[str, int, float, float]]
"""Clause (tier, surplus), step, units billed and price, before the window's factor."""


def billed(bought: Bought, schedule: Schedule, window: int, weight: Floats) -> tuple[Parts, Floats, Floats]:
    """What a window bills of a schedule; each line's part of the money before the window's factor, and that of what it used.

    weight: part of each line that is counted in the window, shape (N,).
    """
    units = bought.billable * weight
    if schedule.counts is None and not schedule.in_order:
        return _alike(schedule, window, units)
    filling = 1.0 if schedule.counts is not None else float(schedule.filling[window])
    fills = bought.items * bought.routes.counted[bought.route] * weight * filling
    if schedule.in_order:
        parts, money = _in_order(bought, schedule, units, fills)
        return parts, money, money
    many = total(units)
    step, more = schedule.bought(total(fills), many, spare_ratio(bought.routes, schedule), window)
    price = schedule.offers[step].price
    used, parts = units * price, [("tier", step, many, price)]
    if not more:
        return parts, used, used
    return [*parts, ("surplus", step, more, price)], units / many * (many + more) * price, used


def _alike(schedule: Schedule, window: int, units: Floats) -> tuple[Parts, Floats, Floats]:
    """Steps that count what is billed, or its money: every line has its part of every step."""
    quantity, filling = total(units), float(schedule.filling[window])
    parts = [
        (clause, step, many / filling, price)
        for clause, step, many, price in schedule.charged(quantity * filling, window)
    ]
    owed = sum((many * price for _, _, many, price in parts), 0.0)
    used = sum((many * price for clause, _, many, price in parts if clause == "tier"), 0.0)
    return parts, units / quantity * owed, units / quantity * used


def _in_order(bought: Bought, schedule: Schedule, units: Floats, fills: Floats) -> tuple[Parts, Floats]:
    """Steps that lines fill in the order of periods, then of routes."""
    in_steps: dict[int, float] = {}
    money: list[float] = [0.0] * len(units)
    before = 0.0
    for line in np.lexsort((bought.route, bought.period)).tolist():
        many, fill = element(units[line]), element(fills[line])
        if fill <= 0:
            continue
        after = before + fill
        for number, step in enumerate(schedule.offers):
            part = many * (min(after, step.stop) - max(before, step.start)) / fill
            if part > 0:
                in_steps[number] = in_steps.get(number, 0.0) + part
                money[line] += part * step.price
        before = after
    parts = [("tier", number, many, schedule.offers[number].price) for number, many in sorted(in_steps.items())]
    return parts, array_of(money)
