"""Any solver PuLP can reach, behind the same outcome; what it claims is checked by arithmetic first."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pulp

from allocate.plan import significant
from allocate.program.arrays import Floats, ProgramArrays, frozen
from allocate.program.program import Program
from allocate.program.signs import signed_duals
from allocate.solvers.engine import Engine, check_numbers
from allocate.solvers.goals import Goal, Reached, floors, in_order, outcome_of, reached
from allocate.solvers.objective_cutoff import fenced
from allocate.solvers.outcome import AskedError, Limit, Outcome, Status, is_feasible, violation
from allocate.solvers.search import Clock, Found, evident
from allocate.solvers.watch import Watch
from allocate.tolerances import CHOICE_MADE, FENCE_LEAST, FENCE_SLACK, GOAL_HELD, PROVEN, SIDE_KEPT

NAMES = {"cbc": "PULP_CBC_CMD"}
"""Short names for PuLP's; others go by PuLP's own name, in any case."""

TOLERANCES = {
    "PULP_CBC_CMD": [
        f"primalTolerance {SIDE_KEPT}",
        f"integerTolerance {CHOICE_MADE}",
    ]
}
"""Options by which back ends keep rows and whole numbers as closely as HiGHS does."""
DIGITS = 7
"""Significant digits of amounts that are sure where a back end writes eight of a scaled program."""
SLACKS = (GOAL_HELD, FENCE_SLACK)
"""Room left below an earlier goal, tried in order: back ends that hand over eight digits may need the second."""


def solve_with(
    solver: str,
    arrays: ProgramArrays,
    *,
    time_limit: float | None = None,
    gap: float | None = None,
    goals: Sequence[Goal] = (),
) -> Outcome:
    """Solve a program in arrays with a back end of PuLP; earlier goals are fenced in by rows within ``ROW_KEPT``.

    A bound is given where the back end claims optimality. Duals of linear programs are the back end's, kept when they
    prove its plan; of integer programs those of HiGHS with the integers fixed, kept on the same condition.
    Raises ValueError for a back end that is not available or does not take a limit.
    """
    clock = Clock(time_limit)
    name = back_end(solver, None, gap).name
    check_numbers(arrays)
    known = evident(arrays)
    if known is not None:
        return outcome_of(arrays, in_order(known, (), None, clock), clock, _version(name))
    first = _search(solver, arrays, clock, gap)
    program, done, gave = arrays, first, False
    before = [] if first.values is None else [reached(arrays.costs, arrays.maximise, first.values)]

    def reach(goal: Goal, _: Floats) -> Found:
        nonlocal program, done, gave
        assert done.values is not None
        if goal.breaks_ties and program.integer.any():
            program = program.with_whole_numbers(done.values)
        gave = gave or any(goal.gives)
        # Eight digits move every goal a little: one is held at what was reached, so that the moves do not add up.
        least = (floors(before, goal, done.values) if gave else None) or [one.value for one in before]
        behind = replace(program, costs=goal.costs, maximise=goal.maximise, offset=goal.offset)
        found = _fenced_in(behind, before, least, lambda fenced_in: _search(solver, fenced_in, clock, gap))
        if found.row_duals is not None:
            found = replace(found, row_duals=found.row_duals[: arrays.row_count])
        if not found.finished or found.values is None:
            return replace(found, values=None)
        done = found
        before.append(reached(goal.costs, goal.maximise, found.values))
        return found

    return outcome_of(arrays, in_order(first, goals, reach, clock), clock, _version(name))


def _fenced_in(
    behind: ProgramArrays, before: Sequence[Reached], least: Sequence[float], search: Callable[[ProgramArrays], Found]
) -> Found:
    """What is found of a program within rows that hold earlier goals, with the least room that back ends find a plan in."""
    for slack in SLACKS:
        program = behind
        for one, value in zip(before, least, strict=True):
            program = fenced(program, *one.fence(value, slack * max(abs(one.value) / one.size, FENCE_LEAST)))
        found = search(program)
        if found.status not in (Status.INFEASIBLE, Status.UNBOUNDED):
            break
    return found


def in_own_digits(arrays: ProgramArrays, outcome: Outcome) -> Outcome:
    """The outcome with amounts of so many digits as are sure, where the plan keeps its rows as closely with them.

    arrays: the program itself. What a scaled program has to a ninth digit its back end has rounded away.
    """
    if outcome.values is None:
        return outcome
    values = significant(outcome.values, DIGITS)
    if violation(arrays, values) > violation(arrays, outcome.values):
        return outcome
    return replace(outcome, values=values, row_values=arrays.activity(values))


def back_end(solver: str, seconds: float | None, gap: float | None) -> Any:
    """A silent PuLP solver by name; ValueError with what there is when it is not available."""
    wanted = NAMES.get(solver.lower(), solver).lower()
    matches = [name for name in pulp.listSolvers() if name.lower() == wanted]
    if not matches:
        raise AskedError(
            "solver", f"PuLP knows no solver {solver!r}; on this machine there are: highs, {', '.join(_available())}"
        )
    options = {"timeLimit": seconds, "gapRel": gap, "options": TOLERANCES.get(matches[0])}
    try:
        with warnings.catch_warnings():
            # PuLP announces that its bundled CBC goes with version 4; this package stays below 4.
            warnings.simplefilter("ignore", DeprecationWarning)
            found = pulp.getSolver(matches[0], msg=False, **{key: v for key, v in options.items() if v is not None})
    except TypeError as error:
        raise AskedError("solver", f"{matches[0]} does not take a limit on time or gap: {error}") from error
    if not found.available():
        raise AskedError(
            "solver", f"{matches[0]} is not installed; on this machine there are: highs, {', '.join(_available())}"
        )
    return found


def _available() -> list[str]:
    short = {long: name for name, long in NAMES.items()}
    return [short.get(name, name) for name in pulp.listSolvers(onlyAvailable=True)]


def _version(name: str) -> str:
    return f"{name} (PuLP {pulp.const.VERSION})"


def _search(solver: str, arrays: ProgramArrays, clock: Clock, gap: float | None) -> Found:
    values, raw_duals, claim = _run(solver, arrays, clock, gap)
    if isinstance(claim, str):
        return Found(Status.STOPPED, Limit.OTHER, message=claim)
    if claim in (pulp.LpSolutionInfeasible, pulp.LpSolutionUnbounded):
        return _without_end(solver, arrays, clock, claim)
    early = Limit.TIME if clock.limit is not None else Limit.OTHER
    if claim == pulp.LpSolutionNoSolutionFound or np.isnan(values).any():
        return Found(Status.STOPPED, early, message="it ended without a plan")
    if not is_feasible(arrays, values):
        amount = violation(arrays, values)
        return Found(Status.STOPPED, early, message=f"it claimed a plan, but the plan breaks a row by {amount:.2g}")
    objective = arrays.objective(values)
    duals, reduced = _duals(raw_duals, arrays, values)
    if claim != pulp.LpSolutionOptimal:
        message = "the time limit was reached" if early is Limit.TIME else "it ended before the optimum was proven"
        return Found(Status.FEASIBLE, early, objective, None, values, duals, reduced, message)
    if arrays.integer.any() and gap is not None and gap > PROVEN:
        bound = objective + gap * abs(objective) * (1 if arrays.maximise else -1)
        message = "the gap asked for was reached"
        return Found(Status.FEASIBLE, Limit.GAP, objective, bound, values, duals, reduced, message)
    return Found(Status.OPTIMAL, None, objective, objective, values, duals, reduced)


def _run(solver: str, arrays: ProgramArrays, clock: Clock, gap: float | None) -> tuple[Floats, Floats, int | str]:
    """One solve by a back end: values, duals, and PuLP's code for its claim or the error it ended with."""
    program = _plain(arrays)
    try:
        program.solve(back_end(solver, clock.left, gap if arrays.integer.any() else None))
    except pulp.PulpSolverError as error:
        return np.empty(0), np.empty(0), str(error)
    claim: Any = {
        pulp.LpStatusInfeasible: pulp.LpSolutionInfeasible,
        pulp.LpStatusUnbounded: pulp.LpSolutionUnbounded,
    }.get(program.status, program.sol_status)
    return program.values()[: arrays.column_count], program.duals()[: arrays.row_count], int(claim)


