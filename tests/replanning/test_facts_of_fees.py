"""Seats, switching and starts that what is done has paid, and what falls due when the rest begins."""

from __future__ import annotations

import pytest

from allocate import CaseError, read_case, solve

from .test_facts import Work, _case, _items, _plan


def test_fees_already_paid_are_not_paid_again() -> None:
    """v has its onboarding and its start behind it; w would pay both in the first week that is planned."""
    fees = {"onboarding": "100 USD", "product-start": "20 USD"}
    vendors = {
        "v": {"contract": {"price": "1.5 USD/image", "fees": fees}},
        "w": {"contract": {"price": "1 USD/image", "fees": fees}},
    }
    plan = _plan(_case(vendors, [("p", "v", 1, 300.0)]))
    assert _items(plan, vendor="w") == 0.0
    plan = _plan(_case(vendors, [("p", "v", 1, 100.0)]))  # 300 left: 450, or 300 and 120 of fees
    assert _items(plan, vendor="w") == 300.0
    owed = {
        (one.vendor, one.clause): one.period for one in plan.entries if one.clause in ("onboarding", "product start")
    }
    assert owed == {
        ("v", "onboarding"): 0,
        ("v", "product start"): 0,
        ("w", "onboarding"): 2,
        ("w", "product start"): 2,
    }


def test_seats_of_a_window_count_the_past() -> None:
    """A seat carries 100 images in the whole horizon: 80 done and 120 to come take two seats, 80 and 130 three."""
    seat = {"contract": {"price": "1 USD/image", "fees": {"seat": {"price": "10 USD", "carries": "100 images"}}}}
    work: list[Work] = [("p", "v", 1, 80.0)]
    assert _plan(_case({"v": seat}, work, products={"p": {"demand": "200 images"}})).spend == pytest.approx(
        200 + 2 * 10
    )
    assert _plan(_case({"v": seat}, work, products={"p": {"demand": "210 images"}})).spend == pytest.approx(
        210 + 3 * 10
    )


@pytest.mark.parametrize(("window", "rate", "later"), [("", 1.0, 30.0), ("/quarter", 1.0, 30.0), ("", 1.5, 45.0)])
def test_further_seats_of_a_window_are_due_when_the_rest_begins(window: str, rate: float, later: float) -> None:
    """A seat for 100 images: 80 done took one in week 1; 230 to come take three more, due in week 3 at the rate of that week."""
    seat = {"price": f"10 EUR{window}", "carries": f"100 images{window}"}
    vendors = {"v": {"contract": {"price": "1 USD/image", "fees": {"seat": seat}}}}
    exchange = {"EUR": [{"rate": "1 USD"}, {"from": "week 3", "rate": f"{rate} USD"}]}
    more = {"products": {"p": {"demand": "310 images"}}, "exchange": exchange}
    plan = _plan(_case(vendors, [("p", "v", 1, 80.0)], **more))
    seats = [(one.period + 1, one.quantity, one.amount) for one in plan.entries if one.clause == "seats"]
    assert seats == [(1, 1.0, pytest.approx(10.0)), (3, 3.0, pytest.approx(later))]
    limits = [{"name": "rest", "at-most": f"{230 + later - 1} USD", "from": "week 3"}]
    short = solve(read_case(_case(vendors, [("p", "v", 1, 80.0)], **more, budget={"limits": limits})))
    assert short.plan is None


def test_seats_of_a_window_that_is_past_or_to_come_are_due_in_its_first_week() -> None:
    """By the month, re-planned from 1 February: January's seats were due in week 1, February's are in week 5."""
    seat = {"price": "10 USD/month", "carries": "100 images/month"}
    vendors = {"v": {"contract": {"price": "1 USD/image", "fees": {"seat": seat}}}}
    plan = _plan(_case(vendors, [("p", "v", 1, 80.0)], 5, 8, products={"p": {"demand": "180 images"}}))
    seats = [(one.window, one.period + 1, one.quantity) for one in plan.entries if one.clause == "seats"]
    assert seats == [("2027-01", 1, 1.0), ("2027-02", 5, 1.0)]


def test_seats_that_were_bought_are_owed_and_carry_work() -> None:
    """Five bought for 310 images: of 310 nobody needs a sixth, of 210 they are owed all the same."""
    seat = {"contract": {"price": "1 USD/image", "fees": {"seat": {"price": "10 USD", "carries": "100 images"}}}}
    done = {"seats": [{"vendor": "v", "period": 1, "bought": 5}]}
    for items in (210, 310):
        plan = _plan(
            _case({"v": seat}, [("p", "v", 1, 80.0)], products={"p": {"demand": f"{items} images"}}, done=done)
        )
        assert [(one.period + 1, one.quantity) for one in plan.entries if one.clause == "seats"] == [(1, 5.0)]
        assert plan.spend == pytest.approx(items + 50)


def test_seats_that_were_not_bought_are_refused() -> None:
    """Of a vendor without any, or for a window that is to come: each with its place and fix."""
    seat = {"contract": {"price": "1 USD/image", "fees": {"seat": {"price": "10 USD", "carries": "100 images"}}}}
    done = {
        "seats": [{"vendor": "v", "name": "gold", "period": 1, "bought": 5}, {"vendor": "v", "period": 3, "bought": 5}]
    }
    with pytest.raises(CaseError) as caught:
        read_case(_case({"v": seat}, [("p", "v", 1, 80.0)], done=done))
    told = [problem.message for problem in caught.value.problems]
    assert any("has no seats 'gold'" in one for one in told)
    assert any("seats of week 3 are not bought before" in one for one in told)
    assert all(problem.place and problem.fix for problem in caught.value.problems)


def test_switching_is_paid_when_it_comes_to_be_owed() -> None:
    """v made p before: where it still makes all that is done, taking the rest away costs 25 USD in week 3; else week 1 had it."""
    product = {"p": {"demand": "200 images", "incumbent": {"vendor": "v", "switching": "25 USD", "below": "60%"}}}
    vendors = {"v": {"contract": {"price": "2 USD/image"}}, "w": {}}
    late = _plan(_case(vendors, [("p", "v", 1, 40.0)], products=product))
    early = _plan(_case(vendors, [("p", "w", 1, 40.0)], products=product))
    for plan, week in ((late, 3), (early, 1)):
        assert [(one.period + 1, one.amount) for one in plan.entries if one.clause == "switching"] == [(week, 25.0)]
