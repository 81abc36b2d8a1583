"""Where the next money would go: marginal returns, more budget, money left over, money a floor forces out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.limits.budget import budget_currency, hurdle
from allocate.costing.value.transfers import with_transfers
from allocate.costing.value.values import ProductValue
from allocate.explaining.limits import round_amount
from allocate.explaining.near import NearBy, near
from allocate.explaining.re_solve import Again, Resolved, Worth
from allocate.plan import Plan
from allocate.program.arrays import Floats, ProgramArrays, frozen
from allocate.program.build import Built
from allocate.solvers.live import Change, Live
from allocate.tolerances import HALF_A_CENT
from allocate.verification import Check

PURSES = ("budget", "budget_period", "budget_group")
FLOORS = ("demand_floor", "milestone", "milestone_late", "value_floor", "score_floor")
"""Families of rows that ask for so much of a product, whatever it returns."""
STEP = 1e-3
"""Part of a product's labels that counts as the next ones."""
SHOWN = 0.005
"""Changes below this part of the money are not listed."""
SPENT = 1e-7
"""Part of a budget, or of the spend, that is rounding."""
AT_HURDLE = 0.01
"""Returns this near to the hurdle, as a part of it, are at it."""
ROUNDING = 1e-9
"""Part of what a change comes to that is rounding."""
TAKEN = 0.1
"""Part of the spend that is taken away to see which products lose it."""
Advice = Literal["fund", "hold", "cut", "not asked"]


@dataclass(frozen=True)
class Margin:
    """What the next labels of a product bring, and what they take at least when all other products keep theirs."""

    product: str
    value: float
    """Value one more effective label adds, less what comes with it and weighs in the goal without being spent: escaped errors,
    and penalties of limits that give way."""
    cost: float | None
    """Least money one more effective label takes; None where no more can be made."""
    hurdle: float
    last_value: float = 0.0
    """The same of the last effective label."""
    saved: float | None = None
    """Most money that one label less saves, the product's own floors aside; None where that could not be found."""
    is_asked: bool = True
    """Whether what the last money returned was looked into."""

    @property
    def returns(self) -> float | None:
        """Money of value per money of spend, at the margin; None where no more can be made."""
        return _per(self.value, self.cost)

    @property
    def last_returns(self) -> float | None:
        """The same of the last money spent on it."""
        return _per(self.last_value, self.saved)

    @property
    def advice(self) -> Advice:
        """Fund: the next money returns more than the hurdle. Cut: the last returned less. Hold: neither, or no money at all.
        Not asked: the next returns less, and whether the last did was not looked into."""
        last, more = self.last_returns, self.returns
        if last is not None and self.last_value <= 0 and not self.saved:
            return "hold"  # worth nothing, and costs nothing
        if last is not None and last < self.hurdle * (1.0 - AT_HURDLE):
            return "cut"
        if more is not None and self.value > 0 and more > self.hurdle * (1.0 + AT_HURDLE):
            return "fund"
        return "hold" if self.is_asked else "not asked"


def _per(value: float, money: float | None) -> float | None:
    """Value per money; infinite for what costs nothing."""
    if money is None:
        return None
    return value / money if money > 0 else np.inf


