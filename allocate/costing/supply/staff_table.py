"""In-house teams by period as a tidy table: people, hours, money."""

from __future__ import annotations

import numpy as np

from allocate.case.load import Case
from allocate.costing.supply.teams import Staff, staffed, teams
from allocate.numbers import Floats
from allocate.tables.column import names as names_of
from allocate.tables.plan import STAFF
from allocate.tables.table import Table
from allocate.tolerances import IDLE_NOISE


def staff_table(case: Case, staff: Staff, taken: Floats) -> Table:
    """Decisions about in-house teams by team and period, with everything that follows from them and the plan's lines.

    taken: hours the lines take of each vendor in each period, shape (V, T).
    """
    names, count = list(case.vendors), case.periods.count
    tables = []
    for crew in staffed(teams(case), staff):
        worked = taken[crew.team.vendor]
        idle, money = crew.hours + crew.overtime - worked, {name: amount for name, (_, amount) in crew.charges.items()}
        noise = np.abs(idle) <= IDLE_NOISE * (crew.hours + crew.overtime)
        columns = {
            "team": np.array([names[crew.team.vendor]] * count, dtype=object),
            "period": np.arange(1, count + 1),
            "people": crew.people.astype(np.int64),
            "hired": crew.hired.astype(np.int64),
            "released": crew.released.astype(np.int64),
            "shifts": 1 + (crew.in_shift > 0).sum(axis=0),
            "hours": crew.hours,
            "overtime": crew.overtime,
            "worked": worked,
            "idle": np.where(noise, 0.0, idle),
            "paid": crew.charges["wages"][0] + crew.overtime,
            "wages": money["wages"] + money["shift premium"],
            "overtime_pay": money["overtime"],
            "hiring": money["hiring"] + money["replacement"],
            "releasing": money["release"],
            "shift_cost": money["shift"],
            "spend": np.sum(list(money.values()), axis=0),
        }
        tables.append(columns)
    return Table({name: np.concatenate([one[name] for one in tables]) if tables else [] for name in names_of(STAFF)})
