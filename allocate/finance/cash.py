"""Cash flow: what a plan is owed and what of it is paid, month by month, after the horizon too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from allocate.case.load import Case
from allocate.costing.clauses.early_payment import worth_of_paying_early
from allocate.costing.clauses.payment import DAY, paid_on, payments
from allocate.costing.terms.discounting import yearly_rate
from allocate.finance.charges import Charge, Span, by_months, last_day
from allocate.plan import Plan
from allocate.tables.column import names
from allocate.tables.frames import table_of
from allocate.tables.plan import CASH

if TYPE_CHECKING:
    import pandas as pd

DECIDED = "and so it is "
"""Words of a note that tells a decision, and no risk."""
TAKEN = {True: "taken", False: "not taken"}


def is_deferred(case: Case) -> bool:
    """Whether some contract says when it is paid, so that there is a cash flow to tell."""
    return payments(case).deferred


def cash_flow(case: Case, plan: Plan) -> pd.DataFrame:
    """What is owed, paid and open in each month until all is paid, as a tidy table; see `CASH`."""
    import pandas as pd

    owed = [Charge(one.period, one.amount, 0.0, by_months(case, one)) for one in plan.entries]
    paid = [replace(charge, day=paid_on(case, one)) for charge, one in zip(owed, plan.entries, strict=True)]
    paid = [charge for charge in paid if charge.amount != 0]
    end, last = case.periods.end, last_day(paid)
    span, rows = Span.of(case, "month", last), []
    late = [charge for charge in paid if charge.day is not None and charge.day > end]
    in_time = [charge for charge in paid if charge.day is None or charge.day <= end]
    known = np.flatnonzero(span.by_days.any(axis=0) | (span.spread(in_time)[0] != 0)).tolist()
    beyond = range(span.position(end + DAY), len(span.labels)) if last is not None and last > end else ()
    for after, months, money in ((False, known, (owed, in_time)), (True, beyond, ((), late))):
        sums = [span.spread(charges)[0] for charges in money]
        rows += [[span.labels[at], *(float(one[at]) for one in sums), 0.0, after] for at in months]
    table = pd.DataFrame(rows, columns=names(CASH)).astype({"after": bool})
    table["open"] = np.round(table["owed"].cumsum() - table["paid"].cumsum(), 9) + 0.0
    return table


def paid_after(case: Case, plan: Plan) -> tuple[float, str]:
    """Money that is paid after the horizon, and the month of the last of it; nothing, and no month, where all is paid by then."""
    table = cash_flow(case, plan)
    late = table[table["after"] & (table["paid"] != 0.0)]
    return float(late["paid"].sum()), str(late["month"].iloc[-1]) if len(late) else ""


def payment_notes(case: Case, plan: Plan) -> Iterator[str]:
    """What of the spend is paid after the horizon, in words: no budget of a week or month sees it."""
    if is_deferred(case):
        money, month = paid_after(case, plan)
        if month:
            yield f"{money:,.2f} {plan.currency} of the spend is paid after the horizon, the last in {month}"
    yield from _early_notes(case, plan)


def _early_notes(case: Case, plan: Plan) -> Iterator[str]:
    """What discounts for paying early save a year, where that decides whether they are taken, or should."""
    rate = yearly_rate(case)
    if rate is None:
        return
    used = set(table_of(plan, "lines")["vendor"].tolist())
    for name, vendor in sorted(case.vendors.items()):
        early, saved = vendor.contract.early_payment, worth_of_paying_early(vendor)
        if early is None or saved is None or name not in used or early.taken == "never":
            continue
        pays, asked = saved >= rate, early.taken == "when-it-pays"
        if not asked and pays:
            continue
        assert early.within is not None
        words = f"the {100 * early.discount:.4g}% {name} gives for paying within {early.within.text} saves {100 * saved:.3g}% a year"
        beside = f"{'no less' if pays else 'less'} than the {100 * rate:.3g}% that money is worth"
        decision = DECIDED + TAKEN[pays] if asked else "taken anyway"
        yield f"{words}, {beside}: {decision}"
