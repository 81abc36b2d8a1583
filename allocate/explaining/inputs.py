"""What moving one input at a time does to the best plan: prices, the review team's wage, what labels are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from allocate.case.load import Case
from allocate.costing.routes import routes
from allocate.costing.value.values import product_values
from allocate.explaining.re_solve import Again, Tell, Worth
from allocate.explaining.thresholds import with_prices
from allocate.plan import Plan
from allocate.program.build import Built, build
from allocate.solvers.watch import Cancel

PART = 0.1
"""Inputs are moved by this part of themselves."""


@dataclass(frozen=True)
class Swing:
    """What the first objective changes by when an input is less or more; above zero is better."""

    input: str
    step: str
    """By how much it is moved, in words."""
    less: Worth
    more: Worth

    @property
    def size(self) -> float:
        """The larger of the two changes."""
        return max(abs(self.less.gain or 0.0), abs(self.more.gain or 0.0))


def swings(
    built: Built,
    plan: Plan,
    *,
    part: float = PART,
    time_limit: float | None = None,
    cancel: Cancel | None = None,
    tell: Tell | None = None,
) -> tuple[Swing, ...]:
    """Every figure of the case that is no limit but moves money: largest change first, each by two plans of their own.

    Prices of each vendor that has spend (all of its prices together), the wage of the review team, and what a point of
    score and the gates are worth (all products together). time_limit: s for everything. tell: told what is looked into next.
    """
    case = built.layout.case
    again = Again(built, time_limit, cancel=cancel, tell=tell)
    if again.base.values is None:
        return ()
    step = f"{100.0 * part:g}%"
    found = []
    for name, change in _inputs(case, plan):
        again.tell(f"what inputs change: {name}")
        found.append(Swing(name, step, _plan_of(again, change(1.0 - part)), _plan_of(again, change(1.0 + part))))
    return tuple(sorted(found, key=lambda one: (-one.size, one.input)))


def _inputs(case: Case, plan: Plan) -> Iterator[tuple[str, Callable[[float], Case]]]:
    for position, spend in enumerate(plan.vendors["spend"].tolist()):
        if spend > 0:
            yield f"prices of {list(case.vendors)[position]}", _bound(with_prices, case, position)
    if case.file.review_team is not None and plan.lines["review_hours"].sum() > 0:
        yield "wage of the review team", lambda factor: _with_wage(case, factor)
    valued = [one.value for one in case.products.values() if one.value is not None]
    if plan.value > 0 and any(one.worth is not None for one in valued):
        yield "value of a score point in all products", lambda factor: _with_worth(case, factor)
    if any(one.gates for one in valued):
        yield "value of the gates in all products", lambda factor: _with_gates(case, factor)


def _bound(change: Callable[[Case, int, float], Case], case: Case, position: int) -> Callable[[float], Case]:
    return lambda factor: change(case, position, factor)


def _with_wage(case: Case, factor: float) -> Case:
    team = case.file.review_team
    assert team is not None
    wage = replace(team.wage, number=team.wage.number * factor)
    return replace(case, file=case.file.model_copy(update={"review_team": team.model_copy(update={"wage": wage})}))


def _with_worth(case: Case, factor: float) -> Case:
    products = dict(case.products)
    for name, product in products.items():
        value = product.value
        if value is not None and value.worth_ is not None:
            worth = replace(value.worth_, number=value.worth_.number * factor)
            products[name] = product.model_copy(update={"value": value.model_copy(update={"worth_": worth})})
        elif value is not None and value.steps:
            worths = [replace(step.worth, number=step.worth.number * factor) for step in value.steps]
            pairs = zip(value.steps, worths, strict=True)
            steps = tuple(step.model_copy(update={"worth": worth}) for step, worth in pairs)
            products[name] = product.model_copy(update={"value": value.model_copy(update={"steps": steps})})
    return replace(case, file=case.file.model_copy(update={"products": products}))


def _with_gates(case: Case, factor: float) -> Case:
    products = dict(case.products)
    for name, product in products.items():
        if product.value is not None:
            worths = [replace(gate.worth, number=gate.worth.number * factor) for gate in product.value.gates]
            pairs = zip(product.value.gates, worths, strict=True)
            gates = tuple(gate.model_copy(update={"worth": worth}) for gate, worth in pairs)
            products[name] = product.model_copy(update={"value": product.value.model_copy(update={"gates": gates})})
    return replace(case, file=case.file.model_copy(update={"products": products}))


def _plan_of(again: Again, case: Case) -> Worth:
    """The plan of a changed case."""

    def make() -> Built:
        ways = routes(case)
        return build(case, ways, product_values(case, ways))

    return again.program(make).worth
