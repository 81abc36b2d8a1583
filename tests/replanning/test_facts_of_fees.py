"""Seats, switching and starts that what is done has paid, and what falls due when the rest begins."""

from __future__ import annotations

import pytest

from allocate import CaseError, Plan, read_case, solve

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


@pytest.mark.slow
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


FEES = {"onboarding": "30 USD", "product-start": "5 USD", "retainer": "1 USD/week"}
PAID_ONCE = ("onboarding", "product start", "retainer", "commitment", "switching", "beyond contract")


def _once(plan: Plan) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for one in plan.entries:
        if one.clause in PAID_ONCE:
            found[one.vendor, one.clause] = found.get((one.vendor, one.clause), 0.0) + one.amount
    return found


def test_what_was_begun_is_owed_though_the_rest_drops_it() -> None:
    """w was taken on and started in week 1, and its work was to begin in week 3. Now it has nobody: 30 and 5 USD and two of four
    weeks of retainer are owed, in weeks 1 and 2, beside 400 images by v."""
    vendors = {"v": {}, "w": {"contract": {"price": "0.5 USD/image", "fees": FEES}, "capacity": "0 images/week"}}
    done = {"begun": [{"vendor": "w"}, {"vendor": "w", "product": "p"}]}
    plan = _plan(_case(vendors, [("p", "v", 1, 150.0)], done=done))
    assert _once(plan) == {("w", "onboarding"): 30.0, ("w", "product start"): 5.0, ("w", "retainer"): 2.0}
    assert {one.period for one in plan.entries if one.clause in PAID_ONCE} == {0, 1}
    assert plan.spend == pytest.approx(400.0 + 37.0)
    assert _plan(_case(vendors, [("p", "v", 1, 150.0)])).spend == pytest.approx(400.0), "nothing begun, nothing owed"
    vendors["w"]["capacity"] = "100 images/week"
    assert _plan(_case(vendors, [("p", "v", 1, 150.0)], done=done)).spend == pytest.approx(200.0 + 0.5 * 200 + 39.0)


def test_commitments_of_months_that_are_over_are_owed_to_who_was_taken_on() -> None:
    """w was promised 20 USD a month; January is over when its work is taken away, February and March are not."""
    contract = {"price": "2 USD/image", "commitment": {"at-least": "20 USD", "window": "month"}}
    vendors = {"v": {}, "w": {"contract": contract, "capacity": "0 images/week"}}
    done = {"begun": [{"vendor": "w"}]}
    plan = _plan(_case(vendors, [("p", "v", 1, 150.0)], 5, 9, done=done))
    assert _once(plan) == {("w", "commitment"): 20.0}
    billed = {**done, "paid": [{"vendor": "w", "period": 4, "amount": "25 USD"}]}
    plan = _plan(_case(vendors, [("p", "v", 1, 150.0)], 5, 9, done=billed))
    assert _once(plan) == {("w", "commitment"): 20.0, ("w", "beyond contract"): 5.0}


@pytest.mark.parametrize("paid_to", [None, "v"])
def test_a_product_that_was_switched_is_so_though_its_incumbent_keeps_it(paid_to: str | None) -> None:
    """25 USD were paid in week 1 to take p from v, and w can make none of it now: they are owed, and a bill of v for them is they."""
    incumbent = {"vendor": "v", "switching": "25 USD", **({"paid-to": paid_to} if paid_to else {})}
    product = {"p": {"demand": "200 images", "incumbent": incumbent}}
    vendors = {"v": {"contract": {"price": "2 USD/image"}}, "w": {"capacity": "0 images/week"}}
    done = {"begun": [{"product": "p"}], "paid": [{"vendor": "v", "period": 1, "amount": "105 USD"}]}
    plan = _plan(_case(vendors, [("p", "v", 1, 40.0)], products=product, done=done))
    assert _items(plan, vendor="v") == pytest.approx(200.0)
    assert _once(plan)[paid_to or "", "switching"] == 25.0
    assert plan.spend == pytest.approx(400.0 + 25.0 + (0.0 if paid_to else 25.0))
    assert _plan(_case(vendors, [("p", "v", 1, 40.0)], products=product)).spend == pytest.approx(400.0)


def test_a_commitment_holds_though_its_vendor_can_do_little_any_more() -> None:
    """w was promised 50 USD, made 20 USD worth of work and is gone: the rest is paid for nothing; a new plan would refuse it."""
    contract = {"price": "1 USD/image", "commitment": "50 USD"}
    vendors = {"v": {}, "w": {"contract": contract, "capacity": "0 images/week"}}
    plan = _plan(_case(vendors, [("p", "w", 1, 20.0)]))
    assert plan.spend == pytest.approx(50.0 + 380.0)
    with pytest.raises(CaseError, match="w is promised 50 USD"):
        solve(read_case({**_case(vendors, []), "done": None}))


def test_half_an_item_that_was_made_asks_for_no_other_half() -> None:
    """Where a rule is about shares of the spend a fee asks for an item of work: of a start in the past half a one is enough."""
    vendors = {"v": {"contract": {"price": "1 USD/image", "fees": {"product-start": "3 USD", "onboarding": "2 USD"}}}}
    rule = [{"name": "spend", "share": {"vendor": "v", "of": "spend", "at-least": "20%"}}]
    demand = {"p": {"demand": {"at-least": "0 images", "at-most": "100 images"}}}
    plan = _plan(_case(vendors, [("p", "v", 1, 0.5)], products=demand, rules=rule))
    assert plan.spend == pytest.approx(5.5)
