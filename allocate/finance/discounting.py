"""What money paid later is worth at the start of the horizon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from allocate.case.horizon import Periods
from allocate.case.load import Case
from allocate.costing.prices import DAYS_PER_YEAR

Floats = NDArray[np.float64]


def yearly_rate(case: Case) -> float | None:
    """The case's discount rate, a share per year; None where it names none."""
    rate = case.file.discount
    return None if rate is None else rate.number * DAYS_PER_YEAR / 7  # the amount is read per week


def discount_factors(periods: Periods, rate: float) -> Floats:
    r"""What one unit of money of each period is worth at the start of the horizon, shape (T,).

    .. math:: d_t = (1 + r)^{-y_t}

    with y the years from the start of the horizon to the end of the period, where its money counts: twelfths of a year
    for months, weeks of 7 days in a year of 365.25. Equal sums make the ordinary annuity of textbooks.
    """
    number = np.arange(1, periods.count + 1, dtype=np.float64)
    years = number / 12.0 if periods.unit == "month" else number * 7.0 / DAYS_PER_YEAR
    factors: Floats = (1.0 + rate) ** -years
    return factors
