"""Whether a case surely has no plan, where piecewise linear functions stand for curves in its program."""

from __future__ import annotations

from dataclasses import replace

from allocate.certificate.outer_approximation import floors_are_exact, widened
from allocate.explaining.digits import shown, visible
from allocate.program.build import Built
from allocate.solvers.highs import solve_scaled
from allocate.solvers.outcome import Limit, Outcome, Status


def known_infeasible(built: Built, outcome: Outcome, time_limit: float | None = None) -> Outcome:
    """The outcome of a program without a plan; one that only its straight pieces leave without a plan is not decided.

    Pieces lie under the curves of value and of learning, and hours as many as their error stay free. A program widened by
    that is kept by every plan of the case: only where it has no plan either has the case none. time_limit: s, of the
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


def hours_as_wide_as_the_case(built: Built) -> None:
    """Let pairs that learn have the hours that stay free for the pieces of their curves: what is missing then is missing in any plan."""
    wide = widened(built, built.program.arrays()).row_upper
    for family in ("vendor_hours", "team_hours") if built.learned.learners else ():
        if (rows := built.program.rows.get(family)) is not None:
            built.program.set_row_bounds(rows.ids, upper=wide[rows.start : rows.stop])


def _told(built: Built) -> list[str]:
    """What the pieces leave free, or hide, in words."""
    routes, unit = built.layout.routes, built.layout.case.periods.unit
    free = {one.vendor: built.learned.error(one.vendor) for one in built.learned.learners}
    told = [
        f"{visible(2.0 * hours)} h a {unit} of {routes.vendors[vendor]}, within which the hours of learning are not told"
        for vendor, hours in free.items()
        if hours
    ]
    if "value_floor" in built.program.rows:
        hidden = sum(one.error for one in built.layout.values.values())
        told += [f"{shown(hidden)} {built.layout.case.currency} of value hidden by value curves"] if hidden else []
    return told
