"""Wages: what in-house teams are paid, and what of it each line of a plan costs."""

from __future__ import annotations

import numpy as np

from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.lines import Lines
from allocate.costing.supply.teams import CLAUSES, Staffed, staffed, teams
from allocate.exact import element, total
from allocate.numbers import Floats, by_value, most, named, ratio


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
    name = lines.routes.vendors[crew.team.vendor]
    return [
        Entry(
            name, lines.case.periods.label(period), clause, name, element(many[period]), CLAUSES[clause],
            element(ratio(money[period], many[period])), element(money[period]), period, lines.everything,
        )
        for clause, (many, money) in crew.charges.items()
        for period in np.flatnonzero((money != 0) & (by_value(many) != 0)).tolist()
    ]  # fmt: skip


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
