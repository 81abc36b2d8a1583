"""An independent check: every rule of the case recomputed from the case and the plan's lines alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing import limits
from allocate.costing.routes import Routes, routes
from allocate.costing.throughput import review_hours, vendor_capacities
from allocate.costing.values import ProductValue, product_values
from allocate.plan import Plan, line_table

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]

TOLERANCE = 1e-6
"""A limit counts as kept when it is passed by no more than this share of the larger of the limit and 1."""


@dataclass(frozen=True)
class Check:
    """One limit of the case: what the plan uses of it."""

    family: str
    """Kind of limit, as in `vendor_hours`."""
    key: tuple[int, ...]
    """Which one of its kind: positions of product, vendor, period …"""
    subject: str
    """The limit in the case's words."""
    unit: str
    used: float
    limit: float
    at_least: bool

    @property
    def slack(self) -> float:
        """What is left before the limit; below zero where it is passed."""
        return self.used - self.limit if self.at_least else self.limit - self.used

    @property
    def tolerance(self) -> float:
        """By how much the limit may be passed for rounding."""
        return TOLERANCE * max(1.0, abs(self.limit))

    @property
    def kept(self) -> bool:
        """Whether the limit holds within the tolerance."""
        return self.slack >= -self.tolerance

    @property
    def binding(self) -> bool:
        """Whether nothing is left of the limit."""
        return abs(self.slack) <= self.tolerance

    def __str__(self) -> str:
        word = "at least" if self.at_least else "at most"
        return f"{self.subject}: {self.used:,.6g} {self.unit}, {word} {self.limit:,.6g}"


@dataclass(frozen=True)
class Verification:
    """What the check found."""

    checks: tuple[Check, ...] = field(repr=False)
    violations: tuple[str, ...]
    """Every broken limit and every wrong figure, in words; empty for a plan that holds."""

    @property
    def holds(self) -> bool:
        """Whether the plan keeps every limit and all its figures are right."""
        return not self.violations

    @property
    def binding(self) -> tuple[Check, ...]:
        """Limits of which nothing is left."""
        return tuple(check for check in self.checks if check.binding)


@dataclass(frozen=True)
class _Work:
    """A plan's lines against the routes recomputed from the case; arrays of one entry per line."""

    case: Case
    routes: Routes
    values: Mapping[int, ProductValue]
    route: Integers
    period: Integers
    items: Floats

    @property
    def product(self) -> Integers:
        return self.routes.product[self.route]

    @property
    def vendor(self) -> Integers:
        return self.routes.vendor[self.route]

    @property
    def spend(self) -> Floats:
        return self.items * self.routes.unit_cost[self.route, self.period]

    def summed(self, amounts: Floats, where: NDArray[np.bool_] | None = None) -> float:
        return float(amounts.sum() if where is None else amounts[where].sum())

    def label(self, period: int) -> str:
        return self.case.periods.label(period)


def verify(case: Case, plan: Plan) -> Verification:
    """Recompute a plan from the case alone and list every limit it breaks and every figure that is wrong.

    Nothing of the program or a solver is used: unit costs come from the case again, sums from the plan's lines.
    """
    ways = routes(case)
    values = product_values(case, ways)
    work, problems = _read(case, ways, values, plan.lines)
    checks = tuple(check for family in _FAMILIES for check in family(work))
    problems += _figures(work, plan)
    return Verification(checks, tuple([*problems, *(str(check) for check in checks if not check.kept)]))


def _read(
    case: Case, ways: Routes, values: Mapping[int, ProductValue], lines: pd.DataFrame
) -> tuple[_Work, list[str]]:
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
        elif not (period == int(period) and 1 <= period <= case.periods.count):
            problems.append(f"{words}: outside the horizon's {case.periods.count} {case.periods.unit}s")
        elif not (np.isfinite(items) and items >= 0):
            problems.append(f"{words}: {items} items is not an amount")
        else:
            if period + ways.lead[number] > last[ways.product[number]]:
                problems.append(f"{words}: delivered in {case.periods.unit} {period + ways.lead[number]}, after the deadline")
            kept.append((number, int(period) - 1, float(items)))
    route, period_, items_ = (np.array(column) for column in zip(*kept, strict=True)) if kept else (np.zeros(0),) * 3
    work = _Work(case, ways, values, route.astype(np.int32), period_.astype(np.int32), items_.astype(np.float64))
    return work, problems


def _last_period(case: Case) -> list[int]:
    periods = case.periods
    return [periods.last_before(p.deadline) if p.deadline else periods.count for p in case.products.values()]


