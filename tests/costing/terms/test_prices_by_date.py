"""API prices and platform fees that change by date: routes and invoice by hand, and plans that wait for a better price."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import read_case, routes, solve, verify
from allocate.case.load import Case
from allocate.costing.trace import trace

FEE_STEPS = [{"from": "week 2", "amount": "0.03 USD/image"}, {"from": "2027-01-18", "amount": "0.005 USD/image"}]
API_STEPS = [{"from": "week 3", "amount": "0.008 EUR/image"}]


def written(**acme: Any) -> Case:
    """1,000 images in four weeks from 4 January, proposed by an API that is paid in euro."""
    return read_case(
        {
            "case": "dates",
            "currency": "USD",
            "exchange": {"EUR": [{"rate": "1.25 USD"}, {"from": "week 4", "rate": "1.5 USD"}]},
            "objective": "cost",
            "horizon": {"start": "2027-01-04", "weeks": 4},
            "products": {"cats": {"item": "image", "effort": "36 s/image", "demand": "1_000 images"}},
            "vendors": {"acme": {"contract": {"price": "0.10 USD/image"}, **acme}},
            "workflows": {
                "proposed": {"pre-label": {"time-factor": "60%", "cost": "0.02 EUR/image", "cost-steps": API_STEPS}}
            },
        }
    )


def test_api_prices_change_on_their_day() -> None:
    """Each week pays the step that holds in it, at the exchange rate of the week."""
    ways = routes(written())
    assert ways.usage[0].tolist() == pytest.approx([0.025, 0.025, 0.01, 0.012])


def test_fees_in_money_change_on_their_day() -> None:
    """A fee per image steps up and down; a date holds from the week it lies in."""
    ways = routes(written(**{"platform-fee": "0.01 USD/image", "platform-fee-steps": FEE_STEPS}))
    assert ways.platform_fee[0].tolist() == pytest.approx([0.01, 0.03, 0.005, 0.005])


def test_fees_that_are_shares_change_on_their_day() -> None:
    """A share of the price steps up from nothing; the season of the price is in it."""
    steps = [{"from": "week 3", "amount": "20%"}]
    season = [{"from": "week 4", "factor": "150%"}]
    ways = routes(written(**{"platform-fee": "0%", "platform-fee-steps": steps, "season": season}))
    assert ways.platform_fee[0].tolist() == pytest.approx([0, 0, 0.02, 0.03])


def test_a_service_that_is_free_at_first_is_paid_later() -> None:
    """A first amount of nothing does not hide the steps after it."""
    fee = {"platform-fee": "0 USD/image", "platform-fee-steps": [{"from": "week 2", "amount": "0.01 USD/image"}]}
    assert routes(written(**fee)).platform_fee[0].tolist() == pytest.approx([0, 0.01, 0.01, 0.01])


@pytest.mark.parametrize(
    ("fee", "steps", "best"),
    [
        ("0.01 USD/image", FEE_STEPS, 0.10 + 0.005 + 0.01),
        ("10%", [{"from": "week 2", "amount": "40%"}, {"from": "week 4", "amount": "5%"}], 0.10 + 0.005 + 0.012),
        ("5%", [{"from": "week 2", "amount": "60%"}], 0.10 + 0.005 + 0.025),
    ],
)
def test_the_plan_works_when_it_is_cheapest(fee: str, steps: list[dict[str, str]], best: float) -> None:
    """All images are made in the week whose price, fee and API price are least together; the invoice says the same."""
    case = written(**{"platform-fee": fee, "platform-fee-steps": steps})
    answer = solve(case)
    assert answer.plan is not None
    assert verify(case, answer.plan).holds
    assert answer.plan.spend == pytest.approx(1_000 * best)
    sums = answer.plan.invoice.groupby("clause")["amount"].sum()
    period = int(answer.plan.lines["period"].iloc[0]) - 1
    ways = routes(case)
    assert sums["platform fee"] == pytest.approx(1_000 * ways.platform_fee[0, period])
    assert sums["pre-labelling"] == pytest.approx(1_000 * ways.usage[0, period])
    assert ways.unit_cost[0].min() == pytest.approx(best)


def test_both_are_paid_at_once_in_every_week_of_a_spread_plan() -> None:
    """With 250 images a week the plan pays four weeks of steps, added up by hand, on both solvers."""
    case = written(**{"capacity": "250 images/week", "platform-fee": "0.01 USD/image", "platform-fee-steps": FEE_STEPS})
    by_hand = 250 * (4 * 0.10 + (0.01 + 0.03 + 0.005 + 0.005) + (0.025 + 0.025 + 0.01 + 0.012))
    for solver in ("highs", "cbc"):
        assert solve(case, solver=solver).objective == pytest.approx(by_hand)


def test_a_trace_names_every_step() -> None:
    """`costs --trace` lists the fees of all dates."""
    case = written(**{"platform-fee": "0.01 USD/image", "platform-fee-steps": FEE_STEPS})
    told = {one.what: one.value for one in trace(case, "cats", "acme", "proposed")}
    assert told["platform fee from week 2"] == "0.03 USD/image"
    assert told["platform fee from 2027-01-18"] == "0.005 USD/image"
    assert told["proposed: pre-label cost-steps from week 3"] == "0.008 EUR/image"
