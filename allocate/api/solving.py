"""The best plan of a case: its program, the search, and the plan read back and checked."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import cache, wraps
from importlib.metadata import version
from typing import Any, ParamSpec, TypeVar

import numpy as np

from allocate.answers import Answer, UnverifiedPlanError, not_asked
from allocate.api.notes import notes_on
from allocate.api.proving import PROOF_AT_ONCE, PROOF_SHARE, bests, check_agreement, check_sizes, proven
from allocate.case.load import Case, CaseLike, as_case
from allocate.case.plan_file import PlanLine
from allocate.certificate.certificate import prices
from allocate.costing.bill.promises import refuse_out_of_reach
from allocate.costing.limits import Ignoring
from allocate.costing.routes import routes
from allocate.costing.value.values import product_values
from allocate.errors import CaseError
from allocate.explaining.by_hand import by_hand
from allocate.explaining.prices import Price, prices_of
from allocate.explaining.reasons import Reason
from allocate.plan import Plan, make_plan
from allocate.program.build import Built, build, levers_bought
from allocate.program.checks import INFINITE, TooLargeError
from allocate.program.held import Held, hold, holding
from allocate.program.objective import gives_of
from allocate.solvers.kept import Kept
from allocate.solvers.outcome import Outcome, Status
from allocate.solvers.solve import Goal
from allocate.solvers.solve import solve as run
from allocate.solvers.watch import Cancel, Progress
from allocate.tolerances import ITEMS_PLANNED
from allocate.verification import Verification, verify

P = ParamSpec("P")
T = TypeVar("T")
WHY_LIMIT = 30.0
"""Seconds for finding out what is missing where there is no plan; less where the whole search gets less."""
CHECKING, CHECKING_A_COLUMN = 0.1, 7e-6
"""Seconds of a time limit kept for reading a plan back and checking it, in all and for each column, as measured."""
CHECKING_A_SECOND = 7.0
"""The same for each second that costing and building took, which says how quick the machine is at the moment."""
MOST_CHECKING = 0.5
"""Part of a time limit that may be kept for it, by that measure."""
LEAST = 1e-3
"""Seconds a search gets where building took the whole time limit; it then ends at once."""
TWO_SIDED = 50_000
"""Coefficients up to which limits are looked at from both sides: it takes a small part of the search, of a large program not."""
STAGES = ("build", "solve", "verify", "certificate")
"""What the seconds of a run are told by."""


def within_reach(function: Callable[P, T]) -> Callable[P, T]:
    """A function of a case, its first argument, in which amounts that no solver takes are a problem of the case."""

    @wraps(function)
    def refusing(*args: P.args, **more: P.kwargs) -> T:
        try:
            return function(*args, **more)
        except TooLargeError:
            case: Any = args[0] if args else more["case"]
            what = "figures of the case, taken together, lead to amounts that are too large to calculate with"
            fix = f"write prices, times and amounts whose products stay below {INFINITE:g}, and no farther apart than 1e15"
            raise CaseError.of(what, as_case(case).place(), fix) from None

    return refusing


@within_reach
def formulate(case: CaseLike) -> Built:
    """The program of a case: a `pulp.LpProblem` to which rules can be added as ordinary PuLP expressions.

    Raises CaseError for value curves that cannot be used, results out of their reach, and commitments no vendor could bill.
    """
    case = as_case(case)
    ways = routes(case)
    if case.past is None:  # what was promised is owed, whatever a vendor is able to do by now
        refuse_out_of_reach(case, ways)
    return build(case, ways, product_values(case, ways))


@within_reach
def solve(
    case: CaseLike,
    *,
    formulation: Built | None = None,
    held: Iterable[PlanLine] = (),
    solver: str = "highs",
    method: str = "auto",
    time_limit: float | None = None,
    gap: float | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
    executor: Executor | None = None,
    reasons: bool = True,
    conflicts: bool = True,
    kept: Kept | None = None,
    moved: bool = True,
) -> Answer:
    """The best plan of a case, verified; or why there is none.

    formulation: the case's program when rules of your own were added to it; else it is made here.
    held: lines of a plan that are kept at their quantities; the rest is planned around them.
    solver: `highs`, or any PuLP back end by name (`cbc`). time_limit: s. gap: relative.
    method: `auto`, or one of `allocate.solvers.methods` by name. executor: any of `concurrent.futures`, for the work that
    decomposition can share out (`allocate.workers.executors`); the plan is the same whichever it is.
    reasons: whether it is looked for why, where there is no plan. conflicts: whether then every limit that takes part is looked for, too.
    kept: what the solve of the same case with more room in its limits left, and this one leaves for the next.
    moved: whether the answer can be asked what a little more and less of each limit changes.

    Raises CaseError for value curves that cannot be used, ValueError for a solver or method that is not there or cannot
    solve the case, and UnverifiedPlanError where the solver's plan does not hold; FiguresDisagreeError, one of them, where
    solver, plan and verifier come to different sums or the plan passes its own bound.
    """
    clock = [time.perf_counter()]
    built, lines = formulation or formulate(case), tuple(held)
    clock.append(time.perf_counter())
    asked: dict[str, Any] = {"solver": solver, "method": method, "time_limit": time_limit, "gap": gap}
    how = {"progress": progress, "cancel": cancel, "executor": executor, "kept": kept}
    exactly = tuple(replace(line, within=0.0) for line in lines)
    for digits in (False,) if exactly == lines else (False, True):
        with holding(built, lines, digits) as bounds:
            outcome = _found(built, time_limit, asked | how, time.perf_counter() - clock[0])
            if digits or exactly == lines or not _asks_for_digits(built, bounds, outcome):
                options = {**asked, "held": [vars(line) for line in (lines if digits else exactly)]}
                untouched = (formulation is None or kept is not None) and not lines
                return _answered(built, bounds, outcome, options, clock, cancel, (reasons, conflicts), untouched, moved)
    raise AssertionError("lines are held one way or the other")


def _found(built: Built, time_limit: float | None, how: dict[str, Any], spent: float) -> Outcome:
    """How the search for the best plan of a program ends; that there is none is looked at again where curves are straightened."""
    outcome = run(built.program, then=_further_goals(built), **how | _searching(built, time_limit, spent))
    if outcome.status is not Status.INFEASIBLE:
        return outcome
    from allocate.explaining.piecewise_linear import known_infeasible

    return known_infeasible(built, outcome, time_limit)


def sought(built: Built, time_limit: float | None = None, **how: Any) -> Outcome:
    """How the search of `solve` ends, which takes more of these options: its plan is not read, checked or proven yet."""
    return _found(built, time_limit, {"time_limit": time_limit} | how, 0.0)


def best_plan(built: Built) -> Plan | None:
    """The best plan of a program, verified; None where there is none. Nothing is proven of it, and no reason is looked for."""
    plan = planned(built, run(built.program, then=_further_goals(built)))
    _verified(built.layout.case, plan)
    return plan


def _asks_for_digits(built: Built, held: Held, outcome: Outcome) -> bool:
    """Whether lines held at their very quantities have no plan, or only one that fills up what their digits leave out."""
    if outcome.values is None:
        return outcome.status is Status.INFEASIBLE
    return outcome.limit is None and held.leaves_crumbs(built.layout, outcome.values)


def _answered(
    built: Built,
    held: Held,
    outcome: Outcome,
    options: dict[str, Any],
    clock: list[float],
    cancel: Cancel | None,
    asks: tuple[bool, bool],
    untouched: bool,
    moved: bool,
) -> Answer:
    """The answer from what a search found: its plan read and checked, or why there is none, and the proof.

    clock: when the work began, and when the program was there, s. asks: as `reasons` and `conflicts` of `solve`. untouched: the program is as it was built from the case.
    """
    case, time_limit = built.layout.case, options["time_limit"]
    clock = [*clock, time.perf_counter()]
    check_sizes(built, outcome.values)
    plan = planned(built, outcome, held)
    checked = _checked(built, outcome, plan)
    reasons, least, lines = tuple[Reason, ...](), True, [PlanLine(**line) for line in options["held"]]
    if outcome.status is Status.INFEASIBLE and asks[0]:
        reasons, least = _why_not(built, lines, min(time_limit or WHY_LIMIT, WHY_LIMIT), asks[1])
    clock.append(time.perf_counter())
    first, left = (
        None if plan is None else plan.amount(case.file.objective[0]),
        for_proof(time_limit, clock[2] - clock[1]),
    )
    certificate = None if first is None else proven(built, outcome, first, left, cancel)
    if plan is not None and checked is not None and certificate is not None:
        check_agreement(built, outcome, plan, checked, certificate.bound)
    clock.append(time.perf_counter())
    return Answer(
        case=case,
        routes=built.layout.routes,
        status=outcome.status,
        limit=outcome.limit,
        plan=plan,
        certificate=certificate,
        verification=checked,
        prices=prices(built, certificate) if certificate is not None else {},
        moving=not_asked if case.file.give or not moved else _moving(built, outcome, checked, untouched),
        reasons=reasons,
        notes=notes_on(built, plan, lines),
        reasons_are_least=least,
        message=outcome.message,
        run=_run(case, outcome, options, dict(zip(STAGES, np.diff(clock).tolist(), strict=True)))
        | bests(built, outcome, checked),
    )


def for_proof(time_limit: float | None, searched: float) -> float | None:
    """Seconds a proof may take after a search of so many; None for no end."""
    return None if time_limit is None else max(PROOF_AT_ONCE, PROOF_SHARE * time_limit, time_limit - searched)


def _moving(
    built: Built, outcome: Outcome, checked: Verification | None, untouched: bool
) -> Callable[[], tuple[Price, ...] | None]:
    """What finds `limits_moved` of an answer: at once where the program is the caller's, who may change it; else when asked for."""
    if built.program.arrays().nonzeros > TWO_SIDED:
        return not_asked
    if untouched:
        return lambda: limits_moved(built, outcome, checked, untouched)
    found = limits_moved(built, outcome, checked)
    return lambda: found


