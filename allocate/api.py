"""What the commands do, a notebook does in as many lines: read_case, routes, formulate, solve, verify."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import fields, replace
from functools import wraps
from importlib.metadata import version
from typing import Any, ParamSpec, TypeVar

import numpy as np

from allocate.answers import Answer as Answer
from allocate.answers import Evaluation as Evaluation
from allocate.answers import FiguresDisagreeError as FiguresDisagreeError
from allocate.answers import UnverifiedPlanError as UnverifiedPlanError
from allocate.case.load import Case
from allocate.case.plan_file import PlanLine
from allocate.certificate.agreement import Figures, aimed, aims_as_built, disagreements
from allocate.certificate.certificate import Certificate, certify, prices, worst_looked_at
from allocate.costing.bill.promises import refuse_out_of_reach
from allocate.costing.routes import JOIN, routes
from allocate.costing.supply.ramps import waiting_notes
from allocate.costing.supply.teams import Staff
from allocate.costing.value.values import Ignoring, extrapolated, gate_notes, product_values
from allocate.errors import CaseError, Problem
from allocate.explaining.alternatives import Alternatives as Alternatives
from allocate.explaining.alternatives import alternatives as near_best
from allocate.explaining.bottlenecks import Bottlenecks as Bottlenecks
from allocate.explaining.bottlenecks import people, stages
from allocate.explaining.by_hand import by_hand
from allocate.explaining.conflicts.diagnosis import Diagnosis as Diagnosis
from allocate.explaining.conflicts.diagnosis import diagnose as diagnose
from allocate.explaining.explanation import Explanation, explanation
from allocate.explaining.growth import Growth, asks_for_items, growing, growth
from allocate.explaining.infeasible import Reason, why_not
from allocate.explaining.piecewise_linear import known_infeasible
from allocate.explaining.prices import Price, prices_of
from allocate.explaining.teams import cheapest_staff
from allocate.finance.cash import payment_notes
from allocate.finance.cut_windows import cut_notes
from allocate.plan import Plan, make_plan, plan_of
from allocate.program.build import Built, build, levers_bought
from allocate.program.checks import INFINITE, TooLargeError
from allocate.program.held import Held, held_notes, hold, holding
from allocate.solvers.decomposition.proof import PROOF_AT_ONCE, PROOF_SHARE, proof_of
from allocate.solvers.outcome import Limit, Outcome, Status
from allocate.solvers.relaxation import relaxation_duals
from allocate.solvers.solve import Goal
from allocate.solvers.solve import solve as run
from allocate.solvers.watch import Cancel, Progress
from allocate.verification import Verification, verify
from allocate.verification.work import read_lines

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


def check_agreement(built: Built, outcome: Outcome, plan: Plan, checked: Verification, bound: float | None) -> None:
    """Raise FiguresDisagreeError unless solver, plan and verifier agree on the first objective and the bound holds."""
    values, name, arrays = outcome.values, built.aims[0].name, built.program.arrays()
    own = None if values is None else arrays.objective(values)
    amount, bound = plan.amount(name), bound if aims_as_built(built, arrays) else None
    figures = Figures(outcome.objective, own, aimed(built, values), amount, checked.reached[name], bound)
    differences = disagreements(built, figures, plan.spend, plan.value)
    if differences:
        raise FiguresDisagreeError(differences)


def _within_reach(function: Callable[P, T]) -> Callable[P, T]:
    """A function of a case, its first argument, in which amounts that no solver takes are a problem of the case."""

    @wraps(function)
    def refusing(*args: P.args, **more: P.kwargs) -> T:
        try:
            return function(*args, **more)
        except TooLargeError:
            case = args[0] if args else more["case"]
            assert isinstance(case, Case)
            what = "figures of the case, each of which may stand, lead to amounts that are too large to calculate with"
            fix = f"write prices, times and amounts whose products stay below {INFINITE:g}, and no farther apart than 1e15"
            raise CaseError([Problem(what, case.place(), fix)]) from None

    return refusing


@_within_reach
def formulate(case: Case) -> Built:
    """The program of a case: a `pulp.LpProblem` to which rules can be added as ordinary PuLP expressions.

    Raises CaseError for value curves that cannot be used, results out of their reach, and commitments no vendor could bill.
    """
    ways = routes(case)
    refuse_out_of_reach(case, ways)
    return build(case, ways, product_values(case, ways))


@_within_reach
def evaluate(case: Case, lines: Iterable[PlanLine], staff: Staff | None = None) -> Evaluation:
    """Price a plan of one's own exactly, contract by contract, and list the limits it breaks; nothing is optimised.

    staff: what is decided about in-house teams; absent: they are staffed at the least cost that their lines allow.
    """
    import pandas as pd

    ways = routes(case)
    values = product_values(case, ways)
    table = pd.DataFrame([vars(line) for line in lines], columns=[one.name for one in fields(PlanLine)])
    table["levers"] = [JOIN.join(names) for names in table["levers"]]
    work, problems = read_lines(case, ways, values, table)
    if staff is None:
        staff = cheapest_staff(case, ways, values, work.route, work.period, work.items)
    plan = plan_of(case, ways, values, work.route, work.period, work.items, work.bought, staff)
    return Evaluation(plan, verify(case, plan), tuple(problems))


@_within_reach
def alternatives(
    case: Case, within: float = 0.01, before: Iterable[PlanLine] = (), time_limit: float | None = None
) -> Alternatives | None:
    """The best plan and plans within a share of its objective that differ from it; None where the case has none.

    The one with fewest vendors, the most even mix, and with ``before`` (lines of last quarter's plan) the one that
    changes least from it. time_limit: s, for each of them. Raises UnverifiedPlanError where one does not hold.
    """
    found = near_best(case, within, before, time_limit)
    for one in found.plans if found is not None else ():
        if not one.verification.holds:
            raise UnverifiedPlanError(one.verification.violations)
    return found


@_within_reach
def bottlenecks(case: Case, *, answer: Answer | None = None, time_limit: float | None = None) -> Bottlenecks:
    """How full each stage of the best plan is in each period, how many people it takes, and how far demand can grow.

    answer: that of `solve`, where it is there already. time_limit: s, for each of the two searches.
    """
    found = answer or solve(case, time_limit=time_limit)
    checks = found.verification.checks if found.verification is not None else ()
    return Bottlenecks(
        stages=stages(checks, found.worth),
        people=people(case, found.routes, checks) if found.plan is not None else (),
        growth=_growth(case, time_limit) if asks_for_items(case) else None,
    )


def _growth(case: Case, time_limit: float | None) -> Growth:
    """The largest factor on the case's demand, with the limits of the plan that reaches it."""
    built = growing(case)
    outcome = run(built.program, time_limit=time_limit)
    plan = planned(built, outcome)
    return growth(built, outcome, verify(built.layout.case, plan).checks if plan is not None else ())


@_within_reach
def explain(
    case: Case,
    *,
    answer: Answer | None = None,
    formulation: Built | None = None,
    time_limit: float | None = None,
    cancel: Cancel | None = None,
) -> Explanation | None:
    """Why the best plan of a case is as it is, in money; None where it has no plan.

    answer: that of `solve`, where it is there already; formulation: the program it was solved with. Lines held in the
    answer are held in every plan the explanation compares it with. time_limit: s for the explanation; without one each
    further search of an integer program takes a few seconds at most.
    """
    built = formulation or formulate(case)
    found = answer or solve(case, formulation=built, time_limit=time_limit, cancel=cancel)
    if found.plan is None or found.verification is None:
        return None
    held = [PlanLine(**line) for line in found.run["options"]["held"]]
    with holding(built, held, any(line.within for line in held)):
        return explanation(built, found.plan, found.verification.checks, time_limit=time_limit, cancel=cancel)


@_within_reach
def solve(
    case: Case,
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
    conflicts: bool = True,
) -> Answer:
    """The best plan of a case, verified; or why there is none.

    formulation: the case's program when rules of your own were added to it; else it is made here.
    held: lines of a plan that are kept at their quantities; the rest is planned around them.
    solver: `highs`, or any PuLP back end by name (`cbc`). time_limit: s. gap: relative.
    method: `auto`, or one of `allocate.solvers.methods` by name. executor: any of `concurrent.futures`, for the work that
    decomposition can share out (`allocate.workers.executors`); the plan is the same whichever it is.
    conflicts: whether, where there is no plan, every limit that takes part is looked for beside what is missing.

    Raises CaseError for value curves that cannot be used, ValueError for a solver or method that is not there or cannot
    solve the case, and UnverifiedPlanError where the solver's plan does not hold; FiguresDisagreeError, one of them, where
    solver, plan and verifier come to different sums or the plan passes its own bound.
    """
    clock = [time.perf_counter()]
    built, lines = formulation or formulate(case), tuple(held)
    clock.append(time.perf_counter())
    asked: dict[str, Any] = {"solver": solver, "method": method, "time_limit": time_limit, "gap": gap}
    further = _further_goals(built)
    exactly = tuple(replace(line, within=0.0) for line in lines)
    for digits in (False,) if exactly == lines else (False, True):
        with holding(built, lines, digits) as bounds:
            searching = _searching(built, time_limit, time.perf_counter() - clock[0])
            outcome = run(
                built.program, **asked | searching, then=further, progress=progress, cancel=cancel, executor=executor
            )
            outcome = known_infeasible(built, outcome, time_limit)
            if digits or exactly == lines or not _asks_for_digits(built, bounds, outcome):
                options = {**asked, "held": [vars(line) for line in (lines if digits else exactly)]}
                return _answered(built, bounds, outcome, options, clock, cancel, conflicts)
    raise AssertionError("lines are held one way or the other")


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
    conflicts: bool,
) -> Answer:
    """The answer from what a search found: its plan read and checked, or why there is none, and the proof.

    clock: when the work began, and when the program was there, s.
    """
    case, time_limit = built.layout.case, options["time_limit"]
    clock = [*clock, time.perf_counter()]
    plan = planned(built, outcome, held)
    checked = _verified(case, plan)
    reasons, least, lines = tuple[Reason, ...](), True, [PlanLine(**line) for line in options["held"]]
    if outcome.status is Status.INFEASIBLE:
        reasons, least = _why_not(built, lines, min(time_limit or WHY_LIMIT, WHY_LIMIT), conflicts)
    clock.append(time.perf_counter())
    left = (
        None if time_limit is None else max(PROOF_AT_ONCE, PROOF_SHARE * time_limit, time_limit - clock[2] + clock[1])
    )
    certificate = _certificate(built, outcome, plan, left, cancel)
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
        moved=_limits_moved(built, outcome, checked),
        reasons=reasons,
        notes=notes_on(built, plan, lines),
        reasons_are_least=least,
        message=outcome.message,
        run=_run(case, outcome, options, dict(zip(STAGES, np.diff(clock).tolist(), strict=True))),
    )


