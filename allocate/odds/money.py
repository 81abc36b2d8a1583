"""Money of what is really made, by the contracts' own clauses, in every scenario."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocate.case.clauses import FOR_NO_WORK
from allocate.case.load import Case
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.lines import Lines
from allocate.costing.clauses.payment import named_positions, payments
from allocate.costing.invoice import invoice
from allocate.costing.limits.budget import budget_limits, period_budget, total_budget
from allocate.costing.routes import routes, some, traced
from allocate.costing.soft_limits.missed import missed_limits
from allocate.costing.soft_limits.rules import broken_rules
from allocate.costing.supply.teams import Staff
from allocate.costing.table import Routes
from allocate.costing.terms.contracts import terms
from allocate.costing.terms.incumbents import NOBODY
from allocate.costing.terms.prices import exchange_rates
from allocate.exact import array_of, element
from allocate.formula import cell
from allocate.numbers import Floats
from allocate.odds.drawn import Drawn
from allocate.odds.reading import together
from allocate.odds.rollover import Done

Key = tuple[Any, ...]
"""What is added up: `("spend",)`, `("period", t)`, `("budget",)`, `("budget of", t)`, `("limit", n)`, `("by", vendor, products,
period)` of what rules count, `("ceiling", vendor)`, and `("penalty",)`."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What a plan is made with."""

    table: Routes
    chosen: Sequence[int]
    """Its routes, each once."""
    route: Sequence[int]
    """Of each line, its position among them."""
    bought: tuple[int, ...]
    staff: Staff | None


def money(drawn: Drawn, asked: Asked, done: Done) -> Mapping[Key, Floats]:
    """Sums of the bill of what is made, by key, shape (scenarios,) each.

    As many scenarios as can be share one run of costing's own clauses on formulas; those that cannot are billed one by one.
    """
    keep: list[list[Key]] = []
    found: dict[Key, Floats] = {}
    names = [("done", number) for number in range(len(done.line))]
    soft, costed = has_penalties(drawn.case), bool(drawn.of_money and asked.chosen)
    learned = bool(asked.table.paid_as_learned[list(asked.chosen)].any())

    def ends(scenario: int) -> list[Any]:
        if soft:
            raise TypeError("penalties are counted, not written as formulas")
        if learned:
            raise TypeError("how much an hour of learners does depends on all their work, scenario by scenario")
        case = drawn.in_cells(scenario) if drawn.of_money else drawn.case
        table = traced(case, asked.table, asked.chosen) if costed else some(asked.table, asked.chosen)
        items = array_of([cell(name, float(many[scenario])) for name, many in zip(names, done.items, strict=True)])
        entries = invoice(_lines(case, table, asked, done, items)).entries
        sums = added_up(case, entries)
        keep.append(list(sums))
        return list(sums.values())

    def by_itself(scenario: int) -> list[float]:
        sums = billed(drawn.at(scenario), asked, done, scenario)
        keep.append(list(sums))
        return list(sums.values())

    cells = dict(zip(names, done.items, strict=True))
    for scenarios, values in together(drawn, cells, ends, by_itself):
        for key, amounts in zip(keep[-1], values, strict=True):
            found.setdefault(key, np.zeros(drawn.count))[scenarios] = amounts
    return found


def has_penalties(case: Case) -> bool:
    """Whether some limit may be missed, or some rule broken, for a penalty."""
    soft = any(rule.penalty is not None for rule in case.file.rules)
    return soft or any(
        one.demand.penalty or (one.deadline and one.deadline.late) or (one.accuracy and one.accuracy.penalty)
        or any(milestone.penalty for milestone in one.milestones)
        for one in case.products.values()
    )  # fmt: skip


def _lines(case: Case, table: Routes, asked: Asked, done: Done, items: Floats) -> Lines:
    route = np.array(asked.route, dtype=np.int32)[done.line]
    return Lines(case, table, route, done.period.astype(np.int32), items, asked.bought, asked.staff)


def billed(case: Case, asked: Asked, done: Done, scenario: int) -> dict[Key, float]:
    """The same of one scenario, costed from its own case as `evaluate` does."""
    alone = routes(case)
    table = some(alone, alone.like(asked.table, asked.chosen))
    inside = np.flatnonzero(done.items[:, scenario] > 0)
    some_done = Done(done.line[inside], done.period[inside], done.items[inside])
    lines = _lines(case, table, asked, some_done, done.items[inside, scenario])
    owed = invoice(lines)
    sums = added_up(case, owed.entries)
    broken = [*missed_limits(lines), *broken_rules(lines, owed)]
    sums["penalty",] = sum(one.money for one in broken if not one.paid)
    return sums


PRICED = ("items", "tier", "surplus")
"""What the bill calls the money a contract's ceiling is about: prices, and prices by volume."""


def _capped(case: Case) -> dict[str, str]:
    """Vendors whose contract has a ceiling, and its currency."""
    each = zip(case.vendors, terms(case), strict=True)
    return {name: one.ceiling_in for name, one in each if math.isfinite(one.ceiling)}


def added_up(case: Case, entries: Sequence[Entry]) -> dict[Key, Any]:
    """Entries of a bill by what limits and figures count of them."""
    sums: dict[Key, Any] = {("spend",): 0.0}

    def add(key: Key, amount: Any) -> None:
        sums[key] = amount + sums[key] if key in sums else amount

    rates, total, each = exchange_rates(case), total_budget(case), period_budget(case)
    when, position = payments(case), named_positions(case)
    by_paid, capped = case.file.budget.by == "paid", _capped(case)
    for entry in entries:
        add(("spend",), entry.amount)
        add(("period", entry.period), entry.amount)
        if entry.clause not in FOR_NO_WORK:
            add(("by", entry.vendor, entry.products, entry.period), entry.amount)
        if entry.vendor in capped and entry.clause in PRICED:
            add(("ceiling", entry.vendor), entry.amount / element(rates[capped[entry.vendor]][entry.period]))
        paid = when.paid(entry, position[entry.vendor]) if by_paid else entry.period
        if total is not None:
            add(("budget",), entry.amount / element(rates[total.currency][entry.period]))
        if each is not None and paid < case.periods.count:
            add(("budget of", paid), entry.amount / element(rates[each.currency][entry.period]))
        for number, limit in enumerate(budget_limits(case)):
            vendor = NOBODY if entry.vendor == "" else position[entry.vendor]
            day = int(when.day[when.row(entry, position[entry.vendor]), entry.period]) if by_paid else 0
            if limit.covers(paid, day) and vendor in limit.vendors and set(entry.products) <= limit.products:
                add(("limit", number), entry.amount / element(rates[limit.currency][entry.period]))
    return sums
