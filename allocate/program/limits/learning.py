"""Columns and rows of pairs that learn: hours that fall with the work done so far, along a concave curve."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from allocate.costing.supply.purse import money_and_least
from allocate.costing.supply.teams import Team
from allocate.costing.supply.throughput import Capacity
from allocate.costing.work.learners import Chords, Learner, chords
from allocate.program.arrays import Floats
from allocate.program.layout import Layout
from allocate.program.learned import Learned
from allocate.program.model import Model, axes_of, unlimited
from allocate.program.naming import Block
from allocate.program.program import Program
from allocate.tolerances import LEARNED_HOURS


def least_hours(layout: Layout, vendor: int) -> float:
    """Least hours a vendor can have in a period in which it has any; infinite where its hours limit nothing."""
    amounts = [capacity.amounts for capacity in _in_hours(layout, vendor)]
    amounts += [_of_one_person(team) for team in layout.teams if team.vendor == vendor]
    hours = np.concatenate([*amounts, [np.inf]])
    return float(hours[hours > 0].min())


def _in_hours(layout: Layout, vendor: int) -> list[Capacity]:
    """The capacities of a vendor in hours of a period."""
    every = layout.capacities
    return [capacity for capacity in every if capacity.family == "vendor_hours" and capacity.vendor == vendor]


def _of_one_person(team: Team) -> Floats:
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
    amounts = [capacity.most for capacity in _in_hours(layout, vendor)]
    amounts += [team.most_hours(money) for team in layout.teams if team.vendor == vendor]
    total: Floats = np.cumsum(np.sum(amounts, axis=0)) if amounts else np.full(case.periods.count, np.inf)
    return total


def learned_work(model: Model) -> None:
    r"""The work a pair has done by the end of each period, in standard hours, on stretches of its curve.

    .. math:: \sum_k u_{lkt} = \sum_k u_{lk,t-1} + \sum_{r \in R(l)} h_r \, x_{rt}, \qquad 0 \le u_{lkt} \le L_{lk}
        \qquad \forall l, t \qquad [\text{hours}]

    Stretches are those of chords under the pair's concave curve H of hours against standard hours (Wright 1936,
    Crawford 1944), so that the hours of a period are :math:`H_{lt} = \sum_k s_{lk} (u_{lkt} - u_{lk,t-1})`, s falling.
    They are short of those of the curve by no more than the chords' error, which the rows of the vendor's hours leave free:
    every plan keeps its hours by the curve itself.

    Dual: money the plan gains from one standard hour of work done before period t, for nothing.
    """
    program, layout, learners = model.program, model.layout, model.layout.routes.learners
    if not learners:
        return
    reach = np.array([[learner.work(hours) for hours in _hours_by_end(layout, learner.vendor)] for learner in learners])
    curves = tuple(_curve(layout, learner, float(most[-1])) for learner, most in zip(learners, reach, strict=True))
    periods = reach.shape[1]
    cells = [
        (learner.product, learner.vendor, period, stretch, length, most - before)
        for learner, curve, ends in zip(learners, curves, reach.tolist(), strict=True)
        for period, most in enumerate(ends)
        for stretch, (length, before) in enumerate(
            zip(curve.lengths.tolist(), (np.cumsum(curve.lengths) - curve.lengths).tolist(), strict=True)
        )
    ]
    axes = axes_of(("product", "vendor", "period", "stretch"), [cell[:4] for cell in cells])
    upper = np.clip([cell[5] for cell in cells], 0.0, [cell[4] for cell in cells])
    stretches = program.add_columns("learned_stretch", axes, upper=upper)
    keys = [(learner.product, learner.vendor, period) for learner in learners for period in range(periods)]
    rows = program.add_rows("learned_work", axes_of(("product", "vendor", "period"), keys), lower=0.0, upper=0.0)
    model.learned = Learned(learners, curves, reach, stretches)
    for position, ids in enumerate(rows.ids.reshape(len(learners), periods)):
        columns = model.learned.columns(position)
        program.add_terms(np.repeat(ids, columns.shape[1]), columns.ravel(), 1.0)
        program.add_terms(np.repeat(ids[1:], columns.shape[1]), columns[:-1].ravel(), -1.0)
    for hours, when in layout.stages():
        model.put_items(rows, -hours, when)
    model.learned = replace(model.learned, steps=_steps(program, model.learned))


def _curve(layout: Layout, learner: Learner, within_hours: float) -> Chords:
    """The chords of a pair up to all the work it could do.

    Raises CaseError where nothing limits that.
    """
    routes = layout.routes
    own = (routes.product == learner.product) & (routes.vendor == learner.vendor)
    most = min(within_hours, float(layout.most_items[learner.product, learner.vendor] * routes.hours[own].max()))
    if not np.isfinite(most):
        raise unlimited(layout, [learner.product], "learning needs")
    together = sum(other.vendor == learner.vendor for other in layout.routes.learners)
    return chords(
        learner, most if most > 0.0 else learner.each, LEARNED_HOURS * least_hours(layout, learner.vendor) / together
    )


def _steps(program: Program, learned: Learned) -> Block | None:
    """A column for each joint of the curves, by period: whether the work done by its end has passed it."""
    assert learned.reach is not None
    cells = [
        (learner.product, learner.vendor, period, step, float(end <= most))
        for learner, curve, ends in zip(learned.learners, learned.curves, learned.reach.tolist(), strict=True)
        for period, most in enumerate(ends)
        for step, end in enumerate(np.cumsum(curve.lengths)[:-1].tolist())
    ]
    if not cells:
        return None
    axes = axes_of(("product", "vendor", "period", "step"), [cell[:4] for cell in cells])
    return program.add_columns("learned_step", axes, upper=[cell[4] for cell in cells], integer=True)


def learned_filled(model: Model) -> None:
    r"""A joint of the curve is passed only when the stretch before it is full.

    .. math:: u_{lkt} \ge L_{lk} \, z_{lkt}, \qquad z_{lkt} \in \{0, 1\} \qquad \forall l, k, t \qquad [\text{hours}]

    With `learned_open` the incremental model of Markowitz and Manne (Econometrica 1957): the curve bends down, and without
    whole z a plan would begin with its last, lightest hours.

    Dual: of little meaning while z is a whole number.
    """
    _tied(model, "learned_filled", 0)


def learned_open(model: Model) -> None:
    r"""The stretch after a joint holds work only when the joint is passed.

    .. math:: u_{l,k+1,t} \le L_{l,k+1} \, z_{lkt} \qquad \forall l, k, t \qquad [\text{hours}]

    Dual: of little meaning while z is a whole number.
    """
    _tied(model, "learned_open", 1)


def _tied(model: Model, family: str, after: int) -> None:
    """Rows that tie the stretch before (after) each joint to its column."""
    learned, steps = model.learned, model.learned.steps
    if steps is None:
        return
    stretches, lengths = [], []
    for position, curve in enumerate(learned.curves):
        ids, joints = learned.columns(position), len(curve.lengths) - 1
        stretches.append(ids[:, after : after + joints].ravel())
        lengths.append(np.tile(curve.lengths[after : after + joints], len(ids)))
    model.tie(family, steps.index, np.concatenate(stretches), steps.ids, np.concatenate(lengths), at_least=not after)


def learned_kept(model: Model) -> None:
    r"""What has been learnt stays learnt: a joint passed by one period is passed by the next.

    .. math:: z_{lkt} \ge z_{lk,t-1} \qquad \forall l, k, t > 0 \qquad [\text{joints}]

    It follows from the work done, which never falls; said outright it makes the relaxation tighter.

    Dual: of little meaning while z is a whole number.
    """
    program, steps = model.program, model.learned.steps
    if steps is None:
        return
    later = np.flatnonzero(steps.index["period"] > 0)
    if not len(later):
        return
    rows = program.add_rows("learned_kept", {name: axis[later] for name, axis in steps.index.items()}, lower=0.0)
    program.add_terms(rows.ids, steps.ids[later], 1.0)
    program.add_terms(rows.ids, steps.at(**{**rows.index, "period": rows.index["period"] - 1}), -1.0)
