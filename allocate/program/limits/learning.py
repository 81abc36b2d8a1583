"""Columns and rows of pairs that learn: hours that fall with the work done so far, along a concave curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.costing.supply.purse import money_and_least
from allocate.costing.supply.teams import Team
from allocate.costing.supply.throughput import vendor_capacities
from allocate.costing.work.learners import Chords, Learner, chords
from allocate.costing.work.stages import parts
from allocate.errors import CaseError, Problem
from allocate.program.layout import Floats, Integers, Layout
from allocate.program.naming import Block
from allocate.program.program import Program
from allocate.tolerances import LEARNED_HOURS


@dataclass(frozen=True, eq=False)
class Learned:
    """The pairs of a program that learn, and the columns of the work they have done."""

    learners: tuple[Learner, ...] = ()
    curves: tuple[Chords, ...] = ()
    reach: Floats | None = None
    """Most standard hours each pair can have done by the end of each period, shape (L, T)."""
    stretches: Block | None = None
    steps: Block | None = None

    def columns(self, position: int) -> Integers:
        """Numbers of a pair's columns by period and stretch, shape (T, K)."""
        assert self.stretches is not None
        assert self.reach is not None
        periods = self.reach.shape[1]
        first = self.stretches.start + periods * sum(len(one.lengths) for one in self.curves[:position])
        count = periods * len(self.curves[position].lengths)
        return np.arange(first, first + count, dtype=np.int32).reshape(periods, -1)

    def error(self, vendor: int) -> float:
        """Most hours by which the chords of a vendor's pairs can be wrong in a period."""
        pairs = zip(self.learners, self.curves, strict=True)
        return float(sum(curve.error for one, curve in pairs if one.vendor == vendor))

    def learns(self, layout: Layout) -> NDArray[np.bool_]:
        """Which routes belong to a pair that learns."""
        routes = layout.routes
        pairs = np.zeros((len(routes.products), len(routes.vendors)), dtype=bool)
        for one in self.learners:
            pairs[one.product, one.vendor] = True
        found: NDArray[np.bool_] = pairs[routes.product, routes.vendor]
        return found

    def left(self, vendor: int, hours: Floats) -> Floats:
        """Hours of a vendor by period less those that stay free."""
        return np.maximum(hours - self.error(vendor), 0.0) if self.learners else hours

    def free_share(self, vendor: int) -> float:
        """Share of a team's hours that stays free: the error is at most that of the least hours it can have."""
        return LEARNED_HOURS if any(one.vendor == vendor for one in self.learners) else 0.0

    def widest(self, layout: Layout, family: str, vendor: Integers, period: Integers) -> Floats:
        """Hours by which rows of a family by vendor and period are to be widened for every plan of the case to keep them."""
        error = np.array([self.error(one) for one in range(len(layout.routes.vendors))])
        free = np.repeat(2.0 * error[:, None], layout.case.periods.count, axis=1)
        for team in layout.teams if family == "team_hours" else ():
            left = self.free_share(team.vendor)
            free[team.vendor] = error[team.vendor] + (left * team.most_hours(np.inf) if left else 0.0)
        widened: Floats = free[vendor, period]
        return widened

    def put_hours(self, program: Program, rows: Integers, vendor: int) -> None:
        """Put the hours of a vendor's pairs into rows, one of each period, shape (T,)."""
        for position, (one, curve) in enumerate(zip(self.learners, self.curves, strict=True)):
            if one.vendor != vendor:
                continue
            ids, slopes = self.columns(position), curve.slopes
            program.add_terms(np.repeat(rows, len(slopes)), ids.ravel(), np.tile(slopes, len(rows)))
            program.add_terms(np.repeat(rows[1:], len(slopes)), ids[:-1].ravel(), -np.tile(slopes, len(rows) - 1))


NOTHING_LEARNED = Learned()
"""Of programs without pairs that learn."""


def least_hours(layout: Layout, vendor: int) -> float:
    """Least hours a vendor can have in a period in which it has any; infinite where its hours limit nothing."""
    found = [
        one.amounts
        for one in vendor_capacities(layout.case)
        if one.by_period and one.noun == "h" and one.vendor == vendor
    ]
    found += [_of_one(team) for team in layout.teams if team.vendor == vendor]
    hours = np.concatenate([*found, [np.inf]])
    return float(hours[hours > 0].min())


