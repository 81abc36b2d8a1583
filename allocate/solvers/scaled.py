"""Solves at a program's own scale: tasks brought inward, what is found brought outward, digit for digit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from allocate.certificate.branched import Branch, Branched, Change, Tree
from allocate.certificate.engagement.proof import Engaged
from allocate.certificate.facility_location.proof import Opened
from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.scaling import Scaling, scaling_of
from allocate.solvers.goals import Goal
from allocate.solvers.outcome import Outcome, Stage
from allocate.solvers.search import Found
from allocate.solvers.task import Task
from allocate.solvers.watch import Progress


@dataclass(frozen=True, eq=False)
class Scaled:
    """A task at its program's own scale, and the way back."""

    scaling: Scaling
    task: Task
    goals: tuple[float, ...]
    """Scale of each goal's own objective."""

    def outward(self, arrays: ProgramArrays, outcome: Outcome) -> Outcome:
        """The outcome of the scaled task as one of the task itself; arrays: the program itself."""
        scaling, sizes = self.scaling, (self.scaling.objective, *self.goals)
        stages = tuple(_stage(scaling, one, size) for one, size in zip(outcome.stages, sizes, strict=False))
        values = None if outcome.values is None else scaling.outward(outcome.values)
        return replace(
            outcome,
            objective=_over(outcome.objective, scaling.objective),
            bound=_over(outcome.bound, scaling.objective),
            values=values,
            row_values=None if values is None else arrays.activity(values),
            row_duals=None if outcome.row_duals is None else scaling.duals(outcome.row_duals),
            reduced_costs=None if outcome.reduced_costs is None else scaling.reduced(outcome.reduced_costs),
            stages=stages,
            shared_prices=None if outcome.shared_prices is None else scaling.duals(outcome.shared_prices),
            opened=None if outcome.opened is None else opened_outward(scaling, outcome.opened),
            engaged=None if outcome.engaged is None else engaged_outward(scaling, outcome.engaged),
            branched=None if outcome.branched is None else branched_outward(scaling, outcome.branched),
            relaxation_duals=None if outcome.relaxation_duals is None else scaling.duals(outcome.relaxation_duals),
        )


def scaled(task: Task, scaling: Scaling | None = None) -> Scaled:
    """A task at its program's own scale (or at another one)."""
    scaling = scaling or scaling_of(task.arrays, task.structure)
    sizes = [scaling.size_of(goal.costs) for goal in task.goals]
    return Scaled(
        scaling,
        replace(
            task,
            arrays=scaling.scaled(task.arrays),
            goals=_goals(task.goals, sizes, scaling),
            progress=_told(task.progress, scaling.objective),
            start=None if task.start is None else scaling.inward(task.start),
            true=_true(task.true, scaling),
        ),
        tuple(sizes),
    )


def found_outward(scaling: Scaling, found: Found) -> Found:
    """The end of a search of a scaled program as one of the program itself."""
    return replace(
        found,
        objective=_over(found.objective, scaling.objective),
        bound=_over(found.bound, scaling.objective),
        values=None if found.values is None else scaling.outward(found.values),
        row_duals=None if found.row_duals is None else scaling.duals(found.row_duals),
        reduced_costs=None if found.reduced_costs is None else scaling.reduced(found.reduced_costs),
        relaxation_duals=None if found.relaxation_duals is None else scaling.duals(found.relaxation_duals),
    )


def opened_outward(scaling: Scaling, opened: Opened) -> Opened:
    """A proof by branch-and-bound nodes of a scaled program as one of the program itself."""
    rows = scaling.rows[list(opened.rows)].tolist()
    boxes = tuple(
        replace(one, duals=tuple(dual * row / scaling.objective for dual, row in zip(one.duals, rows, strict=True)))
        for one in opened.boxes
    )
    return replace(opened, target=opened.target / scaling.objective, boxes=boxes)


def engaged_outward(scaling: Scaling, engaged: Engaged) -> Engaged:
    """A proof over sets of vendors of a scaled program as one of the program itself."""
    rows, size = scaling.rows.tolist(), scaling.objective
    return engaged.mapped(dual=lambda row, value: value * rows[row] / size, money=lambda amount: amount / size)


def branched_outward(scaling: Scaling, branched: Branched) -> Branched:
    """Trees over the whole numbers of a scaled program as trees of the program itself: their whole numbers are the same."""

    def change(one: Change) -> Change:
        values = (value * float(scaling.rows[row]) for row, value in zip(one.rows, one.values, strict=True))
        return Change(one.rows, tuple(value / scaling.objective for value in values))

    def tree(one: Tree) -> Tree:
        return Tree(one.branchings, tuple(change(leaf) for leaf in one.leaves))

    branches = (Branch(change(one.duals), tuple(tree(part) for part in one.trees)) for one in branched.branches)
    return replace(branched, branches=tuple(branches))


def _goals(goals: Sequence[Goal], sizes: Sequence[float], scaling: Scaling) -> list[Goal]:
    return [
        replace(goal, costs=scaling.costs(goal.costs, size), offset=goal.offset * size)
        for goal, size in zip(goals, sizes, strict=True)
    ]


def _stage(scaling: Scaling, stage: Stage, size: float) -> Stage:
    return replace(
        stage,
        objective=_over(stage.objective, size),
        bound=_over(stage.bound, size),
        row_duals=None if stage.row_duals is None else scaling.duals(stage.row_duals, size),
        reduced_costs=None if stage.reduced_costs is None else scaling.reduced(stage.reduced_costs, size),
    )


def _true(true: Callable[[Floats], Floats | None] | None, scaling: Scaling) -> Callable[[Floats], Floats | None] | None:
    """Plans made true at the program's own scale."""
    if true is None:
        return None

    def inward(values: Floats) -> Floats | None:
        found = true(scaling.outward(values))
        return None if found is None else scaling.inward(found)

    return inward


def _told(progress: Progress | None, size: float) -> Progress | None:
    """Progress reported in the program's own figures."""
    if progress is None:
        return None
    return lambda seconds, best, bound: progress(seconds, _over(best, size), _over(bound, size))


def _over(figure: float | None, size: float) -> float | None:
    return None if figure is None else figure / size