def _without_end(solver: str, arrays: ProgramArrays, clock: Clock, claim: int) -> Found:
    """Infeasible or unbounded: back ends mix them up, so feasibility is asked for alone."""
    nothing = replace(arrays, costs=frozen(np.zeros(arrays.column_count)), offset=0.0)
    values, _, feasible = _run(solver, nothing, clock, None)
    if feasible == pulp.LpSolutionInfeasible:
        return Found(Status.INFEASIBLE, message="no plan keeps all rows")
    if feasible == pulp.LpSolutionOptimal and is_feasible(arrays, values):
        return Found(Status.UNBOUNDED, message="the objective grows without end")
    early = Limit.TIME if clock.limit is not None else Limit.OTHER
    claimed = pulp.LpSolution[claim].lower()
    return Found(Status.STOPPED, early, message=f"it claimed {claimed}, which could not be confirmed")


def _duals(claimed: Floats, arrays: ProgramArrays, values: Floats) -> tuple[Floats | None, Floats | None]:
    if not arrays.integer.any():
        return signed_duals(arrays, values, claimed) or (None, None)
    fixed = arrays.with_whole_numbers(values)
    engine = Engine(Watch())
    engine.load(fixed)
    duals = engine.run(10.0).row_duals
    return (None if duals is None else signed_duals(fixed, values, duals)) or (None, None)


def _plain(arrays: ProgramArrays) -> Program:
    """A program with one family of columns and one of rows, for PuLP to write out."""
    program = Program("plain", arrays.maximise)
    columns = program.add_columns(
        "column",
        count=arrays.column_count,
        lower=arrays.lower,
        upper=arrays.upper,
        cost=arrays.costs,
        integer=arrays.integer,
    )
    program.offset = arrays.offset
    program.add_rows("row", count=arrays.row_count, lower=arrays.row_lower, upper=arrays.row_upper)
    program.add_terms(arrays.index, columns.ids[arrays.column], arrays.value)
    return program
