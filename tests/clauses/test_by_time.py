"""What falls due by time in contracts, teams and levers, in plans by weeks and by months: counted twice, by different hands."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from contract_grid import pays_its_invoice

from allocate import read_case, routes, solve
from allocate.answers import UnverifiedPlanError
from allocate.case.load import Case
from allocate.costing.clauses import seats as seats_module
from allocate.costing.clauses.payment import payments
from allocate.costing.clauses.seats import licences
from allocate.costing.soft_limits.missing import late_prices
from allocate.costing.supply import teams as teams_module
from allocate.costing.supply import throughput
from allocate.costing.supply.reach import most_items
from allocate.costing.supply.teams import teams
from allocate.costing.supply.throughput import rate_capacity, review_hours, vendor_capacities
from allocate.costing.supply.turnover import starts
from allocate.costing.terms import contracts
from allocate.costing.terms import levers as levers_module
from allocate.costing.terms.contracts import terms
from allocate.costing.terms.levers import levers
from allocate.costing.terms.prices import by_time, price_factors
from allocate.costing.terms.windows import windows
from allocate.errors import CaseError
from allocate.verification.capacity import rate_items
from allocate.verification.stated import Stated

YEAR = {"start": "2027-01-01", "months": 12}


def written(vendor: dict[str, Any], horizon: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """A case of one product of an hour an item and one vendor, over the months of 2027 unless said."""
    return {
        "case": "by time",
        "currency": "USD",
        "objective": "cost",
        "horizon": horizon or YEAR,
        "products": {"thing": {"item": "image", "effort": "1 h/image", "demand": "120 images"}},
        "vendors": {"v": {"accuracy": "100%", "contract": {"price": "1 USD/image"}, **vendor}},
        "workflows": {"plain": {}},
        **more,
    }


def retained(amount: str, horizon: dict[str, Any], **more: Any) -> dict[str, Any]:
    return written({"contract": {"price": "1 USD/image", "fees": {"retainer": amount}}}, horizon, **more)


@pytest.mark.parametrize(
    ("amount", "months"), [("2k USD/month", 12), ("6k USD/quarter", 12), ("24k USD/year", 12), ("2k USD/month", 7)]
)
def test_a_retainer_is_paid_in_its_own_months(amount: str, months: int) -> None:
    """2,000 USD a month are 24,000.00 USD in a year, 2,000 in each month, whether said by month, quarter or year."""
    answer = solve(read_case(retained(amount, {"start": "2027-01-01", "months": months})))
    assert pays_its_invoice(answer) == 120 + 2000 * months
    assert answer.plan is not None
    rows = answer.plan.invoice[answer.plan.invoice["clause"] == "retainer"]
    assert rows["amount"].tolist() == [2000.0] * months
    assert rows["window"].tolist() == [f"month {number + 1}" for number in range(months)]


def test_a_year_of_retainers_fits_monthly_budgets() -> None:
    """1,000 USD of retainer and 10 images a month fit 2,000 USD a month; paid at once the year's 12,000 would not."""
    answer = solve(read_case(retained("1k USD/month", YEAR, budget={"per-month": "2k USD"})))
    assert answer.status == "optimal"
    assert pays_its_invoice(answer) == pytest.approx(12_120)


def test_retainers_are_discounted_from_their_own_months() -> None:
    """At 12 % a year a retainer is an annuity: 1,000 x (1 - 1/1.12) / (1.12^(1/12) - 1)."""
    answer = solve(read_case(retained("1k USD/month", YEAR, discount="12 %/year")))
    assert answer.plan is not None
    assert answer.plan.present is not None
    annuity = 1000 * (1 - 1 / 1.12) / (1.12 ** (1 / 12) - 1)
    last = 120 * 1.12**-1
    assert answer.plan.present.spend == pytest.approx(annuity + last, rel=1e-9)


