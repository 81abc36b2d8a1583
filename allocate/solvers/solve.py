"""Solving a program: HiGHS by default, any PuLP back end by name, goals in order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from allocate.certificate.branched import Branch, Branched, Change, Tree
from allocate.program.arrays import Floats, Integers
from allocate.program.learned import Learned
from allocate.program.order import Order, as_they_are, by_name
from allocate.program.program import Program
from allocate.solvers.backends import in_own_digits, solve_with
from allocate.solvers.confirmed import confirmed
from allocate.solvers.engine import check_numbers
from allocate.solvers.goals import Goal
from allocate.solvers.highs import PULP_STATUS
from allocate.solvers.kept import Kept
from allocate.solvers.methods import AUTO, PLAIN, check_name, solve_by
from allocate.solvers.outcome import AskedError, Outcome
from allocate.solvers.scaled import scaled
from allocate.solvers.search import Clock
from allocate.solvers.task import Task
from allocate.solvers.waste import spared, without_waste
from allocate.solvers.watch import Cancel, Progress

__all__ = ["Goal", "solve"]


def solve(
    program: Program,
    *,
    solver: str = "highs",
    method: str = AUTO,
    time_limit: float | None = None,
    closing: float = 0.0,
    gap: float | None = None,
    then: Sequence[Goal] = (),
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    start: Floats | None = None,
    executor: Executor | None = None,
    kept: Kept | None = None,
) -> Outcome:
    """The best plan of a program, then of each goal in ``then`` among the best plans of those before.

    ``time_limit`` in seconds for everything together, of which ``closing`` are kept for what follows a plan; ``gap`` relative, integer programs only; ``progress`` is called
    about once a second; ``cancel`` (such as a ``threading.Event``) and Ctrl-C end the search with the best plan so far;
    ``start`` is a point to start an integer search from; ``method`` is one of `allocate.solvers.methods`, by default
    the one that suits the program's size and structure; ``executor`` does the work of a decomposition that can be shared
    out, the plan being the same whichever it is; ``kept`` is what the search of the same program with more room in its rows left. All these work on HiGHS; other back ends are named as PuLP names them,
    ``cbc`` among them. Values and duals are also written to the program's PuLP objects.
    Raises ValueError for a back end or method that is not there or cannot solve the program, and for goals and limits
    that make no sense.
    """
    check_name(method)
    arrays = program.arrays()
    goals = [_fitted(goal, program.column_count, arrays.column_count) for goal in then]
    asked = Task(
        arrays, program.structure(), goals, time_limit, closing, gap, progress, cancel, executor, start, None, kept
    )
    if solver.lower() != "highs" and method not in (AUTO, PLAIN):
        raise AskedError("method", f"the method {method} works on HiGHS only, not on {solver}")
    check_numbers(arrays)
    order = _order(program, asked)
    asked = asked if order is None else _in_order(asked, order)
    outcome = _of_any(asked, program.learned, order, lambda task: _solved(task, solver, method))
    outcome = outcome if order is None else as_written(outcome, order)
    program.record(outcome.values, outcome.row_duals, outcome.reduced_costs)
    program.assignStatus(*PULP_STATUS[outcome.status])
    return outcome


def _order(program: Program, asked: Task) -> Order | None:
    """The order in which a program is solved, whatever it is written in; that of the search that is gone on with."""
    if asked.kept is not None and asked.kept.goes_on(asked.arrays):
        return asked.kept.order
    order = by_name(asked.arrays, asked.structure, program.names) if program.names else None
    if asked.kept is not None:
        asked.kept.order = order
    return order


def _of_any(asked: Task, learned: Learned | None, order: Order | None, solved: Callable[[Task], Outcome]) -> Outcome:
    """The outcome of a program in its order, whether vendors learn or not."""
    if learned is None:
        return solved(asked)
    from allocate.solvers.learning.method import solved_truly  # loaded where vendors learn only

    learned, pairs = (learned, None) if order is None else learned.arranged(order)
    outcome = solved_truly(asked, learned, solved)
    if pairs is not None and outcome.parted is not None:
        outcome = replace(outcome, parted=outcome.parted.of_pairs(pairs.tolist()))
    return outcome


def _solved(asked: Task, solver: str, method: str) -> Outcome:
    """The outcome of a program as it stands, at its own scale."""
    arrays, kept, clock = asked.arrays, asked.kept, Clock(asked.time_limit)
    own = scaled(asked, None if kept is None else kept.scaling)
    if solver.lower() == "highs":
        found = solve_by(method, own.task)
    else:
        found = solve_with(solver, own.task.arrays, time_limit=asked.searching, gap=asked.gap, goals=own.task.goals)
    if kept is not None:
        kept.scaling, kept.plan = own.scaling, found.values
    outcome = confirmed(asked, own, own.outward(arrays, found), clock)
    outcome = outcome if solver.lower() == "highs" else in_own_digits(arrays, outcome)
    return spared(arrays, asked.goals, without_waste(arrays, outcome))


def _in_order(asked: Task, order: Order) -> Task:
    """The same of a program in order."""
    goals = [replace(goal, costs=goal.costs[order.columns]) for goal in asked.goals]
    start = None if asked.start is None else asked.start[order.columns]
    arrays = order.arranged(asked.arrays)
    return replace(asked, arrays=arrays, structure=order.structure, goals=goals, start=start)


def as_written(outcome: Outcome, order: Order) -> Outcome:
    """What came of a program in order, by its columns and rows as they are."""
    opened = outcome.opened
    if opened is not None:
        boxes = tuple(
            one if one.column is None else replace(one, column=int(order.columns[one.column])) for one in opened.boxes
        )
        opened = replace(opened, rows=tuple(int(order.rows[row]) for row in opened.rows), boxes=boxes)

    engaged = outcome.engaged
    if engaged is not None:
        rows, columns = order.rows.tolist(), order.columns.tolist()
        engaged = engaged.mapped(row=rows.__getitem__, column=columns.__getitem__)

    def back(values: Floats | None, places: Integers) -> Floats | None:
        return None if values is None else as_they_are(values, places)

    return replace(
        outcome,
        values=back(outcome.values, order.columns),
        reduced_costs=back(outcome.reduced_costs, order.columns),
        row_values=back(outcome.row_values, order.rows),
        row_duals=back(outcome.row_duals, order.rows),
        shared_prices=back(outcome.shared_prices, order.rows),
        relaxation_duals=back(outcome.relaxation_duals, order.rows),
        opened=opened,
        engaged=engaged,
        parted=None if outcome.parted is None else outcome.parted.of_rows(order.rows.tolist()),
        branched=None if outcome.branched is None else _branched_as_they_are(outcome.branched, order),
    )


def _branched_as_they_are(branched: Branched, order: Order) -> Branched:
    """A proof over a program in order, by its columns and rows as they are."""

    def change(one: Change) -> Change:
        return Change(tuple(order.rows[list(one.rows)].tolist()), one.values)

    def tree(one: Tree) -> Tree:
        branchings = (None if at is None else (int(order.columns[at[0]]), at[1]) for at in one.branchings)
        return Tree(tuple(branchings), tuple(change(leaf) for leaf in one.leaves))

    branches = (Branch(change(one.duals), tuple(map(tree, one.trees))) for one in branched.branches)
    return replace(branched, branches=tuple(branches))


def _fitted(goal: Goal, own: int, columns: int) -> Goal:
    """The goal over all columns; users' variables, which come last, may be left out of it."""
    costs = np.array(goal.costs, np.float64)
    if costs.shape not in ((own,), (columns,)) or not np.isfinite(costs).all():
        raise ValueError(f"the goal {goal.name} needs {own} finite coefficients, got shape {costs.shape}")
    return replace(goal, costs=np.concatenate([costs, np.zeros(columns - len(costs))]))
