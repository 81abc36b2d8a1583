"""What vendors billed for work that is done, beyond what their contracts ask for it: what is done costs what was billed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.lines import Lines
from allocate.costing.clauses import (
    commitment,
    early_payment,
    lateness,
    onboarding,
    product_start,
    quality,
    rebate,
    retainer,
    seats,
    switching,
    wages,
)
from allocate.costing.readings import read_once
from allocate.costing.table import Routes
from allocate.numbers import Floats
from allocate.tolerances import HALF_A_CENT

OF_WORK = (quality.CLAUSE, lateness.CLAUSE, early_payment.CLAUSE)
"""What a vendor asks for its work beside the price."""
OF_VENDORS = (
    onboarding.CLAUSE, retainer.CLAUSE, product_start.CLAUSE, commitment.CLAUSE, seats.CLAUSE, rebate.CLAUSE, wages.CLAUSE,
    switching.CLAUSE,
)  # fmt: skip
"""What it asks as a whole."""


@read_once
def beyond_contracts(case: Case, routes: Routes) -> Floats:
    """Money billed in each past period beyond what contracts ask for what was done in it, by vendor, shape (V, T).

    Work after a vendor's last bill is not billed yet. What differs by no more than the rounding of a bill is no difference.
    """
    past, beyond = case.past, np.zeros((len(case.vendors), case.periods.count))
    if past is None or routes.done is None or not past.paid:
        return beyond
    asked, names = _asked(case, routes), list(case.vendors)
    for name in dict.fromkeys(one.vendor for one in past.paid):
        vendor, until = names.index(name), past.unbilled_from(name)
        beyond[vendor, :until] -= asked[vendor, :until]
    for one in past.paid:
        beyond[names.index(one.vendor), one.period - 1] += one.amount.number
    return np.where(np.abs(beyond) > HALF_A_CENT, beyond, 0.0)


def _asked(case: Case, routes: Routes) -> Floats:
    """What contracts ask for what is done, by vendor and period, shape (V, T): prices where the work is, fees where they fall due."""
    done = routes.done
    assert done is not None
    ledger = Ledger(Lines(case, routes, done.route, done.period, done.items))
    asked, names = np.zeros((len(case.vendors), case.periods.count)), list(case.vendors)
    each = ledger.price
    for clause in OF_WORK:
        assert clause.owed is not None
        more = clause.owed(ledger).each
        each = each if more is None else each + more
    bought = np.array([vendor.team is None for vendor in case.vendors.values()])[ledger.lines.vendor]
    np.add.at(asked, (ledger.lines.vendor, ledger.lines.period), np.where(bought, each, 0.0))
    for clause in OF_VENDORS:
        assert clause.owed is not None
        for entry in clause.owed(ledger).entries:
            if not entry.vendor or (clause is switching.CLAUSE and not _switched(case, entry.about)):
                continue
            asked[names.index(entry.vendor), entry.period] += entry.amount
    return asked


def _switched(case: Case, product: str) -> bool:
    """Whether a product is switched for good: what is done may leave it so, and the rest give it back."""
    return case.past is not None and case.past.has_begun(None, product)


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """The difference of each vendor and period."""
    lines = ledger.lines
    beyond, label = beyond_contracts(lines.case, lines.routes), lines.case.periods.label
    for vendor, period in np.argwhere(beyond).tolist():
        amount, name = float(beyond[vendor, period]), lines.routes.vendors[vendor]
        yield Entry(name, label(period), "beyond contract", name, 1.0, "once", amount, amount, period, lines.everything)


CLAUSE = Clause("billed", owed, of_lines=False)
