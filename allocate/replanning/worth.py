"""What limits are worth at a plan that was taken for its least change: as at one that a search found."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from allocate.api.goals import lines_of_plan
from allocate.api.solving import limits_moved
from allocate.certificate.certificate import Certificate, fixed_at, worst_looked_at
from allocate.explaining.prices import Price
from allocate.plan import Plan
from allocate.program.arrays import Floats
from allocate.program.build import Built
from allocate.program.held import holding
from allocate.replanning.change import staff_of_plan
from allocate.solvers.outcome import Outcome
from allocate.solvers.solve import solve
from allocate.tolerances import PROVEN
from allocate.verification import Verification


@dataclass(frozen=True)
class Worth:
    """The proof with what limits are worth at a plan."""

    certificate: Certificate
    moved: tuple[Price, ...] | None
    """What a little more and less of each limit changes; None where that was not found."""


def worth_at(built: Built, plan: Plan, checked: Verification | None, certificate: Certificate) -> Worth:
    """The certificate of a plan that is as good as the best, with duals for its whole numbers as they are."""
    outcome = _at(built, plan)
    if outcome is None or outcome.values is None or built.program.learned is not None:
        return Worth(certificate, None)
    values, arrays = outcome.values, built.program.arrays()
    if arrays.integer.any():
        duals = _duals(built, values, certificate.objective)
        if duals is None:
            return Worth(certificate, None)
        worst = worst_looked_at(built, certificate.objective)
        certificate = replace(certificate, fixed=fixed_at(built, values, duals, worst))
    return Worth(certificate, limits_moved(built, outcome, checked))


def _at(built: Built, plan: Plan) -> Outcome | None:
    """The program solved with all that a plan decides held; None where another plan comes of it."""
    staff = staff_of_plan(built.layout.case, plan)
    with holding(built, lines_of_plan(plan)):
        found = solve(built.program)
    if found.values is None:
        return None
    same = built.staff.decided(found.values)
    alike = (np.allclose(one, other) for one, other in zip(vars(same).values(), vars(staff).values(), strict=True))
    return found if all(alike) else None


def _duals(built: Built, values: Floats, objective: float) -> Floats | None:
    """Row duals of the program with its whole numbers as they are; None where a better plan has the same ones."""
    arrays = built.program.arrays()
    whole = np.flatnonzero(arrays.integer)
    at = np.round(values[whole])
    built.program.set_integer(whole, False)
    built.program.set_column_bounds(whole, at, at)
    found = solve(built.program)
    built.program.set_column_bounds(whole, arrays.lower[whole], arrays.upper[whole])
    built.program.set_integer(whole, True)
    own = arrays.objective(values)
    if found.objective is None or abs(found.objective - own) > PROVEN * max(1.0, abs(objective)):
        return None
    return found.row_duals