def _limits_moved(built: Built, outcome: Outcome, checked: Verification | None) -> tuple[Price, ...] | None:
    """What a little more and less of each limit changes; None for programs too large, and where it was not found."""
    arrays = built.program.arrays()
    if checked is None or outcome.values is None or arrays.nonzeros > TWO_SIDED:
        return None
    added = by_hand(built)
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
    goals = [Goal(aim.name, aim.costs, aim.maximise) for aim in built.aims[1:]]
    return goals + [Goal(tie.name, tie.costs, tie.maximise, breaks_ties=True) for tie in built.ties]


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
    return make_plan(layout.case, layout.routes, layout.values, layout.route, layout.period, items, bought, staff)


def _certificate(
    built: Built, outcome: Outcome, plan: Plan | None, left: float | None, cancel: Cancel | None
) -> Certificate | None:
    """The proof of a plan's bound; left: seconds there are for it, where duals have to be found first."""
    if plan is None:
        return None
    arrays, first = built.program.arrays(), plan.amount(built.layout.case.file.objective[0])
    integer, ended = bool(arrays.integer.any()), outcome.limit is Limit.INTERRUPT
    proof = None
    if integer and outcome.objective is not None:
        given = (PROOF_AT_ONCE, None) if ended else (left, cancel)
        proof = proof_of(arrays, built.program.structure(), outcome, worst_looked_at(built, first), *given)
    duals = outcome.relaxation_duals if integer else outcome.row_duals
    if proof is None and duals is None and not ended and left != 0.0:
        duals = relaxation_duals(arrays, left, cancel, built.program.structure())
    return certify(
        built,
        first,
        duals=duals if proof is None else proof.duals,
        values=outcome.values,
        local_duals=outcome.row_duals if integer else None,
        guess=outcome.row_duals if integer else None,
        branched=None if proof is None else proof.branched,
        claimed=outcome.bound,
    )


