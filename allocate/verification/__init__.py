"""An independent check: every rule of the case recomputed from the case and the plan's lines alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from allocate.case.load import Case
from allocate.costing.routes import Routes, routes
from allocate.costing.values import ProductValue, product_values
from allocate.plan import Plan
from allocate.verification.figures import wrong_figures
from allocate.verification.found import TOLERANCE, Check, Verification, rounding_of
from allocate.verification.levers import wrong_levers
from allocate.verification.penalties import wrong_penalties
from allocate.verification.rules import limits_used
from allocate.verification.teams import read_staff, wrong_staff
from allocate.verification.work import read_lines

__all__ = ["TOLERANCE", "Check", "Costing", "Verification", "costing", "rounding_of", "verify"]


@dataclass(frozen=True)
class Costing:
    """Unit costs and values of a case, recomputed for checking several plans of it."""

    routes: Routes
    values: Mapping[int, ProductValue]


def costing(case: Case) -> Costing:
    """Unit costs and values recomputed from a case."""
    ways = routes(case)
    return Costing(ways, product_values(case, ways))


def verify(case: Case, plan: Plan, known: Costing | None = None) -> Verification:
    """Recompute a plan from the case alone and list every limit it breaks and every figure that is wrong.

    Nothing of the program or a solver is used: unit costs come from the case again, sums from the plan's lines.
    known: the unit costs and values, where they were recomputed before; absent: they are recomputed here.
    """
    known = known or costing(case)
    ways, values = known.routes, known.values
    work, problems = read_lines(case, ways, values, plan.lines, plan.levers["lever"].tolist())
    staff, undecided = read_staff(case, plan.staff)
    work = replace(work, staff=staff)
    checks = limits_used(work)
    problems += [*wrong_figures(work, plan), *wrong_levers(work, plan), *wrong_penalties(case, plan, checks)]
    problems += [*undecided, *wrong_staff(work, plan.staff)]
    broken = (str(check) for check in checks if not check.kept and check.penalty is None)
    return Verification(checks, (*problems, *broken), rounding_of(len(plan.lines)))
