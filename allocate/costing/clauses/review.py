"""Review: the wage of your own review team for the hours it checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line
from allocate.costing.terms.prices import in_case_currency, spread
from allocate.numbers import Floats


def by_period(case: Case, columns: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    """What checking an item of each route costs by period, shape (R, T), in the case's currency."""
    team = case.file.review_team
    wage = np.zeros(case.periods.count) if team is None else in_case_currency(case, team.wage)
    all_alike = np.zeros(len(columns["review_hours"]), dtype=np.int32)
    return {"review_cost": spread(columns["review_hours"], wage[None], all_alike)}


def owed(ledger: Ledger) -> Owed:
    """What checking the items of each line costs."""
    lines = ledger.lines
    each = lines.items * lines.routes.review_cost[lines.route, lines.period]
    return Owed(entries_by_line(lines, each, "review"), each)


CLAUSE = Clause("review", owed)
