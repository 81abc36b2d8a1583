"""Whether a case surely has no plan, where piecewise linear functions stand for curves in its program."""

from __future__ import annotations

from dataclasses import replace

from allocate.certificate.outer_approximation import floors_are_exact, widened
from allocate.explaining.digits import shown
from allocate.program.build import Built
from allocate.solvers.highs import solve_scaled
from allocate.solvers.outcome import Limit, Outcome, Status


def known_infeasible(built: Built, outcome: Outcome, time_limit: float | None = None) -> Outcome:
    """The outcome of a program without a plan; one that only its straight pieces leave without a plan is not decided.

    Pieces lie under the curves of value. A program widened by that is kept by every plan of the case: only where it has no
    plan either has the case none. time_limit: s, of the
    further solve.
    """
    if outcome.status is not Status.INFEASIBLE or floors_are_exact(built):
        return outcome
    program = widened(built, built.program.arrays())
    wide = solve_scaled(program, built.program.structure(), time_limit=time_limit, gap=float("inf"))
    if wide.status is Status.INFEASIBLE:
        return outcome
    message = (
        f"straight lines stand for curves, and whether a plan is possible depends on them: {'; '.join(_told(built))}"
    )
    return replace(outcome, status=Status.STOPPED, limit=Limit.OTHER, message=message)


def _told(built: Built) -> list[str]:
    """What the pieces hide, in words."""
    hidden = sum(one.error for one in built.layout.values.values())
    return [f"{shown(hidden)} {built.layout.case.currency} of value hidden by value curves"] if hidden else []
