"""Rebates: what a vendor pays back by all that its prices came to in a window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.prices import in_case_currency
from allocate.costing.windows import Windows, windows
from allocate.tolerances import HALF_A_CENT

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rebate:
    """Steps of one vendor's rebate."""

    vendor: int
    incremental: bool
    """Whether a step pays back of the money above its start only."""
    windows: Windows
    starts: Floats
    """Spend from which each step holds in each window, shape (W, K), in the case's currency."""
    shares: tuple[float, ...]
    """Share that each step pays back."""

    def back(self, window: int, spend: float) -> list[tuple[int, float, float]]:
        """Step, money it is counted on, and share, of every part paid back of the spend of a window."""
        starts = self.starts[window].tolist()
        reached = [n for n, start in enumerate(starts) if spend >= start - HALF_A_CENT]
        if not self.incremental:
            return [(reached[-1], spend, self.shares[reached[-1]])] if reached and spend > 0 else []
        ends = [*starts[1:], float("inf")]
        parts = [(n, min(spend, ends[n]) - starts[n], self.shares[n]) for n in reached]
        return [(n, part, share) for n, part, share in parts if part > 0]


def rebates(case: Case) -> tuple[Rebate, ...]:
    """Every rebate of a case, in the order of its vendors."""
    found = []
    for position, vendor in enumerate(case.vendors.values()):
        rebate = vendor.contract.rebate
        if rebate is not None:
            over = windows(case.periods, rebate.window)
            starts = np.stack([in_case_currency(case, one.at_least)[over.first] for one in rebate.steps], axis=1)
            shares = tuple(one.back for one in rebate.steps)
            found.append(Rebate(position, rebate.kind == "incremental", over, starts, shares))
    return tuple(found)


def largest_rebate(case: Case) -> dict[int, float]:
    """Largest share of its prices each vendor (by position) could pay back."""
    return {one.vendor: max(one.shares) for one in rebates(case)}
