"""Columns and rows of discounts on several products together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocate.costing.clauses.rebate import close_below
from allocate.costing.clauses.volume_discount import Discount, discounts, taken_off
from allocate.program.arrays import Floats
from allocate.program.engagement import bounded
from allocate.program.model import Model, axes_of
from allocate.program.naming import Block


def volume_discount(model: Model) -> None:
    r"""By what is bought of some products in a window, a vendor takes something off the prices of some products.

    .. math:: L_k \, b_k \le C_{dw} \le U_0 + \sum_k (U_k - U_0) \, b_k, \quad \sum_k b_k \le 1, \quad
        o_k \le M_k \, b_k, \quad D_k - M_k (1 - b_k) \le o_k \le D_k \qquad \forall d, w, k \qquad [\text{money}]

    with b 0 or 1 for the step reached, C what is counted (items, work, prices, or products of which enough is made),
    :math:`L_k` where step k begins and :math:`U_k` where the next one does, :math:`D_k = \sum \varphi_{tw} \delta_{krt} x_{rt}`
    what the step takes off, :math:`\delta` of an item, and :math:`\varphi` the share of the period in the window. o is taken off in the
    window's last period.

    Dual: of little meaning while b is a whole number.
    """
    asked = discounts(model.layout.case)
    if not asked:
        return
    for discount in asked:
        products = np.array(sorted({*discount.counted, *discount.on}))
        served = products[model.layout.served[products, discount.vendor]]
        bounded(model.layout, served, np.full(len(served), discount.vendor))
    keys = [
        (discount.number, window, step)
        for discount in asked
        for window in range(len(discount.windows.labels))
        for step in range(len(discount.terms.steps))
    ]
    axes, program = axes_of(("discount", "window", "step"), keys), model.program
    steps = program.add_columns("discount_step", axes, upper=1.0, integer=True)
    money = program.add_columns("discount_money", axes)
    off = [_off(model, discount) for discount in asked]
    most = np.array([off[number][step][1] for number, _, step in keys])
    model.tie("discount_open", axes, money.ids, steps.ids, most)
    upper = program.add_rows("discount_off", axes, upper=0.0)
    lower = program.add_rows("discount_all", axes, lower=-most)
    for rows in (upper, lower):
        program.add_terms(rows.ids, money.ids, 1.0)
    program.add_terms(lower.ids, steps.ids, -most)
    for up, low, (number, window, step) in zip(upper.ids.tolist(), lower.ids.tolist(), keys, strict=True):
        columns, each = _inside(model, asked[number], window, off[number][step][0])
        program.add_terms(up, columns, -each)
        program.add_terms(low, columns, -each)
    _reached(model, asked, steps)
    last = [asked[number].windows.last[window] for number, window, _ in keys]
    of = [asked[number] for number, _, _ in keys]
    model.charge(money, -1.0, [one.vendor for one in of], last, [one.on for one in of])


def _off(model: Model, discount: Discount) -> list[tuple[Floats, float]]:
    """What each step takes off an item of each column, shape (N,), and off all items there could be."""
    layout, found = model.layout, list[tuple[Floats, float]]()
    most = np.where(np.isfinite(layout.most_items[:, discount.vendor]), layout.most_items[:, discount.vendor], 0.0)
    for step in discount.terms.steps:
        each = taken_off(layout.case, discount, step, layout.routes, layout.route, layout.period)
        largest = np.zeros(len(most))
        np.maximum.at(largest, layout.product, each)
        found.append((each, float(largest @ most)))
    return found


def _inside(model: Model, discount: Discount, window: int, each: Floats) -> tuple[NDArray[np.int32], Floats]:
    """Columns of items that count something in a window, and what an item of each does."""
    amounts = each * discount.windows.weights[window][model.layout.period]
    inside = np.flatnonzero(amounts)
    return model.layout.ids[inside], amounts[inside]


def _reached(model: Model, asked: tuple[Discount, ...], steps: Block) -> None:
    """The step chosen is the one that what is counted reaches."""
    program, layout = model.program, model.layout
    sums = [(discount, window) for discount in asked for window in range(len(discount.windows.labels))]
    axes = axes_of(("discount", "window"), [(discount.number, window) for discount, window in sums])
    choice = program.add_rows("discount_choice", axes, upper=1.0)
    reach = program.add_rows("discount_from", axes, lower=0.0)
    bundles = _that_count(model, asked)
    ends = {discount.number: _ends(model, discount) for discount in asked}
    below = program.add_rows("discount_below", axes, upper=[ends[discount.number][0] for discount, _ in sums])
    at = 0
    for number, (discount, window) in enumerate(sums):
        own = steps.ids[at : at + len(discount.starts)]
        at += len(own)
        before, *after = ends[discount.number]
        program.add_terms(choice.ids[[number] * len(own)], own, 1.0)
        program.add_terms(reach.ids[[number] * len(own)], own, -np.array(discount.starts))
        program.add_terms(below.ids[[number] * len(own)], own, before - np.array(after))
        rows = [reach.ids[number], below.ids[number]]
        mine = (layout.vendor == discount.vendor) & np.isin(layout.product, discount.counted)
        content = np.where(mine, discount.content(layout.case, layout.routes, layout.route, layout.period), 0.0)
        columns, each = _inside(model, discount, window, content)
        if discount.terms.counts_products:
            columns = bundles[discount.number, window]
            each = np.ones(len(columns))
        for row in rows:
            program.add_terms(int(row), columns, each)


def _ends(model: Model, discount: Discount) -> list[float]:
    """Where what lies before the first step ends, and each step: the last at all there could be.

    A hair below the next step, so that a plan that stands at its start has it, also where the search ends before the best is found.
    """
    layout = model.layout
    if discount.terms.counts_products:
        return [*(start - 1.0 for start in discount.starts), float(len(discount.counted))]
    content = discount.content(layout.case, layout.routes, layout.route, layout.period)
    largest = np.zeros(len(layout.routes.products))
    np.maximum.at(largest, layout.product, np.where(layout.vendor == discount.vendor, content, 0.0))
    counted = np.array([number for number in discount.counted if layout.served[number, discount.vendor]], dtype=np.intp)
    most = float(largest[counted] @ layout.most_items[counted, discount.vendor])
    gaps = [2.0 * close_below(start) for start in discount.starts]
    return [*(start - gap for start, gap in zip(discount.starts, gaps, strict=True)), max(most, discount.starts[-1])]


def _that_count(model: Model, asked: tuple[Discount, ...]) -> dict[tuple[int, int], NDArray[np.int32]]:
    """Choices of 0 or 1 for the products of which enough is made, by discount and window; of discounts that count them."""
    program, layout = model.program, model.layout
    bundles = [discount for discount in asked if discount.terms.counts_products]
    keys = [
        (discount.number, window, product)
        for discount in bundles
        for window in range(len(discount.windows.labels))
        for product in discount.counted
        if layout.served[product, discount.vendor]
    ]
    if not keys:
        return {}
    axes = axes_of(("discount", "window", "product"), keys)
    least = np.array([asked[number].each for number, _, _ in keys])
    most = np.array([layout.most_items[product, asked[number].vendor] for number, _, product in keys])
    gap = np.array([2.0 * close_below(one) for one in least.tolist()])
    counts = program.add_columns("discount_counts", axes, upper=1.0, integer=True)
    enough = program.add_rows("discount_enough", axes, lower=0.0)
    few = program.add_rows("discount_few", axes, upper=least - gap)
    program.add_terms(enough.ids, counts.ids, -least)
    program.add_terms(few.ids, counts.ids, least - gap - np.maximum(most, least))
    for row, (number, window, product) in enumerate(keys):
        mine = (layout.vendor == asked[number].vendor) & (layout.product == product)
        columns, each = _inside(model, asked[number], window, np.where(mine, 1.0, 0.0))
        program.add_terms(int(enough.ids[row]), columns, each)
        program.add_terms(int(few.ids[row]), columns, each)
    pairs = dict.fromkeys((number, window) for number, window, _ in keys)
    return {pair: counts.ids[[key[:2] == pair for key in keys]] for pair in pairs}
