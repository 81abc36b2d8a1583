"""Ramps of vendors: what they have of their capacity at first, and from when on it counts."""

from __future__ import annotations

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.numbers import Floats
from allocate.tables.table import Table

LEAST_FIRST_WORK = 0.05
"""Part of what it then has that a vendor works at least in the period its ramp begins in."""


def ramp_of(case: Case, vendor: Vendor) -> Floats:
    """Share of capacity a vendor has in each period, shape (T,); counted from its first work, the most it could be."""
    periods = case.periods.count
    if isinstance(vendor.ramp_from, str):
        most: Floats = np.maximum.accumulate(_ramp_from(vendor, periods, 0))
        return most
    return _ramp_from(vendor, periods, 0 if vendor.ramp_from is None else case.periods.first_from(vendor.ramp_from))


def lost_by_waiting(case: Case, vendor: Vendor) -> Floats | None:
    """Share of capacity not there when the first work is in each period, or never, shape (T + 1, T).

    None where the ramp does not begin with the first work, or there is none.
    """
    if not isinstance(vendor.ramp_from, str) or not vendor.ramp:
        return None
    periods, most = case.periods.count, ramp_of(case, vendor)
    return np.array([most - _ramp_from(vendor, periods, first) for first in range(periods + 1)])


def _ramp_from(vendor: Vendor, periods: int, first: int) -> Floats:
    """Share of capacity in each period of a ramp that begins in one, shape (T,); none before."""
    shares = np.array([*vendor.ramp, *np.ones(periods)])[: max(periods - first, 0)]
    return np.concatenate([np.zeros(min(first, periods)), shares])


def waiting_notes(case: Case, lines: Table) -> tuple[str, ...]:
    """Vendors of a plan that wait while their ramp, counted from the start of the horizon, goes on without them."""
    first: dict[str, int] = {}
    for vendor, period in lines.rows("vendor", "period"):
        first[vendor] = min(period, first.get(vendor, period))
    notes = []
    for name, vendor in sorted(case.vendors.items()):
        period = int(first.get(name, 1)) - 1
        if vendor.ramp and vendor.ramp_from is None and period > 0:
            share = float(ramp_of(case, vendor)[period])
            if share > vendor.ramp[0]:
                notes.append(
                    f"{name} works first in {case.periods.label(period)} and counts {share:.0%} of its capacity there: its ramp "
                    "runs from the first period; `ramp-from: first-work` counts it from its first work"
                )
    return tuple(notes)
