"""What moving one input at a time does to the best plan: prices, wages, stated accuracies, what levers cost, what labels are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from allocate.case.clauses.price_lock import NAMED
from allocate.case.load import Case
from allocate.case.schema import Rate, Vendor
from allocate.costing.routes import routes
from allocate.costing.value.values import product_values
from allocate.errors import CaseError
from allocate.explaining.re_solve import Again, Resolved, Tell, Worth
from allocate.explaining.repriced import with_prices
from allocate.plan import Plan
from allocate.program.build import Built, build
from allocate.solvers.watch import Cancel
from allocate.tables.frames import table_of

Key = TypeVar("Key", int, str)
T = TypeVar("T", Rate, Vendor)
PART = 0.1
"""Inputs are moved by this part of themselves."""
CLAIMS = 3
"""Vendors whose stated accuracies are moved where work is limited: a program made again for each side."""


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
    again: Again | None = None,
) -> tuple[Swing, ...]:
    """Every figure of the case that is no limit but moves money: largest change first, each by two plans of their own.

    Prices of each vendor that has spend (all of its prices together), wages of each team that is paid and of the review team, the
    cost of each lever bought and the price it locks, what a point of score and the gates are worth (all products together), and the
    errors of each vendor with work whose accuracy is stated (`CLAIMS` of them where work is limited). time_limit: s for everything.
    tell: told what is looked into next.
    again: the case's program asked before; where it has no work left for an input, the largest spend first, that input is left out.
    """
    case = built.layout.case
    again = again or Again(built, time_limit, cancel=cancel, tell=tell)
    if again.base.values is None:
        return ()
    step = f"{100.0 * part:g}%"
    found = []
    for name, change in _inputs(case, plan, again):
        again.tell(f"what inputs change: {name}")
        if not again.affords_some(2, made=True):
            again.leave("inputs", name)
            continue
        less, more = (change(1.0 + sign * part) for sign in (-1.0, 1.0))
        found.append(
            Swing(name, step, *(one if isinstance(one, Worth) else _plan_of(again, one) for one in (less, more)))
        )
    return tuple(sorted(found, key=lambda one: (-one.size, one.input)))


def _inputs(case: Case, plan: Plan, again: Again) -> Iterator[tuple[str, Callable[[float], Case | Worth]]]:
    """Inputs by name, and of each the case with it times a factor, or what that is worth where it is known without."""
    vendors = table_of(plan, "vendors")
    paid = vendors["spend"] + vendors["overhead"]
    for position in np.argsort(-paid, kind="stable").tolist():
        name, spend = list(case.vendors)[position], float(vendors["spend"][position])
        if case.vendors[name].team is not None:
            if paid[position] > 0:
                yield f"wages of {name}", _bound(_with_wages, case, position)
        elif spend > 0:
            known = again.at_prices.get(position)
            change = _bound(with_prices, case, position) if known is None else _worth_at(known)
            yield f"prices of {name}", change
    for lever in table_of(plan, "levers")["lever"].tolist():
        yield f"cost of lever {lever}", _bound(_with_lever, case, lever)
        if any(one.locked_price is not None for one in case.file.levers[lever].effect):
            yield f"locked price of {lever.removeprefix(NAMED)}", _bound(_with_locked_price, case, lever)
    if case.file.review_team is not None and table_of(plan, "lines")["review_hours"].sum() > 0:
        yield "wage of the review team", lambda factor: _with_wage(case, factor)
    valued = [one.value for one in case.products.values() if one.value is not None]
    if plan.value > 0 and any(one.worth is not None for one in valued):
        yield "value of a score point in all products", lambda factor: _with_worth(case, factor)
    if any(one.gates for one in valued):
        yield "value of the gates in all products", lambda factor: _with_gates(case, factor)
    claimed = [position for position in np.argsort(-paid, kind="stable").tolist() if vendors["items"][position] > 0]
    claimed = [position for position in claimed if _has_errors(case, list(case.vendors)[position])]
    for number, position in enumerate(claimed):
        name = f"errors of {list(case.vendors)[position]}"
        if number < CLAIMS or again.is_enough:
            yield name, _bound(_with_errors, case, position)
        else:
            again.leave("inputs", name)


def _bound(change: Callable[[Case, Key, float], Case], case: Case, key: Key) -> Callable[[float], Case]:
    return lambda factor: change(case, key, factor)


def _worth_at(known: Callable[[float], Resolved]) -> Callable[[float], Worth]:
    return lambda factor: known(factor).worth


def _with_wages(case: Case, vendor: int, factor: float) -> Case:
    """The case with what a team's people are paid times a factor."""
    name = list(case.vendors)[vendor]
    one = case.vendors[name]
    assert one.team is not None
    team = one.team.model_copy(update={"wage": one.team.wage.times(factor)})
    vendors = {**case.vendors, name: one.model_copy(update={"team": team})}
    return replace(case, file=case.file.model_copy(update={"vendors": vendors}))


