"""Exchange rates, season and escalation, period by period."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from allocate import CaseError, read_case, routes
from allocate.case.load import Case
from allocate.costing.terms.prices import exchange_rates, in_case_currency, price_factors
from allocate.verification.stated import Stated


def case_of(vendor: dict[str, Any] | None = None, weeks: int = 4, **changes: Any) -> Case:
    """One product, one vendor at 1 USD/image."""
    return read_case(
        {
            "case": "one",
            "currency": "USD",
            "objective": "cost",
            "horizon": {"start": "2027-01-04", "weeks": weeks},
            "products": {"p": {"item": "image", "effort": "30 s/image", "demand": "1000 images"}},
            "vendors": {"v": {"contract": {"price": "1 USD/image"}, **(vendor or {})}, "w": {}},
            **changes,
        }
    )


def test_a_fixed_exchange_rate_holds_in_every_period() -> None:
    """One PHP is 0.0172 USD throughout; the case's own currency is 1."""
    rates = exchange_rates(case_of(exchange={"PHP": "0.0172 USD"}))
    np.testing.assert_allclose(rates["PHP"], [0.0172] * 4)
    np.testing.assert_allclose(rates["USD"], [1.0] * 4)


def test_exchange_rates_hold_until_the_next_step() -> None:
    """A rate from week 3 on leaves the first two weeks alone."""
    steps = [{"rate": "1.08 USD"}, {"from": "week 3", "rate": "1.12 USD"}]
    np.testing.assert_allclose(exchange_rates(case_of(exchange={"EUR": steps}))["EUR"], [1.08, 1.08, 1.12, 1.12])


def test_a_step_by_date_starts_in_the_week_that_holds_the_date() -> None:
    """2027-01-13 is a Wednesday of the second week."""
    steps = [{"rate": "1.08 USD"}, {"from": "2027-01-13", "rate": "1.12 USD"}]
    np.testing.assert_allclose(exchange_rates(case_of(exchange={"EUR": steps}))["EUR"], [1.08, 1.12, 1.12, 1.12])


def test_money_in_another_currency_is_worth_its_rate() -> None:
    """A budget of 1,000 EUR at 1.08 is 1,080 USD, by period."""
    case = case_of(budget="1000 EUR", exchange={"EUR": "1.08 USD"})
    assert case.file.budget.total is not None
    np.testing.assert_allclose(in_case_currency(case, case.file.budget.total), [1080.0] * 4)


def test_season_holds_from_its_start_until_the_next() -> None:
    """No season is 1; +20 % in the second week; back to 1 from the fourth."""
    season = [{"from": "week 2", "factor": "120%"}, {"from": "week 4", "factor": 1}]
    np.testing.assert_allclose(price_factors(case_of({"season": season})), [[1, 1.2, 1.2, 1], [1] * 4])


def test_the_calendar_sets_the_season_of_single_weeks() -> None:
    """A calendar row replaces the factor of its week, for its vendor only."""
    factors = price_factors(case_of(calendar=[{"vendor": "v", "week": 3, "season": "115%"}]))
    np.testing.assert_allclose(factors, [[1, 1, 1.15, 1], [1] * 4])


def test_escalation_compounds_from_the_start_of_the_horizon() -> None:
    """4 % a year: the k-th week costs 1.04^(7k/365.25) of the first, the 53rd just under 4 % more."""
    factors = price_factors(case_of({"escalation": "4 %/year"}, weeks=53))
    np.testing.assert_allclose(factors[0], 1.04 ** (7 * np.arange(53) / 365.25))
    assert 1.039 < factors[0, 52] < 1.04


def test_a_season_of_the_calendar_leaves_prices_rising() -> None:
    """A row of the calendar stands in place of the season of its week; prices go on rising by the year."""
    calendar = [{"vendor": "v", "week": 3, "season": "115%"}]
    season = [{"from": "week 2", "factor": 2}]
    factors = price_factors(case_of({"escalation": "1 %/week", "season": season}, calendar=calendar))[0]
    np.testing.assert_allclose(factors, [1, 2 * 1.01, 1.15 * 1.01**2, 2 * 1.01**3])


def test_season_and_escalation_multiply() -> None:
    """Both factors apply to a price."""
    both = price_factors(case_of({"escalation": "4 %/year", "season": [{"from": "week 2", "factor": 2}]}))
    np.testing.assert_allclose(both[0], np.array([1, 2, 2, 2]) * 1.04 ** (7 * np.arange(4) / 365.25))


def test_prices_move_and_wages_do_not() -> None:
    """Season is the vendor's: its price doubles, the review team's wage stays."""
    workflows = {"sampled": {"review": {"share": "10%", "time": "36 s/image"}}}
    case = case_of(
        {"season": [{"from": "week 2", "factor": 2}]}, workflows=workflows, **{"review-team": {"wage": "40 USD/h"}}
    )
    ways = routes(case)
    np.testing.assert_allclose(ways.price, [[1, 2, 2, 2]])
    np.testing.assert_allclose(ways.review_cost, [[0.04] * 4])


@pytest.mark.parametrize(
    ("terms", "factors"),
    [
        ({"on": "2027-03-15", "rate": "4%"}, [1.0, 1.0, 1.04, 1.04]),
        ({"on": "2026-03-15", "rate": "4%", "cap": "3%"}, [1.0, 1.0, 1.03, 1.03]),
        ({"on": "2025-03-15", "rate": "-4%", "floor": "0%"}, [1.0] * 4),
        ({"on": "2024-02-29", "rate": "10%", "share": "80%"}, [1.0, 1.08, 1.08, 1.08]),
        ({"on": "month 2", "rate": "4%"}, [1.0, 1.04, 1.04, 1.04]),
        ({"on": "2027-01-01", "rate": "4%"}, [1.0] * 4),
        ({"on": "2028-01-01", "rate": "4%"}, [1.0] * 4),
    ],
)
def test_an_index_steps_on_each_anniversary(terms: dict[str, Any], factors: list[float]) -> None:
    """Four months from 1 January 2027: the price as written holds at the start, and changes from the month of the anniversary on."""
    read = case_of({"indexation": terms}, horizon={"start": "2027-01-01", "months": 4})
    assert price_factors(read)[0].tolist() == pytest.approx(factors)
    stated = Stated(read)
    assert [stated.factor(0, month) for month in range(4)] == pytest.approx(factors)


def test_an_index_counts_every_year() -> None:
    """Thirty months of 4%, at most 3%, on 1 July: 1.03 from the seventh month on, its square from the nineteenth."""
    horizon, terms = {"start": "2027-01-01", "months": 30}, {"on": "2027-07-01", "rate": "4%", "cap": "3%"}
    read = case_of({"indexation": terms}, horizon=horizon)
    found = price_factors(read)[0]
    assert found[[5, 6, 17, 18, 29]].tolist() == pytest.approx([1.0, 1.03, 1.03, 1.03**2, 1.03**2])


def test_mistakes_in_an_index() -> None:
    """A cap below the floor, and prices that rise twice."""
    with pytest.raises(CaseError, match=r"the cap of 0.01 is below the floor of 0.02"):
        case_of({"indexation": {"on": "week 2", "rate": "4%", "cap": "1%", "floor": "2%"}})
    with pytest.raises(CaseError, match="v has an indexation, and `escalation` beside it"):
        case_of({"indexation": {"on": "week 2", "rate": "4%"}, "escalation": "2%/year"})
