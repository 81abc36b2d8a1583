"""A plan against what was done, period by period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from allocate.actuals.reading import Actuals
from allocate.bridge.bridge import End
from allocate.bridge.causes import IDLE
from allocate.bridge.ends import bill, of_actuals
from allocate.case.load import Case, CaseLike, as_case
from allocate.errors import CaseError
from allocate.numbers import Floats
from allocate.odds.odds import Odds, plan_odds
from allocate.plan import Plan
from allocate.tables.column import Grid, grid
from allocate.tables.shown import Shown
from allocate.tables.tracked import TRACKED
from allocate.tracking.earned_value import EarnedValue, earned_schedule

if TYPE_CHECKING:
    import pandas as pd

TWICE = 2
"""Periods running that must lie outside of their range before it is said: one in five does so by chance."""


@dataclass(frozen=True)
class Week:
    """One period of a plan that is tracked; money cumulated, in the currency of the case."""

    period: int
    """From 1."""
    items_planned: float
    items: float
    """Items accepted."""
    value: EarnedValue
    low: float | None
    """P10 of EV as the case's spreads have it; None where it has none."""
    high: float | None

    @property
    def outside(self) -> str:
        """`behind` or `ahead` of its own range; empty inside of it, or where there is none."""
        if self.low is None or self.high is None:
            return ""
        slack = 1e-9 * self.value.budget
        return (
            "behind"
            if self.value.earned < self.low - slack
            else "ahead"
            if self.value.earned > self.high + slack
            else ""
        )


@dataclass(frozen=True, eq=False, repr=False)
class Tracked(Shown):
    """A plan, what was done up to a period, and what may become of the rest."""

    case: Case
    planned: End
    done: End
    weeks: tuple[Week, ...]
    """Up to the period it is looked at."""
    odds: Odds | None = field(repr=False)
    rest: tuple[float, float, float] | None
    """P10, P50, P90 of what all of it will have cost; None where the case has no spread."""
    billed: float | None
    """What was billed so far, where bills were imported."""

    @property
    def table(self) -> pd.DataFrame:
        """One row a period, columns of `TRACKED`; everything cumulated."""
        import pandas as pd

        return pd.DataFrame(rows(self), columns=[column.name for column in TRACKED])

    def facts(self) -> dict[str, str]:
        """Where the work stands."""
        value, currency = self.now.value, self.case.currency
        told = {"earned": value.earned, "actual cost": value.actual, "planned in all": value.budget}
        money = {name: f"{amount:,.2f} {currency}" for name, amount in told.items()}
        return {"": self.case.name, "by": f"{self.case.periods.unit} {self.now.period}", **money}

    def grids(self) -> tuple[Grid, ...]:
        """The periods."""
        return (shown(self),)

    @property
    def now(self) -> Week:
        """The last period."""
        return self.weeks[-1]

    @cached_property
    def schedule(self) -> float:
        """Earned schedule, in periods."""
        return earned_schedule(_planned_by_period(self.case, self.planned)[0].tolist(), self.now.value.earned)

    def alarms(self) -> Iterator[str]:
        """What leaves its own range twice running, and what the calendar says."""
        unit, last = self.case.periods.unit, [week.outside for week in self.weeks[-TWICE:]]
        if len(last) == TWICE and last[0] and len(set(last)) == 1:
            yield f"Work is {last[0]} its own P10 to P90 for {TWICE} {unit}s running: that is more than chance. Plan the rest again with `allocate replan`."
        late = self.now.period - self.schedule
        if late >= 0.5:
            yield f"What is done by {unit} {self.now.period} should have been done by {unit} {self.schedule:.1f}: {late:.1f} {unit}s late."
        forecast = self.now.value.forecasts()["at the cost so far"]
        total = self.case.file.budget.total if self.case.file.budget is not None else None
        limit = float(total.number) if total is not None and total.currency in (None, self.case.currency) else None
        if forecast is not None and limit is not None and forecast > limit * (1 + 1e-9):
            yield f"At the cost so far all of it comes to {forecast:,.2f}, above the budget of {limit:,.2f} {self.case.currency}."


def track(case: CaseLike, actuals: Actuals, plan: Plan | None = None, *, at: int | None = None) -> Tracked:
    """A plan against what was done up to a period, with P10 to P90 of the rest where the case has spreads.

    plan: absent, the best one. at: the last period that counts, from 1; absent: the last with records.

    Raises CaseError where the case has no plan, the records do not fit it, or hold nothing up to that period.
    """
    case = as_case(case)
    planned = bill(case, plan, name="the plan")
    done = of_actuals("the actuals", case, actuals, planned)
    last = max(line.period for line in done.lines)
    at = last if at is None else at
    if not 1 <= at <= case.periods.count:
        raise CaseError.of(
            f"the plan has {case.periods.unit}s 1 to {case.periods.count}, not {at}",
            None,
            "name one of them with `--at`",
        )
    if not any(line.period <= at for line in done.lines):
        raise CaseError.of(f"nothing is recorded up to {case.periods.unit} {at}", None, "leave `--at` out")
    found = plan_odds(case, planned.plan) if case.spreads else None
    pv, items = _planned_by_period(case, planned)
    unit = _unit_costs(planned)
    accepted = _accepted(case, actuals, done)
    earned = _earned(planned, accepted, unit)
    spent = _spent(case, done, actuals)
    low, high, per_unit = _ranges(found, unit)
    budget = float(planned.plan.spend)
    weeks = tuple(
        Week(
            t + 1, float(items[t]), float(sum(one[: t + 1].sum() for one in accepted.values())),
            EarnedValue(float(pv[t]), float(earned[t]), float(spent[t]), budget),
            None if low is None else float(low[t]), None if high is None else float(high[t]),
        )
        for t in range(at)
    )  # fmt: skip
    now, rest = weeks[-1].value, None
    if per_unit is not None:
        cost = now.actual + (budget - now.earned) * per_unit
        rest = (float(np.quantile(cost, 0.1)), float(np.quantile(cost, 0.5)), float(np.quantile(cost, 0.9)))
    billed = None if done.billed is None else sum(done.billed.values())
    return Tracked(case, planned, done, weeks, found, rest, billed)