def margins(again: Again) -> tuple[Margin, ...]:
    """The marginal return of every product that has a value and gets labels, best first.

    A second program asks for the least money (and escaped errors) that gives every product the labels it has, budgets
    aside; then for a little more of one product after another. Whole-number choices stay as they are. At the best plan
    the returns of all products that could get more or less are equal: the hurdle, and what the budget is worth on top.
    """
    built, values = again.built, again.base.values
    if not built.layout.values or values is None:
        return ()
    layout = built.layout
    each = values[layout.ids] * layout.effective
    labels = np.bincount(layout.product, each, minlength=len(layout.routes.products)).astype(np.float64)
    labels = with_transfers(layout.case, labels)
    arrays = _least_money(built, near(again.live.arrays, built.program.learned, values), values, labels)
    alike = arrays.value is again.live.arrays.value
    live = Live(arrays, work=again.work, scaling=again.live.scaling if alike else None)
    link = built.program.rows["value_link"]
    if live.base.values is None:
        return ()
    near_by, pairs = NearBy(again, live, link.ids), zip(link.ids.tolist(), link.index["product"].tolist(), strict=True)
    worked = [(row, product, STEP * float(labels[product])) for row, product in pairs if labels[product] > 0]
    # What the next money returns is asked of every product before what the last returned, which takes longer.
    nexts = [near_by.plan(row, step) for row, _, step in worked]
    found = []
    for (row, product, step), (asked, more) in zip(worked, nexts, strict=True):
        name = layout.routes.products[product]
        if not asked:
            again.leave("margins", name)
            continue
        free = np.concatenate([_floors(built, product), _floors(built, product, ("funded_items",))])
        is_asked, here, fewer = near_by.without_the_last(row, step, free)
        cost, weighed = _taken(built, live.arrays, live.base.values, more, step)
        saved, spared = _taken(built, live.arrays, fewer, here, step)
        if not is_asked:
            again.leave("last returns", name)
        ends = value_of_labels(layout.values[product], float(labels[product]), step)
        value, last = (one * float(layout.payments.value_factor[product]) for one in ends)
        found.append(Margin(name, value - weighed, cost, hurdle(layout.case), last - spared, saved, is_asked))
    return tuple(sorted(found, key=lambda one: -np.inf if one.returns is None else -one.returns))


def value_of_labels(one: ProductValue, labels: float, step: float) -> tuple[float, float]:
    """Value of the next and of the last label: by the straight pieces that the plan is made with, for at a joint of two of them
    the curve itself says that a little less would be better, or a little more; by the curve where it has steps or ends."""
    joints, slopes = one.segments.lengths.cumsum(), one.worth * one.segments.slopes
    if one.steps or not len(joints):
        # By differences on both sides: at an end or a joint of a table the slope just before it is that of the labels there are.
        return _difference(one, labels + step, step), _difference(one, labels, step)
    after, before = np.searchsorted(joints, [labels + step / 2, labels - step / 2])
    more = float(slopes[after]) if after < len(joints) else _difference(one, labels + step, step)
    return more, float(slopes[before]) if before < len(joints) else _difference(one, labels, step)


def _difference(one: ProductValue, labels: float, step: float) -> float:
    """Value of each of the last of so many labels, with what a gate pays that rests on them."""
    return (one.money(labels) - one.money(labels - step)) / step


def _taken(
    built: Built, least: ProgramArrays, fewer: Floats | None, more: Floats | None, step: float
) -> tuple[float | None, float]:
    """Money that each label takes between two plans so many labels apart, and what it weighs in the goal without being spent:
    escaped errors, and penalties; None without them."""
    if fewer is None or more is None:
        return None, 0.0
    change, spend, goal = more - fewer, built.ties[0].costs, built.aims[0].name
    money = float(built.worth @ change[: len(built.worth)])
    counted = {"net-value": hurdle(built.layout.case) * money, "value": float(spend @ change[: len(spend)])}
    weighed = float(least.costs @ change) - counted.get(goal, money)
    size = float(np.abs(least.costs * change).sum())
    return money / step, weighed / step if abs(weighed) > ROUNDING * size else 0.0


def _least_money(built: Built, arrays: ProgramArrays, values: Floats, labels: Floats) -> ProgramArrays:
    """The program that seeks the least money for the labels of a plan, without budgets; arrays: the program near the plan."""
    stretches = built.program.columns["value_stretch"]
    # With value held, what is left of net value is money at the hurdle, escaped errors and penalties.
    costs = (-arrays.costs if arrays.maximise else arrays.costs).copy()
    costs[stretches.ids] = 0.0
    if built.aims[0].name == "value":
        costs[: len(built.ties[0].costs)] += built.ties[0].costs
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    lower[stretches.ids] = upper[stretches.ids] = values[stretches.ids]
    row_upper, link = arrays.row_upper.copy(), built.program.rows["value_link"]
    counted = np.bincount(stretches.index["product"], values[stretches.ids], minlength=len(labels))
    products = link.index["product"]
    row_upper[link.ids] = counted[products] - labels[products]
    for family in PURSES:
        if family in built.program.rows:
            row_upper[built.program.rows[family].ids] = np.inf
    return replace(
        arrays, maximise=False, offset=0.0, costs=frozen(costs), lower=frozen(lower), upper=frozen(upper),
        row_upper=frozen(row_upper),
    )  # fmt: skip


