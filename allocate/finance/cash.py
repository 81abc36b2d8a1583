"""Cash flow: what a plan is owed and what of it is paid, month by month, after the horizon too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocate.case.load import Case
from allocate.costing.clauses.early_payment import worth_of_paying_early
from allocate.costing.clauses.payment import named_positions, payments
from allocate.costing.terms.discounting import yearly_rate
from allocate.finance.charges import Charge, Span, by_months
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

    when, position, known = payments(case), named_positions(case), case.periods.count
    owed, paid = list[Charge](), list[Charge]()
    for entry in plan.entries:
        period, monthly = when.paid(entry, position[entry.vendor]), by_months(case, entry)
        owed.append(Charge(entry.period, entry.amount, 0.0, monthly))
        paid.append(Charge(period, entry.amount, 0.0, monthly and period == entry.period))
    count = max([case.periods.count, *(one.period + 1 for one in paid)])
    span, rows = Span.of(case, "month", count), []
    for after, part in ((False, range(known)), (True, range(known, count))):
        sums = [span.spread(charge for charge in charges if charge.period in part)[0] for charges in (owed, paid)]
        for at in np.flatnonzero(span.by_days[part.start : part.stop].any(axis=0)).tolist():
            rows.append([span.labels[at], *(float(one[at]) for one in sums), 0.0, after])
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
    for name, vendor in case.vendors.items():
        early, saved = vendor.contract.early_payment, worth_of_paying_early(vendor)
        if early is None or saved is None or name not in used or early.taken == "never":
            continue
        pays, asked = saved >= rate, early.taken == "when-it-pays"
        if not asked and pays:
            continue
        assert early.within is not None
        words = f"the {100 * early.discount:.4g}% {name} gives for paying within {early.within.text} saves {100 * saved:.3g}% a year"
        beside = f"{'no less' if pays else 'less'} than the {100 * rate:.3g}% that money is worth"
        decision = DECIDED + TAKEN[pays] if asked else "taken all the same"
        yield f"{words}, {beside}: {decision}"
