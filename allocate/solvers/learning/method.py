"""A program with pairs that learn: the bound of its wide program, and a plan that keeps its hours by the curves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from allocate.program.arrays import Floats, ProgramArrays, maximised
from allocate.program.learned import Learned
from allocate.program.structure import unknown
from allocate.solvers.branching.merged_periods import first_plan
from allocate.solvers.highs import solve_arrays
from allocate.solvers.learning.pursuit import COSTLY, STEPS, Pursuit, TruePlan, better
from allocate.solvers.learning.restriction import Restriction
from allocate.solvers.learning.tree_search import NEAR, tree_search
from allocate.solvers.learning.whole_numbers import Whole
from allocate.solvers.outcome import Limit, Outcome, Status, gap_of, is_feasible
from allocate.solvers.scaled import found_outward, scaled
from allocate.solvers.search import Clock, Found
from allocate.solvers.task import Task
from allocate.solvers.watch import Cancel, Watch
from allocate.tolerances import GOAL_HELD, PROVEN

WIDE = 0.6
"""Part of a time limit that the wide program may take where it has whole numbers."""
LEAST = 1e-3
"""Seconds that goals after the first one get where none are left: they end at once."""
OPEN = "hours that fall with learning are not convex: no better plan was found, and the proof leaves this gap open"
"""Why a plan is not called best where no time limit ended the search."""
NONE_FOUND = "no plan was found that keeps the hours of vendors that learn, and the proof does not rule one out"
"""What is known where the wide program has plans and none of them became one of the case."""
EXCLUDED = "no plan keeps the hours of vendors that learn"
SOON = 12_000
"""Steps of the simplex method in each linear program on the first way to an early plan, at most."""
AT_LEAST_COSTLY = 20.0
"""An hour that is short costs no less than so many times what the objective comes to for an hour there is."""


def solved_truly(task: Task, learned: Learned, wide: Callable[[Task], Outcome]) -> Outcome:
    """The outcome of a program in which some pairs learn; wide: solves the program as it stands, which their curves lie within.

    The bound is that of the wide program: every plan of the case is one of its plans. The plan comes from restrictions of
    it. Status and gap say how far the two are apart.
    """
    clock, watch = Clock(task.time_limit, task.closing), Watch(task.cancel)
    early = _early(task, learned, watch, clock)
    near = Near(task.arrays, learned, watch, clock)
    outcome = wide(_wide(task, early, near, clock))
    if outcome.values is None or outcome.objective is None:
        return (
            outcome
            if early is None or outcome.status is not Status.STOPPED
            else _told(task, learned, outcome, early, clock)
        )
    found = better(task.arrays, [early, near.best])
    if near.best is None or not _closed(task.arrays.objective(near.best.values), outcome.bound, task.gap or PROVEN):
        also = best_plan(task.arrays, learned, outcome, watch, clock, task.cancel, fewer=True)
        found = better(task.arrays, [found, also])
    searched = tree_search(task, learned, outcome, found, _price(task.arrays, learned, outcome), clock)
    found = searched.plan
    if found is None and searched.exhausted:
        return replace(_without(outcome), status=Status.INFEASIBLE, limit=None, bound=None, message=EXCLUDED)
    if found is None:
        limit = Limit.INTERRUPT if watch.stopped else Limit.TIME if clock.left == 0.0 else Limit.OTHER
        return replace(_without(outcome), status=Status.STOPPED, limit=limit, message=NONE_FOUND)
    better_bound = replace(outcome, bound=searched.bound, parted=searched.parts)
    return _told(task, learned, better_bound, found, clock)


class Near:
    """Plans of the case near those of the wide program, with the same whole numbers; the best of them is kept."""

    def __init__(self, arrays: ProgramArrays, learned: Learned, watch: Watch, clock: Clock) -> None:
        self.arrays, self.learned, self.watch, self.clock = arrays, learned, watch, clock
        self.best: TruePlan | None = None

    def __call__(self, values: Floats) -> Floats | None:
        """The plan of the case near a plan, shape (n,) each; None where none is found."""
        arrays = self.arrays
        pursuit = Pursuit(arrays.with_whole_numbers(values), self.learned, self.watch, self.clock)
        known = Found(Status.FEASIBLE, objective=arrays.objective(values), values=values)
        plan = pursuit.near(values, _price(arrays, self.learned, known))
        self.best = better(arrays, [self.best, plan])
        return None if plan is None else plan.values


def _wide(task: Task, early: TruePlan | None, near: Near, clock: Clock) -> Task:
    """The wide program's own solve: it begins with the early plan, and of its plans those are told that are the case's."""
    part = WIDE if task.arrays.integer.any() else 1.0
    limit = None if task.time_limit is None else part * task.time_limit
    start = None if early is None else early.values

    def told(seconds: float, _: float | None, bound: float | None) -> None:
        assert task.progress is not None
        best = better(task.arrays, [early, near.best])
        task.progress(seconds, None if best is None else task.arrays.objective(best.values), bound)

    if task.progress is not None and early is not None:
        told(clock.spent, None, None)
    return replace(
        task, goals=(), time_limit=limit, start=start, progress=None if task.progress is None else told, true=near
    )


def _early(task: Task, learned: Learned, watch: Watch, clock: Clock) -> TruePlan | None:
    """A plan before the wide program is searched, so that there is one whenever the search ends; None where none is found soon."""
    if not task.arrays.integer.any():
        return None
    # Whole numbers of the wide program often leave no plan with true hours: those of one with hours to spare do.
    for arrays, steps in ((Restriction(task.arrays, learned).spare(), SOON), (task.arrays, STEPS)):
        first = _first(replace(task, arrays=arrays), watch, clock)
        plan = None if first is None else _near(task, learned, first, watch, clock, steps)
        if plan is not None:
            return plan
    return None


def _first(task: Task, watch: Watch, clock: Clock) -> Found | None:
    """A first plan of a program as it stands."""
    own = scaled(task)
    start = first_plan(maximised(own.task.arrays), task.structure, watch, clock)
    if start is None or start.row_duals is None:
        return None
    sign = 1.0 if task.arrays.maximise else -1.0
    found = found_outward(own.scaling, Found(Status.FEASIBLE, values=start.values, row_duals=sign * start.row_duals))
    assert found.values is not None
    return replace(found, objective=task.arrays.objective(found.values))


def _near(task: Task, learned: Learned, first: Found, watch: Watch, clock: Clock, steps: int) -> TruePlan | None:
    """A plan that keeps its hours, with the whole numbers of a first one; None where none is found soon. steps: as of `Pursuit`."""
    assert first.values is not None
    pursuit = Pursuit(task.arrays.with_whole_numbers(first.values), learned, watch, clock, steps=steps)
    return pursuit.first(first.values, _price(task.arrays, learned, first))


def best_plan(
    arrays: ProgramArrays,
    learned: Learned,
    wide: Outcome | Found,
    watch: Watch,
    clock: Clock,
    cancel: Cancel | None,
    also: Floats | None = None,
    fewer: bool = False,
) -> TruePlan | None:
    """The best plan found that keeps its hours, from a plan of the wide program: whole numbers as there, and then better ones.

    also: another plan to start from. fewer: whether plans whose gap is open are sought with fewer pairs at work, too.
    """
    assert wide.values is not None
    price, found = _price(arrays, learned, wide), list[TruePlan | None]()
    for start in [wide.values] if also is None else [wide.values, also]:
        fixed = arrays.with_whole_numbers(start) if arrays.integer.any() else arrays
        pursuit = Pursuit(fixed, learned, watch, clock)
        one = pursuit.best(start, price) if start is wide.values else pursuit.near(start, price)
        if fewer and one is not None and not _closed(arrays.objective(one.values), wide.bound, NEAR):
            one = pursuit.with_fewer(one, price)
        found.append(one)
    best = better(arrays, found)
    if not arrays.integer.any():
        return best
    whole = Whole(arrays, learned, watch, clock, cancel)
    best = whole.improved(best, wide.values, price)
    if not learned.is_paid or (best is not None and _closed(arrays.objective(best.values), wide.bound)):
        return best
    return whole.improved(best, wide.values, price, caps_hours=True)


def as_found(arrays: ProgramArrays, wide: Found, plan: TruePlan | None) -> Found:
    """A plan that keeps its hours as the end of a search whose bound is that of the wide program."""
    if plan is None:
        return Found(Status.STOPPED, Limit.OTHER, bound=wide.bound, message=NONE_FOUND)
    objective, bound = arrays.objective(plan.values), wide.bound
    proven = wide.status is Status.OPTIMAL and _closed(objective, bound)
    duals, reduced = plan.found.row_duals, plan.found.reduced_costs
    return Found(
        Status.OPTIMAL if proven else Status.FEASIBLE,
        None if proven else wide.limit or Limit.OTHER,
        objective,
        bound,
        plan.values,
        None if duals is None else duals[: arrays.row_count],
        None if reduced is None else reduced[: arrays.column_count],
        "" if proven else OPEN,
        wide.relaxation_duals if arrays.integer.any() else wide.row_duals,
    )


def _closed(objective: float, bound: float | None, near: float = PROVEN) -> bool:
    """Whether a plan reaches a bound, or comes so near."""
    return bound is not None and abs(bound - objective) <= near * max(1.0, abs(objective))


def _price(arrays: ProgramArrays, learned: Learned, outcome: Outcome | Found) -> float:
    """What an hour that is short costs at first: far more than an hour is worth anywhere."""
    duals = np.zeros(arrays.row_count) if outcome.row_duals is None else outcome.row_duals
    hours = float(learned.together(learned.hours_of(learned.reach))[:, -1].sum())
    worth = [float(np.abs(duals[rows]).max(initial=0.0)) for rows in (learned.least, learned.pace)]
    objective = abs(outcome.objective or 0.0)
    return max(COSTLY * max(worth), AT_LEAST_COSTLY * objective / hours if hours > 0.0 else 0.0) or 1.0


def _told(task: Task, learned: Learned, outcome: Outcome, found: TruePlan, clock: Clock) -> Outcome:
    """What came of it, the goals after the first one reached among plans that are true as well."""
    arrays = task.arrays
    values, ordered = found.values, None
    if task.goals:
        extra = np.zeros(found.arrays.column_count - arrays.column_count)
        goals = [replace(goal, costs=np.concatenate([goal.costs, extra])) for goal in task.goals]
        size = unknown(found.arrays.column_count, found.arrays.row_count)
        own = scaled(replace(task, arrays=found.arrays, structure=size, goals=goals, start=None, progress=None))
        left = None if clock.left is None else max(clock.left, LEAST)
        ordered = own.outward(
            found.arrays, solve_arrays(own.task.arrays, goals=own.task.goals, time_limit=left, cancel=task.cancel)
        )
        if ordered.values is not None and ordered.objective is not None:
            after = Restriction(arrays, learned).true(ordered.values)
            lost = abs(arrays.objective(after) - arrays.objective(found.values))
            if is_feasible(arrays, after) and lost <= GOAL_HELD * max(1.0, abs(arrays.objective(found.values))):
                values = after
    objective = arrays.objective(found.values)
    bound = outcome.bound
    gap = gap_of(objective, bound)
    proven = _closed(objective, bound) and outcome.status is Status.OPTIMAL
    limit = None if proven else _limit(task, outcome, gap, clock)
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    duals = found.found.row_duals
    stages = () if ordered is None else tuple(ordered.stages)
    if stages:
        stages = (replace(stages[0], status=status, limit=limit, objective=objective, bound=bound), *stages[1:])
    return replace(
        outcome,
        status=status,
        limit=limit,
        objective=objective,
        gap=gap,
        values=values,
        row_values=arrays.activity(values),
        row_duals=None if duals is None else duals[: arrays.row_count],
        reduced_costs=None if found.found.reduced_costs is None else found.found.reduced_costs[: arrays.column_count],
        duals_are_local=True,
        seconds=clock.spent,
        message=outcome.message or ("" if limit is None or limit is Limit.GAP else OPEN),
        stages=stages or outcome.stages,
        relaxation_duals=outcome.relaxation_duals if arrays.integer.any() else outcome.row_duals,
    )


def _limit(task: Task, outcome: Outcome, gap: float | None, clock: Clock) -> Limit:
    """What leaves the gap open."""
    if outcome.limit not in (None, Limit.GAP):
        return outcome.limit
    if gap is not None and task.gap is not None and gap <= task.gap:
        return Limit.GAP
    return Limit.TIME if clock.left == 0.0 else Limit.OTHER


def _without(outcome: Outcome) -> Outcome:
    """An outcome without its plan."""
    return replace(
        outcome, objective=None, gap=None, values=None, row_values=None, row_duals=None, reduced_costs=None, stages=()
    )
