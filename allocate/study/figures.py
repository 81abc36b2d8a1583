"""What a study keeps of each plan: plain figures that travel between processes and print to the same bytes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from allocate.answers import Answer
from allocate.plan import Plan
from allocate.solvers.outcome import Status
from allocate.tables.frames import table_of
from allocate.tables.table import Table
from allocate.verification import Check


@dataclass(frozen=True)
class Part:
    """What a plan has of one product or vendor."""

    items: float
    hours: float
    equivalent_units: float
    spend: float
    """Of a product all money that it causes, of a vendor the work, its fees and its idle pay; levers are with no vendor."""
    accuracy: float | None
    """Share of its items that are right; None where there are none."""
    delivered: int | None
    """Number of the period in which its last items are delivered, from 1; None where there are none."""


@dataclass(frozen=True)
class Figures:
    """One plan in figures, or why there is none."""

    status: str
    """`optimal`, `feasible`, `infeasible`, `unbounded`, `stopped`, or `unverified` where a check failed."""
    objective: float | None = None
    bound: float | None = None
    """No plan reaches more (when minimising: less); None without a proof."""
    gap: float | None = None
    spend: float | None = None
    value: float | None = None
    net_value: float | None = None
    net_value_range: tuple[float, float] | None = None
    """Net value with the plan held, by the P10 and the P90 learning curves; None where the curves have no range."""
    items: float | None = None
    accuracy: float | None = None
    delivered: int | None = None
    vendors_used: int | None = None
    worth_of_money: float | None = None
    """What one more unit of the total budget is worth in the objective; None without a budget or without prices."""
    left_of_budget: float | None = field(default=None, repr=False)
    """What the plan leaves of the total budget, in its currency; None without one."""
    carried: bool = field(default=False, repr=False)
    """Whether the plan is that of a smaller budget, which a search of its own did not come up to."""
    fault: str = field(default="", repr=False)
    """What a plan that went on from another point's search had wrong, and reached, where this one was searched for again."""
    products: Mapping[str, Part] = field(default_factory=dict, repr=False)
    vendors: Mapping[str, Part] = field(default_factory=dict, repr=False)
    with_no_vendor: float = 0.0
    """Spend on levers, penalties and other things that go with no vendor's work."""
    reasons: tuple[str, ...] = ()
    """Why there is no plan, in words."""

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan behind the figures."""
        return self.spend is not None

    @property
    def concentration(self) -> float | None:
        """Herfindahl-Hirschman index of the vendors' shares of the spend: 1 with one vendor, 1/n with n even ones."""
        total = sum(one.spend for one in self.vendors.values())
        return sum((one.spend / total) ** 2 for one in self.vendors.values()) if total > 0 else None

    @property
    def largest_share(self) -> float | None:
        """The largest vendor's share of the spend."""
        total = sum(one.spend for one in self.vendors.values())
        return max(one.spend for one in self.vendors.values()) / total if total > 0 else None


def figures(answer: Answer, reasoned: bool = True, *, priced: bool = True) -> Figures:
    """The figures of an answer; reasoned: whether it was looked for why there is none, where there is none.

    priced: with what one more unit of the total budget is worth, which takes searches of its own.
    """
    if answer.status is Status.INFEASIBLE and not reasoned:
        return Figures(answer.status.value)
    reasons = tuple(reason.sentence for reason in answer.reasons)
    if answer.plan is None:
        return Figures(answer.status.value, reasons=reasons or ((answer.message,) if answer.message else ()))
    checks = answer.verification.checks if answer.verification is not None else ()
    budget = budget_of(checks)
    worth = answer.worth(budget) if budget is not None and priced else None
    found = of_plan(answer.plan, answer.status.value, (answer.objective, answer.bound, answer.gap), worth)
    return with_left(found, checks)


def budget_of(checks: Sequence[Check]) -> Check | None:
    """The check of the total budget; None without one."""
    return next((check for check in checks if check.family == "budget"), None)


def with_left(found: Figures, checks: Sequence[Check]) -> Figures:
    """The same with what the plan leaves of the total budget."""
    budget = budget_of(checks)
    return found if budget is None else replace(found, left_of_budget=budget.slack)


def of_plan(
    plan: Plan, status: str, proof: tuple[float | None, float | None, float | None], worth_of_money: float | None
) -> Figures:
    """The figures of a plan; proof: objective, bound and gap."""
    lines = table_of(plan, "lines")
    items = float(lines["items"].sum())
    right = float((lines["items"] * lines["accuracy"]).sum())
    vendors = _parts(table_of(plan, "vendors"), "vendor", lines)
    return Figures(
        status=status,
        objective=proof[0],
        bound=proof[1],
        gap=proof[2],
        spend=plan.spend,
        value=plan.value,
        net_value=plan.net_value,
        net_value_range=_range_of(plan),
        items=items,
        accuracy=right / items if items > 0 else None,
        delivered=int(lines["delivered"].max()) if items > 0 else None,
        vendors_used=sum(one.items > 0 for one in vendors.values()),
        worth_of_money=worth_of_money,
        products=_parts(table_of(plan, "products"), "product", lines),
        vendors=vendors,
        with_no_vendor=sum((entry.amount for entry in plan.entries if not entry.vendor), 0.0),
    )


def _range_of(plan: Plan) -> tuple[float, float] | None:
    """Net value of a plan at P10 and P90 of its curves; None where they are not known, or are one."""
    known = plan.value_range
    if known is None or not known.is_known or known.high <= known.low:
        return None
    low, high = (plan.net_value - plan.value + worth for worth in (known.low, known.high))
    return low, high


def _parts(table: Table, by: str, lines: Table) -> dict[str, Part]:
    last = dict[str, int]()
    for name, delivered in lines.rows(by, "delivered"):
        last[name] = max(last.get(name, 0), delivered)
    # What belongs to no line: a product's part of it; of a vendor its fees, and the idle hours, hires and releases of a team.
    apart = [table[name] for name in (("shared",) if by == "product" else ("fees", "overhead"))]
    fees = sum(apart, np.zeros(len(table))).tolist()
    columns = [table[name].tolist() for name in (by, "items", "hours", "equivalent_units", "spend", "accuracy")]
    return {
        name: Part(
            items,
            hours,
            units,
            spend + fee,
            None if math.isnan(accuracy) else accuracy,
            last.get(name),
        )
        for name, items, hours, units, spend, accuracy, fee in zip(*columns, fees, strict=True)
    }