def test_weeks_and_months_owe_the_same_over_whole_months() -> None:
    """February 2027 is four weeks: by weeks and as a month it costs the same in retainers, levers and a team's lead."""
    lever = {"running-cost": "300 USD/month", "effect": {"hours": "-1%"}, "bought": True}
    shifts = {"seats": 2, "further": [{"cost": "120 USD/month"}]}
    team = {"people": 3, "hours": "40 h/week", "wage": "10 USD/h", "shifts": shifts}
    vendors = {
        "v": {"accuracy": "100%", "contract": {"price": "1 USD/image", "fees": {"retainer": "90 USD/month"}}},
        "t": {"accuracy": "100%", "team": team},
    }
    sums = []
    for length in ({"weeks": 4}, {"months": 1}):
        case = read_case(written({}, {"start": "2027-02-01", **length}, vendors=vendors, levers={"l": lever}))
        assert [one.retainer.sum() for one in terms(case)] == pytest.approx([90, 0], abs=1e-12)
        sums.append([float(levers(case)[0].running.sum()), float(teams(case)[0].shift_cost.sum())])
        assert float(teams(case)[0].hours.sum()) == pytest.approx(160)
    assert sums[0] == pytest.approx([300, 120], rel=1e-14)
    assert sums[1] == [300, 120]


def test_a_capacity_of_a_month_is_there_in_every_month() -> None:
    """100 images a month are 100 in January, February and March: 300 can be made, and 301 cannot."""
    horizon = {"start": "2027-01-01", "months": 3}
    case = written({"capacity": "100 images/month"}, horizon)
    case["products"]["thing"]["demand"] = "300 images"
    assert solve(read_case(case)).status == "optimal"
    case["products"]["thing"]["demand"] = "301 images"
    assert solve(read_case(case)).status == "infeasible"


def test_eight_hours_a_day_are_forty_a_week() -> None:
    """One person at 8 h a day makes 40 h of work in a week of five working days, 48 in one of six; a holiday takes a day."""
    week = {"start": "2027-01-04", "weeks": 1}
    for more, hours in (
        ({}, 40),
        ({"working-days": 6}, 48),
        ({"working-days": 7}, 56),
        ({"holidays": ["2027-01-06"]}, 32),
        ({"working-days": 6, "holidays": ["2027-01-06"]}, 40),
        ({"holidays": ["2027-01-09"]}, 40),  # a Saturday
        ({"working-days": 6, "holidays": ["2027-01-09"]}, 40),
    ):
        case = read_case(written({"people": "1 people", "hours": "8 h/day", **more}, week))
        (found,) = vendor_capacities(case)
        assert found.amounts.tolist() == pytest.approx([hours])
        assert Stated(case).capacities[0].amounts.tolist() == pytest.approx([hours])


EVERYWHERE: list[dict[str, Any]] = [
    {"start": "2027-01-01", "months": 3},
    {"start": "2027-01-20", "months": 3},
    {"start": "2028-02-02", "weeks": 9},
]


@pytest.mark.parametrize("horizon", EVERYWHERE)
@pytest.mark.parametrize("time", ["day", "week", "month", "quarter", "year"])
def test_capacities_are_counted_twice(horizon: dict[str, Any], time: str) -> None:
    """Every place that says what can be done by time comes to the same by the day and by the verifier's running counts."""
    holidays = ["2027-02-03", "2027-01-21", "2028-02-09"]
    vendors = {
        "v": {"capacity": f"90 images/{time}", "working-days": 6, "holidays": holidays, "ramp": ["50%"],
              "capacity-steps": [{"from": "month 2", "amount": f"80 images/{time}"}], "contract": {"price": "1 USD/image"}},
        "p": {"people": 3, "hours": f"7 h/{time}", "turnover": "2 %/month", "contract": {"price": "1 USD/image"}},
        "t": {"team": {"people": 2, "hours": f"7 h/{time}", "wage": "9 USD/h", "turnover": {"rate": f"2 %/{time}", "vacancy": "2 weeks", "cost": "5 USD"}}},
    }  # fmt: skip
    lever = {"effect": {"vendors": ["v"], "capacity": f"+5 images/{time}"}, "from": "month 2"}
    review = {"wage": "9 USD/h", "people": 2, "hours": f"8 h/{time}", "holidays": holidays, "working-days": 4}
    rates = [{"product": "thing", "vendor": name} for name in vendors]
    rates[0]["capacity"] = f"70 images/{time}"
    calendar_ = [{"vendor": "v", "week": 3, "capacity": f"60 images/{time}"}]
    more: dict[str, Any] = {"levers": {"l": lever}, "review-team": review, "rates": rates, "calendar": calendar_}
    case = read_case(written({}, horizon, vendors=vendors, **more))
    known = Stated(case)
    for ours, theirs in zip(vendor_capacities(case), known.capacities, strict=True):
        np.testing.assert_allclose(ours.amounts, theirs.amounts, rtol=1e-12)
        for (_, one), (_, other) in zip(ours.levers, theirs.levers, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-12)
    for team, again in zip(teams(case), known.teams, strict=True):
        np.testing.assert_allclose(team.hours, again.hours, rtol=1e-12)
        np.testing.assert_allclose(team.replaced, again.replaced, rtol=1e-12)
    ways = routes(case)
    np.testing.assert_allclose(review_hours(case, ways), known.checking_hours, rtol=1e-12)
    by_week = float(ways.line_capacity[0])
    there = rate_capacity(case, 0, by_week)
    np.testing.assert_allclose(there, rate_items(case, case.file.rates[0]), rtol=1e-12)
    np.testing.assert_allclose(rate_capacity(case, 0, 2 * by_week), 2 * there, rtol=1e-12)
    assert most_items(case, ways)[0, 0] <= there.sum() * (1 + 1e-12)


