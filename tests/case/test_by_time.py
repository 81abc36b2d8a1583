"""Amounts by time in periods of weeks and of months: an amount per month is that amount in every month."""

from __future__ import annotations

import calendar
import datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate.case.by_time import by_period, times
from allocate.case.horizon import Periods, periods
from allocate.case.schema import Horizon
from allocate.units import Quantity, Units
from allocate.verification.by_time import counted

UNITS = Units({"image": "images"})
DAY = datetime.timedelta(days=1)


def horizon(start: str, **length: int) -> Periods:
    return periods(Horizon.model_validate({"start": start, **length}))


def amount(text: str) -> Quantity:
    return UNITS.quantity(text)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("2k USD/month", 2000.0, 2000.0),
        ("6k USD/quarter", 2000.0, 2000.0),
        ("24k USD/year", 2000.0, 2000.0),
        ("700 USD/week", 3100.0, 2800.0),  # 31 and 28 days
        ("100 USD/day", 3100.0, 2800.0),
        ("8 h/day", 168.0, 160.0),  # 21 and 20 days from Monday to Friday
        ("10 images/day", 210.0, 200.0),
        ("7 h/week", 31.0, 28.0),
    ],
)
def test_amounts_in_months(text: str, first: float, second: float) -> None:
    """January and February 2027: months are equal, weeks go by days, work per day by working days."""
    assert by_period(horizon("2027-01-01", months=2), amount(text)) == (first, second)


@pytest.mark.parametrize("start", ["2027-01-15", "2027-01-31", "2028-02-29"])
def test_a_month_that_begins_on_any_day_is_a_month(start: str) -> None:
    """In a horizon of months that begins in the middle of one, an amount per month is whole in each of its months."""
    assert by_period(horizon(start, months=3), amount("2k USD/month")) == (2000.0,) * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("310 USD/month", 70.0),  # January has 31 days
        ("930 USD/quarter", 70.0),
        ("3_720 USD/year", 70.0),
        ("10 USD/day", 70.0),
        ("8 h/day", 40.0),
        ("10 images/day", 50.0),
        ("40 h/week", 40.0),
    ],
)
def test_amounts_in_a_week_of_january(text: str, expected: float) -> None:
    """A week has seven days of its month's amount, and five working days wherever it begins."""
    for start in ("2027-01-04", "2027-01-06", "2027-01-10"):
        assert by_period(horizon(start, weeks=1), amount(text)) == (expected,)


@pytest.mark.parametrize(("days", "hours"), [(1, 8.0), (4, 32.0), (6, 48.0), (7, 56.0)])
def test_work_per_day_goes_by_the_working_days_said(days: int, hours: float) -> None:
    """Six working days of eight hours are 48 hours a week; money per day does not ask for them."""
    week = horizon("2027-01-04", weeks=1)
    assert by_period(week, amount("8 h/day"), days) == (hours,)
    assert by_period(week, amount("10 USD/day"), days) == (70.0,)


def test_a_leap_year_has_twelve_months_too() -> None:
    """In weeks over 2028, February's amount is split by its 29 days and still adds up to itself."""
    weeks = horizon("2028-01-31", weeks=5)
    each = amount("2_900 USD/month")
    found = times(weeks, each)
    assert found[0] == Fraction(1, 31) + Fraction(6, 29)
    assert sum(found) - Fraction(1, 31) - Fraction(5, 31) == 1


DATES = st.dates(datetime.date(2023, 1, 1), datetime.date(2033, 12, 31))
TIMES = ("day", "week", "month", "quarter", "year")


def whole_months(found: Periods) -> list[tuple[datetime.date, datetime.date]]:
    """First and last day of every calendar month a horizon holds whole."""
    day, months = found.starts[0], []
    while day <= found.end:
        last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        if day.day == 1 and last <= found.end:
            months.append((day, last))
        day = last + DAY
    return months


@settings(max_examples=60, deadline=None, derandomize=True)
@given(DATES, st.integers(1, 60), st.integers(1, 10**9))
def test_weeks_of_whole_months_add_up_to_the_months(start: datetime.date, weeks: int, cents: int) -> None:
    """Any whole calendar months in any weeks come to exactly so many months' amounts: what is outside of them is less."""
    found = horizon(start.isoformat(), weeks=weeks)
    held = whole_months(found)
    many = times(found, amount(f"{cents / 100:.2f} USD/month"))
    inside = Fraction(0)
    for first, last in held:
        for position, begin in enumerate(found.starts):
            days = (min(last, begin + 6 * DAY) - max(first, begin)).days + 1
            if days > 0:
                inside += Fraction(days, (last - first).days + 1)
            assert many[position] > 0
    assert inside == len(held)
    edges = sum(many) - inside
    assert 0 <= edges < 2 + (not held)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, derandomize=True)
@given(DATES, st.integers(1, 40), st.sampled_from(["weeks", "months"]))
def test_longer_times_are_so_many_months(start: datetime.date, count: int, kind: str) -> None:
    """Everywhere a quarter's amount is three months' and a year's twelve, and a week's is seven calendar days'."""
    found = horizon(start.isoformat(), **{kind: count})
    month = times(found, amount("1 USD/month"))
    assert times(found, amount("1 USD/quarter")) == tuple(one / 3 for one in month)
    assert times(found, amount("1 USD/year")) == tuple(one / 12 for one in month)
    assert times(found, amount("1 USD/week")) == tuple(one / 7 for one in times(found, amount("1 USD/day")))
    if kind == "months":
        assert month == (1,) * count


@pytest.mark.slow
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(2023, 2033), st.integers(1, 12), st.integers(1, 24))
def test_weeks_and_months_agree_over_whole_months(year: int, month: int, count: int) -> None:
    """Over the same whole months a plan by weeks, its last week cut where they end, is owed what one by months is."""
    by_month = horizon(f"{year}-{month:02d}-01", months=count)
    days = (by_month.end - by_month.starts[0]).days + 1
    by_week = horizon(f"{year}-{month:02d}-01", weeks=-(-days // 7))
    for unit in ("month", "quarter", "year"):
        text = f"1234.56 USD/{unit}"
        beyond = times(by_week, amount(text))
        after = [by_month.end + (day + 1) * DAY for day in range(len(by_week.starts) * 7 - days)]
        extra = sum((Fraction(1, calendar.monthrange(day.year, day.month)[1]) for day in after), Fraction(0))
        whole = {"month": 1, "quarter": 3, "year": 12}[unit]
        assert sum(beyond) - extra / whole == sum(times(by_month, amount(text)))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(DATES, st.integers(1, 30), st.sampled_from(["weeks", "months"]), st.sampled_from(TIMES), st.integers(1, 7))
@pytest.mark.parametrize("unit", ["h", "images", "EU", "USD", "%"])
def test_the_verifier_counts_the_same(
    unit: str, start: datetime.date, count: int, kind: str, time: str, working_days: int
) -> None:
    """The verifier's running counts come to what costing splits day by day, for work, money and shares."""
    found = horizon(start.isoformat(), **{kind: count})
    each = amount(f"12.34 {unit}/{time}")
    assert counted(found, each, working_days).tolist() == list(by_period(found, each, working_days))
