"""HiGHS: arrays in, outcome out; also as a solver class for any PuLP problem."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pulp

from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.program import Program
from allocate.program.pulp_reading import problem_arrays
from allocate.program.structure import Structure, unknown
from allocate.solvers.engine import Engine, check_numbers
from allocate.solvers.goals import Goal, in_order, outcome_of
from allocate.solvers.lexicographic_objectives import Hold
from allocate.solvers.outcome import Outcome, Status
from allocate.solvers.primal_heuristic import make_start
from allocate.solvers.scaled import scaled
from allocate.solvers.search import FINISHING, Clock, Found, evident, search
from allocate.solvers.task import Task
from allocate.solvers.watch import Cancel, Progress, Watch
from allocate.tolerances import PROVEN

PULP_STATUS = {
    Status.OPTIMAL: (pulp.LpStatusOptimal, pulp.LpSolutionOptimal),
    Status.FEASIBLE: (pulp.LpStatusNotSolved, pulp.LpSolutionIntegerFeasible),
    Status.INFEASIBLE: (pulp.LpStatusInfeasible, pulp.LpSolutionInfeasible),
    Status.UNBOUNDED: (pulp.LpStatusUnbounded, pulp.LpSolutionUnbounded),
    Status.STOPPED: (pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound),
}
"""PuLP's two codes per outcome. Its own solvers say Optimal after a limit; here that is Not Solved, Solution Found."""


def solve_arrays(
    arrays: ProgramArrays,
    *,
    time_limit: float | None = None,
    gap: float | None = None,
    goals: Sequence[Goal] = (),
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    start: Floats | None = None,
    options: Mapping[str, Any] | None = None,
    log: bool = False,
) -> Outcome:
    """Solve a program in arrays on HiGHS, single-threaded with a fixed seed, so equal programs give equal plans.

    ``time_limit`` in seconds over all goals; ``gap`` relative, for integer programs (None: ``PROVEN``); ``start`` a
    point of shape (n,) to start an integer search from, nan where open; ``options`` of HiGHS by their own names;
    ``log`` to standard error. Raises ValueError for options HiGHS does not take and numbers no solver can.
    """
    if gap is not None and not gap >= 0:
        raise ValueError(f"the gap must be 0 or more, got {gap}")
    clock = Clock(time_limit, FINISHING * (time_limit or 0.0))
    wanted = {"mip_rel_gap": PROVEN if gap is None else gap, **(options or {})}
    engine = Engine(Watch(cancel, progress), wanted, log)
    check_numbers(arrays)
    known = evident(arrays)
    if known is not None:
        return outcome_of(arrays, in_order(known, (), None, clock), clock, engine.name)
    engine.load(arrays)
    first = _first(engine, arrays, clock, start)
    reach = Hold(engine, arrays, first, clock).reach if goals and first.finished else None
    return outcome_of(arrays, in_order(first, goals, reach, clock), clock, engine.name)


def solve_scaled(
    arrays: ProgramArrays, structure: Structure, *, progress: Progress | None = None, **options: Any
) -> Outcome:
    """The same at the program's own scale, told in the program's own figures; options: of `solve_arrays`."""
    check_numbers(arrays)
    own = scaled(Task(arrays, structure, progress=progress))
    return own.outward(arrays, solve_arrays(own.task.arrays, progress=own.task.progress, **options))


def _first(engine: Engine, arrays: ProgramArrays, clock: Clock, given: Floats | None) -> Found:
    """The search for the own objective, from the point given or, in large integer programs, from a plan made first."""
    if given is not None:
        engine.start_from(given)
        return search(engine, arrays, clock)
    start = make_start(engine.watch, arrays, clock)
    if start is not None:
        engine.start_from(start.values)
    found = search(engine, arrays, clock, start)
    return found if start is None else replace(found, relaxation_duals=start.relaxation_duals)


class Highs(pulp.LpSolver):
    """HiGHS for PuLP problems of any making: ``problem.solve(Highs())``.

    Values, duals (``constraint.pi``) and reduced costs (``variable.dj``) are written back in the sign of ``Outcome``,
    maximised or minimised; what an unsuccessful solve has no plan for reads None. The whole result stays in
    ``outcome``. PuLP's status is Optimal only for proven optima (``PULP_STATUS``). Options are those of HiGHS by their
    own names; an unknown one raises ``pulp.PulpSolverError``.
    """

    name = "Highs"
    signs_duals = True

    def __init__(
        self,
        mip: bool = True,
        msg: bool = False,
        timeLimit: float | None = None,  # noqa: N803 - PuLP's name
        gapRel: float | None = None,  # noqa: N803 - PuLP's name
        progress: Progress | None = None,
        cancel: Cancel | None = None,
        **options: Any,
    ) -> None:
        super().__init__(mip=mip, msg=msg, timeLimit=timeLimit)
        self.gap = gapRel
        self.progress = progress
        self.cancel = cancel
        self.wanted = options
        self.outcome: Outcome | None = None
        try:
            Engine(Watch(), options)
        except (ValueError, TypeError) as error:
            raise pulp.PulpSolverError(str(error)) from error

    def available(self) -> bool:
        """Always: HiGHS comes with this package."""
        return True

    def copy(self) -> Highs:
        """The same solver with the same options."""
        return copy.copy(self)

    def actualSolve(self, lp: Any, **_: Any) -> int:  # noqa: N802 - PuLP's name
        """Solve a problem for ``lp.solve``; the code is PuLP's status."""
        own = isinstance(lp, Program)
        arrays, variables, constraints = (lp.arrays(), [], []) if own else problem_arrays(lp)
        solved = arrays if self.mip else arrays.relaxed()
        self.outcome = outcome = solve_scaled(
            solved,
            lp.structure() if own else unknown(solved.column_count, solved.row_count),
            time_limit=self.timeLimit,
            gap=self.gap,
            progress=self.progress,
            cancel=self.cancel,
            options=self.wanted,
            log=bool(self.msg),
        )
        if own:
            lp.record(outcome.values, outcome.row_duals, outcome.reduced_costs)
        else:
            _write_back(outcome, variables, constraints)
        status, solution = PULP_STATUS[outcome.status]
        lp.assignStatus(status, solution)
        return int(status)


def _write_back(outcome: Outcome, variables: list[Any], constraints: list[Any]) -> None:
    values, reduced, duals = outcome.values, outcome.reduced_costs, outcome.row_duals
    for number, variable in enumerate(variables):
        variable.varValue = None if values is None else float(values[number])
        variable.dj = None if reduced is None else float(reduced[number])
    for number, constraint in enumerate(constraints):
        constraint.pi = None if duals is None else float(duals[number])
        beyond = None if values is None else constraint.value()
        constraint.slack = None if beyond is None else -beyond
