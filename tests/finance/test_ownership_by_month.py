"""Total cost of ownership by month of plans by weeks: months have their own money, and like is divided by like."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import read_case, solve
from allocate.finance.cash import cash_flow
from allocate.finance.ownership import Ownership, ownership


def written(contract: dict[str, Any], **more: Any) -> dict[str, Any]:
    """50 images a week over half a year, each image right and 1 h of work."""
    return {
        "case": "by month",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 26},
        "products": {"thing": {"item": "image", "effort": "1 h/image", "demand": "1_300 images"}},
        "vendors": {"v": {"accuracy": "100%", "capacity": "50 images/week", "contract": contract}},
        "workflows": {"plain": {}},
        **more,
    }


def found(contract: dict[str, Any], by: Any = "month", **more: Any) -> Ownership:
    """What owning the plan costs."""
    answer = solve(read_case(written(contract, **more)))
    assert answer.plan is not None
    return ownership(answer.case, answer.plan, by)


def test_a_retainer_of_a_month_stands_in_its_month() -> None:
    """From 4 January to 4 July 2027 each month in between has 1,000.00 USD, the first 28/31 and the last 4/31 of it."""
    owned = found({"price": "1 USD/image", "fees": {"retainer": "1k USD/month"}})
    fees = owned.costs[owned.costs["category"] == "onboarding and fees"].set_index("when")["nominal"]
    assert fees["2027-02":"2027-06"].tolist() == pytest.approx([1000.0] * 5, rel=1e-12)  # type: ignore[misc]
    assert fees.iloc[[0, -1]].tolist() == pytest.approx([28_000 / 31, 4000 / 31], rel=1e-12)


def test_a_week_is_split_over_months_by_its_days() -> None:
    """The week of 29 March has three days of March: four sevenths of its money and items are April's."""
    owned = found({"price": "1 USD/image"})
    march, april = 50 * (4 + 3 / 7), 50 * (4 / 7 + 3 + 5 / 7)
    made = owned.made.set_index("when")["items"]
    costs = owned.costs.set_index("when")["nominal"]
    assert (made["2027-03"], costs["2027-03"]) == pytest.approx((march, march))
    assert (made["2027-04"], costs["2027-04"]) == pytest.approx((april, april))


@pytest.mark.parametrize("payment", ["60 days", None])
@pytest.mark.parametrize("window", ["horizon", "quarter"])
def test_an_item_costs_what_its_own_work_is_owed(payment: str | None, window: str) -> None:
    """2 USD an item in every month, though steps of a window are paid in its last week, or months later."""
    steps = [{"price": "2 USD/image", "up-to": "10_000 images"}, {"price": "1 USD/image"}]
    contract = {"tiers": {"window": window, "steps": steps}, **({"payment": payment} if payment else {})}
    owned = found(contract, discount="8 %/year")
    made = owned.made[owned.made["accurate_items"] > 0]
    assert (made["cost"] / made["accurate_items"]).tolist() == pytest.approx([2.0] * len(made))
    assert owned.made["cost"].sum() == pytest.approx(owned.total)
    assert owned.moved
    worth = (made["discounted_cost"] / made["cost"]).tolist()
    assert worth == sorted(worth, reverse=True)


def test_cost_of_the_work_adds_up_with_teams_errors_and_checking() -> None:
    """A team, a vendor paid later, checks and escaped errors: by month the work costs all that is spent and lost."""
    team = {"people": 1, "hours": "40 h/week", "wage": "10 USD/h"}
    late = {"price": "1 USD/image", "payment": "45 days", "commitment": {"at-least": "500 USD", "window": "quarter"}}
    more: dict[str, Any] = {
        "vendors": {
            "v": {"accuracy": "90%", "capacity": "40 images/week", "contract": late},
            "t": {"accuracy": "95%", "team": team},
        },
        "workflows": {"checked": {"review": {"share": "10%", "time": "36 s/image"}}},
        "review-team": {"wage": "40 USD/h"},
        "discount": "8 %/year",
    }
    thing = {"item": "image", "effort": "1 h/image", "demand": "1_300 images", "error-cost": "2 USD/image"}
    owned = found({}, products={"thing": thing}, **more)
    assert (owned.made["cost"] + owned.made["errors"]).sum() == pytest.approx(owned.total, rel=1e-12)
    assert owned.made["items"].sum() == pytest.approx(1300)
    assert owned.discounted is not None
    assert owned.made[["discounted_cost", "discounted_errors"]].to_numpy().sum() == pytest.approx(
        owned.discounted, rel=1e-12
    )


def test_the_cash_flow_has_months_of_their_own_too() -> None:
    """A retainer of 1,000 USD a month is owed with 1,000.00 in each whole month, and paid in the end to the cent."""
    answer = solve(
        read_case(written({"price": "1 USD/image", "payment": "30 days", "fees": {"retainer": "1k USD/month"}}))
    )
    assert answer.plan is not None
    table = cash_flow(answer.case, answer.plan)
    items = ownership(answer.case, answer.plan, "month").made.set_index("when")["items"]
    owed = table[~table["after"]].set_index("month")["owed"]
    assert (owed - items)["2027-02":"2027-06"].tolist() == pytest.approx([1000.0] * 5)  # type: ignore[misc]
    assert table["paid"].sum() == pytest.approx(answer.plan.spend)
    assert table["open"].iloc[-1] == 0.0