def _figures(work: _Work, plan: Plan) -> list[str]:
    """Figures of the plan that do not follow from its lines and the case."""
    problems: list[str] = []
    if len(work.items) == len(plan.lines):
        expected = line_table(work.routes, work.route, work.period, work.items)
        for column in expected.columns[4:]:
            given, right = plan.lines[column].to_numpy(dtype=float), expected[column].to_numpy(dtype=float)
            wrong = np.flatnonzero(~(np.abs(given - right) <= TOLERANCE * np.maximum(1.0, np.abs(right))))
            problems += [f"line {row + 1}: {column} is {given[row]:.10g}, the case says {right[row]:.10g}" for row in wrong]
    labels = np.bincount(
        work.product, work.items * work.routes.effective[work.route], minlength=len(work.routes.products)
    )
    value = sum(one.money(float(labels[product])) for product, one in work.values.items())
    spend = work.summed(work.spend)
    errors = work.summed(work.items * work.routes.error_cost[work.route, work.period])
    rate = limits.hurdle(work.case)
    for name, given_total, right_total in (
        ("spend", plan.spend, spend),
        ("value", plan.value, value),
        ("cost of escaped errors", plan.escaped_error_cost, errors),
        ("net value", plan.net_value, value - rate * spend - errors),
        ("hurdle", plan.hurdle, rate),
    ):
        if not abs(given_total - right_total) <= TOLERANCE * max(1.0, abs(right_total)):
            problems.append(f"the {name} is {given_total:.10g}, the case says {right_total:.10g}")
    return problems


def _budgets(work: _Work) -> Iterator[Check]:
    currency = work.case.currency
    total = limits.total_budget(work.case)
    if total is not None:
        yield Check("budget", (), "budget", currency, work.summed(work.spend), total, False)
    each = limits.period_budget(work.case)
    if each is not None:
        spent = np.bincount(work.period, work.spend, minlength=len(each))
        for period, amount in enumerate(each):
            subject = f"budget of {work.label(period)}"
            yield Check("budget_period", (period,), subject, currency, float(spent[period]), float(amount), False)
    for number, limit in enumerate(limits.budget_limits(work.case)):
        inside = limit.covers(work.product, work.vendor, work.period)
        subject = f"budget limit '{limit.name}'"
        yield Check("budget_group", (number,), subject, currency, work.summed(work.spend, inside), limit.amount, False)


def _demand(work: _Work) -> Iterator[Check]:
    least, most = limits.demand(work.case)
    made = np.bincount(work.product, work.items, minlength=len(least))
    for product, name in enumerate(work.routes.products):
        noun = work.routes.items[product]
        if least[product] > 0:
            subject = f"items of {name}"
            yield Check("demand_floor", (product,), subject, noun, float(made[product]), float(least[product]), True)
        if np.isfinite(most[product]):
            subject = f"items of {name}"
            yield Check("demand_ceiling", (product,), subject, noun, float(made[product]), float(most[product]), False)
    delivered = work.period + work.routes.lead[work.route]
    for one in limits.milestones(work.case):
        inside = (work.product == one.product) & (delivered < one.periods)
        name, noun = work.routes.products[one.product], work.routes.items[one.product]
        subject = f"milestone of {name} by {work.label(one.periods - 1)}"
        used = work.summed(work.items, inside)
        yield Check("milestone", (one.product, one.number), subject, noun, used, one.items, True)


def _accuracy(work: _Work) -> Iterator[Check]:
    made = np.bincount(work.product, work.items, minlength=len(work.routes.products))
    right = np.bincount(
        work.product, work.items * work.routes.accuracy[work.route], minlength=len(work.routes.products)
    )
    for product, floor in enumerate(limits.accuracy_floors(work.case)):
        if np.isfinite(floor) and made[product] > 0:
            subject = f"accuracy of {work.routes.products[product]}"
            used = float(right[product] / made[product])
            yield Check("accuracy_floor", (product,), subject, "share", used, float(floor), True)


