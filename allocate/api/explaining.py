"""Why the best plan is as it is: its reasons, its alternatives, and where work piles up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from allocate.answers import Answer, UnverifiedPlanError
from allocate.api.solving import formulate, planned, solve, within_reach
from allocate.case.load import Case, CaseLike, as_case
from allocate.case.plan_file import PlanLine
from allocate.explaining.alternatives import Alternatives
from allocate.explaining.alternatives import alternatives as near_best
from allocate.explaining.bottlenecks import Bottlenecks, people, stages
from allocate.explaining.explanation import Explanation, about_limits, explanation
from allocate.explaining.growth import Growth, asks_for_items, growing, growth
from allocate.explaining.inputs import Swing, swings
from allocate.explaining.re_solve import Again, Tell
from allocate.program.build import Built
from allocate.program.held import holding
from allocate.solvers.solve import solve as run
from allocate.solvers.watch import Cancel
from allocate.verification import verify


@within_reach
def explain(
    case: CaseLike,
    *,
    answer: Answer | None = None,
    formulation: Built | None = None,
    time_limit: float | None = None,
    cancel: Cancel | None = None,
    tell: Tell | None = None,
    thorough: bool = False,
    limits: Sequence[str] = (),
) -> Explanation | None:
    """Why the best plan of a case is as it is, in money; None where it has no plan.

    answer: that of `solve`, where it is there already; formulation: the program it was solved with. Lines held in the
    answer are held in every plan the explanation compares it with. time_limit: s for the explanation; without one each
    further search of an integer program takes a few seconds at most. tell: told what is looked into next, in words.
    thorough: look into everything; else what would take more than twice the work of finding the plan is left out, and named.
    limits: only what these limits cost and what a little more or less of them changes, by the names that explanations print.

    Raises CaseError for a limit that the plan does not have.
    """
    built = formulation or formulate(case)
    found = answer or solve(case, formulation=built, time_limit=time_limit, cancel=cancel)
    if found.plan is None or found.verification is None:
        return None
    held = [PlanLine(**line) for line in found.run["options"]["held"]]
    with holding(built, held, any(line.within for line in held)):
        if limits:
            return about_limits(Again(built, time_limit, cancel=cancel, tell=tell), found.verification.checks, limits)
        return explanation(
            built,
            found.plan,
            found.verification.checks,
            time_limit=time_limit,
            cancel=cancel,
            tell=tell,
            thorough=thorough,
        )


@within_reach
def explain_and_move(
    answer: Answer,
    built: Built,
    *,
    time_limit: float | None = None,
    tell: Tell | None = None,
    thorough: bool = False,
    then: Callable[[Again], None] | None = None,
) -> tuple[Explanation | None, tuple[Swing, ...]]:
    """Why a plan is as it is, and what moving its inputs changes, asked of one program; see `explain`.

    What inputs change may take the work of finding the plan again. then: called with the program after that, with work for as
    much again.
    """
    if answer.plan is None or answer.verification is None:
        return None, ()
    held = [PlanLine(**line) for line in answer.run["options"]["held"]]
    with holding(built, held, any(line.within for line in held)):
        again = Again(built, time_limit, tell=tell, sparing=not thorough)
        found = explanation(built, answer.plan, answer.verification.checks, again=again)
        if found is None:
            return None, ()
        again.go_on()
        moved = swings(built, answer.plan, again=again)
        if then is not None:
            again.go_on()
            then(again)
    left = tuple(again.left_out.get("inputs", ()))
    return (replace(found, left_out={**found.left_out, "inputs": left}) if left else found), moved


@within_reach
def alternatives(
    case: CaseLike, within: float = 0.01, before: Iterable[PlanLine] = (), time_limit: float | None = None
) -> Alternatives | None:
    """The best plan and plans within a share of its objective that differ from it; None where the case has none.

    The one with fewest vendors, the most even mix, and with ``before`` (lines of last quarter's plan) the one that
    changes least from it. time_limit: s, for each of them. Raises UnverifiedPlanError where one does not hold.
    """
    found = near_best(as_case(case), within, before, time_limit)
    for one in found.plans if found is not None else ():
        if not one.verification.holds:
            raise UnverifiedPlanError(one.verification.violations)
    return found


@within_reach
def bottlenecks(case: CaseLike, *, answer: Answer | None = None, time_limit: float | None = None) -> Bottlenecks:
    """How full each stage of the best plan is in each period, how many people it takes, and how far demand can grow.

    answer: that of `solve`, where it is there already. time_limit: s, for each of the two searches.
    """
    case = as_case(case)
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
