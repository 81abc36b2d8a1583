"""Pre-labelling: what the service that labels first asks for each item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line
from allocate.costing.terms.prices import by_date, spread
from allocate.numbers import Floats, placed

NAME = "pre-labelling"


def by_period(case: Case, columns: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    """What the service asks for an item of each route by period, shape (R, T), in the case's currency."""
    return {"usage": spread(columns["usage"], _prices(case), columns["workflow"])}


def _prices(case: Case) -> Floats:
    """What each workflow's pre-labelling asks per unit by period, shape (W, T), in the case's currency; 0 without one."""
    prices = np.zeros((len(case.workflows), case.periods.count))
    for position, workflow in enumerate(case.workflows.values()):
        if workflow.pre_label is not None and workflow.pre_label.cost is not None:
            steps = [(step.from_, step.amount) for step in workflow.pre_label.cost_steps]
            prices = placed(prices, position, by_date(case, workflow.pre_label.cost, steps))
    return prices


def owed(ledger: Ledger) -> Owed:
    """The service's price for the items of each line."""
    lines = ledger.lines
    each = lines.items * lines.routes.usage[lines.route, lines.period]
    return Owed(entries_by_line(lines, each, NAME), each)


CLAUSE = Clause("pre_labelling", owed)