def _capacities(work: _Work) -> Iterator[Check]:
    ways = work.routes
    for capacity in vendor_capacities(work.case):
        mine = work.vendor == capacity.vendor
        if capacity.noun == "h":
            content = work.items * ways.hours[work.route]
        elif capacity.noun == "EU":
            content = work.items * ways.equivalent_units[work.route]
        else:
            counted = np.array([capacity.noun in ("item", noun) for noun in ways.items])
            content = work.items * counted[work.product]
        name = ways.vendors[capacity.vendor]
        unit = capacity.noun
        if not capacity.by_period:
            subject = f"capacity of {name}"
            used = work.summed(content, mine)
            yield Check("vendor_total", (capacity.vendor,), subject, unit, used, float(capacity.amounts[0]), False)
            continue
        family = "vendor_hours" if unit == "h" else "vendor_items"
        used_by = np.bincount(work.period[mine], content[mine], minlength=len(capacity.amounts))
        for period, amount in enumerate(capacity.amounts):
            if np.isfinite(amount):
                subject = f"{'hours' if unit == 'h' else 'capacity'} of {name} in {work.label(period)}"
                key = (capacity.vendor, period)
                yield Check(family, key, subject, unit, float(used_by[period]), float(amount), False)


def _rate_lines(work: _Work) -> Iterator[Check]:
    ways, weeks = work.routes, work.case.periods.weeks_each()
    limited = np.isfinite(ways.line_capacity)
    for line in np.unique(ways.line[limited]):
        first = int(np.flatnonzero(ways.line == line)[0])
        mine = ways.line[work.route] == line
        words = f"{ways.products[ways.product[first]]} with {ways.vendors[ways.vendor[first]]}"
        noun, amount = ways.items[ways.product[first]], float(ways.line_capacity[first])
        if not ways.line_by_period[first]:
            used = work.summed(work.items, mine)
            yield Check("rate_total", (int(line),), f"items of {words}", noun, used, amount, False)
            continue
        used_by = np.bincount(work.period[mine], work.items[mine], minlength=len(weeks))
        for period, length in enumerate(weeks):
            subject = f"items of {words} in {work.label(period)}"
            key = (int(line), period)
            yield Check("rate_items", key, subject, noun, float(used_by[period]), amount * length, False)


def _review(work: _Work) -> Iterator[Check]:
    hours = review_hours(work.case)
    if hours is not None:
        used = np.bincount(work.period, work.items * work.routes.review_hours[work.route], minlength=len(hours))
        for period, amount in enumerate(hours):
            subject = f"hours of the review team in {work.label(period)}"
            yield Check("review_team_hours", (period,), subject, "h", float(used[period]), float(amount), False)


def _shares(work: _Work) -> Iterator[Check]:
    ways = work.routes
    served = np.zeros((len(ways.products), len(ways.vendors)), dtype=bool)
    served[ways.product, ways.vendor] = True
    measures = {
        "items": work.items,
        "eu": work.items * ways.equivalent_units[work.route],
        "hours": work.items * ways.hours[work.route],
        "spend": work.spend,
    }
    numbers = {"share_at_most": 0, "share_at_least": 0}
    for one in limits.shares(work.case, served):
        inside = np.isin(work.product, one.products)
        if one.period is not None:
            inside &= work.period == one.period
        total = work.summed(measures[one.measure], inside)
        part = work.summed(measures[one.measure], inside & np.isin(work.vendor, one.vendors))
        who = " and ".join(ways.vendors[v] for v in one.vendors)
        where = "" if len(one.products) == len(ways.products) else " of " + ", ".join(ways.products[p] for p in one.products)
        when = "" if one.period is None else f" in {work.label(one.period)}"
        for family, bound in (("share_at_most", one.at_most), ("share_at_least", one.at_least)):
            if bound is None:
                continue
            key = (one.rule, numbers[family])
            numbers[family] += 1
            if total > 0:
                subject = f"rule '{one.name}': share of {who} in {one.measure}{where}{when}"
                yield Check(family, key, subject, "share", part / total, bound, family == "share_at_least")


def _values(work: _Work) -> Iterator[Check]:
    ways, currency = work.routes, work.case.currency
    labels = np.bincount(work.product, work.items * ways.effective[work.route], minlength=len(ways.products))
    total = 0.0
    for position, (name, product) in enumerate(work.case.products.items()):
        if product.value is None:
            continue
        worth = work.values[position].money(float(labels[position]))
        total += worth
        if product.value.at_least is not None:
            least = float(limits.in_case_currency(work.case, product.value.at_least)[0])
            yield Check("value_floor", (position,), f"value of {name}", currency, worth, least, True)
        if product.value.score_at_least is not None:
            one = work.values[position]
            score = float(one.curve.score(one.existing + labels[position]))
            least = product.value.score_at_least.number
            yield Check("score_floor", (position,), f"score of {name}", "points", score, least, True)
    target = limits.value_target(work.case)
    if target is not None:
        yield Check("value_floor", (len(ways.products),), "value of the portfolio", currency, total, target, True)


_FAMILIES = (_budgets, _demand, _accuracy, _capacities, _rate_lines, _review, _shares, _values)
