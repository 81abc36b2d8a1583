"""An independent check: every rule and every sum of a plan recomputed from the case and the plan's lines alone.

Nothing of the costing a plan is made with, of the program or of a solver is used: contracts are read a second time here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from allocate.case.load import Case, CaseLike, as_case
from allocate.tables.frames import table_of
from allocate.verification.checks import TOLERANCE, Check, Verification
from allocate.verification.clause_sums import wrong_clauses
from allocate.verification.figures import wrong_figures, wrong_levers, wrong_staff
from allocate.verification.limits import limits_used
from allocate.verification.lines import read_lines, work_of
from allocate.verification.past import wrong_past
from allocate.verification.reached import reached
from allocate.verification.soft_limits.penalties import wrong_penalties
from allocate.verification.stated import Key, Stated
from allocate.verification.teams import read_staff
from allocate.verification.told import Plan
from allocate.verification.totals import Totals, totals

__all__ = ["TOLERANCE", "Check", "Stated", "Totals", "Verification", "verify", "verify_lines"]


def verify_lines(
    case: Case, keys: Sequence[Key], periods: Iterable[int], items: Iterable[float], known: Stated
) -> tuple[tuple[Check, ...], Totals, tuple[str, ...]]:
    """Limits near or past their end, the figures, and in words all that is broken, of a plan without teams and levers.

    keys: the route of each line by its names; periods: their positions. All is recomputed from the case and these alone, as
    `verify` does; limits that plainly hold are not among what is returned. For studies of many plans.
    """
    work = work_of(case, known, keys, periods, items, brief=True)
    last = np.array(known.last_periods, dtype=np.int64)
    kept = (work.items >= 0) & (work.period + 1 + work.lead <= last[work.product])
    problems = [
        f"{known.products[work.product[line]]} with {known.vendors[work.vendor[line]]}, "
        f"{work.label(int(work.period[line]))}: {work.items[line]} items, delivered after the deadline or no amount"
        for line in np.flatnonzero(~kept).tolist()
    ]
    checks = limits_used(work)
    problems += wrong_past(known, keys, work.period.tolist(), work.items.tolist())
    broken = (str(check) for check in checks if not check.kept and check.penalty is None)
    return checks, totals(work), (*problems, *broken)


def verify(case: CaseLike, plan: Plan, known: Stated | None = None) -> Verification:
    """Recompute a plan from the case alone and list every limit it breaks and every figure that is wrong.

    known: what the case says, where it was read before; absent: it is read here.

    Limits and contracts are recomputed without rounding, in fractions of the plan's quantities, the figures of single
    items and the case's amounts, each float read as the decimal it stands for. What one item takes, and value curves, are
    worked out in floats. All is shown rounded once; a limit is kept within `TOLERANCE`.
    """
    case = as_case(case)
    known = known or Stated(case)
    read = read_lines(known, table_of(plan, "lines"), table_of(plan, "levers")["lever"].tolist())
    staff_table = table_of(plan, "staff")
    staff, undecided = read_staff(case, staff_table)
    work = work_of(case, known, read.keys, read.periods, read.items, staff, read.bought).exact
    checks = tuple(check.settled() for check in limits_used(work))
    past = wrong_past(known, read.keys, read.periods, read.items)
    problems = [
        *read.problems,
        *past,
        *wrong_clauses(work, plan),
        *wrong_figures(work, plan),
        *wrong_levers(work, plan),
    ]
    problems += [*wrong_penalties(case, plan, checks), *undecided, *wrong_staff(work, staff_table)]
    broken = (str(check) for check in checks if not check.kept and check.penalty is None)
    return Verification(checks, (*problems, *broken), reached(work, checks))
