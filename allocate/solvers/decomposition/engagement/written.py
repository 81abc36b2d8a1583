"""The proof of a search over sets of vendors, as anybody can go through it again."""

from __future__ import annotations

from collections import Counter

import numpy as np

from allocate.certificate.branched import Change
from allocate.certificate.engagement.engaged_form import EngagedForm
from allocate.certificate.engagement.proof import Engaged, Look, PartDuals
from allocate.program.arrays import Booleans, Floats, Integers
from allocate.solvers.decomposition.engagement.search import Search

MOST_LOOKS = 12
"""Price vectors that are written down, at most."""
NEAR = 1e-10
"""Room for rounding, as a share of the bound."""


def written(search: Search, form: EngagedForm, sign: float) -> Engaged | None:
    """The proof of a search that went through all sets; form: with running totals as the program has them.

    sign: -1.0 where the program is to be minimised.
    """
    if search.root is None:
        return None
    pricing = search.pricing
    order = tuple(int(form.ids[v]) for v in search.order)
    looks = [_look(search, form, search.root, sign, np.ones(len(pricing.sets.mask), dtype=bool), True)]
    for prices, sets in _others(search):
        pricing.look(prices)
        inside = np.zeros(len(pricing.large), dtype=bool)
        for one in sets:
            inside |= (pricing.large & ~np.int64(one)) == 0
        looks.append(_look(search, form, prices, sign, inside, False))
    rays = tuple(
        _part_duals(search, one.part, np.flatnonzero(one.ray).astype(np.int32), one.ray[one.ray != 0.0], sign)
        for one in pricing.sets.empty
    )
    return Engaged(sign * search.target, order, tuple(looks), rays)


def _others(search: Search) -> list[tuple[Floats, list[int]]]:
    """Prices that bound sets the first ones leave above the bound told, each with its sets: those of most sets first."""
    pricing, found = search.pricing, list[tuple[Floats, list[int]]]()
    told = search.bound + NEAR * abs(search.bound) if search.floor is None else search.floor
    pending = {mask: at for mask, at in sorted(search.closed_by.items()) if search.first[mask] > told}
    while pending and len(found) < MOST_LOOKS - 1:
        counts = Counter(pending.values())
        at = min(counts, key=lambda one: (-counts[one], one))
        pricing.look(search.prices[at])
        masks = np.array(list(pending), np.int64)
        closed = masks[pricing.bounds(masks) <= told].tolist()
        found.append((search.prices[at], closed))
        # Prices that do not close what they are kept for are not asked again.
        pending = {mask: of for mask, of in pending.items() if mask not in set(closed) and of != at}
    return [one for one in found if one[1]]


def _look(search: Search, form: EngagedForm, prices: Floats, sign: float, chosen: Booleans, first: bool) -> Look:
    """One price vector with the duals of the chosen product-vendor sets."""
    pricing = search.pricing
    pricing.look(prices)
    of_rows = np.zeros(form.arrays.row_count)
    of_rows[pricing.rows] = prices
    of_rows = form.totals.priced(form.arrays, of_rows)
    at = np.flatnonzero(of_rows)
    rows = Change(tuple(at.tolist()), tuple((sign * of_rows[at]).tolist()))
    parts = dict[PartDuals, None]()
    for number in np.flatnonzero(chosen).tolist():
        own, values = pricing.sets.duals(number)
        parts[_part_duals(search, int(pricing.sets.part[number]), own, values, sign)] = None
    fees = tuple(
        (_inside(search, int(p)), int(search.form.ids[v]), float(search.shares[p, v]))
        for p, v in zip(*(np.nonzero(search.shares) if first else ((), ())), strict=True)
    )
    return Look(rows, tuple(parts), fees)


def _inside(search: Search, part: int) -> int:
    """The first column of a part."""
    return int(search.pricing.sets.kinds[part].part.columns[0])


def _part_duals(search: Search, part: int, own: Integers, values: Floats, sign: float) -> PartDuals:
    """Duals of some of a part's own rows, by position, as the program's."""
    rows = search.pricing.sets.kinds[part].part.rows[own]
    return PartDuals(_inside(search, part), Change(tuple(rows.tolist()), tuple((sign * values).tolist())))