def test_the_calendar_has_its_own_amounts() -> None:
    """A row of 60 images a month gives its month 60, whatever its length; the fix offered for `60 images` is that row."""
    rows = [{"vendor": "v", "week": 2, "capacity": "60 images/month"}]
    case = read_case(written({"capacity": "90 images/month"}, {"start": "2027-01-01", "months": 3}, calendar=rows))
    assert vendor_capacities(case)[0].amounts.tolist() == [90, 60, 90]


def test_seats_cost_what_is_said() -> None:
    """A seat of 99 USD a month that carries 160 h costs 99.0 and carries 160.0 in every month."""
    seat = {"price": "99 USD/month", "carries": "160 h/month"}
    case = read_case(written({"contract": {"price": "1 USD/image", "fees": {"seat": seat}}}))
    (found,) = licences(case)
    assert found.price.tolist() == [99.0] * 12
    assert found.carries == 160.0


@pytest.mark.parametrize("start", ["2027-01-15", "2027-01-31"])
def test_months_that_begin_in_the_middle_of_one_are_windows(start: str) -> None:
    """In a plan by months each month is one window, and three of them fill a quarter by where they begin."""
    case = read_case(written({}, {"start": start, "months": 3}))
    assert windows(case.periods, "month").labels == ("2027-01", "2027-02", "2027-03")
    assert windows(case.periods, "quarter").labels == ("2027-Q1",)
    np.testing.assert_array_equal(windows(case.periods, "month").weights, np.eye(3))


def test_prices_rise_by_the_whole_rate_in_twelve_months() -> None:
    """4 % a year are 1.04 in the thirteenth month; 1 % a month 1.01 in the second."""
    horizon = {"start": "2027-01-01", "months": 13}
    assert price_factors(read_case(written({"escalation": "4 %/year"}, horizon)))[0, 12] == pytest.approx(
        1.04, rel=1e-15
    )
    factors = price_factors(read_case(written({"escalation": "1 %/month"}, horizon)))[0]
    np.testing.assert_allclose(factors, 1.01 ** np.arange(13))


def test_three_per_cent_a_month_leave_in_every_month() -> None:
    """Of filled places as many are left in February as in January."""
    team = {
        "people": 2,
        "hours": "40 h/week",
        "wage": "9 USD/h",
        "turnover": {"rate": "3 %/month", "vacancy": "1 week"},
    }
    case = read_case(written({}, vendors={"v": {"accuracy": "100%", "team": team}}))
    assert starts(case, case.vendors["v"].team).tolist() == [0.03] * 12


def test_lateness_by_the_month_counts_months() -> None:
    """An item delivered two months late costs twice what is said for a month, in February as in March."""
    case = written({}, {"start": "2027-01-01", "months": 4})
    case["products"]["thing"]["deadline"] = {"date": "month 2", "late": "0.10 USD/image/month"}
    prices = late_prices(read_case(case), cash=False)
    assert prices is not None
    assert prices[0].tolist() == pytest.approx([0, 0, 0.1, 0.2], rel=1e-15)


@pytest.mark.parametrize(
    ("payment", "expected"), [("1 month", [1, 2, 3]), ("1 quarter", [3, 4, 5]), ("30 days", [2, 2, 3])]
)
def test_a_month_to_pay_is_one_of_the_calendar(payment: str, expected: list[int]) -> None:
    """What is owed for January is paid by the end of February; thirty days after it is in March."""
    contract = {"price": "1 USD/image", "payment": payment}
    case = read_case(written({"contract": contract}, {"start": "2027-01-01", "months": 3}))
    assert payments(case).period[0].tolist() == expected


