"""What vendors billed for work that is done, beyond what their contracts ask for it, by the bills and the contracts' text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from allocate.exact import element
from allocate.tolerances import HALF_A_CENT
from allocate.verification.clause import Before
from allocate.verification.clauses import (
    commitment,
    early_payment,
    lateness,
    onboarding,
    price,
    product_start,
    quality,
    rebate,
    retainer,
    seats,
    switching,
    tiers,
    wages,
)
from allocate.verification.clauses.onboarding import everything
from allocate.verification.entries import Entry, Number, Owed
from allocate.verification.teams import unchanged

if TYPE_CHECKING:
    from allocate.verification.work import Work

LINES = {
    "price": price.owed, "tiers": tiers.owed, "quality": quality.owed, "lateness": lateness.owed,
    "early_payment": early_payment.owed,
}  # fmt: skip
"""What vendors ask for single lines."""
WHOLE = {
    "onboarding": onboarding.owed, "retainer": retainer.owed, "product_start": product_start.owed,
    "commitment": commitment.owed, "seats": seats.owed, "rebate": rebate.owed, "wages": wages.owed, "switching": switching.owed,
}  # fmt: skip
"""What they ask as a whole, in the period it is owed in."""


def owed(work: Work, before: Before) -> Owed:
    """An entry for each vendor and past period in which a bill and the contract differ by more than rounding of the bill."""
    past = work.case.past
    if past is None or not past.paid:
        return Owed()
    asked = _asked(work)
    entries = []
    for vendor in work.stated.vendors:
        bills = [bill for bill in past.paid if bill.vendor == vendor]
        for period in range(max((bill.period for bill in bills), default=0)):
            paid = sum(bill.amount.number for bill in bills if bill.period == period + 1)
            amount = paid - asked.get((vendor, period), 0.0)
            if abs(amount) > HALF_A_CENT:
                told = (vendor, work.label(period), "beyond contract", vendor, 1.0, "once", amount, amount)
                entries.append(Entry(*told, period, everything(work)))
    return Owed(entries)


def _asked(work: Work) -> dict[tuple[str, int], Number]:
    """What contracts ask for what is done alone, by vendor and position of the period."""
    done = np.flatnonzero(work.period < work.case.planned_from)
    alone = replace(
        work, made=tuple(work.made[line] for line in done.tolist()), period=work.period[done], items=work.items[done],
        staff=unchanged(work.case), bought=frozenset(),
    )  # fmt: skip
    asked: dict[tuple[str, int], Number] = {}
    so_far: dict[str, Owed] = {}
    for name, clause in (LINES | WHOLE).items():
        so_far[name] = clause(alone, so_far)
        sums = so_far[name].entries if name in WHOLE else ()
        if (
            name == "switching"
        ):  # what is done may leave a product switched, and the rest give it back, unless facts say it was
            sums = [entry for entry in sums if entry.vendor and switching.was_begun(work, entry.about)]
        amounts = [((entry.vendor, entry.period), entry.amount) for entry in sums]
        for line, amount in enumerate(so_far[name].lines if name in LINES else ()):
            item = alone.made[line]
            if work.case.vendors[work.stated.vendors[item.vendor]].team is None:
                amounts.append(((work.stated.vendors[item.vendor], int(alone.period[line])), element(amount)))
        for cell, amount in amounts:
            asked[cell] = amount + asked.get(cell, 0.0)
    return asked
