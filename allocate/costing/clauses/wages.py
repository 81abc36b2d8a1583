"""What in-house teams are paid, and what of it each line of a plan costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocate.costing.bill.entries import Bought, Entry
from allocate.costing.supply.teams import CLAUSES, Staff, Staffed, staffed, teams, unchanged
from allocate.costing.work.stages import hours_by_period, worked
from allocate.exact import element, total

Floats = NDArray[np.float64]


def wages_owed(bought: Bought, staff: Staff | None) -> tuple[list[Entry], Floats, dict[str, float]]:
    """Entries of all teams, what the hours of each line cost of them, and what is left by vendor: idle hours, hiring."""
    entries: list[Entry] = []
    spend, overhead = bought.items * 0.0, dict.fromkeys(bought.case.vendors, 0.0)
    found = teams(bought.case)
    for one in staffed(found, staff or unchanged(bought.case)) if found else ():
        owed, shares = _team(bought, one), _team_shares(bought, one)
        entries += owed
        spend = spend + shares
        overhead[bought.vendor_name(one.team.vendor)] = sum(entry.amount for entry in owed) - total(shares)
    return entries, spend, overhead


def _team(bought: Bought, one: Staffed) -> list[Entry]:
    """What an in-house team is paid in each period, by clause."""
    name, everything = bought.vendor_name(one.team.vendor), tuple(range(len(bought.routes.products)))
    return [
        Entry(
            name, bought.case.periods.label(period), clause, name, element(many[period]), CLAUSES[clause],
            element(money[period] / many[period]), element(money[period]), period, everything,
        )
        for clause, (many, money) in one.charges.items()
        for period in np.flatnonzero(money != 0).tolist()
    ]  # fmt: skip


def _team_shares(bought: Bought, one: Staffed) -> Floats:
    """What the hours of each line cost: its hours times all that the period's hours cost, over the hours there are."""
    count, items = bought.case.periods.count, np.where(bought.vendor == one.team.vendor, bought.items, 0.0)
    taken = hours_by_period(bought.routes, bought.route, bought.period, items, count)[one.team.vendor]
    there = np.maximum(one.hours + one.overtime, taken)
    each = np.append(np.where(there > 0, one.running / np.where(there > 0, there, 1.0), 0.0), 0.0)
    shares = items * 0.0
    for then, hours in worked(bought.routes, bought.route, bought.period, items):
        shares = shares + hours * each[np.minimum(then, count)]
    return shares
