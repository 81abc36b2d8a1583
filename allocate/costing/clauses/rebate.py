"""Rebates: what a vendor pays back by all that its prices came to in a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.bill.clause import Clause, entries_only
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.readings import read_once
from allocate.costing.terms.prices import currency_of, exchange_rates
from allocate.costing.terms.windows import Windows, windows
from allocate.exact import array_of, element
from allocate.numbers import Floats, below, least, may_be, most, named, when
from allocate.tolerances import HALF_A_CENT, STEP_REACHED, STEP_SMALL


def close_below(start: float) -> float:
    """How far below a step's start a spend has reached it, money in the currency of the step."""
    return least(most(HALF_A_CENT, STEP_REACHED * start), STEP_SMALL * start)  # type: ignore[no-any-return]


@dataclass(frozen=True, eq=False)
class Rebate:
    """Steps of one vendor's rebate."""

    vendor: int
    incremental: bool
    """Whether a step pays back of the money above its start only."""
    windows: Windows
    currency: str
    """What its steps are written in: spend is counted, and paid back, in it."""
    rate: Floats
    """What one unit of it is worth when a window's rebate is paid, in the window's last period, shape (W,)."""
    starts: Floats
    """Spend from which each step holds, shape (K,)."""
    shares: tuple[float, ...]
    """Share that each step pays back."""

    def back(self, spend: float) -> list[tuple[int, float, float]]:
        """Step, money it is counted on, and share, of every part paid back of the spend of a window."""
        starts, found = [named("from", start) for start in self.starts.tolist()], list[tuple[int, float, float]]()
        for n, (start, share) in enumerate(zip(starts, self.shares, strict=True)):
            end = starts[n + 1] if n + 1 < len(starts) else float("inf")
            if self.incremental:
                part = most(least(spend, end) - start, 0.0)
            else:
                part = when(below(spend, end - close_below(end)), spend, 0.0) if n + 1 < len(starts) else spend
            part = when(below(spend, start - close_below(start)), 0.0, part)
            if may_be(part):
                found.append((n, part, share))
        return found


@read_once
def rebates(case: Case) -> tuple[Rebate, ...]:
    """Every rebate of a case, in the order of its vendors."""
    found = []
    for position, vendor in enumerate(case.vendors.values()):
        rebate = vendor.contract.rebate
        if rebate is not None:
            over = windows(case.periods, rebate.window)
            currency = currency_of(case, rebate.steps[0].at_least)
            rate, starts = exchange_rates(case)[currency][over.last], [step.at_least.number for step in rebate.steps]
            shares = tuple(step.back for step in rebate.steps)
            incremental = rebate.kind == "incremental"
            found.append(Rebate(position, incremental, over, currency, rate, array_of(starts), shares))
    return tuple(found)


@entries_only
def owed(ledger: Ledger) -> Iterator[Entry]:
    """What is paid back at the end of each window."""
    for rebate in rebates(ledger.lines.case):
        name = ledger.lines.routes.vendors[rebate.vendor]
        for window, spend in enumerate(ledger.within(rebate.vendor, rebate.windows, rebate.currency)):
            label, last = rebate.windows.labels[window], int(rebate.windows.last[window])
            for step, part, share in rebate.back(spend):
                about, price = f"{name}, step {step + 1} of {len(rebate.shares)}", -share * element(rebate.rate[window])
                money = (part, rebate.currency, price, price * part)
                yield Entry(name, label, "rebate", about, *money, last, ledger.lines.everything)


def largest_rebate(case: Case) -> Floats:
    """Largest share of its prices each vendor could pay back of work in each period, shape (V, T).

    A rebate in a currency that gains until it is paid is worth a larger share of what was billed.
    """
    found = np.zeros((len(case.vendors), case.periods.count))
    for rebate in rebates(case):
        rate = exchange_rates(case)[rebate.currency]
        later = np.where(rebate.windows.weights > 0, rebate.rate[:, None], -np.inf).max(axis=0)
        found[rebate.vendor] = max(rebate.shares) * (later / rate)
    return found


CLAUSE = Clause("rebate", owed, of_lines=False)