def _of_one(team: Team) -> Floats:
    """Hours of one person of a team by period, in the ramp where that is less."""
    worth = min([1.0, *(share for share in team.ramp if share > 0)])
    hours: Floats = team.hours * team.worked * worth
    return hours


def _hours_by_end(layout: Layout, vendor: int) -> Floats:
    """Most hours a vendor has from the start to the end of each period, shape (T,); infinite where that may change."""
    case = layout.case
    if ("capacity", vendor) in layout.ignoring:
        return np.full(case.periods.count, np.inf)
    ignored = any(kind == "money" for kind, _ in layout.ignoring)
    money = np.inf if ignored else money_and_least(case, layout.routes)[0]
    found = [one.most for one in vendor_capacities(case) if one.by_period and one.noun == "h" and one.vendor == vendor]
    found += [team.most_hours(money) for team in layout.teams if team.vendor == vendor]
    total: Floats = np.cumsum(np.sum(found, axis=0)) if found else np.full(case.periods.count, np.inf)
    return total


def learned_work(program: Program, layout: Layout) -> Learned:
    r"""The work a pair has done by the end of each period, in standard hours, on stretches of its curve.

    .. math:: \sum_k u_{lkt} = \sum_k u_{lk,t-1} + \sum_{r \in R(l)} h_r \, x_{rt}, \qquad 0 \le u_{lkt} \le L_{lk}
        \qquad \forall l, t \qquad [\text{hours}]

    Stretches are those of chords under the pair's concave curve H of hours against standard hours (Wright 1936,
    Crawford 1944), so that the hours of a period are :math:`H_{lt} = \sum_k s_{lk} (u_{lkt} - u_{lk,t-1})`, s falling.
    They are short of those of the curve by no more than the chords' error, which the rows of the vendor's hours leave free:
    every plan keeps its hours by the curve itself.

    Dual: money the plan gains from one standard hour of work done before period t, for nothing.
    """
    learners = layout.routes.learners
    if not learners:
        return NOTHING_LEARNED
    reach = np.array([[one.work(hours) for hours in _hours_by_end(layout, one.vendor)] for one in learners])
    curves = tuple(_curve(layout, one, float(most[-1])) for one, most in zip(learners, reach, strict=True))
    periods = reach.shape[1]
    cells = [
        (one.product, one.vendor, period, stretch, length, most - before)
        for one, curve, ends in zip(learners, curves, reach.tolist(), strict=True)
        for period, most in enumerate(ends)
        for stretch, (length, before) in enumerate(
            zip(curve.lengths.tolist(), (np.cumsum(curve.lengths) - curve.lengths).tolist(), strict=True)
        )
    ]
    axes = {
        name: np.array([cell[at] for cell in cells])
        for at, name in enumerate(("product", "vendor", "period", "stretch"))
    }
    upper = np.clip([cell[5] for cell in cells], 0.0, [cell[4] for cell in cells])
    stretches = program.add_columns("learned_stretch", axes, upper=upper)
    pairs = {
        "product": np.repeat([one.product for one in learners], periods),
        "vendor": np.repeat([one.vendor for one in learners], periods),
        "period": np.tile(np.arange(periods), len(learners)),
    }
    learned = Learned(learners, curves, reach, stretches)
    rows = program.add_rows("learned_work", pairs, lower=0.0, upper=0.0)
    _work(program, layout, learned, rows.ids.reshape(len(learners), periods))
    return Learned(learners, curves, reach, stretches, _steps(program, learned))


def _work(program: Program, layout: Layout, learned: Learned, rows: Integers) -> None:
    """Put the work of each period, and what was done before, into rows of shape (L, T)."""
    routes = layout.routes
    number = np.full((len(routes.products), len(routes.vendors)), -1)
    for position, one in enumerate(learned.learners):
        number[one.product, one.vendor] = position
        ids = learned.columns(position)
        stretches = ids.shape[1]
        program.add_terms(np.repeat(rows[position], stretches), ids.ravel(), 1.0)
        program.add_terms(np.repeat(rows[position, 1:], stretches), ids[:-1].ravel(), -1.0)
    mine = number[layout.product, layout.vendor]
    for begins, hours in parts(routes):
        then = layout.period + (begins if isinstance(begins, int) else begins[layout.route])
        chosen = np.flatnonzero((mine >= 0) & (hours[layout.route] > 0))
        program.add_terms(rows[mine[chosen], then[chosen]], layout.ids[chosen], -hours[layout.route[chosen]])