@dataclass(frozen=True)
class MoreMoney:
    """What a larger budget would do."""

    amount: float
    """In the currency of the budget."""
    spent: float
    """Part of it the plan would spend."""
    worth: Worth
    lines: tuple[tuple[str, str, str, float], ...]
    """Product, vendor, workflow, and change of the money there; largest first, small ones left out. None where nothing is gained or
    spent: work that moves between plans that are equally good says nothing."""
    made: tuple[tuple[str, float], ...] = ()
    """Product and change of its items, largest fall first: work of people who are paid anyway moves without money."""

    @property
    def counts(self) -> bool:
        """Whether money or the objective changes."""
        gain = self.worth.gain
        return gain is None or abs(gain) >= HALF_A_CENT or abs(self.spent) >= HALF_A_CENT


def more_money(again: Again, amounts: Sequence[float]) -> tuple[MoreMoney, ...]:
    """The plan with the total budget raised by each amount; nothing where the case has no total budget."""
    built = again.built
    rows = built.program.rows.get("budget")
    if rows is None or again.base.values is None:
        return ()
    there, found = float(again.live.arrays.row_upper[rows.start]), []
    before = _spend(built, again.base.values)
    for amount in amounts:
        change = Change(rows=rows.ids, row_lower=np.array([-np.inf]), row_upper=np.array([there + amount]))
        after = again.change(change, partial(again.case, _with_budget(built.layout.case, amount)))
        if after.worth.state == "left":
            again.leave("money", f"{amount:,.0f} more")
        if after.values is not None:
            more = _more(amount, before, after)
            if budget_currency(built.layout.case) != built.layout.case.currency:
                more = replace(more, spent=_counted(after.built, after.values) - _counted(built, again.base.values))
            found.append(more)
    return tuple(found)


def less_money(again: Again) -> MoreMoney | None:
    """The plan with a tenth less than it spends of the total budget; None without one, or where no plan spends so little.

    The amount is below zero, and so is what of it is spent."""
    built, values = again.built, again.base.values
    rows = built.program.rows.get("budget")
    if rows is None or values is None:
        return None
    used, there = _counted(built, values), float(again.live.arrays.row_upper[rows.start])
    if not np.isfinite(there) or used <= 0:
        return None
    amount = round_amount(TAKEN * used)
    change = Change(rows=rows.ids, row_lower=np.array([-np.inf]), row_upper=np.array([used - amount]))
    after = again.change(change, partial(again.case, _with_budget(built.layout.case, used - amount - there)))
    if after.worth.state == "left":
        again.leave("money", f"{amount:,.0f} less")
    if after.values is None:
        return None
    found = _more(-amount, _spend(built, values), after)
    moved = _items(after.built, after.values) - _items(built, values)
    order = [place for place in np.argsort(moved, kind="stable").tolist() if abs(moved[place]) >= 0.5]
    names = built.layout.routes.products
    return replace(found, made=tuple((names[place], float(moved[place])) for place in order if found.counts))


def _items(built: Built, values: Floats) -> Floats:
    """Items by product."""
    layout = built.layout
    return np.bincount(layout.product, values[layout.ids], len(layout.routes.products)).astype(np.float64)


def _counted(built: Built, values: Floats) -> float:
    """What counts in the row of the total budget, in its currency."""
    arrays, row = built.program.arrays(), built.program.rows["budget"].start
    mine = np.flatnonzero(arrays.index == row)
    return float(arrays.value[mine] @ values[arrays.column[mine]])


def _more(amount: float, before: Mapping[tuple[int, int, int], float], after: Resolved) -> MoreMoney:
    assert after.values is not None
    ways, now = after.built.layout.routes, _spend(after.built, after.values)
    change = {key: now.get(key, 0.0) - before.get(key, 0.0) for key in sorted({*now, *before})}
    spent = sum(change.values())
    moved = sorted((-abs(part), key) for key, part in change.items() if abs(part) > SHOWN * abs(amount) and key[0] >= 0)
    lines = tuple((ways.products[p], ways.vendors[v], ways.workflows[w], change[p, v, w]) for _, (p, v, w) in moved)
    found = MoreMoney(amount, float(spent), after.worth, lines)
    return found if found.counts else replace(found, lines=())