def doubled(case: Case, money: Any) -> Any:
    return 2 * by_time(case, money)


def test_a_wrong_retainer_does_not_pass_the_verifier(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the reader of retainers doubled program and invoice agree, and the verifier says what the case says."""
    case = read_case(retained("1k USD/month", YEAR))
    monkeypatch.setattr(contracts, "by_time", doubled)
    with pytest.raises(
        UnverifiedPlanError, match="retainer of v in month 1: the invoice asks 2000, the contract says 1000"
    ):
        solve(case)


def shift(case: Case, periods: Any) -> Any:
    """The reader of an amount by time, a period late."""
    return np.roll(by_time(case, periods), 1)


SEAT = {"price": "99 USD/month", "carries": "30 h/month"}
LEVER = {"running-cost": "30 USD/month", "from": "month 3", "effect": {"hours": "-1%"}, "bought": True}
CREW = {"people": 1, "hours": "8 h/day", "wage": "10 USD/h"}


@pytest.mark.parametrize(
    ("module", "name", "fault", "case", "said"),
    [
        (levers_module, "by_time", doubled, {"levers": {"l": LEVER}}, "lever of l in month 3"),
        (levers_module, "by_time", shift, {"levers": {"l": {**LEVER, "running-cost": "90 USD/day"}}}, "lever of l in month"),
        (contracts, "by_time", shift, {"vendors": {"v": {"accuracy": "100%", "contract": {"price": "1 USD/image", "fees": {"retainer": "7 USD/week"}}}}}, "retainer of v in month"),
        (seats_module, "windows", lambda periods, kind: windows(periods, "quarter"), {"vendors": {"v": {"accuracy": "100%", "contract": {"price": "1 USD/image", "fees": {"seat": SEAT}}}}}, "seats of v in 2027-0"),
        (teams_module, "paid_hours", lambda case, vendor: 2 * throughput.paid_hours(case, vendor), {"vendors": {"v": {"accuracy": "100%", "team": CREW}}}, "v"),
    ],
)  # fmt: skip
def test_other_faults_do_not_pass_the_verifier(
    module: Any, name: str, fault: Any, case: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Costs of levers, seats and teams that are doubled or moved are found, though program and invoice agree."""
    read = read_case(written({}, **case))
    monkeypatch.setattr(module, name, fault)
    with pytest.raises(UnverifiedPlanError, match=said):
        solve(read)


def test_a_wrong_capacity_does_not_pass_the_verifier(monkeypatch: pytest.MonkeyPatch) -> None:
    """With hours of a day counted seven times a week, a plan of 56 h is found to break the 40 h there are."""
    case = written({"people": "1 people", "hours": "8 h/day"}, {"start": "2027-01-04", "weeks": 1})
    case["products"]["thing"]["demand"] = "50 images"
    read = read_case(case)
    right = throughput.by_period
    monkeypatch.setattr(throughput, "by_period", lambda periods, amount, days: right(periods, amount, 7))
    with pytest.raises(UnverifiedPlanError, match="hours of v in week 1: 50 h, at most 40"):
        solve(read)


@pytest.mark.parametrize("days", ["0", "8", "2.5", "6 days", "five"])
def test_working_days_are_one_to_seven(days: str) -> None:
    """A week has no other number of working days; the problem says where, and what to write."""
    with pytest.raises(CaseError) as told:
        read_case(written({"people": "1 people", "hours": "8 h/day", "working-days": days}))
    assert "working-days" in str(told.value)


@pytest.mark.parametrize("cash", [False, True])
@pytest.mark.parametrize("time", ["day", "week", "month", "quarter", "year"])
def test_penalties_by_any_time_pass_the_verifier(time: str, cash: bool) -> None:
    """What is late or missing by the day, month or year costs the same in the plan and in the verifier, in two currencies."""
    exchange = {"EUR": [{"rate": "1.1 USD"}, {"from": "month 3", "rate": "1.3 USD"}]}
    case = written({"capacity": "50 images/month"}, {"start": "2027-01-15", "months": 4}, exchange=exchange)
    late = {"date": "month 2", "late": f"0.02 EUR/image/{time}", "cash": cash}
    first = {"by": "month 1", "at-least": "60 images", "penalty": f"0.01 USD/image/{time}", "cash": cash}
    case["products"]["thing"] |= {"deadline": late, "milestones": [first]}
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert answer.plan.penalty > 0 or "penalty" in answer.plan.invoice["clause"].tolist()
