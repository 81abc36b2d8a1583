"""Total cost of ownership: what a plan costs by year or quarter and category, nominal and discounted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from allocate.case.horizon import Periods
from allocate.case.load import Case
from allocate.finance.discounting import discount_factors, yearly_rate
from allocate.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
By = Literal["year", "quarter"]

CATEGORIES: dict[str, tuple[str, ...]] = {
    "vendors": ("items", "tier", "surplus", "quality", "lateness", "early payment", "commitment", "rebate"),
    "in-house wages": ("wages", "shift premium", "shift", "overtime"),
    "hiring and release": ("hiring", "replacement", "release"),
    "tooling": ("platform fee", "pre-labelling", "seats"),
    "checking": ("review",),
    "onboarding and fees": ("onboarding", "retainer", "product start", "switching"),
    "levers": ("lever",),
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
    """One row per year (or quarter) and category with money in it: `when`, `category`, `spent` (False for escaped
    errors), `nominal`, and with a discount rate `discounted`."""
    made: pd.DataFrame = field(repr=False)
    """`items` and `accurate_items` by `when`, of the years in which they are worked on."""

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
    """The plan's invoice and escaped errors by calendar year or quarter, that of a period's first day."""
    import pandas as pd

    labels = _labels(case.periods, by)
    rate, count = yearly_rate(case), case.periods.count
    factors = discount_factors(case.periods, rate) if rate is not None else np.ones(count)
    rows = []
    for category, amounts in _amounts(plan, count).items():
        for when in dict.fromkeys(labels):
            inside = np.array([label == when for label in labels])
            nominal, worth = float(amounts[inside].sum()), float((amounts * factors)[inside].sum())
            if np.any(amounts[inside] != 0):
                rows.append([when, category, category != ERRORS, nominal, worth])
    costs = pd.DataFrame(rows, columns=["when", "category", "spent", "nominal", "discounted"])
    costs["spent"] = costs["spent"].astype(bool)
    costs = costs if rate is not None else costs.drop(columns="discounted")
    return Ownership(case.currency, by, rate, costs, _made(plan, labels))


def _labels(periods: Periods, by: By) -> list[str]:
    """Calendar year or quarter of each period's first day."""
    if by == "year":
        return [str(day.year) for day in periods.starts]
    return [f"{day.year}-Q{(day.month + 2) // 3}" for day in periods.starts]


def _amounts(plan: Plan, count: int) -> dict[str, Floats]:
    """Money by category and period, shape (T,) each."""
    category = {clause: name for name, clauses in CATEGORIES.items() for clause in clauses}
    amounts = {name: np.zeros(count) for name in (*CATEGORIES, ERRORS)}
    for entry in plan.entries:
        amounts[category[entry.clause]][entry.period] += entry.amount
    np.add.at(amounts[ERRORS], plan.lines["period"].to_numpy(dtype=np.int64) - 1, plan.lines["error_cost"].to_numpy())
    return amounts


def _made(plan: Plan, labels: list[str]) -> pd.DataFrame:
    """Items and items that are right by year or quarter."""
    lines = plan.lines
    when = [labels[period - 1] for period in lines["period"].tolist()]
    table = lines.assign(when=when, accurate_items=lines["items"] * lines["accuracy"])
    sums = table.groupby("when")[["items", "accurate_items"]].sum()
    return sums.reindex(list(dict.fromkeys(labels)), fill_value=0.0).rename_axis("when").reset_index()
