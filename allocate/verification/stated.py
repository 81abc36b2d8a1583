"""Limits of a case that do not depend on its total budget, read once for any number of plans of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from allocate.case.load import Case
from allocate.costing import limits
from allocate.costing.supply.throughput import Capacity
from allocate.costing.table import Routes
from allocate.costing.terms.schedules import Terms, terms
from allocate.verification.by_time import capacities


@dataclass(frozen=True)
class Stated:
    """What a case says of capacities, shares and contracts."""

    case: Case
    routes: Routes

    @cached_property
    def capacities(self) -> tuple[Capacity, ...]:
        """Capacity of every vendor that has one."""
        return capacities(self.case)

    @cached_property
    def shares(self) -> tuple[limits.Share, ...]:
        """Every share the case limits."""
        served = np.zeros((len(self.routes.products), len(self.routes.vendors)), dtype=bool)
        served[self.routes.product, self.routes.vendor] = True
        return limits.shares(self.case, served)

    @cached_property
    def terms(self) -> tuple[Terms, ...]:
        """The terms of every vendor."""
        return terms(self.case)

    @cached_property
    def last_periods(self) -> tuple[int, ...]:
        """Number of the last period in which each product may be delivered."""
        periods, dues = self.case.periods, [product.deadline for product in self.case.products.values()]
        return tuple(periods.last_before(due.date) if due and due.late is None else periods.count for due in dues)