def limits_moved(
    built: Built, outcome: Outcome, checked: Verification | None, untouched: bool = False
) -> tuple[Price, ...] | None:
    """What a little more and less of each limit changes; None for programs too large, and where it was not found.

    untouched: the program is as it was built from the case, so that nothing added by hand is looked for.
    """
    arrays = built.program.arrays()
    if checked is None or outcome.values is None or arrays.nonzeros > TWO_SIDED:
        return None
    added = None if untouched else by_hand(built)
    found = prices_of(built, outcome.values, checked.checks, None if added is None else added.on)
    return found or None


def _searching(built: Built, time_limit: float | None, spent: float) -> dict[str, float]:
    """Seconds of a time limit that are left for the search, and those of them for what follows a plan."""
    if time_limit is None or not time_limit > 0:
        return {} if time_limit is None else {"time_limit": time_limit}
    closing = CHECKING + CHECKING_A_COLUMN * built.program.column_count
    closing = max(closing, min(CHECKING_A_SECOND * spent, MOST_CHECKING * time_limit))
    return {"time_limit": max(time_limit - spent, LEAST), "closing": closing}


def _further_goals(built: Built) -> list[Goal]:
    """What is sought after the program's own objective: the case's further goals, then what breaks ties."""
    gives = gives_of(built.layout.case)
    goals = [Goal(aim.name, aim.costs, aim.maximise, gives=gives) for aim in built.aims[1:]]
    # What was given up and is of no use to the goals behind is taken back.
    goals += [Goal(aim.name, aim.costs, aim.maximise) for aim, give in zip(built.aims, gives, strict=False) if give > 0]
    return goals + [Goal(tie.name, tie.costs, tie.maximise, breaks_ties=True) for tie in built.ties]


