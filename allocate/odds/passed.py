"""By how much a row of one scenario can be passed by a plan that keeps the same row of others."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from allocate.program.arrays import Floats
from allocate.program.build import Built


def passed(
    base: Built, most_items: Floats, rows: Floats, columns: NDArray[np.intp], limits: Floats, spare: int
) -> Floats:
    """The most, of each scenario, where at most `spare` others are missed; shape (scenarios,).

    rows: the row's coefficients in every scenario, shape (scenarios, columns), over the columns named; limits: its side in each.
    most_items: of each product in any plan.
    """
    layout, count = base.layout, len(rows)
    found = np.zeros(count)
    item = (columns >= layout.items.start) & (columns < layout.items.stop)
    product = layout.product[columns[item] - layout.items.start]
    upper = base.program.arrays().upper[columns[~item]]
    for s in range(count):
        more = np.maximum(rows[s] - rows, 0.0)
        room = np.zeros(count)
        for p in np.unique(product).tolist():
            greatest = more[:, item][:, product == p].max(axis=1)
            room += np.where(greatest > 0, greatest * min(float(most_items[p]), 1e300), 0.0)
        others = more[:, ~item]
        room += np.where(others > 0, others * np.where(np.isfinite(upper), upper, 1e300), 0.0).sum(axis=1)
        over = limits + room
        if (rows >= 0).all() and (limits >= 0).all():
            with np.errstate(divide="ignore", invalid="ignore"):
                ratio = np.where(rows[s] > 0, rows[s] / rows, 0.0).max(axis=1)
            over = np.minimum(over, np.where(np.isfinite(ratio), ratio * limits, math.inf))
        found[s] = max(0.0, float(np.sort(over - limits[s])[min(spare, count - 1)]))
    return found
