"""The bill of a plan as formulas: costing's own functions, run on cells in place of figures and of items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from allocate.answers import Answer
from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.lines import Lines
from allocate.costing.clauses import CLAUSES
from allocate.costing.lifted import lifted
from allocate.costing.routes import some, traced
from allocate.costing.supply.teams import teams
from allocate.costing.table import Routes
from allocate.exact import array_of
from allocate.formula import Formula, cell, compared, pinned
from allocate.numbers import Floats
from allocate.plan import Plan, staff_of
from allocate.reporting.workbook.cells import At
from allocate.tables.frames import table_of

PLAN = "Plan"
FIRST = 1
"""Row (from 0) of the plan's first line."""
ITEMS = 5
"""Column of the items."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What a clause asks of the plan."""

    clause: Clause
    entries: Sequence[Entry]
    each: Floats | None
    """Of each line, beside its price."""
    overhead: Sequence[float]
    """What belongs to no line though others of its entries do."""

    @property
    def apart(self) -> Sequence[Entry]:
        """Entries that belong to no line of the plan."""
        if self.clause.name == "levers":  # what they cost; what they change prices by is their lines'
            return [entry for entry in self.entries if not entry.vendor]
        return self.entries if self.each is None and self.clause.name not in ("price", "tiers") else ()


@dataclass(frozen=True, eq=False)
class Traced:
    """A plan and its bill in formulas; arrays have an entry for each line of the plan."""

    case: Case
    routes: Routes
    """Those that were chosen."""
    lines: Lines
    price: Floats
    asked: Sequence[Asked]
    conditions: Sequence[Formula]
    """What must hold for the formulas to stand."""
    enough: Sequence[tuple[str, str, Formula]]
    """Teams and periods, and whether the hours there are do for the work."""
    figures: Sequence[str]
    """Clauses without formulas."""

    @property
    def entries(self) -> list[Entry]:
        """Every entry of the bill, in its order."""
        order = {name: position for position, name in enumerate([*self.case.vendors, ""])}
        found = [entry for one in self.asked for entry in one.entries]
        return sorted(found, key=lambda one: (order[one.vendor], one.period, one.window, one.clause, one.about))


def trace(answer: Answer, plan: Plan, route: Sequence[int], chosen: Sequence[int]) -> Traced:
    """The bill of a plan; route: number of each line's route; chosen: numbers of the routes that are written."""
    case = lifted(answer.case)
    at = {number: position for position, number in enumerate(chosen)}
    period = table_of(plan, "lines")["period"].astype(np.int32) - 1
    items = table_of(plan, "lines")["items"].astype(np.float64)
    cells = array_of([cell(At(PLAN, FIRST + row, ITEMS), many) for row, many in enumerate(items.tolist())])
    names = list(answer.case.file.levers)
    beside = tuple(sorted(names.index(name) for name in table_of(plan, "levers")["lever"])), staff_of(answer.case, plan)
    with pinned() as conditions:
        figures = list[str]()
        try:
            routes = traced(case, answer.routes, chosen)
        except TypeError:
            routes = some(answer.routes, chosen)
            figures.append("work, quality and prices of an item")
        lines = Lines(case, routes, np.array([at[one] for one in route], dtype=np.int32), period, cells, *beside)
        numbers = Lines(answer.case, answer.routes, np.array(route, dtype=np.int32), period, items, *beside)
        ledger, known = Ledger(lines), Ledger(numbers)
        asked = [_asked(clause, ledger, known, figures) for clause in CLAUSES if clause.owed is not None]
        try:
            price = ledger.price
        except TypeError:
            price = known.price
            figures.append("prices of lines")
        enough = _enough(lines, numbers)
    return Traced(case, routes, lines, price, asked, _once(conditions), enough, figures)


def _asked(clause: Clause, ledger: Ledger, known: Ledger, figures: list[str]) -> Asked:
    """What a clause asks, in formulas where it has them: what refuses them as numbers, or numpy knows no way for, has none."""
    assert clause.owed is not None
    try:
        owed: Owed = clause.owed(ledger)
        return Asked(clause, list(owed.entries), owed.each, list(owed.overhead.values()))
    except TypeError:
        figures.append(clause.name.replace("_", " "))
        owed = clause.owed(known)
        return Asked(clause, list(owed.entries), owed.each, list(owed.overhead.values()))


def _enough(lines: Lines, numbers: Lines) -> list[tuple[str, str, Formula]]:
    """Whether in-house teams have hours enough for their work, period by period."""
    from allocate.costing.supply.teams import staffed

    found: list[tuple[str, str, Formula]] = []
    known = teams(numbers.case)
    for one in staffed(known, numbers.staffing) if known else ():
        for period, worked in enumerate(lines.vendor_hours[one.team.vendor]):
            if isinstance(worked, Formula):
                there = float(one.hours[period] + one.overtime[period])
                label = lines.case.periods.label(period)
                name = lines.routes.vendors[one.team.vendor]
                found.append((name, label, compared(worked, "<=", there * (1.0 + 1e-9) + 1e-9)))
    return found


def _once(conditions: Sequence[Formula]) -> list[Formula]:
    """Conditions, each once."""
    return list({one.digest: one for one in conditions}.values())
