"""What each rule and limit costs: the plan without it, and with a step more or less of it, by solving again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.case.amounts import When
from allocate.case.load import Case
from allocate.case.schema import Product
from allocate.costing.reach import last_period
from allocate.costing.values import Ignoring, product_values
from allocate.explain.again import Again, Resolved, Worth
from allocate.explain.limits import (
    ACCURACIES,
    DEMANDS,
    Limit,
    derived_from,
    limits_of,
    moved,
    rules_of,
    taken_away,
    without_rule,
)
from allocate.program.build import Built, build
from allocate.solvers.live import Change
from allocate.verification import Check

NOTHING_LOST = Worth(0.0, 0.0, "exact")


@dataclass(frozen=True)
class Cost:
    """What a rule or a limit does to the first objective; every figure is a plan solved for it."""

    limit: str
    owner: str
    reason: str
    without: Worth
    """With the limit taken away (that of all periods together)."""
    step: float | None
    """Amount it is moved by, in its unit; None where it cannot be moved."""
    unit: str
    """What the step counts; shares and accuracies are in points."""
    each_period: bool
    """Whether each period's limit moves by the step."""
    more: Worth | None
    """With the limit a step higher."""
    less: Worth | None
    """With the limit a step lower."""


def costs(again: Again, checks: Sequence[Check]) -> tuple[Cost, ...]:
    """Every rule of the case and every limit that binds: taken away, and moved by a step; dearest first."""
    built = again.built
    limits = [one for one in limits_of(built, checks) if any(check.binding for check in one.checks)]
    found = [_cost(again, one) for one in (*rules_of(built, checks), *limits)]
    found += _deadlines(again)
    return tuple(sorted(found, key=_weight))


def without(again: Again, limit: Limit) -> Resolved:
    """The plan without a rule or a limit."""
    if limit.rule is not None and again.live.mixed:
        case = without_rule(again.built.layout.case, limit.rule)
        return again.program(lambda: _rebuilt(again.built, case, derived_from(limit)))
    return again.change(
        taken_away(again.live.arrays, limit), None if limit.family == "demand" else _wider(again, limit)
    )


def _cost(again: Again, limit: Limit) -> Cost:
    step = limit.step
    idle = _idle(again, limit)
    more = less = None
    if step is not None:
        more = NOTHING_LOST if idle and not limit.at_least else _moved(again, limit, step)
        less = NOTHING_LOST if idle and limit.at_least else _moved(again, limit, -step)
    points = limit.unit == "share"
    return Cost(
        limit=limit.name,
        owner=limit.owner,
        reason=limit.reason,
        without=NOTHING_LOST if idle else without(again, limit).worth,
        step=step if step is None or not points else 100.0 * step,
        unit="points" if points else limit.unit,
        each_period=limit.by_period,
        more=more,
        less=less,
    )


def _weight(one: Cost) -> tuple[int, float, str]:
    """Dearest first; what nothing replaces on top."""
    gain = one.without.gain
    return (0, 0.0, one.limit) if gain is None else (1, -gain, one.limit)


def _idle(again: Again, limit: Limit) -> bool:
    """Whether the duals of a linear program prove that the plan would be no better without a limit."""
    duals = again.base.row_duals
    if again.live.mixed or duals is None or not len(limit.rows):
        return False
    return bool((np.abs(duals[limit.rows]) <= 1e-12).all())


def _moved(again: Again, limit: Limit, amount: float) -> Worth | None:
    family = limit.checks[0].family
    if family in ACCURACIES:
        return _accuracy(again, limit, amount)
    if again.derives and family in DEMANDS:
        return _demand(again, limit, amount)
    if again.derives and family in ("share_at_most", "share_at_least"):
        return _share(again, limit, amount)
    change = moved(again.built, again.live.arrays, limit, amount)
    if change is None:
        return None
    looser = (amount > 0) != limit.at_least or limit.family == "demand"
    return again.change(change, _wider(again, limit) if looser else None).worth


def _wider(again: Again, limit: Limit) -> Callable[[], Built] | None:
    """How to make the program in which nothing follows from a limit; None where nothing does."""
    ignoring = derived_from(limit)
    return (lambda: _rebuilt(again.built, again.built.layout.case, ignoring, fresh=True)) if ignoring else None


