"""What a vendor pays back of its prices in each window, in the window's last period."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.case.schema import Rebate
from allocate.tolerances import HALF_A_CENT, STEP_REACHED, STEP_SMALL
from allocate.verification.clause import Before
from allocate.verification.clauses.commitment import prices_in
from allocate.verification.clauses.onboarding import everything
from allocate.verification.entries import Entry, Number, Owed
from allocate.verification.exchange import currency_of

if TYPE_CHECKING:
    from allocate.verification.work import Work


def _back(terms: Rebate, spend: Number) -> Iterator[tuple[int, Number]]:
    """Number of every step that pays back, and the money it pays back of."""
    starts = [step.at_least.number for step in terms.steps]
    reached = [
        number
        for number, start in enumerate(starts)
        if spend >= start - min(max(HALF_A_CENT, STEP_REACHED * start), STEP_SMALL * start)
    ]
    if terms.kind == "all-unit":
        if reached and spend > 0:
            yield reached[-1], spend
        return
    for number in reached:
        part = min(spend, [*starts, math.inf][number + 1]) - starts[number]
        if part > 0:
            yield number, part


def owed(work: Work, before: Before) -> Owed:
    """Shares of what the prices came to, in the currency of the steps."""
    entries = []
    for name, vendor in work.case.vendors.items():
        terms = vendor.contract.rebate
        if terms is None:
            continue
        currency = currency_of(work.case, terms.steps[0].at_least)
        for window, spend in prices_in(work, before, name, currency, terms.window):
            for number, part in _back(terms, spend):
                about = f"{name}, step {number + 1} of {len(terms.steps)}"
                price = -terms.steps[number].back * work.stated.rate(currency, window.last)
                entries.append(
                    Entry(
                        name, window.label, "rebate", about, part, currency, price, part * price, window.last,
                        everything(work),
                    )
                )  # fmt: skip
    return Owed(entries)
