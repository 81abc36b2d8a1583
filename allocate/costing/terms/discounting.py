"""What money paid later is worth at the start of the horizon."""

from __future__ import annotations

from allocate.case.horizon import Periods
from allocate.case.load import Case
from allocate.costing.readings import read_once
from allocate.costing.terms.prices import DAYS_PER_YEAR, TIMES_A_YEAR
from allocate.numbers import Floats


@read_once
def yearly_rate(case: Case) -> float | None:
    """The case's discount rate, a share per year; None where it names none. A rate per month or quarter compounds by itself."""
    rate = case.file.discount
    if rate is None or rate.time in (None, "year"):
        return None if rate is None else rate.each
    return float((1.0 + rate.each) ** TIMES_A_YEAR[rate.time] - 1.0)


def factor_at(periods: Periods, rate: float, ended: Floats) -> Floats:
    r"""What one unit of money is worth at the start of the horizon when so many periods have ended.

    .. math:: d_k = (1 + r)^{-y_k}

    with y the years from the start of the horizon to the end of period k, where its money counts: twelfths of a year
    for months, weeks of 7 days in a year of 365.25. Equal sums make the ordinary annuity of textbooks.
    """
    years = ended / 12.0 if periods.unit == "month" else ended * 7.0 / DAYS_PER_YEAR
    factors: Floats = (1.0 + rate) ** -years
    return factors