def _rebuilt(built: Built, case: Case, ignoring: Ignoring = frozenset(), fresh: bool = False) -> Built:
    """The program of a changed case with the same routes; fresh: with value curves cut anew, for a longer reach."""
    layout = built.layout
    values = product_values(case, layout.routes, ignoring) if fresh else layout.values
    return build(case, layout.routes, values, ignoring)


def _accuracy(again: Again, limit: Limit, amount: float) -> Worth | None:
    """Accuracy floors stand in the coefficients of all a product's items, zeros left out: the program is made anew."""
    case = again.built.layout.case
    name = list(case.products)[limit.checks[0].key[0]]
    floor = case.products[name].accuracy
    if floor is None or not 0.0 <= floor.at_least + amount <= 1.0:
        return None
    raised = floor.model_copy(update={"at_least": floor.at_least + amount})
    product = case.products[name].model_copy(update={"accuracy": raised})
    return _with_products(again, {**case.products, name: product})


def _demand(again: Again, limit: Limit, amount: float) -> Worth | None:
    """Demand where choices or volume prices are bounded by it: the program is made anew."""
    products = dict(again.built.layout.case.products)
    name = list(products)[limit.checks[0].key[0]]
    demand, moved_to = products[name].demand, {}
    for key, families in (
        ("exactly", DEMANDS),
        ("at_least", ("demand_floor",)),
        ("at_most", ("demand_ceiling",)),
    ):
        asked, wanted = getattr(demand, key), {check.family for check in limit.checks}
        if asked is not None and wanted & set(families):
            moved_to[key] = replace(asked, number=asked.number + amount)
    if any(asked.number < 0 for asked in moved_to.values()):
        return None
    return _with_products(
        again, {**products, name: products[name].model_copy(update={"demand": demand.model_copy(update=moved_to)})}
    )


def _share(again: Again, limit: Limit, amount: float) -> Worth | None:
    """A share where choices or volume prices are bounded by it: the program is made anew."""
    case, number = again.built.layout.case, limit.rule
    assert number is not None
    rule = case.file.rules[number]
    assert rule.share is not None
    name = "at_least" if limit.at_least else "at_most"
    share = getattr(rule.share, name) + amount
    if not 0.0 <= share <= 1.0:
        return None
    changed = rule.model_copy(update={"share": rule.share.model_copy(update={name: share})})
    rules = (*case.file.rules[:number], changed, *case.file.rules[number + 1 :])
    other = replace(case, file=case.file.model_copy(update={"rules": rules}))
    return again.program(lambda: _rebuilt(again.built, other)).worth


def _with_products(again: Again, products: Mapping[str, Product]) -> Worth:
    """The plan of the case with other products."""

    case = again.built.layout.case
    other = replace(case, file=case.file.model_copy(update={"products": products}))
    return again.program(lambda: _rebuilt(again.built, other)).worth


def _deadlines(again: Again) -> list[Cost]:
    """Deadlines of products: without, a period later and a period earlier."""
    case, found = again.built.layout.case, []
    unit = case.periods.unit
    for number, (name, product) in enumerate(case.products.items()):
        if product.deadline is None or product.deadline.late is not None:
            continue
        last = int(last_period(case)[number])
        later, words = last + 1, product.deadline.date.text or f"{unit} {last}"
        found.append(
            Cost(
                limit=f"deadline of {name} ({words})",
                owner="",
                reason="",
                without=_due(again, name, None),
                step=1.0,
                unit=unit,
                each_period=False,
                more=_due(again, name, When(period=later, unit=unit)) if later <= case.periods.count else None,
                less=again.change(_without_period(again.built, number, last)).worth,
            )
        )
    return found


def _due(again: Again, name: str, deadline: When | None) -> Worth:
    """The plan with another deadline of a product."""
    case = again.built.layout.case
    before = case.products[name].deadline
    due = None if deadline is None or before is None else before.model_copy(update={"date": deadline})
    product = case.products[name].model_copy(update={"deadline": due})
    return _with_products(again, {**case.products, name: product})


def _without_period(built: Built, product: int, last: int) -> Change:
    """No work on a product that is delivered in the last period before its deadline."""
    layout = built.layout
    late = layout.ids[(layout.product == product) & (layout.delivered >= last - 1)]
    nothing = np.zeros(len(late))
    return Change(columns=late, lower=nothing, upper=nothing)
