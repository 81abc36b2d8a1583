"""When money leaves, by what contracts say of payment, and what it is worth then."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np

from allocate.case.by_time import MONTHS
from allocate.case.horizon import add_months
from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.costing.bill.clause import Clause
from allocate.costing.bill.entries import Entry
from allocate.costing.clauses.early_payment import early_payment
from allocate.costing.limits.amounts import last_period
from allocate.costing.readings import read_once
from allocate.costing.terms.discounting import factor_at, yearly_rate
from allocate.numbers import Floats, Integers
from allocate.units import Quantity

OWN = -1
"""Stands among the positions of vendors for what no vendor's contract is about: your own people, APIs, levers."""
OWN_CLAUSES = ("review", "pre-labelling")
"""Clauses of the invoice that stand with a vendor's work and are not paid to it."""
IN_ADVANCE = "in advance"
DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Payments:
    """When what is owed in a period is paid, by vendor; the last row (position `OWN`) is what is paid as it is owed."""

    period: Integers
    """Position of the period in which money owed in each period leaves, shape (V + 1, T); T and more after the horizon."""
    day: Integers
    """The day on which it leaves, as an ordinal, shape (V + 1, T); 0 where no contract says one."""
    factor: Floats
    """What one unit of it is worth at the start of the horizon, shape (V + 1, T); 1 where nothing is discounted."""
    value_factor: Floats
    """What one unit of each product's value is worth, shape (P,): it is there when its time for deliveries ends."""
    discounted: bool
    deferred: bool
    """Whether some contract says when it is paid."""

    def paid(self, entry: Entry, vendor: int) -> int:
        """Position of the period in which an entry of the invoice is paid; vendor: its position, `OWN` for nobody's."""
        return int(self.period[self.row(entry, vendor), entry.period])

    def worth(self, entry: Entry, vendor: int) -> float:
        """What an entry comes to at the start of the horizon."""
        return entry.amount * float(self.factor[self.row(entry, vendor), entry.period])

    @staticmethod
    def row(entry: Entry, vendor: int) -> int:
        """Whose terms an entry is paid by."""
        return OWN if entry.clause in OWN_CLAUSES else vendor


@read_once
def payments(case: Case) -> Payments:
    """When money leaves, and what it is worth then."""
    count, rate = case.periods.count, yearly_rate(case)
    owed = np.arange(count, dtype=np.int32)
    period = np.repeat(owed[None, :], len(case.vendors) + 1, axis=0)
    day = np.zeros_like(period)
    ended = period.astype(np.float64) + 1.0
    for position, vendor in enumerate(case.vendors.values()):
        if vendor.contract.payment == IN_ADVANCE:
            ended[position] -= 1.0
            day[position] = [case.periods.first_day(number).toordinal() for number in owed.tolist()]
        elif (wait := time_to_pay(case, vendor)) is not None:
            dates = [_after(case, number, wait) for number in owed.tolist()]
            day[position] = [date.toordinal() for date in dates]
            if wait.number > 0:
                period[position] = [case.periods.position(date) for date in dates]
                ended[position] = period[position] + 1.0
    one = np.ones(period.shape)
    at_end = last_period(case).astype(np.float64)
    return Payments(
        period=period,
        day=day,
        factor=one if rate is None else factor_at(case.periods, rate, ended),
        value_factor=np.ones(len(at_end)) if rate is None else factor_at(case.periods, rate, at_end),
        discounted=rate is not None,
        deferred=any(vendor.contract.payment is not None for vendor in case.vendors.values()),
    )


def time_to_pay(case: Case, vendor: Vendor) -> Quantity | None:
    """From the last day of the period something is owed in to its payment: the time of the discount for paying early first."""
    early, payment = early_payment(case, vendor), vendor.contract.payment
    if payment is None or isinstance(payment, str):
        return None
    return payment if early is None or early.within is None else early.within


def due(case: Case, entry: Entry) -> datetime.date:
    """The last day on which an entry may be paid: that of the period it is owed in, or as its contract says."""
    return paid_on(case, entry) or case.periods.first_day(entry.period + 1) - DAY


def paid_on(case: Case, entry: Entry) -> datetime.date | None:
    """The day on which a contract has an entry paid; none where none says so, and it is paid as its work is done."""
    vendor = None if entry.clause in OWN_CLAUSES or not entry.vendor else case.vendors[entry.vendor]
    if vendor is None or vendor.contract.payment is None:
        return None
    wait = time_to_pay(case, vendor)
    return case.periods.first_day(entry.period) if wait is None else _after(case, entry.period, wait)


def _after(case: Case, period: int, wait: Quantity) -> datetime.date:
    """The day so long after the end of a period.

    Whole months are those of the calendar: a month after the last of January is the last of February.
    """
    following = case.periods.first_day(period + 1)
    months = wait.each * MONTHS.get(wait.time or "day", 0)
    if months and months == int(months):
        return add_months(following, int(months)) - DAY
    return following + datetime.timedelta(days=round(wait.number * 7)) - DAY


def named_positions(case: Case) -> dict[str, int]:
    """Position of each vendor by name, and `OWN` for what is paid to none."""
    return {**{name: number for number, name in enumerate(case.vendors)}, "": OWN}


CLAUSE = Clause("payment")
"""It says when entries are paid, and adds none."""