def _has_errors(case: Case, vendor: str) -> bool:
    """Whether accuracies of a vendor are stated, with errors that can be moved both ways."""
    every = (case.vendors[vendor].accuracy, *(rate.accuracy for _, rate in case.rate_card.of_vendor(vendor)))
    stated = [one for one in every if one is not None]
    return any(one < 1.0 for one in stated) and min(stated) > PART


def _with_errors(case: Case, vendor: int, factor: float) -> Case:
    """The case with the errors of every accuracy that is stated of a vendor times a factor."""
    name = list(case.vendors)[vendor]

    def moved(one: T) -> T:
        return one if one.accuracy is None else one.model_copy(update={"accuracy": 1.0 - (1.0 - one.accuracy) * factor})

    vendors = {**case.vendors, name: moved(case.vendors[name])}
    rates = tuple(moved(rate) if rate.vendor == name else rate for rate in case.file.rates)
    return replace(case, file=case.file.model_copy(update={"vendors": vendors, "rates": rates}))


def _with_lever(case: Case, lever: str, factor: float) -> Case:
    """The case with what a lever costs times a factor."""
    one = case.file.levers[lever]
    costs = {key: getattr(one, key) for key in ("cost", "running_cost")}
    moved = {key: cost.times(factor) for key, cost in costs.items() if cost is not None}
    levers = {**case.file.levers, lever: one.model_copy(update=moved)}
    return replace(case, file=case.file.model_copy(update={"levers": levers}))


def _with_locked_price(case: Case, lever: str, factor: float) -> Case:
    """The case with the price a lever locks times a factor."""
    one = case.file.levers[lever]
    moved = tuple(
        effect
        if effect.locked_price is None
        else effect.model_copy(update={"locked_price": effect.locked_price.times(factor)})
        for effect in one.effect
    )
    levers = {**case.file.levers, lever: one.model_copy(update={"effect": moved})}
    return replace(case, file=case.file.model_copy(update={"levers": levers}))


def _with_wage(case: Case, factor: float) -> Case:
    team = case.file.review_team
    assert team is not None
    wage = team.wage.times(factor)
    return replace(case, file=case.file.model_copy(update={"review_team": team.model_copy(update={"wage": wage})}))


def _with_worth(case: Case, factor: float) -> Case:
    products = dict(case.products)
    for name, product in products.items():
        value = product.value
        if value is not None and value.worth_ is not None:
            worth = value.worth_.times(factor)
            products[name] = product.model_copy(update={"value": value.model_copy(update={"worth_": worth})})
        elif value is not None and value.steps:
            worths = [step.worth.times(factor) for step in value.steps]
            pairs = zip(value.steps, worths, strict=True)
            steps = tuple(step.model_copy(update={"worth": worth}) for step, worth in pairs)
            products[name] = product.model_copy(update={"value": value.model_copy(update={"steps": steps})})
    return replace(case, file=case.file.model_copy(update={"products": products}))


def _with_gates(case: Case, factor: float) -> Case:
    products = dict(case.products)
    for name, product in products.items():
        if product.value is not None:
            worths = [gate.worth.times(factor) for gate in product.value.gates]
            pairs = zip(product.value.gates, worths, strict=True)
            gates = tuple(gate.model_copy(update={"worth": worth}) for gate, worth in pairs)
            products[name] = product.model_copy(update={"value": product.value.model_copy(update={"gates": gates})})
    return replace(case, file=case.file.model_copy(update={"products": products}))


def _plan_of(again: Again, case: Case) -> Worth:
    """The plan of a changed case; where labels are worth something else, routes stay as they are, else value curves do."""
    layout = again.built.layout
    if case.products is layout.case.products:
        try:
            ways = routes(case)
        except CaseError:  # as where a review would send everything back
            return Worth(None, None, "impossible")
        return again.case(case, ways).worth
    return again.program(lambda: build(case, layout.routes, product_values(case, layout.routes))).worth
