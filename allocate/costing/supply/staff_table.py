"""In-house teams by period as a tidy table: people, hours, money."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.supply.teams import Staff, staffed, teams
from allocate.tables.table import Table
from allocate.tolerances import IDLE_NOISE

Floats = NDArray[np.float64]


STAFF_COLUMNS: dict[str, tuple[str, str]] = {
    "team": ("", "the vendor whose people they are"),
    "period": ("number", "week (or month), from 1"),
    "people": ("people", "employed and paid"),
    "hired": ("people", "of these, starting in the period"),
    "released": ("people", "gone from the period on"),
    "shifts": ("number", "shifts open"),
    "hours": ("h", "regular hours there are for items, after shrinkage and ramp"),
    "overtime": ("h", "hours beyond those"),
    "worked": ("h", "hours the plan's lines take"),
    "idle": ("h", "hours there are and nobody needs"),
    "paid": ("h", "hours paid, overtime included"),
    "wages": ("money", "regular pay, shift premiums included"),
    "overtime_pay": ("money", "pay of the overtime, premium included"),
    "hiring": ("money", "paid for those who start, also in a leaver's place"),
    "releasing": ("money", "paid for those who leave"),
    "shift_cost": ("money", "what further shifts cost while they are open"),
    "spend": ("money", "all of it"),
}
"""Unit and meaning of every column of a plan's staff."""


def staff_table(case: Case, staff: Staff, taken: Floats) -> Table:
    """Decisions about in-house teams by team and period, with everything that follows from them and the plan's lines.

    taken: hours the lines take of each vendor in each period, shape (V, T).
    """
    names, count = list(case.vendors), case.periods.count
    tables = []
    for one in staffed(teams(case), staff):
        worked = taken[one.team.vendor]
        idle, money = one.hours + one.overtime - worked, {name: amount for name, (_, amount) in one.charges.items()}
        noise = np.abs(idle) <= IDLE_NOISE * (one.hours + one.overtime)
        columns = {
            "team": np.array([names[one.team.vendor]] * count, dtype=object),
            "period": np.arange(1, count + 1),
            "people": one.people.astype(np.int64),
            "hired": one.hired.astype(np.int64),
            "released": one.released.astype(np.int64),
            "shifts": 1 + (one.in_shift > 0).sum(axis=0),
            "hours": one.hours,
            "overtime": one.overtime,
            "worked": worked,
            "idle": np.where(noise, 0.0, idle),
            "paid": one.charges["wages"][0] + one.overtime,
            "wages": money["wages"] + money["shift premium"],
            "overtime_pay": money["overtime"],
            "hiring": money["hiring"] + money["replacement"],
            "releasing": money["release"],
            "shift_cost": money["shift"],
            "spend": np.sum(list(money.values()), axis=0),
        }
        tables.append(columns)
    return Table({name: np.concatenate([one[name] for one in tables]) if tables else [] for name in STAFF_COLUMNS})
