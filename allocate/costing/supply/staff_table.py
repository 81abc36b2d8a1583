"""In-house teams by period as a tidy table: people, hours, money."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.supply.teams import Staff, staffed, teams
from allocate.tables.column import names as names_of
from allocate.tables.plan import STAFF
from allocate.tables.table import Table
from allocate.tolerances import IDLE_NOISE

Floats = NDArray[np.float64]


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
    return Table({name: np.concatenate([one[name] for one in tables]) if tables else [] for name in names_of(STAFF)})
