"""Billing windows: how a horizon's periods fall into months, quarters, or one window."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate import read_case
from allocate.case.horizon import Periods
from allocate.costing.terms.windows import windows


def periods(start: str = "2027-01-27", **length: int) -> Periods:
    """Periods of a horizon; 27 January 2027 is a Wednesday."""
    vendor = {"contract": {"price": "1 USD/image"}}
    product = {"item": "image", "effort": "1 s/image", "demand": "1 image"}
    case = {"case": "c", "currency": "USD", "objective": "cost", "products": {"p": product}, "vendors": {"v": vendor}}
    return read_case({**case, "horizon": {"start": start, **(length or {"weeks": 2})}}).periods


def test_each_period_is_a_window_of_its_own() -> None:
    """Weights are the identity, and a window is priced and paid in its own period."""
    found = windows(periods(weeks=3), "period")
    np.testing.assert_array_equal(found.weights, np.eye(3))
    assert found.first.tolist() == found.last.tolist() == [0, 1, 2]


def test_the_horizon_is_one_window() -> None:
    """All work of all periods; priced in the first, paid in the last."""
    found = windows(periods(weeks=3), "horizon")
    assert found.labels == ("the horizon",)
    np.testing.assert_array_equal(found.weights, [[1, 1, 1]])
    assert (found.first.tolist(), found.last.tolist()) == ([0], [2])


def test_a_week_falls_into_two_months_by_its_days() -> None:
    """From Wednesday 27 January five days are January's and two February's; the next week is February's whole."""
    found = windows(periods(weeks=2), "month")
    assert found.labels == ("2027-01", "2027-02")
    np.testing.assert_allclose(found.weights, [[5 / 7, 0], [2 / 7, 1]])
    assert (found.first.tolist(), found.last.tolist()) == ([0, 0], [0, 1])


def test_quarters_begin_in_january_april_july_and_october() -> None:
    """Months of a year fall into four quarters of three."""
    found = windows(periods("2027-01-01", months=12), "quarter")
    assert found.labels == ("2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4")
    np.testing.assert_allclose(found.weights, np.kron(np.eye(4), np.ones((1, 3))))


def test_months_of_two_years_are_different_windows() -> None:
    """December 2027 and December 2028 are not counted together."""
    found = windows(periods("2027-12-01", months=13), "month")
    assert (found.labels[0], found.labels[-1], len(found.labels)) == ("2027-12", "2028-12", 13)


@pytest.mark.slow
@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.dates(datetime.date(2024, 1, 1), datetime.date(2030, 12, 31)), st.integers(1, 30))
@pytest.mark.parametrize("kind", ["period", "month", "quarter", "horizon"])
def test_all_work_falls_into_some_window(kind: str, start: datetime.date, weeks: int) -> None:
    """Every period's shares add up to 1, no window is empty, and its last period is not before its first."""
    found = windows(periods(start.isoformat(), weeks=weeks), kind)
    np.testing.assert_allclose(found.weights.sum(axis=0), 1.0)
    assert (found.weights.sum(axis=1) > 0).all()
    assert (found.first <= found.last).all()
    assert len(set(found.labels)) == len(found.labels) == len(found.weights)