def _spend(built: Built, values: Floats) -> dict[tuple[int, int, int], float]:
    """Money by product, vendor and workflow; what hangs on no line (tiers, fees) under -1."""
    layout, ways = built.layout, built.layout.routes
    each = values[layout.ids] * layout.cost
    by_route = np.bincount(layout.route, each, minlength=ways.count)
    axes = zip(ways.product.tolist(), ways.vendor.tolist(), ways.workflow.tolist(), strict=True)
    found: dict[tuple[int, int, int], float] = {}
    for key, amount in zip(axes, by_route.tolist(), strict=True):
        found[key] = found.get(key, 0.0) + amount
    found[-1, -1, -1] = float(built.ties[0].costs @ values[: len(built.ties[0].costs)]) - float(each.sum())
    return found


def _with_budget(case: Case, more: float) -> Case:
    """The case with a larger total budget."""
    total = case.file.budget.total
    assert total is not None
    budget = case.file.budget.model_copy(update={"total": replace(total, number=total.number + more)})
    return replace(case, file=case.file.model_copy(update={"budget": budget}))


@dataclass(frozen=True)
class Left:
    """Budget that is not spent, and what spending more of it would do."""

    currency: str
    """That of the budget."""
    amount: float
    step: float
    worth: Worth
    """Of a plan that has to spend the step on top."""
    returns: float | None
    """Money of value the step would return per money, where net value is the objective and both are of one currency."""


def money_left(again: Again, plan: Plan, budget: Check | None) -> Left | None:
    """Why the budget is not all spent: what a plan made to spend more would lose; None where it is spent."""
    own = budget is not None and budget.unit == plan.currency
    spend = plan.spend if budget is None or own else budget.used
    if budget is None or budget.limit - spend <= SPENT * budget.limit:
        return None
    left, rows = budget.limit - spend, again.built.program.rows["budget"]
    step = round_amount(min(0.1 * left, 0.01 * budget.limit))
    change = Change(rows=rows.ids, row_lower=np.array([spend + step]), row_upper=np.array([budget.limit]))
    worth = again.change(change).worth
    net = own and again.built.aims[0].name == "net-value" and worth.gain is not None
    returns = plan.hurdle + worth.gain / step if net and worth.gain is not None else None
    return Left(budget.unit, left, step, worth, returns)


@dataclass(frozen=True)
class Forced:
    """A product that gets money only because a floor asks for it."""

    product: str
    money: float
    """Money the product would not get without its floors on items, milestones, value and score."""
    worth: Worth
    """What the plan would gain without them."""


def forced(again: Again) -> tuple[Forced, ...]:
    """Products funded below the hurdle because a floor asks for it: the plan without the floors of each.

    Only where net value is the objective: else there is no hurdle to be below.
    """
    built, values, found = again.built, again.base.values, []
    if values is None or built.aims[0].name != "net-value":
        return ()
    names = built.layout.routes.products
    before = _by_product(built, values)
    for product, name in enumerate(names):
        rows = _floors(built, product)
        duals = again.base.row_duals
        if not len(rows) or (not again.live.mixed and duals is not None and (np.abs(duals[rows]) <= 1e-12).all()):
            continue
        arrays = again.live.arrays
        free = Change(rows=rows, row_lower=np.full(len(rows), -np.inf), row_upper=arrays.row_upper[rows])
        after = again.change(free)
        if after.worth.state == "left":
            again.leave("forced", name)
        if after.values is None or (after.worth.gain or 0.0) <= SPENT * again.size:
            continue  # without the floors the plan is no better: they force nothing out, though another plan may be as good
        money = float(before[product] - _by_product(built, after.values)[product])
        if money > SPENT * sum(before):
            found.append(Forced(name, money, after.worth))
    return tuple(sorted(found, key=lambda one: -one.money))


def _floors(built: Built, product: int, families: Sequence[str] = FLOORS) -> NDArray[np.int32]:
    rows = [
        block.ids[block.index["product"] == product] for name, block in built.program.rows.items() if name in families
    ]
    return np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)


def _by_product(built: Built, values: Floats) -> Floats:
    """Money by product, without what depends on volume or is a fee."""
    layout = built.layout
    count = len(layout.routes.products)
    return np.bincount(layout.product, values[layout.ids] * layout.cost, minlength=count).astype(np.float64)
