"""Dual coordinate ascent: row duals made without a solver: each row's dual in turn is set to its best, all others held."""

from __future__ import annotations

import numpy as np

from allocate.certificate.weak_duality import usable
from allocate.program.arrays import Floats, ProgramArrays

PASSES = 2
ENDLESS = 1e30
"""Stands for an infinite bound here: it only decides which duals are tried, never what is proven by them."""


def ascended(arrays: ProgramArrays, boxes: tuple[Floats, Floats], start: Floats | None = None) -> Floats:
    """Duals of shape (m,) whose bound is no worse than that of the start (none: zeros), by `PASSES` over the rows.

    The bound is convex and piecewise linear in the dual of one row, with a kink where the reduced cost of one of its
    columns changes sign; its least value is at one of them (dual ascent: Bilde and Krarup 1977; Erlenkotter 1978).
    """
    sense = 1.0 if arrays.maximise else -1.0
    duals = np.zeros(arrays.row_count) if start is None else sense * usable(arrays, start)
    low, high = np.maximum(boxes[0], -ENDLESS), np.minimum(boxes[1], ENDLESS)
    reduced = sense * arrays.costs - arrays.priced(duals)
    first, columns, values = arrays.by_rows
    for _ in range(PASSES):
        for row in range(arrays.row_count):
            part = slice(first[row], first[row + 1])
            mine, factor = columns[part], values[part]
            own = reduced[mine] + factor * duals[row]
            best = _best(own, factor, low[mine], high[mine], arrays.row_lower[row], arrays.row_upper[row])
            if best != duals[row]:
                reduced[mine] = own - factor * best
                duals[row] = best
    return sense * duals


def _best(reduced: Floats, factor: Floats, low: Floats, high: Floats, least: float, most: float) -> float:
    """Best dual of one row: 0, or the kink where what its columns take no longer passes the row's side."""
    above = _taken(reduced, factor, low, high, 1.0)
    if np.isfinite(most) and above > most:
        return _kink(reduced, factor, high - low, above - most)
    below = _taken(reduced, factor, low, high, -1.0)
    if np.isfinite(least) and below < least:
        return -_kink(reduced, -factor, high - low, least - below)
    return 0.0


def _taken(reduced: Floats, factor: Floats, low: Floats, high: Floats, side: float) -> float:
    """What the columns take of a row where each is at its better bound; where both are as good, as a dual of that sign leaves it."""
    price = np.where(reduced == 0, -side * factor, reduced)
    return float(factor @ np.where(price > 0, high, low))


def _kink(reduced: Floats, factor: Floats, width: Floats, excess: float) -> float:
    """The least dual above 0 at which enough columns have turned to make up for an excess."""
    at = reduced / factor
    turning = np.flatnonzero(at > 0)
    if not len(turning):
        return 0.0
    order = turning[np.argsort(at[turning], kind="stable")]
    enough = np.searchsorted(np.cumsum(np.abs(factor[order]) * width[order]), excess)
    return float(at[order[min(int(enough), len(order) - 1)]])
