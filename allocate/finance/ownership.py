"""Total cost of ownership: what a plan costs by year, quarter or month and category, nominal and discounted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from allocate.case import index
from allocate.case.clauses import CLAUSES
from allocate.case.load import Case
from allocate.costing.clauses import CATEGORY
from allocate.costing.clauses.payment import OWN, Payments, named_positions, paid_on, payments
from allocate.costing.terms.discounting import yearly_rate
from allocate.finance.calendars import By
from allocate.finance.cash import paid_after
from allocate.finance.charges import Charge, Span, by_months, last_day, worked
from allocate.finance.sorting import Sort, sorted_by
from allocate.plan import Plan
from allocate.tables.frames import gives_copies, table_of
from allocate.tables.shown import Shown

if TYPE_CHECKING:
    import pandas as pd

CATEGORIES: dict[str, tuple[str, ...]] = {
    category: tuple(line for clause in CLAUSES for line in clause.costs.get(category, ()))
    for category in index.CATEGORIES
}
"""Clauses of the invoice by category; each clause stands in one."""
ERRORS = "escaped errors"
"""Category of what wrong labels cost downstream: a cost of ownership that is not spent."""


@gives_copies
@dataclass(frozen=True, repr=False, eq=False)
class Ownership(Shown):
    """What a plan costs, by when and for what."""

    currency: str
    by: By
    discount: float | None
    """A share per year; None where the case names none, and nothing is discounted."""
    costs: pd.DataFrame = field(repr=False)
    """One row per year (or quarter, or month) and category with money in it, by when it is paid: `when`, `category`, `spent`
    (False for escaped errors), `nominal`, and with a discount rate `discounted`. Sorted by product, vendor, payee or a tag, the
    rows of each category are one for each of these, in a column of that name."""
    made: pd.DataFrame = field(repr=False)
    """`items` and `accurate_items` by `when`, of the years in which they are worked on; `cost`, what that work is owed,
    whenever it is paid, and `errors`, what escapes it; with a discount rate both `discounted_…` too."""
    paid_after: float = 0.0
    """Money of it that is paid after the horizon."""
    last_paid: str = ""
    """Month of the last of that."""
    by_days: bool = False
    """Whether periods are weeks, split by their days."""
    per: Sort = "category"
    """What beside categories the costs are sorted by."""

    @property
    def moved(self) -> bool:
        """Whether some money is paid in another year (quarter, month) than that of the work it is for."""
        paid = (
            self.costs[self.costs["spent"]].groupby("when")["nominal"].sum().reindex(self.made["when"], fill_value=0.0)
        )
        return bool((abs(paid.to_numpy() - self.made["cost"].to_numpy()) > 0.005).any())

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

    def per_accurate_item(self, *, errors: bool = False, discounted: bool = False) -> float | None:
        """Spend per item that is right, or with errors the total; items are counted as they are. None where none is made.

        Raises ValueError for a discounted figure of a case that names no rate.
        """
        if discounted and self.discount is None:
            raise ValueError("nothing is discounted: the case names no `discount:`")
        counted = self.costs if errors else self.costs[self.costs["spent"]]
        money = float(counted["discounted" if discounted else "nominal"].sum())
        return money / self.accurate_items if self.accurate_items > 0 else None

    def facts(self) -> dict[str, str]:
        """What it all comes to."""
        figures = {"spend": self.spend, "total": self.total, "discounted": self.discounted}
        told = {name: f"{figure:,.2f} {self.currency}" for name, figure in figures.items() if figure is not None}
        return {"by": self.by, **told}


def ownership(case: Case, plan: Plan, by: By = "year", per: Sort = "category") -> Ownership:
    """The plan's invoice and escaped errors by year, quarter or month, of the calendar or of the case's fiscal year.

    A week is split over them by its days (of what is asked by the month, each day has its month's part); a month of a plan
    by months stands where its first day is. What is paid by a contract's `payment` stands whole on the day it is due,
    after the horizon too; what an accurate item costs is what the work of its time is owed, whenever that is paid.
    per: `category`, `product`, `vendor`, `paid-to`, or a tag of products or vendors, by which costs are sorted beside.

    Raises KeyError for a tag that nothing has.
    """
    import pandas as pd

    rate, when_paid = yearly_rate(case), payments(case)
    paid = _paid(case, plan, when_paid, per)
    span = Span.of(case, by, last_day(charge for charges in paid.values() for charge in charges))
    rows = []
    for (category, name), charges in sorted(paid.items(), key=lambda one: [*CATEGORIES, ERRORS].index(one[0][0])):
        nominal, worth = span.spread(charges)
        for position, when in enumerate(span.labels):
            if nominal[position] != 0:
                row = (when, category, name, category != ERRORS, float(nominal[position]), float(worth[position]))
                rows.append(row)
    costs = pd.DataFrame(rows, columns=["when", "category", per.replace("-", "_"), "spent", "nominal", "discounted"])
    costs["spent"] = costs["spent"].astype(bool)
    costs = costs.loc[:, ~costs.columns.duplicated()]
    costs = costs if rate is not None else costs.drop(columns="discounted")
    errors = [charge for (category, _), charges in paid.items() if category == ERRORS for charge in charges]
    made = _made(plan, span, {"cost": [*worked(case, plan, when_paid)], "errors": errors})
    return Ownership(
        case.currency,
        by,
        rate,
        costs,
        made if rate is not None else made.drop(columns=["discounted_cost", "discounted_errors"]),
        *(paid_after(case, plan) if when_paid.deferred else (0.0, "")),
        by_days=case.periods.unit == "week",
        per=per,
    )


def _paid(case: Case, plan: Plan, when: Payments, per: Sort) -> dict[tuple[str, str], list[Charge]]:
    """Money by category and what else it is sorted by, on the days it is paid; escaped errors in the periods of the work."""
    found = defaultdict[tuple[str, str], list[Charge]](list)
    position, sort = named_positions(case), sorted_by(case, per)
    for entry in plan.entries:
        vendor, category = position[entry.vendor], CATEGORY[entry.clause]
        worth, monthly, day = when.worth(entry, vendor), by_months(case, entry), paid_on(case, entry)
        for name, part in sort.of_entry(entry):
            found[category, name].append(Charge(entry.period, entry.amount * part, worth * part, monthly, day))
    for product, vendor_, period, errors in table_of(plan, "lines").rows("product", "vendor", "period", "error_cost"):
        worth = errors * float(when.factor[OWN, period - 1])
        found[ERRORS, sort.of_line(product, vendor_)].append(Charge(period - 1, errors, worth))
    return found


def _made(plan: Plan, span: Span, money: Mapping[str, list[Charge]]) -> pd.DataFrame:
    """Items, items that are right, and what work and errors cost, by year, quarter or month."""
    import pandas as pd

    lines = table_of(plan, "lines")
    items = [
        Charge(period - 1, many, many * right) for period, many, right in lines.rows("period", "items", "accuracy")
    ]
    many, right = span.spread(items)
    sums = {name: span.spread(charges) for name, charges in money.items()}
    table = {"when": span.labels, "items": many, "accurate_items": right}
    table |= {name: nominal for name, (nominal, _) in sums.items()}
    return pd.DataFrame(table | {f"discounted_{name}": worth for name, (_, worth) in sums.items()})
