"""An independent check: every rule of the case recomputed from the case and the plan's lines alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from allocate.case.load import Case, CaseLike, as_case
from allocate.costing.routes import routes
from allocate.costing.supply.teams import unchanged
from allocate.costing.table import Routes
from allocate.costing.value.values import ProductValue, product_values
from allocate.plan import Plan
from allocate.tables.frames import table_of
from allocate.verification.figures import wrong_figures
from allocate.verification.found import TOLERANCE, Check, Verification
from allocate.verification.levers import wrong_levers
from allocate.verification.penalties import wrong_penalties
from allocate.verification.promised import wrong_promises
from allocate.verification.reached import reached
from allocate.verification.rules import limits_used
from allocate.verification.running import wrong_running, wrong_seats
from allocate.verification.stated import Stated
from allocate.verification.teams import read_staff, wrong_staff
from allocate.verification.totals import Totals, totals
from allocate.verification.work import Floats, Integers, Work, read_lines

__all__ = [
    "TOLERANCE",
    "Check",
    "Costing",
    "Totals",
    "Verification",
    "costing",
    "verify",
    "verify_lines",
]


@dataclass(frozen=True)
class Costing:
    """Unit costs and values of a case, recomputed for checking several plans of it."""

    routes: Routes
    values: Mapping[int, ProductValue]
    stated: Stated
    """Limits that do not depend on the total budget."""


def costing(case: Case) -> Costing:
    """Unit costs and values recomputed from a case."""
    ways = routes(case)
    return Costing(ways, product_values(case, ways), Stated(case, ways))


def verify_lines(
    case: Case, lines: tuple[Integers, Integers, Floats], known: Costing
) -> tuple[tuple[Check, ...], Totals, tuple[str, ...]]:
    """Limits near or past their end, the figures, and in words all that is broken, of a plan without teams and levers.

    lines: route and period as positions, and items. All is recomputed from the case and these alone, as `verify` does;
    limits that plainly hold are not among what is returned. For studies of many plans.
    """
    route, period, items = lines
    ways, last = known.routes, np.array(known.stated.last_periods)
    work = Work(case, ways, known.values, route, period, items, unchanged(case), known=known.stated, brief=True)
    late = np.flatnonzero(~((items >= 0) & (period + 1 + ways.lead[route] <= last[work.product]))).tolist()
    problems = [
        f"{ways.products[work.product[line]]} with {ways.vendors[work.vendor[line]]}, {work.label(int(period[line]))}: "
        f"{items[line]} items, delivered after the deadline or no amount"
        for line in late
    ]
    checks = limits_used(work)
    broken = (str(check) for check in checks if not check.kept and check.penalty is None)
    return checks, totals(work), (*problems, *broken)


def verify(case: CaseLike, plan: Plan, known: Costing | None = None) -> Verification:
    """Recompute a plan from the case alone and list every limit it breaks and every figure that is wrong.

    Nothing of the program or a solver is used: unit costs come from the case again, sums from the plan's lines.
    known: the unit costs and values, where they were recomputed before; absent: they are recomputed here.

    Limits and contracts are recomputed without rounding, in fractions of the plan's quantities, the unit economics and
    the case's amounts, each float read as the decimal it stands for. Value curves alone are worked out in floats, from
    labels summed exactly. All is shown rounded once; a limit is kept within `TOLERANCE`.
    """
    case = as_case(case)
    known = known or costing(case)
    ways, values = known.routes, known.values
    work, problems = read_lines(case, ways, values, table_of(plan, "lines"), table_of(plan, "levers")["lever"].tolist())
    staff, undecided = read_staff(case, table_of(plan, "staff"))
    work = replace(work, staff=staff)
    exact = work.exact
    checks = tuple(check.settled() for check in limits_used(exact))
    work = replace(work, asked=exact.owed.rounded())
    problems += [*wrong_figures(work, plan), *wrong_levers(work, plan), *wrong_penalties(case, plan, checks)]
    problems += [*undecided, *wrong_staff(work, table_of(plan, "staff")), *wrong_running(work), *wrong_seats(work)]
    problems += wrong_promises(work)
    broken = (str(check) for check in checks if not check.kept and check.penalty is None)
    return Verification(checks, (*problems, *broken), reached(work, checks))
