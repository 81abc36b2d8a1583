"""Periods of a horizon: their days, deliveries, and what dates and weeks mean among them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocate.case.horizon import Periods, periods
from allocate.case.moments import When
from allocate.case.schema import Horizon
from allocate.units import Units


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def horizon(start: str, weeks: int | None = None, months: int | None = None) -> Periods:
    length = {"weeks": weeks} if weeks is not None else {"months": months}
    return periods(Horizon.model_validate({"start": start, **length}))


TWELVE = horizon("2027-01-04", weeks=12)


def test_weeks_follow_one_another_and_deliver_on_their_fifth_day() -> None:
    """Weeks that start on Monday deliver on Friday and end on Sunday."""
    assert TWELVE.count == 12
    assert TWELVE.starts[:2] == (day("2027-01-04"), day("2027-01-11"))
    assert TWELVE.deliveries[0] == day("2027-01-08")
    assert TWELVE.end == day("2027-03-28")
    assert TWELVE.weeks_each() == (1.0,) * 12


def test_months_deliver_on_their_last_day() -> None:
    """Calendar months have their own lengths, leap years included."""
    year = horizon("2028-01-01", months=3)
    assert year.starts == (day("2028-01-01"), day("2028-02-01"), day("2028-03-01"))
    assert year.deliveries == (day("2028-01-31"), day("2028-02-29"), day("2028-03-31"))
    assert year.weeks_each() == pytest.approx((31 / 7, 29 / 7, 31 / 7))


def test_months_from_the_31st_start_on_the_last_day_of_short_months() -> None:
    """A start that a month does not have moves to its last day, and back again in the next."""
    late = horizon("2027-01-31", months=3)
    assert late.starts == (day("2027-01-31"), day("2027-02-28"), day("2027-03-31"))
    assert late.deliveries == (day("2027-02-27"), day("2027-03-30"), day("2027-04-29"))


def test_months_cross_the_year() -> None:
    """December is followed by January."""
    assert horizon("2027-12-15", months=2).starts == (day("2027-12-15"), day("2028-01-15"))


@pytest.mark.parametrize(
    ("when", "count"),
    [
        (When(date=day("2027-01-07")), 0),
        (When(date=day("2027-01-08")), 1),
        (When(date=day("2027-03-05")), 9),
        (When(date=day("2030-01-01")), 12),
        (When(period=4, unit="week"), 4),
        (When(period=40, unit="week"), 12),
        (When(period=1, unit="month"), 4),
    ],
)
def test_what_is_delivered_by_a_point(when: When, count: int) -> None:
    """A period counts when its delivery day is on or before the point."""
    assert TWELVE.last_before(when) == count


@pytest.mark.parametrize(
    ("when", "position"),
    [
        (When(date=day("2020-01-01")), 0),
        (When(date=day("2027-01-10")), 0),
        (When(date=day("2027-01-11")), 1),
        (When(period=2, unit="week"), 1),
        (When(period=2, unit="month"), 4),
        (When(date=day("2027-03-29")), 12),
    ],
)
def test_the_first_period_from_a_point(when: When, position: int) -> None:
    """A step that starts within a period holds from that period on; past the horizon it never does."""
    assert TWELVE.first_from(when) == position


def test_weeks_among_months_follow_their_friday() -> None:
    """Week 5 of a horizon in months is delivered by its fifth day, within the second month."""
    months = horizon("2027-01-04", months=3)
    assert months.last_before(When(period=5, unit="week")) == 1
    assert months.first_from(When(period=6, unit="week")) == 1


@pytest.mark.parametrize(
    ("text", "whole"), [("1 week", 1), ("3 days", 1), ("8 days", 2), ("0 days", 0), ("2 weeks", 2)]
)
def test_leads_are_rounded_up_to_whole_weeks(text: str, whole: int) -> None:
    """Work that takes a day more than a week comes two weeks later."""
    assert TWELVE.lead(Units().quantity(text)) == whole


def test_leads_in_months_and_no_lead() -> None:
    """One month is one period of a horizon in months; without a lead work is delivered in its own period."""
    months = horizon("2027-01-01", months=3)
    assert months.lead(Units().quantity("1 month")) == 1
    assert months.lead(Units().quantity("2 weeks")) == 1
    assert months.lead(None) == 0


def test_points_past_all_dates_are_after_the_horizon() -> None:
    """A week thousands of years away is late, not an error."""
    far = horizon("9990-01-01", weeks=4)
    assert far.last_before(When(period=9999, unit="month")) == 4
    assert far.is_after(When(period=9999, unit="month"))


@pytest.mark.parametrize(("weeks", "months"), [(5, None), (None, 1)])
def test_the_calendar_ends_with_the_year_9999(weeks: int | None, months: int | None) -> None:
    """A horizon past the last date there is raises OverflowError."""
    with pytest.raises(OverflowError):
        horizon("9999-12-10", weeks, months)


def test_labels() -> None:
    """Periods are named by their number from 1."""
    assert TWELVE.label(2) == "week 3"


@given(st.dates(day("1990-01-01"), day("2090-01-01")), st.integers(1, 60), st.integers(-100, 600))
def test_deliveries_count_up_with_time(start: datetime.date, weeks: int, offset: int) -> None:
    """A later date never has fewer periods delivered, and each period is delivered within itself."""
    found = horizon(start.isoformat(), weeks=weeks)
    date = start + datetime.timedelta(days=offset)
    assert found.last_before(When(date=date)) <= found.last_before(When(date=date + datetime.timedelta(days=1)))
    assert all(a <= d < a + datetime.timedelta(days=7) for a, d in zip(found.starts, found.deliveries, strict=True))
