"""What each rule and limit costs: the plan without it, and with a step more or less of it, by solving again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.case.load import Case
from allocate.case.moments import When
from allocate.case.names import suggestion
from allocate.costing.limits.amounts import last_period
from allocate.errors import CaseError, Place, Problem
from allocate.explaining.changed import (
    BY_ROWS,
    CAPACITIES,
    FAR,
    TEAMS,
    moved_case,
    rows_moved,
    rows_taken_away,
    unlimited_case,
    with_product,
)
from allocate.explaining.limits import (
    ACCURACIES,
    Limit,
    can_move,
    limits_of,
    moved,
    priced_by_point,
    rules_of,
    taken_away,
)
from allocate.explaining.prices import Price
from allocate.explaining.re_solve import UNKNOWN, Again, Resolved, Worth
from allocate.program.build import Built
from allocate.solvers.live import Change
from allocate.verification import Check

NOTHING_LOST = Worth(0.0, 0.0, "exact")


@dataclass(frozen=True)
class Cost:
    """What a rule or a limit does to the first objective; every figure is a plan solved for it."""

    limit: str
    sense: str
    """at least, at most or exactly; empty for rules and deadlines, which say it themselves."""
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
    product: str = ""
    """The product of which so many items are asked; empty for other limits."""

    @property
    def is_left(self) -> bool:
        """Whether some of it was not looked into."""
        return any(one is not None and one.state == "left" for one in (self.without, self.more, self.less))


def costs(again: Again, checks: Sequence[Check], known: Sequence[Price] = ()) -> tuple[Cost, ...]:
    """Every rule of the case and every limit that binds: taken away, and moved by a step; most expensive first.

    known: prices of limits, by which those are looked into first of which a tenth changes most, as long as there is work left.
    """
    built = again.built
    limits = [one for one in limits_of(built, checks) if any(check.binding for check in one.checks)]
    every, found = [*rules_of(built, checks), *limits], list[Cost]()
    if not again.is_enough:
        every.sort(key=_likely(known))
    for number, one in enumerate(every, start=1):
        again.tell(f"what limits cost, {number} of {len(every)}")
        found.append(_cost(again, one))
    found += [_deadline(again, name) for name in deadlines(built.layout.case)]
    for cost in found:
        if cost.is_left:
            again.leave("costs", cost.limit)
    return tuple(sorted(found, key=_weight))


def costs_of(again: Again, checks: Sequence[Check], names: Sequence[str]) -> tuple[tuple[Cost, ...], tuple[Check, ...]]:
    """Rules, limits and deadlines asked for by name, whether they bind or not, most expensive first; and the checks about them.

    A name is one that explanations print, a rule's own, or that of a deadline without its date. Raises CaseError for any other.
    """
    case = again.built.layout.case
    every = [*rules_of(again.built, checks), *limits_of(again.built, checks)]
    known: dict[str, list[Limit | str]] = {}
    for limit in every:
        for name in {limit.name, *limit.name.split("'")[1:2]}:
            known.setdefault(name.casefold(), []).append(limit)
    for product, name in deadlines(case).items():
        for alias in (name, name.partition(" (")[0]):
            known.setdefault(alias.casefold(), []).append(product)
    unknown = [name for name in names if name.strip().casefold() not in known]
    if unknown:
        shown = [*(one.name for one in every), *deadlines(case).values()]
        raise CaseError([_no_limit(name, list(dict.fromkeys(shown))) for name in unknown])
    wanted = [one for name in dict.fromkeys(names) for one in known[name.strip().casefold()]]
    found = [_deadline(again, one) if isinstance(one, str) else _cost(again, one) for one in wanted]
    about = [check for one in wanted if not isinstance(one, str) for check in one.checks]
    return tuple(sorted(dict.fromkeys(found), key=_weight)), tuple(dict.fromkeys(about))


def _no_limit(name: str, known: list[str]) -> Problem:
    alike = [one for one in known if name.strip() and name.strip().casefold() in one.casefold()]
    return Problem(f"the plan has no limit '{name}'", Place(f"--limit {name}"), suggestion(name, alike or known))


def without(again: Again, limit: Limit) -> Resolved:
    """The plan without a rule or a limit."""
    gone = taken_away(again.live.arrays, limit)
    if limit.family == "demand":
        return again.change(gone)
    other = unlimited_case(again.built, limit)
    if other is None or (limit.rule is not None and not again.live.mixed):
        return again.change(gone)
    free = None if limit.rule is not None else lambda built, _: rows_taken_away(limit, built)
    learns = limit.family in (*CAPACITIES, *TEAMS) and again.built.layout.routes.learners
    after = None if learns else again.change(gone, lambda: again.case(*other, free))
    return _far(again, limit) if after is None or after.worth.state == "open" else after


def _far(again: Again, limit: Limit) -> Resolved:
    """The plan with a most raised a hundredfold, where the program needs an end to what can be bought: more may be possible."""
    amount = FAR * max((check.limit for check in limit.checks), default=0.0)
    after = None if limit.step is None or limit.at_least else _moved_to(again, limit, amount)
    if after is None:
        return Resolved(UNKNOWN, again.built, None)
    worth = after.worth
    return replace(after, worth=worth if worth.gain is None else Worth(worth.gain, None, "bound"))


def _cost(again: Again, limit: Limit) -> Cost:
    step = limit.step
    idle = _idle(again, limit)
    gone = NOTHING_LOST if idle else without(again, limit).worth
    more = less = None
    if step is not None:
        # What gains nothing when it is taken away gains nothing when it is looser.
        looser = -step if limit.at_least else step
        free = idle or (gone == NOTHING_LOST and _one_side(limit) and can_move(limit, looser))
        more = NOTHING_LOST if free and not limit.at_least else _moved(again, limit, step)
        less = NOTHING_LOST if free and limit.at_least else _moved(again, limit, -step)
    points = limit.unit == "share"
    return Cost(
        limit=limit.name,
        sense=limit.sense,
        owner=limit.owner,
        reason=limit.reason,
        without=gone,
        step=step if step is None or not points else 100.0 * step,
        unit="points" if points else limit.unit,
        each_period=limit.by_period,
        more=more,
        less=less,
        product=list(again.built.layout.case.products)[limit.checks[0].key[0]] if limit.family == "demand" else "",
    )


def _one_side(limit: Limit) -> bool:
    """Whether a limit is a most or a least, and no exact amount."""
    return limit.family != "demand" and len({check.at_least for check in limit.checks}) == 1


def _likely(known: Sequence[Price]) -> Callable[[Limit], float]:
    """What sorts limits by how much a part of each changes, by its price: most first; rules, which somebody owns, before all."""
    sizes = {(one.family, one.key): max(abs(one.more or 0.0), abs(one.less or 0.0)) * abs(one.amount) for one in known}

    def weight(limit: Limit) -> float:
        if limit.rule is not None:
            return -np.inf
        return -sum(sizes.get((check.family, check.key), 0.0) for check in limit.checks)

    return weight


def _weight(one: Cost) -> tuple[int, float, str]:
    """Most expensive first; what nothing replaces on top, and what was not looked into at the end."""
    gain = one.without.gain
    if one.without.state == "left":
        return (2, 0.0, one.limit)
    return (0, 0.0, one.limit) if gain is None else (1, -gain, one.limit)


def _idle(again: Again, limit: Limit) -> bool:
    """Whether the duals of a linear program prove that the plan would be no better without a limit."""
    duals = again.base.row_duals
    if again.live.mixed or duals is None or not len(limit.rows):
        return False
    return bool((np.abs(duals[limit.rows]) <= 1e-12).all())


def _moved(again: Again, limit: Limit, amount: float) -> Worth | None:
    after = _moved_to(again, limit, amount)
    return None if after is None else after.worth


def _moved_to(again: Again, limit: Limit, amount: float) -> Resolved | None:
    """The plan with a limit higher by an amount; None where that would make no sense."""
    if not can_move(limit, amount):
        return None
    family, arrays = limit.checks[0].family, again.live.arrays
    if family in ACCURACIES or priced_by_point(again.built.layout.case, limit.checks[0]):
        # They stand in the coefficients of all a product's items, zeros left out, and in the price of a point.
        other = moved_case(again.built, limit, amount)
        assert other is not None
        return again.case(*other)
    change = moved(again.built, arrays, limit, amount)
    if change is None:
        return Resolved(Worth(None, None, "impossible"), again.built, None)
    other = moved_case(again.built, limit, amount)
    if other is None:
        return again.change(change)
    sides = None
    if family in BY_ROWS:
        sides = lambda built, now: rows_moved(limit, arrays, amount, built, now)  # noqa: E731
    return again.change(change, lambda: again.case(*other, sides))


def deadlines(case: Case) -> dict[str, str]:
    """What deadlines of products that no lateness softens are called, by product."""
    dated = {name: product.deadline for name, product in case.products.items()}
    return {
        name: f"deadline of {name} ({one.date.text or f'{case.periods.unit} {int(last_period(case)[number])}'})"
        for number, (name, one) in enumerate(dated.items())
        if one is not None and one.late is None
    }


def _deadline(again: Again, name: str) -> Cost:
    """A product's deadline: without, a period later and a period earlier."""
    case = again.built.layout.case
    unit, number = case.periods.unit, list(case.products).index(name)
    last = int(last_period(case)[number])
    gone, later = _due(again, name, None), None
    if last < case.periods.count:
        later = gone if gone == NOTHING_LOST else _due(again, name, When(period=last + 1, unit=unit))
    return Cost(
        limit=deadlines(case)[name], sense="", owner="", reason="", without=gone, step=1.0, unit=unit, each_period=False,
        more=later, less=again.change(_without_period(again.built, number, last)).worth,
    )  # fmt: skip


def _due(again: Again, name: str, deadline: When | None) -> Worth:
    """The plan with another deadline of a product."""
    case = again.built.layout.case
    before = case.products[name].deadline
    due = None if deadline is None or before is None else before.model_copy(update={"date": deadline})
    return again.case(with_product(case, name, deadline=due)).worth


def _without_period(built: Built, product: int, last: int) -> Change:
    """No work on a product that is delivered in the last period before its deadline."""
    layout = built.layout
    late = layout.ids[(layout.product == product) & (layout.delivered >= last - 1)]
    nothing = np.zeros(len(late))
    return Change(columns=late, lower=nothing, upper=nothing)