def _checked(built: Built, outcome: Outcome, plan: Plan | None) -> Verification | None:
    """The check of a plan; CaseError where it does not hold and has too little in it to."""
    try:
        return _verified(built.layout.case, plan)
    except UnverifiedPlanError as error:
        check_sizes(built, outcome.values, ITEMS_PLANNED)
        raise UnverifiedPlanError(error.violations, outcome.objective) from None


def _verified(case: Case, plan: Plan | None) -> Verification | None:
    """The check of a plan; UnverifiedPlanError where it does not hold."""
    checked = verify(case, plan) if plan is not None else None
    if checked is not None and not checked.holds:
        raise UnverifiedPlanError(checked.violations)
    return checked


def _why_not(
    built: Built, held: Sequence[PlanLine], time_limit: float, conflicts: bool
) -> tuple[tuple[Reason, ...], bool]:
    """Why the case has no plan, with the lines held and the rules that were added by hand."""

    from allocate.explaining.infeasible import why_not  # what finds reasons is loaded where there is no plan

    def again(ignoring: Ignoring) -> Built:
        made = build(built.layout.case, built.layout.routes, built.layout.values, ignoring)
        hold(made, held, to_the_digit=True)
        return made

    added = by_hand(built)
    return why_not(again, time_limit, not held and added is None, added, conflicts)


def planned(built: Built, outcome: Outcome, held: Held | None = None) -> Plan | None:
    """The plan of a solved program, not yet verified; None where it has no values.

    held: lines that were held; they stand in the plan at their very quantities.
    """
    if outcome.values is None:
        return None
    layout = built.layout
    items = outcome.values[layout.items.start : layout.items.stop]
    if held is not None:
        items = held.settled(layout, outcome.values)
    bought, staff = levers_bought(built, outcome.values), built.staff.decided(outcome.values)
    return make_plan(layout.values, layout.lines(items, bought, staff))


def _run(case: Case, outcome: Outcome, options: dict[str, Any], seconds: dict[str, float]) -> dict[str, Any]:
    return {
        "versions": {"python": platform.python_version(), **_versions()},
        "solver": outcome.solver,
        "method": {"name": outcome.method, "reason": outcome.method_reason},
        "options": options,
        "scenario": case.scenario,
        "settings": list(case.settings),
        "inputs": dict(case.inputs),
        "seconds": seconds,
    }


@cache
def _versions() -> dict[str, str]:
    """Versions of the packages that a plan comes from, looked up once: each look reads a file."""
    return {name: version(name) for name in ("allocate", "pulp", "highspy", "numpy", "pandas")}