def notes_on(built: Built, plan: Plan | None, held: Sequence[PlanLine] = ()) -> tuple[str, ...]:
    """Gates the plan reaches, products whose value rests on more labels than were measured, money paid after the horizon,
    months and quarters it cuts, vendors that wait while their ramp goes on, and lines held that are off what was written.
    """
    if plan is None:
        return ()
    labels = plan.products["effective_labels"].to_numpy()
    names, case = built.layout.routes.products, built.layout.case
    gates = [
        note
        for product, one in built.layout.values.items()
        for note in gate_notes(names[product], one, float(labels[product]), plan.currency)
    ]
    said = {product: extrapolated(one, float(labels[product])) for product, one in built.layout.values.items()}
    counted = [f"the value of {names[product]} is counted at {words}" for product, words in said.items() if words]
    return (
        *gates,
        *counted,
        *payment_notes(case, plan),
        *cut_notes(case, plan),
        *waiting_notes(case, plan.lines),
        *held_notes(plan.lines, held),
    )


def _run(case: Case, outcome: Outcome, options: dict[str, Any], seconds: dict[str, float]) -> dict[str, Any]:
    packages = ("allocate", "pulp", "highspy", "numpy", "pandas")
    return {
        "versions": {"python": platform.python_version(), **{name: version(name) for name in packages}},
        "solver": outcome.solver,
        "method": {"name": outcome.method, "reason": outcome.method_reason},
        "options": options,
        "scenario": case.scenario,
        "settings": list(case.settings),
        "inputs": dict(case.inputs),
        "seconds": seconds,
    }
