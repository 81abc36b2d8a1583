"""The proof of a search over sets of vendors, as anybody can go through it again."""

from __future__ import annotations

import numpy as np

from allocate.certificate.branched import Change
from allocate.certificate.engagement.proof import Engaged, Look, PartDuals
from allocate.program.arrays import Booleans, Floats, Integers
from allocate.solvers.decomposition.engagement.search import Search

MOST_LOOKS = 12
"""Price vectors that are written down, at most."""


def written(search: Search, sign: float) -> Engaged | None:
    """The proof of a search that went through all sets; sign: -1.0 where the program is to be minimised."""
    if search.root is None:
        return None
    pricing, form = search.pricing, search.form
    order = tuple(int(form.ids[v]) for v in search.order)
    looks = [_look(search, search.root, sign, np.ones(len(pricing.sets.mask), dtype=bool), True)]
    for prices, sets in _others(search):
        pricing.look(prices)
        inside = np.zeros(len(pricing.large), dtype=bool)
        for one in sets:
            inside |= (pricing.large & ~np.int64(one)) == 0
        looks.append(_look(search, prices, sign, inside, False))
    rays = tuple(
        _part_duals(search, one.part, np.flatnonzero(one.ray).astype(np.int32), one.ray[one.ray != 0.0], sign)
        for one in pricing.sets.empty
    )
    return Engaged(sign * search.target, order, tuple(looks), rays)


def _others(search: Search) -> list[tuple[Floats, list[int]]]:
    """Prices that bound sets the first ones leave open, each with its sets: those of most sets first."""
    by_prices: dict[int, list[int]] = {}
    for mask, at in sorted(search.closed_by.items()):
        by_prices.setdefault(at, []).append(mask)
    found = sorted(by_prices.items(), key=lambda one: (-len(one[1]), one[0]))
    return [(search.prices[at], masks) for at, masks in found[: MOST_LOOKS - 1]]


def _look(search: Search, prices: Floats, sign: float, chosen: Booleans, first: bool) -> Look:
    """One price vector with the duals of the chosen product-vendor sets."""
    pricing = search.pricing
    pricing.look(prices)
    at = np.flatnonzero(prices)
    rows = Change(tuple(pricing.rows[at].tolist()), tuple((sign * prices[at]).tolist()))
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