def _planned_by_period(case: Case, planned: End) -> tuple[Floats, Floats]:
    """Planned cost and items of what should be delivered by the end of each period, cumulated, shape (T,)."""
    cost, items = np.zeros(case.periods.count), np.zeros(case.periods.count)
    columns = (planned.plan.lines[name].tolist() for name in ("delivered", "cost", "items"))
    for delivered, money, many in zip(*columns, strict=True):
        if delivered <= case.periods.count:
            cost[int(delivered) - 1] += money
            items[int(delivered) - 1] += many
    return np.cumsum(cost), np.cumsum(items)


def _unit_costs(planned: End) -> dict[str, float]:
    """Planned cost of an item of each product, what products share counted in."""
    money: dict[str, float] = {}
    many: dict[str, float] = {}
    columns = (planned.plan.lines[name].tolist() for name in ("product", "cost", "items"))
    for product, cost, items in zip(*columns, strict=True):
        money[product] = money.get(product, 0.0) + cost
        many[product] = many.get(product, 0.0) + items
    return {product: money[product] / items for product, items in many.items() if items > 0.0}


def _accepted(case: Case, actuals: Actuals, done: End) -> dict[str, Floats]:
    """Items of each product that were made and not rejected, by period, shape (T,)."""
    made: dict[str, Floats] = {}
    for line in done.lines:
        made.setdefault(line.product, np.zeros(case.periods.count))[line.period - 1] += line.items
    for row in actuals.periods.to_dict("records"):
        product = str(row["product"])
        number = sum(str(start) <= str(row["period"]) for start in case.periods.starts)
        if product in made and row["period"] and number and str(row["period"]) <= str(case.periods.end):
            made[product][number - 1] -= min(float(row["rejected"]), float(made[product][number - 1]))
    return made


def _earned(planned: End, accepted: dict[str, Floats], unit: dict[str, float]) -> Floats:
    """EV by period, cumulated: no product earns more than it was planned to."""
    total: dict[str, float] = {}
    for line in planned.lines:
        total[line.product] = total.get(line.product, 0.0) + line.items
    parts = [
        np.minimum(np.cumsum(items), total[product]) * unit[product]
        for product, items in accepted.items()
        if product in unit
    ]
    return np.asarray(np.sum(parts, axis=0)) if parts else np.zeros(len(next(iter(accepted.values()))))


def _spent(case: Case, done: End, actuals: Actuals) -> Floats:
    """AC by period, cumulated: what contracts ask for the work done, and the hours that were paid and not worked."""
    spent = np.zeros(case.periods.count)
    for period, cost in zip(done.plan.lines["period"].tolist(), done.plan.lines["cost"].tolist(), strict=True):
        spent[int(period) - 1] += cost
    idle = sum(done.extra.get(IDLE, {}).values())
    if idle:
        paid = np.zeros(case.periods.count)
        for row in actuals.periods.to_dict("records"):
            number = sum(str(start) <= str(row["period"]) for start in case.periods.starts)
            if row["period"] and number:
                paid[number - 1] += float(row["hours_paid"])
        spent += idle * paid / paid.sum() if paid.sum() else 0.0
    return np.asarray(np.cumsum(spent))


def _ranges(found: Odds | None, unit: dict[str, float]) -> tuple[Floats | None, Floats | None, Floats | None]:
    """P10 and P90 of EV by period, shape (T,), and what a planned unit of money costs in each scenario; None without spreads."""
    if found is None:
        return None, None, None
    there = found.outcomes.track
    each = np.array([unit.get(product, 0.0) for product in there.table.products])
    earned = np.einsum("p,pts->ts", each, there.delivered)
    made = np.zeros(there.drawn.count)
    for product, items in zip(there.product.tolist(), there.done.items, strict=True):
        made = made + each[product] * items
    per_unit = np.divide(there.spend, made, out=np.ones_like(made), where=made > 0.0)
    return np.quantile(earned, 0.1, axis=1), np.quantile(earned, 0.9, axis=1), per_unit


def shown(found: Tracked) -> Grid:
    """The table as people read it; ranges only where the case has spreads."""
    left_out = () if found.odds is not None else ("low", "high", "outside")
    columns = tuple(one for one in TRACKED if one.name not in left_out)
    title = f"The plan of {found.case.name} and what was done, by {found.case.periods.unit}, cumulated ({found.case.currency})"
    return grid(title, columns, rows(found))


def rows(found: Tracked) -> list[dict[str, Any]]:
    """The periods as rows of `TRACKED`, everything cumulated."""
    return [_row(week) for week in found.weeks]


def _row(week: Week) -> dict[str, Any]:
    value = week.value
    return {
        "period": week.period, "items_planned": week.items_planned, "items": week.items, "pv": value.planned, "ev": value.earned,
        "ac": value.actual, "cv": value.cost_variance, "sv": value.schedule_variance, "cpi": value.cost_index,
        "spi": value.schedule_index, "low": week.low, "high": week.high, "outside": week.outside,
    }  # fmt: skip
