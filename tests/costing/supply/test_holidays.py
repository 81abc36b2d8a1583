"""Public holidays: each takes its part of a period's working days, from a list or from a country's calendar."""

from __future__ import annotations

import datetime
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from allocate import CaseError, read_case, routes
from allocate.case.load import Case
from allocate.costing.supply.teams import teams
from allocate.costing.supply.throughput import review_hours, vendor_capacities


def case_of(vendor: dict[str, Any], horizon: dict[str, Any] | None = None, **changes: Any) -> Case:
    """One product and one vendor over the first four weeks of 2027, from Monday, 4 January."""
    product = {"item": "image", "effort": "60 s/image", "demand": "1000 images"}
    return read_case(
        {
            "case": "days",
            "currency": "USD",
            "objective": "cost",
            "horizon": horizon or {"start": "2027-01-04", "weeks": 4},
            "products": {"p": product},
            "vendors": {"v": {"contract": {"price": "1 USD/image"}, **vendor}},
            **changes,
        }
    )


def hours_of(case: Case) -> list[float]:
    """Capacity of the vendor by period."""
    (found,) = vendor_capacities(case)
    amounts: list[float] = found.amounts.tolist()
    return amounts


@pytest.fixture
def calendars(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in for the package: one holiday a year, on 15 January, in the country XX."""

    def country_holidays(country: str, years: list[int]) -> dict[datetime.date, str]:
        return {datetime.date(year, 1, 15): "a day off" for year in years}

    monkeypatch.setitem(
        sys.modules,
        "holidays",
        SimpleNamespace(country_holidays=country_holidays, list_supported_countries=lambda: {"XX": []}),
    )


def test_each_holiday_takes_a_fifth_of_its_week() -> None:
    """400 h a week: a Tuesday off leaves 320, a Saturday off takes nothing, two days off leave 240."""
    days = ["2027-01-12", "2027-01-16", "2027-01-18", "2027-01-20"]
    case = case_of({"people": 10, "hours": "40 h/week", "holidays": days})
    np.testing.assert_allclose(hours_of(case), [400.0, 320.0, 240.0, 400.0])


def test_holidays_take_their_part_of_a_stated_capacity() -> None:
    """500 images a week with a day off are 400."""
    case = case_of({"capacity": "500 images/week", "holidays": ["2027-01-04"]})
    np.testing.assert_allclose(hours_of(case), [400.0, 500.0, 500.0, 500.0])


def test_months_count_their_own_working_days() -> None:
    """January 2027 has 21 days from Monday to Friday: one off leaves 20/21 of 31/7 weeks."""
    case = case_of({"capacity": "70 h/week", "holidays": ["2027-01-01"]}, {"start": "2027-01-01", "months": 2})
    np.testing.assert_allclose(hours_of(case), [310.0 * 20 / 21, 280.0])


def test_reviewers_have_holidays_too() -> None:
    """2 people x 40 h: 80 h, in the week with a day off 64."""
    team = {"wage": "30 USD/h", "people": 2, "hours": "40 h/week", "holidays": ["2027-01-13"]}
    case = case_of({}, workflows=["full-review"], **{"review-team": team})
    found = review_hours(case, routes(case))
    assert found is not None
    np.testing.assert_allclose(found, [80.0, 64.0, 80.0, 80.0])


@pytest.mark.usefixtures("calendars")
def test_a_country_has_its_calendar() -> None:
    """Friday, 15 January falls into the second week."""
    case = case_of({"people": 10, "hours": "40 h/week", "holidays": "XX"})
    np.testing.assert_allclose(hours_of(case), [400.0, 320.0, 400.0, 400.0])


@pytest.mark.usefixtures("calendars")
def test_a_country_without_a_calendar_is_a_problem() -> None:
    """The code is named, with what to write."""
    with pytest.raises(CaseError, match="no calendar of public holidays for 'ZZ'"):
        case_of({"people": 10, "hours": "40 h/week", "holidays": "ZZ"})


def test_without_the_package_a_country_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The case is read to its end; the problem names the extra, and the list that needs none."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(CaseError, match="not installed") as told:
        case_of({"people": 10, "hours": "40 h/week", "holidays": "PH"})
    assert "allocate[calendars]" in (told.value.problems[0].fix or "")


@pytest.mark.slow
def test_the_package_knows_the_regions_of_the_cost_model() -> None:
    """New Year's Day and Independence Day of the Philippines are in its calendar."""
    pytest.importorskip("holidays")
    from allocate.case.holidays import public_holidays

    found = public_holidays("PH", [2027])
    assert datetime.date(2027, 1, 1) in found
    assert datetime.date(2027, 6, 12) in found
    for name in ("ph", "HolidayBase", ""):
        with pytest.raises(LookupError):
            public_holidays(name, [2027])


@pytest.mark.parametrize(
    ("holidays", "says"), [({}, "or a list of days"), ([], "or a list of days"), (["12 January"], "neither a date")]
)
def test_holidays_that_say_nothing_are_problems(holidays: Any, says: str) -> None:
    """No country and no day, and a day that is no date."""
    with pytest.raises(CaseError, match=says):
        case_of({"people": 10, "hours": "40 h/week", "holidays": holidays})


def test_a_team_does_not_work_on_holidays() -> None:
    """Two people of 40 hours with a holiday on Tuesday of the second week work 64 hours in it, and are paid for 80."""
    team = {"people": 2, "hours": "40 h/week", "wage": "20 USD/h", "shrinkage": "0%"}
    (crew,) = teams(case_of({"team": team, "contract": {}, "holidays": ["2027-01-12"]}))
    assert (2 * crew.hours * crew.worked)[:2].tolist() == pytest.approx([80.0, 64.0])
    assert (2 * crew.hours)[:2].tolist() == pytest.approx([80.0, 80.0])
