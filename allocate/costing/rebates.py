"""Rebates: what a vendor pays back at the end of the horizon, by all that its prices came to."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.load import Case
from allocate.costing.prices import in_case_currency

HALF_A_CENT = 0.005
"""A spend this close below a step has reached it: invoices are in cents."""


@dataclass(frozen=True)
class Rebate:
    """Steps of one vendor's rebate."""

    vendor: int
    incremental: bool
    """Whether a step pays back of the money above its start only."""
    steps: tuple[tuple[float, float], ...]
    """Spend from which each step holds, in the case's currency, and the share it pays back."""

    def back(self, spend: float) -> list[tuple[int, float, float]]:
        """Step, money it is counted on, and share, of every part paid back."""
        reached = [n for n, (start, _) in enumerate(self.steps) if spend >= start - HALF_A_CENT]
        if not self.incremental:
            return [(reached[-1], spend, self.steps[reached[-1]][1])] if reached and spend > 0 else []
        ends = [*(start for start, _ in self.steps[1:]), float("inf")]
        parts = [(n, min(spend, ends[n]) - self.steps[n][0], self.steps[n][1]) for n in reached]
        return [(n, part, share) for n, part, share in parts if part > 0]


def rebates(case: Case) -> tuple[Rebate, ...]:
    """Every rebate of a case, in the order of its vendors."""
    found = []
    for position, vendor in enumerate(case.vendors.values()):
        rebate = vendor.contract.rebate
        if rebate is not None:
            steps = tuple((float(in_case_currency(case, one.at_least)[0]), one.back) for one in rebate.steps)
            found.append(Rebate(position, rebate.kind == "incremental", steps))
    return tuple(found)


def largest_rebate(case: Case) -> dict[int, float]:
    """Largest share of its prices each vendor (by position) could pay back."""
    return {one.vendor: max(share for _, share in one.steps) for one in rebates(case)}
