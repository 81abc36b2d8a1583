"""Total cost of ownership: what a plan costs by year, quarter or month and category, nominal and discounted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from allocate.case.horizon import Periods
from allocate.case.load import Case
from allocate.costing.discounting import yearly_rate
from allocate.costing.payments import OWN, Payments, named_positions, payments
from allocate.finance.cash import paid_after
from allocate.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
By = Literal["year", "quarter", "month"]

CATEGORIES: dict[str, tuple[str, ...]] = {
    "vendors": ("items", "tier", "surplus", "quality", "lateness", "early payment", "commitment", "rebate"),
    "in-house wages": ("wages", "shift premium", "shift", "overtime"),
    "hiring and release": ("hiring", "replacement", "release"),
    "tooling": ("platform fee", "pre-labelling", "seats"),
    "checking": ("review",),
    "onboarding and fees": ("onboarding", "retainer", "product start", "switching"),
    "levers": ("lever",),
    "penalties": ("penalty",),
}
"""Clauses of the invoice by category; each clause stands in one."""
ERRORS = "escaped errors"
"""Category of what wrong labels cost downstream: a cost of ownership that is not spent."""


@dataclass(frozen=True)
class Ownership:
    """What a plan costs, by when and for what."""

    currency: str
    by: By
    discount: float | None
    """A share per year; None where the case names none, and nothing is discounted."""
    costs: pd.DataFrame = field(repr=False)
    """One row per year (or quarter, or month) and category with money in it, by when it is paid: `when`, `category`, `spent`
    (False for escaped errors), `nominal`, and with a discount rate `discounted`."""
    made: pd.DataFrame = field(repr=False)
    """`items` and `accurate_items` by `when`, of the years in which they are worked on."""
    paid_after: float = 0.0
    """Money of it that is paid after the horizon."""
    last_paid: str = ""
    """Month of the last of that."""

    @property
    def spend(self) -> float:
        """Money spent; that of the plan."""
        return float(self.costs.loc[self.costs["spent"], "nominal"].sum())

    @property
    def total(self) -> float:
        """Spend and escaped errors."""
        return float(self.costs["nominal"].sum())

    @property
    def discounted(self) -> float | None:
        """The total, as of the start of the horizon."""
        return float(self.costs["discounted"].sum()) if self.discount is not None else None

    @property
    def accurate_items(self) -> float:
        """Items that are right at delivery."""
        return float(self.made["accurate_items"].sum())

    @property
    def per_accurate_item(self) -> float | None:
        """Total per item that is right; None where none is made."""
        return self.total / self.accurate_items if self.accurate_items > 0 else None

    @property
    def discounted_per_accurate_item(self) -> float | None:
        """Discounted total per item that is right, items counted as they are."""
        known = self.discounted is not None and self.accurate_items > 0
        return (self.discounted or 0.0) / self.accurate_items if known else None


def ownership(case: Case, plan: Plan, by: By = "year") -> Ownership:
    """The plan's invoice and escaped errors by calendar year, quarter or month, that of a period's first day.

    What contracts let be paid later stands where it is paid, after the horizon too.
    """
    import pandas as pd

    rate, when_paid = yearly_rate(case), payments(case)
    by_category = _amounts(case, plan, when_paid, max(case.periods.count, int(when_paid.period.max()) + 1))
    last = max(
        (int(np.flatnonzero(amounts)[-1]) + 1 for amounts, _ in by_category.values() if amounts.any()), default=0
    )
    labels, rows = _labels(case.periods, by, max(case.periods.count, last)), []
    for category, (amounts, worths) in by_category.items():
        amounts, worths = amounts[: len(labels)], worths[: len(labels)]
        for when in dict.fromkeys(labels):
            inside = np.array([label == when for label in labels])
            if np.any(amounts[inside] != 0):
                nominal, worth = float(amounts[inside].sum()), float(worths[inside].sum())
                rows.append([when, category, category != ERRORS, nominal, worth])
    costs = pd.DataFrame(rows, columns=["when", "category", "spent", "nominal", "discounted"])
    costs["spent"] = costs["spent"].astype(bool)
    costs = costs if rate is not None else costs.drop(columns="discounted")
    return Ownership(
        case.currency,
        by,
        rate,
        costs,
        _made(plan, labels),
        *(paid_after(case, plan) if when_paid.deferred else (0.0, "")),
    )


def _labels(periods: Periods, by: By, count: int) -> list[str]:
    """Calendar year, quarter or month of each period's first day, of so many from the start of the horizon on."""
    days = [periods.first_day(number) for number in range(count)]
    if by == "year":
        return [str(day.year) for day in days]
    if by == "month":
        return [f"{day.year}-{day.month:02d}" for day in days]
    return [f"{day.year}-Q{(day.month + 2) // 3}" for day in days]


def _amounts(case: Case, plan: Plan, when: Payments, count: int) -> dict[str, tuple[Floats, Floats]]:
    """Money by category and period it is paid in, shape (count,) each: as it is, and at the start of the horizon."""
    category = {clause: name for name, clauses in CATEGORIES.items() for clause in clauses}
    amounts = {name: (np.zeros(count), np.zeros(count)) for name in (*CATEGORIES, ERRORS)}
    position = named_positions(case)
    for entry in plan.entries:
        vendor, (nominal, worth) = position[entry.vendor], amounts[category[entry.clause]]
        nominal[when.paid(entry, vendor)] += entry.amount
        worth[when.paid(entry, vendor)] += when.worth(entry, vendor)
    period, errors = plan.lines["period"].to_numpy(dtype=np.int64) - 1, plan.lines["error_cost"].to_numpy()
    np.add.at(amounts[ERRORS][0], period, errors)
    np.add.at(amounts[ERRORS][1], period, errors * when.factor[OWN, period])
    return amounts


def _made(plan: Plan, labels: list[str]) -> pd.DataFrame:
    """Items and items that are right by year, quarter or month."""
    lines = plan.lines
    when = [labels[period - 1] for period in lines["period"].tolist()]
    table = lines.assign(when=when, accurate_items=lines["items"] * lines["accuracy"])
    sums = table.groupby("when")[["items", "accurate_items"]].sum()
    return sums.reindex(list(dict.fromkeys(labels)), fill_value=0.0).rename_axis("when").reset_index()
