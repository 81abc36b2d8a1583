"""A plan's lines read against the routes of its case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.invoice import Invoice, invoice
from allocate.costing.routes import Routes
from allocate.costing.values import ProductValue

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]


@dataclass(frozen=True)
class Work:
    """A plan's lines against the routes recomputed from the case; arrays of one entry per line."""

    case: Case
    routes: Routes
    values: Mapping[int, ProductValue]
    route: Integers
    period: Integers
    items: Floats

    @cached_property
    def product(self) -> Integers:
        """Position of each line's product, and so on."""
        return self.routes.product[self.route]

    @cached_property
    def vendor(self) -> Integers:
        """Position of each line's vendor."""
        return self.routes.vendor[self.route]

    @cached_property
    def owed(self) -> Invoice:
        """The invoice of the lines, from the contracts' text."""
        return invoice(self.case, self.routes, self.route, self.period, self.items)

    @property
    def spend(self) -> Floats:
        """Decision-relevant cost of each line."""
        return self.owed.line_spend

    def owed_for(self, vendors: Iterable[int], products: Iterable[int], period: int | None = None) -> float:
        """Money owed to some vendors for nothing but some products, in one period or in all."""
        names = {self.routes.vendors[v] for v in vendors}
        wanted = set(products)
        return float(
            sum(
                entry.amount
                for entry in self.owed.entries
                if entry.vendor in names and set(entry.products) <= wanted and period in (None, entry.period)
            )
        )

    def summed(self, amounts: Floats, where: NDArray[np.bool_] | None = None) -> float:
        """Total of an amount, over some lines where said."""
        return float(amounts.sum() if where is None else amounts[where].sum())

    def label(self, period: int) -> str:
        """A period in words."""
        return self.case.periods.label(period)


def read_lines(
    case: Case, ways: Routes, values: Mapping[int, ProductValue], lines: pd.DataFrame
) -> tuple[Work, list[str]]:
    """The lines as positions; lines that name no route of the case, or no time for it, are problems."""
    known = {
        (ways.products[p], ways.vendors[v], ways.workflows[w]): number
        for number, (p, v, w) in enumerate(zip(ways.product, ways.vendor, ways.workflow, strict=True))
    }
    last = _last_period(case)
    problems: list[str] = []
    kept: list[tuple[int, int, float]] = []
    columns = [lines[name].tolist() for name in ("product", "vendor", "workflow", "period", "items")]
    for product, vendor, workflow, period, items in zip(*columns, strict=True):
        words = f"{product} with {vendor}, {workflow}, {case.periods.unit} {period}"
        number = known.get((product, vendor, workflow))
        if number is None:
            problems.append(f"{words}: the case has no such route")
        elif not (_number(period) and period == int(period) and 1 <= period <= case.periods.count):
            problems.append(f"{words}: outside the horizon's {case.periods.count} {case.periods.unit}s")
        elif not (_number(items) and items >= 0):
            problems.append(f"{words}: {items} items is not an amount")
        else:
            if period + ways.lead[number] > last[ways.product[number]]:
                problems.append(
                    f"{words}: delivered in {case.periods.unit} {period + ways.lead[number]}, after the deadline"
                )
            kept.append((number, int(period) - 1, float(items)))
    route, period_, items_ = (np.array(column) for column in zip(*kept, strict=True)) if kept else (np.zeros(0),) * 3
    work = Work(case, ways, values, route.astype(np.int32), period_.astype(np.int32), items_.astype(np.float64))
    return work, problems


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and bool(np.isfinite(value))


def _last_period(case: Case) -> list[int]:
    periods = case.periods
    return [periods.last_before(p.deadline) if p.deadline else periods.count for p in case.products.values()]
