r"""Money that belongs to no line, shared out over the lines it is for: fees, licences, idle pay, levers, penalties.

.. math:: s_l = \sum_{e} a_e \frac{d_l}{\sum_{k \in L(e)} d_k}

with a_e what is left of an entry's amount, L(e) the lines of its vendor (or made with its lever) and its products, and d the
driver: the work of a line in equivalent units; hours for the idle pay and the hiring of a team; money for commitments and
rebates, and that of what is done for what was billed beyond it. Licences go to products by what they carry. Without such a line, all lines of its products bear it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocate.case.clauses import CLAUSES
from allocate.case.index import STAFFING, WAGES
from allocate.costing.bill.entries import Entry, Invoice
from allocate.costing.bill.lines import Lines
from allocate.costing.clauses import CATEGORY, OF_NO_LINE
from allocate.costing.terms.levers import Combination
from allocate.numbers import Floats

Key = tuple[str, tuple[int, ...], str, str]
"""Vendor, products, driver and lever of what is shared out alike."""
Positions = NDArray[np.intp]
LeversUsed = list[tuple[Combination, Combination]]
"""Levers each line is worked with: its route's, and those of its vendor's capacity; empty where a case has none."""
SHARED_BY = {line: clause.shared_by for clause in CLAUSES for lines in clause.costs.values() for line in lines}
OF_TEAMS = frozenset(name for name, category in CATEGORY.items() if category in (WAGES, STAFFING))
"""Entries of what a team is paid: idle pay and hiring stand in no line."""


@dataclass(frozen=True, eq=False)
class Shared:
    """Money of no line, by who bears it."""

    each: Floats
    """What each line bears, shape (N,)."""
    of_products: Floats
    """What products bear of which nothing is made, shape (P,): what is paid for what is missing."""
    entries: tuple[Entry, ...]
    """The invoice, with the part of each product in each entry."""


def shared(lines: Lines, owed: Invoice, levers: LeversUsed) -> Shared:
    """What each line bears of the money that belongs to none; levers: those each line is worked with, as two groups."""
    sharing = _Sharing(lines, owed.line_spend, levers)
    sums, entries = defaultdict[Key, float](float), list[Entry]()
    for entry in owed.entries:
        entries.append(sharing.shared_out(entry, sums))
    each, of_products = np.zeros(len(lines.items)), np.zeros(len(lines.everything))
    for key, amount in sums.items():
        chosen, parts = sharing.parts(key)
        each[chosen] += amount * parts
        if not len(chosen) and len(key[1]) == 1:
            of_products[key[1][0]] += amount
    return Shared(each, of_products, tuple(entries))


class _Sharing:
    """Who bears what, by vendor, products and driver."""

    def __init__(self, lines: Lines, spend: Floats, levers: LeversUsed) -> None:
        work = lines.items * lines.routes.equivalent_units[lines.route]
        self.lines, names = lines, lines.routes.vendors
        self.drivers = {
            "work": work if work.any() else lines.items,
            "hours": lines.hours,
            "money": np.maximum(spend, 0.0),
            "done": np.where(lines.period < lines.case.planned_from, np.maximum(spend, 0.0), 0.0),
        }
        self.made = {name: np.flatnonzero(lines.vendor == number) for number, name in enumerate(names)}
        self.worked_with = defaultdict[str, list[int]](list)
        for line, (own, raising) in enumerate(levers):
            for number in (*own, *raising):
                self.worked_with[lines.routes.levers[number].name].append(line)
        self.known: dict[Key, tuple[Positions, Floats]] = {}
        self.products: dict[Key, tuple[tuple[int, float], ...]] = {}

    def shared_out(self, entry: Entry, sums: dict[Key, float]) -> Entry:
        """An entry with the part of each product; what of it belongs to no line is added up by who bears it."""
        apart = entry.clause in OF_NO_LINE or not entry.vendor
        if apart and entry.parts:
            for product, part in entry.parts:
                sums[entry.vendor, (product,), "work", ""] += entry.amount * part
            return entry
        left = 1.0 - sum(part for _, part in entry.parts)
        if not apart and (entry.clause not in OF_TEAMS or left == 0.0):
            return entry
        driver = "hours" if entry.clause in OF_TEAMS else SHARED_BY[entry.clause]
        key = (entry.vendor, entry.products, driver, entry.about if entry.clause == "lever" else "")
        sums[key] += entry.amount * left
        if len(entry.products) < 2 and not entry.parts:
            return entry
        parts = defaultdict[int, float](float, entry.parts)
        for product, part in self.by_product(key):
            parts[product] += left * part
        return replace(entry, parts=tuple(sorted(parts.items())))

    def parts(self, key: Key) -> tuple[Positions, Floats]:
        """Lines that bear what is shared out alike, and the part of each."""
        if key not in self.known:
            self.known[key] = self._parts(*key)
        return self.known[key]

    def by_product(self, key: Key) -> tuple[tuple[int, float], ...]:
        """The same by product."""
        if key not in self.products:
            chosen, parts = self.parts(key)
            sums = np.bincount(self.lines.product[chosen], parts, minlength=1)
            self.products[key] = tuple((product, float(sums[product])) for product in np.flatnonzero(sums).tolist())
        return self.products[key]

    def _parts(self, vendor: str, products: tuple[int, ...], driver: str, lever: str) -> tuple[Positions, Floats]:
        every = np.arange(len(self.lines.items))
        some = np.array(self.worked_with[lever], dtype=np.intp) if lever else self.made.get(vendor, every)
        # What nobody of its own bears is borne by everything, by its work: hours and money say nothing of what others cause.
        for chosen, driven in ((some, self.drivers[driver]), (every, self.drivers["work"])):
            if len(products) < len(self.lines.everything):
                chosen = chosen[np.isin(self.lines.product[chosen], products)]
            for amounts in (driven[chosen], self.drivers["work"][chosen], self.lines.items[chosen]):
                if amounts.any():
                    return chosen, amounts / amounts.sum()
        return every[:0], np.zeros(0)


def levers_used(lines: Lines) -> LeversUsed:
    """Levers each line is worked with: its route's, and others bought that change its vendor's capacity by then."""
    routes, bought = lines.routes, set(lines.bought)
    if not routes.levers:
        return []
    found: LeversUsed = []
    for route, vendor, when in zip(lines.route.tolist(), lines.vendor.tolist(), lines.period.tolist(), strict=True):
        own = routes.combinations[routes.combination[route]]
        raising = (
            lever for lever in routes.levers if lever.number in bought and lever.gives(vendor) and lever.first <= when
        )
        found.append((own, tuple(one.number for one in raising if one.number not in own)))
    return found