def _curve(layout: Layout, one: Learner, within_hours: float) -> Chords:
    """The chords of a pair up to all the work it could do.

    Raises CaseError where nothing limits that.
    """
    routes = layout.routes
    mine = (routes.product == one.product) & (routes.vendor == one.vendor)
    most = min(within_hours, float(layout.most_items[one.product, one.vendor] * routes.hours[mine].max()))
    if not np.isfinite(most):
        name = routes.products[one.product]
        message = f"nothing limits how many items of {name} could be ordered, which learning needs to know"
        place = layout.case.place("products", name)
        raise CaseError([Problem(message, place, "add `demand: {at-most: …}`, a budget, or capacities")])
    together = sum(other.vendor == one.vendor for other in layout.routes.learners)
    return chords(one, max(most, one.each), LEARNED_HOURS * least_hours(layout, one.vendor) / together)


def _steps(program: Program, learned: Learned) -> Block | None:
    """A column for each joint of the curves, by period: whether the work done by its end has passed it."""
    assert learned.reach is not None
    cells = [
        (one.product, one.vendor, period, step, float(end <= most))
        for one, curve, ends in zip(learned.learners, learned.curves, learned.reach.tolist(), strict=True)
        for period, most in enumerate(ends)
        for step, end in enumerate(np.cumsum(curve.lengths)[:-1].tolist())
    ]
    if not cells:
        return None
    axes = {
        name: np.array([cell[at] for cell in cells]) for at, name in enumerate(("product", "vendor", "period", "step"))
    }
    return program.add_columns("learned_step", axes, upper=[cell[4] for cell in cells], integer=True)


def learned_filled(program: Program, layout: Layout, learned: Learned) -> None:
    r"""A joint of the curve is passed only when the stretch before it is full.

    .. math:: u_{lkt} \ge L_{lk} \, z_{lkt}, \qquad z_{lkt} \in \{0, 1\} \qquad \forall l, k, t \qquad [\text{hours}]

    With `learned_open` the incremental model of Markowitz and Manne (Econometrica 1957): the curve bends down, and without
    whole z a plan would begin with its last, lightest hours.

    Dual: of little meaning while z is a whole number.
    """
    _tied(program, learned, "learned_filled", 0)


def learned_open(program: Program, layout: Layout, learned: Learned) -> None:
    r"""The stretch after a joint holds work only when the joint is passed.

    .. math:: u_{l,k+1,t} \le L_{l,k+1} \, z_{lkt} \qquad \forall l, k, t \qquad [\text{hours}]

    Dual: of little meaning while z is a whole number.
    """
    _tied(program, learned, "learned_open", 1)


def _tied(program: Program, learned: Learned, family: str, after: int) -> None:
    """Rows that tie the stretch before (after) each joint to its column."""
    steps = learned.steps
    if steps is None:
        return
    stretches, lengths = [], []
    for position, curve in enumerate(learned.curves):
        ids, joints = learned.columns(position), len(curve.lengths) - 1
        stretches.append(ids[:, after : after + joints].ravel())
        lengths.append(np.tile(curve.lengths[after : after + joints], len(ids)))
    lower, upper = (-np.inf, 0.0) if after else (0.0, np.inf)
    rows = program.add_rows(family, dict(steps.index), lower=lower, upper=upper)
    program.add_terms(rows.ids, np.concatenate(stretches), 1.0)
    program.add_terms(rows.ids, steps.ids, -np.concatenate(lengths))


def learned_kept(program: Program, layout: Layout, learned: Learned) -> None:
    r"""What has been learnt stays learnt: a joint passed by one period is passed by the next.

    .. math:: z_{lkt} \ge z_{lk,t-1} \qquad \forall l, k, t > 0

    It follows from the work done, which never falls; said outright it makes the relaxation tighter.

    Dual: of little meaning while z is a whole number.
    """
    steps = learned.steps
    if steps is None:
        return
    later = np.flatnonzero(steps.index["period"] > 0)
    if not len(later):
        return
    joints = {
        (one.product, one.vendor): len(curve.lengths) - 1
        for one, curve in zip(learned.learners, learned.curves, strict=True)
    }
    pairs = zip(steps.index["product"][later].tolist(), steps.index["vendor"][later].tolist(), strict=True)
    back = np.array([joints[pair] for pair in pairs])
    rows = program.add_rows("learned_kept", {name: axis[later] for name, axis in steps.index.items()}, lower=0.0)
    program.add_terms(rows.ids, steps.ids[later], 1.0)
    program.add_terms(rows.ids, steps.ids[later] - back, -1.0)
