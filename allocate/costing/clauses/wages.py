"""Wages: what in-house teams are paid, and what of it each line of a plan costs."""

from __future__ import annotations

import numpy as np

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.lines import Lines
from allocate.costing.supply.teams import CLAUSES, RUNNING, Staffed, staffed, teams
from allocate.exact import element, floats, total
from allocate.numbers import Floats, by_value, is_traced, most, named, ratio


def owed(ledger: Ledger) -> Owed:
    """What all teams are paid, what the hours of each line cost of it, and what is left: idle hours, hiring."""
    lines = ledger.lines
    entries: list[Entry] = []
    each, overhead = lines.items * 0.0, dict[str, float]()
    known = teams(lines.case)
    for crew in staffed(known, lines.staffing) if known else ():
        paid, shares = _team(lines, crew), _shares(lines, crew)
        entries += paid
        each = each + shares
        overhead[lines.routes.vendors[crew.team.vendor]] = sum(entry.amount for entry in paid) - total(shares)
    return Owed(entries, each, overhead)


def _team(lines: Lines, crew: Staffed) -> list[Entry]:
    """What an in-house team is paid in each period, by clause."""
    name, parts = lines.routes.vendors[crew.team.vendor], _by_product(lines, crew)
    return [
        Entry(
            name, lines.case.periods.label(period), clause, name, element(many[period]), CLAUSES[clause],
            element(ratio(money[period], many[period])), element(money[period]), period, lines.everything,
            parts[period] if clause in RUNNING and parts else (),
        )
        for clause, (many, money) in crew.charges.items()
        for period in np.flatnonzero((money != 0) & (by_value(many) != 0)).tolist()
    ]  # fmt: skip


def _by_product(lines: Lines, crew: Staffed) -> list[tuple[tuple[int, float], ...]]:
    """Products and the share of a period's hours that each takes, period by period; what is left of them is idle."""
    if is_traced(lines.items, crew.hours, crew.overtime):
        return []
    count, products = lines.case.periods.count, len(lines.everything)
    taken = np.zeros((count + 1, products))
    for then, hours in lines.worked:
        own = np.where(lines.vendor == crew.team.vendor, hours, 0.0)
        np.add.at(taken, (np.minimum(then, count), lines.product), floats(own))
    there = np.maximum(floats(crew.hours + crew.overtime), taken[:count].sum(axis=1))
    return [
        tuple((p, float(row[p] / hours)) for p in np.flatnonzero(row).tolist()) if hours > 0 else ()
        for row, hours in zip(taken[:count], there, strict=True)
    ]


def _shares(lines: Lines, crew: Staffed) -> Floats:
    """What the hours of each line cost: its hours times all that the period's hours cost, over the hours there are."""
    count, taken = lines.case.periods.count, lines.vendor_hours[crew.team.vendor]
    there = most(crew.hours + crew.overtime, taken)
    cost = np.append(named("cost of an hour", ratio(crew.running, there)), 0.0)
    shares = lines.items * 0.0
    for then, hours in lines.worked:
        shares = shares + np.where(lines.vendor == crew.team.vendor, hours, 0.0) * cost[np.minimum(then, count)]
    return shares


CLAUSE = Clause("wages", owed)
