"""Clauses and rules as the verifier reads them, each on a case small enough to be worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import read_case
from allocate.case.load import Case
from allocate.verification.checks import Check
from allocate.verification.clauses.payment import Paid, present_spend
from allocate.verification.limits import limits_used
from allocate.verification.lines import work_of
from allocate.verification.stated import Key, Stated
from allocate.verification.work import Work

Line = tuple[str, str, int, float]
"""Product, vendor, week and items."""


def case_of(*, products: dict[str, Any] | None = None, vendors: dict[str, Any] | None = None, **more: Any) -> Case:
    """Products of six minutes an image and vendors at a dollar, over four weeks from the 20th of January."""
    product = {"item": "image", "effort": "6 min/image"}
    price = {"price": "1 USD/image"}
    given = {name: {**product, **one} for name, one in (products or {"p": {}}).items()}
    firms = {
        name: {**one, "contract": {**price, **one.get("contract", {})}} for name, one in (vendors or {"v": {}}).items()
    }
    written = {
        "case": "by hand", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-20", "weeks": 4},
        "products": given, "vendors": firms, "workflows": {"plain": {}},
    }  # fmt: skip
    return read_case({**written, **more})


def made(case: Case, *lines: Line, levers: tuple[int, ...] = (), bought: tuple[int, ...] = ()) -> Work:
    """A plan's lines, worked with some levers."""
    workflow = next(iter(case.workflows))
    keys: list[Key] = [(product, vendor, workflow, levers) for product, vendor, _, _ in lines]
    periods, items = [week - 1 for _, _, week, _ in lines], [many for _, _, _, many in lines]
    return work_of(case, Stated(case), keys, periods, items, bought=bought).exact


def due(work: Work, clause: str) -> list[tuple[int, float]]:
    """Week and money of each entry of a clause."""
    return [(entry.period + 1, round(entry.amount, 9)) for entry in work.bill.told if entry.clause == clause]


def checks(work: Work, family: str) -> list[Check]:
    """Limits of a family, rounded."""
    return [check.settled() for check in limits_used(work) if check.family == family]


def test_a_bonus_and_a_price_reduction_are_shares_of_the_price() -> None:
    """At 90 % one vendor loses a tenth of ten dollars, at 99 % another gains three cents an image."""
    quality = [{"below": "95%", "price": "-10%"}, {"above": "98%", "price": "+0.03 USD/image"}]
    vendors = {
        "v": {"accuracy": "90%", "contract": {"quality": quality}},
        "w": {"accuracy": "99%", "contract": {"quality": quality}},
    }
    work = made(case_of(vendors=vendors), ("p", "v", 1, 10.0), ("p", "w", 2, 10.0))
    assert due(work, "quality") == [(1, -1.0), (2, 0.3)]
    assert [round(float(amount), 9) for amount in (one.fraction for one in work.bill.lines)] == [9.0, 10.3]


@pytest.mark.parametrize(("bound", "change"), [("89%", 0.0), ("91%", -3.0)])
def test_an_average_over_a_quarter_changes_the_price_of_all_in_it(bound: str, change: float) -> None:
    """Ten at 96 % and twenty at 87 % are 90 % right: below 91 % all thirty lose a tenth, when the quarter ends."""
    contract = {"quality-window": "quarter", "quality": [{"below": bound, "price": "-10%"}], "early-payment": "2%"}
    rates = [
        {"product": "p", "vendor": "v", "workflow": name, "accuracy": share}
        for name, share in (("good", "96%"), ("poor", "87%"))
    ]
    case = case_of(vendors={"v": {"contract": contract}}, rates=rates, workflows={"good": {}, "poor": {}})
    work = work_of(case, Stated(case), [("p", "v", "good", ()), ("p", "v", "poor", ())], [0, 1], [10.0, 20.0]).exact
    assert due(work, "quality") == ([(4, change)] if change else [])
    early = [(1, -0.2), (2, -0.4), *([(4, 0.06)] if change else [])]
    assert due(work, "early payment") == early


def test_an_average_over_a_window_changes_prices_by_volume_too() -> None:
    """Ten at a dollar and ten at half a dollar are 15 USD; a fifth of that is lost at the end of the horizon."""
    tiers = {"steps": [{"up-to": "10 images", "price": "1 USD/image"}, {"price": "0.5 USD/image"}]}
    contract = {
        "price": None,
        "tiers": tiers,
        "quality-window": "horizon",
        "quality": [{"below": "95%", "price": "-20%"}],
    }
    work = made(
        case_of(vendors={"v": {"accuracy": "90%", "contract": contract}}), ("p", "v", 1, 12.0), ("p", "v", 3, 8.0)
    )
    assert due(work, "quality") == [(4, -3.0)]
    assert sum(entry.amount for entry in work.bill.told) == pytest.approx(12.0)


@pytest.mark.parametrize("discount", ["25 %/year", "5 %/month"])
def test_paying_early_is_taken_where_it_pays(discount: str) -> None:
    """Two per cent for thirty days earlier are 27.9 % a year: taken at 25 %, not at 5 % a month, which is 79.6 %."""
    early = {"discount": "2%", "within": "0 days", "taken": "when-it-pays"}
    contract = {"payment": "30 days", "early-payment": early}
    case = case_of(vendors={"v": {"contract": contract}}, discount=discount)
    work = made(case, ("p", "v", 1, 20.0))
    taken = discount.endswith("year")
    assert sum(entry.amount for entry in work.bill.told) == pytest.approx(19.6 if taken else 20.0)
    assert Paid(case).period(work.bill.entries[0]) == (0 if taken else 5)
    rate, periods = (0.25, 1) if taken else (1.05**12 - 1.0, 6)
    worth = (19.6 if taken else 20.0) * (1.0 + rate) ** (-periods * 7 / 365.25)
    assert float(present_spend(work).fraction) == pytest.approx(worth, rel=1e-12)


@pytest.mark.parametrize(("own", "owed"), [(3.9, [(1, 8.0)]), (4.0, [])])
def test_switching_is_owed_below_the_incumbents_share(own: float, owed: list[tuple[int, float]]) -> None:
    """With less than two fifths of ten images the incumbent's product has been taken away."""
    incumbent = {"vendor": "v", "switching": "8 USD", "below": "40%"}
    case = case_of(products={"p": {"incumbent": incumbent}}, vendors={"v": {}, "w": {}})
    assert due(made(case, ("p", "v", 2, own), ("p", "w", 2, 10.0 - own)), "switching") == owed


def test_a_lever_costs_once_and_by_the_month_from_its_start() -> None:
    """From week 2 on: 31 USD a month are 5 + 2 * 31/28 in the week across the months, then 7.75 a week."""
    lever = {
        "cost": "40 USD",
        "running-cost": "31 USD/month",
        "from": "week 2",
        "effect": {"hours": "-50%"},
        "applies": "always",
    }
    case = case_of(vendors={"v": {"capacity": "9 h/week"}}, levers={"tool": lever})
    work = made(case, ("p", "v", 2, 10.0), bought=(0,))
    assert due(work, "lever") == [(2, 40.0), (2, round(5 + 62 / 28, 9)), (3, 7.75), (4, 7.75)]
    assert [check.used for check in checks(work, "lever_always")] == [10.0]
    assert checks(made(case, ("p", "v", 2, 10.0), levers=(0,), bought=(0,)), "lever_always") == []
    assert checks(made(case, ("p", "v", 1, 10.0), bought=(0,)), "lever_always") == []


def test_what_a_bought_lever_excludes_is_not_to_be_had() -> None:
    """No route is worked with a lever that one decided on excludes, whichever of both says so."""
    effect = {"effect": {"hours": "-10%"}}
    levers = {"a": {**effect, "bought": True}, "b": {**effect, "excludes": ["a"]}, "c": effect}
    stated = Stated(case_of(levers=levers))
    assert {key[3] for key in stated.keys(("p", "v"))} == {(), (0,), (2,), (0, 2)}


@pytest.mark.parametrize(
    ("counts", "many"), [({}, 2.0), ({"counts-from": "30%"}, 1.0), ({"counts-from": "25 images"}, 1.0)]
)
def test_vendors_count_from_what_the_rule_says(counts: dict[str, str], many: float) -> None:
    """Twenty of a hundred images count from five per cent on, and neither from thirty nor from 25 images."""
    rule = {"name": "two", "count": {"products": ["p"], "at-least": 2, **counts}}
    case = case_of(vendors={"v": {}, "w": {}}, rules=[rule])
    (check,) = checks(made(case, ("p", "v", 1, 80.0), ("p", "w", 2, 20.0)), "vendor_count")
    assert (check.used, check.limit) == (many, 2.0)


def test_a_share_of_the_spend_counts_fees_and_each_week() -> None:
    """Of week 1 all money is the first vendor's, its fee included; of the horizon 40 of 60 USD."""
    rules = [
        {"name": name, "share": {"vendor": "v", "of": "spend", "at-most": "50%", "in": span}}
        for name, span in (("all", "horizon"), ("weeks", "each-period"))
    ]
    vendors = {"v": {"contract": {"fees": {"onboarding": "10 USD"}}}, "w": {}}
    work = made(case_of(vendors=vendors, rules=rules), ("p", "v", 1, 20.0), ("p", "v", 2, 10.0), ("p", "w", 2, 20.0))
    assert [(check.period, check.base, check.used) for check in checks(work, "share_at_most")] == [
        (None, 60.0, pytest.approx(2 / 3)), (0, 30.0, 1.0), (1, 30.0, pytest.approx(1 / 3)),
    ]  # fmt: skip


def test_a_floor_on_each_delivery_is_priced_when_it_comes() -> None:
    """Two right images short in week 3 cost 2 EUR each at that week's rate."""
    accuracy = {"at-least": "90%", "of": "each-delivery", "penalty": "2 EUR/image"}
    exchange = {"EUR": [{"rate": "1.1 USD"}, {"from": "week 3", "rate": "1.5 USD"}]}
    case = case_of(
        products={"p": {"accuracy": accuracy}}, vendors={"v": {"accuracy": "80%", "lead": "1 week"}}, exchange=exchange
    )
    (check,) = checks(made(case, ("p", "v", 2, 20.0)), "accuracy_floor_delivery")
    assert (check.key, check.penalty) == ((0, 2), 3.0)
    assert check.paid == pytest.approx(6.0)


def test_a_quarter_is_three_months_and_a_year_twelve() -> None:
    """A retainer of 93 USD a quarter, or 372 a year, is 31 a month: seven dollars in a week of January."""
    for amount in ("93 USD/quarter", "372 USD/year", "31 USD/month"):
        work = made(case_of(vendors={"v": {"contract": {"fees": {"retainer": amount}}}}), ("p", "v", 1, 1.0))
        assert due(work, "retainer")[0] == (1, 7.0)


@pytest.mark.parametrize(("capacity", "surplus"), [("101 images", [40.0001]), ("99 images", [])])
def test_surplus_that_is_made_stays_within_what_can_be_made(capacity: str, surplus: list[float]) -> None:
    """Just above a hundred at half a dollar are bought only where they can be made; else sixty at a dollar."""
    steps = [{"up-to": "100 images", "price": "1 USD/image"}, {"price": "0.5 USD/image"}]
    tiers = {"kind": "all-unit", "surplus": "allowed", "steps": steps}
    work = made(
        case_of(vendors={"v": {"capacity": capacity, "contract": {"price": None, "tiers": tiers}}}), ("p", "v", 1, 60.0)
    )
    assert [one.quantity for one in work.bill.told if one.clause == "surplus"] == pytest.approx(surplus)
    assert [check.used for check in checks(work, "surplus_capacity")] == pytest.approx([60 + many for many in surplus])


def test_steps_that_end_at_money_count_the_season() -> None:
    """At twice the price ten images fill a step of 20 USD; the eleventh costs half, doubled again by the season."""
    steps = [{"up-to": "20 USD", "price": "1 USD/image"}, {"price": "0.5 USD/image"}]
    vendor = {"season": [{"from": "week 1", "factor": 2}], "contract": {"price": None, "tiers": {"steps": steps}}}
    work = made(case_of(vendors={"v": vendor}), ("p", "v", 2, 14.0))
    assert due(work, "tier") == [(4, 20.0), (4, 4.0)]


def test_a_price_by_the_hour_pays_for_work_done_again_and_one_by_the_image_does_not() -> None:
    """Half of the images are looked at and a fifth of those sent back: 1 / 0.9 times six minutes, and one image."""
    review = {"share": "50%", "catch": "100%", "time-factor": "0%", "rework": "vendor"}
    vendors = {"v": {"accuracy": "80%", "contract": {"price": "10 USD/h"}}, "w": {"accuracy": "80%"}}
    case = case_of(vendors=vendors, workflows={"checked": {"review": review}}, **{"review-team": {"wage": "9 USD/h"}})
    work = made(case, ("p", "v", 1, 9.0), ("p", "w", 1, 9.0))
    assert due(work, "items") == [(1, 10.0), (1, 9.0)]
    assert [round(item.accuracy, 9) for item in work.made] == [round(0.8 / 0.9, 9)] * 2


EURO = {"EUR": [{"rate": "1.1 USD"}, {"from": "week 3", "rate": "1.5 USD"}, {"from": "week 4", "rate": "2 USD"}]}


def test_what_is_missing_of_a_demand_is_paid_when_its_time_ends() -> None:
    """Eight images missing at half a euro each in week 3, the last before the deadline, when a euro is 1.50 USD."""
    demand = {"at-least": "20 images", "penalty": "0.5 EUR/image", "cash": True}
    work = made(case_of(products={"p": {"demand": demand, "deadline": "week 3"}}, exchange=EURO), ("p", "v", 1, 12.0))
    assert due(work, "penalty") == [(3, 6.0)]
    (check,) = checks(work, "demand_floor")
    assert (check.penalty, check.paid, check.listed) == (0.75, 6.0, "demand of p")


def test_what_comes_late_is_paid_by_its_weeks_when_it_comes() -> None:
    """Due by week 2: four in week 3 are one week late, five in week 4 two weeks; at the rates of those weeks."""
    late = {"date": "week 2", "late": "0.1 EUR/image/week", "cash": True}
    lines = [("p", "v", week, many) for week, many in ((1, 7.0), (2, 4.0), (3, 5.0))]
    work = made(case_of(products={"p": {"deadline": late}}, vendors={"v": {"lead": "7 days"}}, exchange=EURO), *lines)
    assert due(work, "penalty") == [(3, 0.6), (4, 2.0)]
    (check,) = checks(work, "deadline_late")
    assert (check.used, check.paid) == (14.0, pytest.approx(2.6))


def test_what_a_milestone_misses_costs_each_week_until_it_is_there() -> None:
    """Ten asked by week 1: six missing through week 2, two through week 3, none then; a dime for each and week."""
    milestone = {"by": "week 1", "at-least": "10 images", "penalty": "0.1 EUR/image/week"}
    lines = [("p", "v", week, many) for week, many in ((1, 4.0), (2, 4.0), (3, 3.0))]
    work = made(case_of(products={"p": {"milestones": [milestone]}}, exchange=EURO), *lines)
    found = [*checks(work, "milestone"), *checks(work, "milestone_late")]
    assert [(check.used, check.penalty, round(check.paid, 9)) for check in found] == [
        (4.0, pytest.approx(0.11), 0.66), (8.0, pytest.approx(0.15), 0.3), (11.0, 0.2, 0.0), (11.0, 0.2, 0.0),
    ]  # fmt: skip


def test_a_team_is_there_for_what_shrinkage_and_empty_places_leave() -> None:
    """Eight places of 80 h are empty half of the time, a quarter of the rest is lost: 240 h; 320 are paid, twice as much by season."""
    turnover = {"rate": "1 %/week", "vacancy": "100 week"}
    team = {"people": 8, "hours": "80 h/week", "wage": "10 USD/h", "shrinkage": "25%", "turnover": turnover}
    firm = {"team": team, "season": [{"from": "week 2", "factor": 2}]}
    case = read_case(
        {
            "case": "team", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-20", "weeks": 2},
            "products": {"p": {"item": "image", "effort": "6 min/image"}}, "vendors": {"v": firm}, "workflows": {"plain": {}},
        }
    )  # fmt: skip
    work = made(case, ("p", "v", 1, 40.0))
    assert [(check.used, check.limit) for check in checks(work, "team_hours")] == [
        (4.0, pytest.approx(240)),
        (0.0, pytest.approx(240)),
    ]
    assert due(work, "wages") == [(1, 3200.0), (2, 6400.0)]
    assert float(work.bill.lines[0].fraction) == pytest.approx(3200 * 4 / 240)


@pytest.mark.parametrize(
    ("payment", "month"), [("1 month", 1), ("1 quarter", 3), ("1 year", 12), ("45 days", 2), ("in advance", 0)]
)
def test_months_to_pay_are_those_of_the_calendar(payment: str, month: int) -> None:
    """What January owes is paid by the end of February, of April, of the next January; 45 days later it is mid-March."""
    case = case_of(vendors={"v": {"contract": {"payment": payment}}}, horizon={"start": "2027-01-01", "months": 2})
    assert Paid(case).period(made(case, ("p", "v", 1, 1.0)).bill.entries[0]) == month


@pytest.mark.parametrize(("kind", "back"), [("all-unit", -5.0), ("incremental", -3.0)])
def test_a_rebate_pays_back_of_all_or_of_what_is_above_each_step(kind: str, back: float) -> None:
    """At fifty dollars just reached: a tenth of all of it, or a tenth of what is above twenty; of thirty-nine neither more."""
    rebate = {"kind": kind, "steps": [{"at-least": "20 USD", "back": "10%"}, {"at-least": "50 USD", "back": "10%"}]}
    work = made(case_of(vendors={"v": {"contract": {"rebate": rebate}}}), ("p", "v", 1, 30.0), ("p", "v", 3, 20.0))
    assert due(work, "rebate") == [(4, back)]


@pytest.mark.parametrize(("items", "over"), [(40.0, 0.0), (43.0, 3.0), (57.0, 3.0)])
def test_lots_are_whole(items: float, over: float) -> None:
    """Items over whole lots of twenty, or short of one more; and less than the least order where that is fifty."""
    contract = {"order-multiple": "20 images", "minimum-order": "50 images"}
    work = made(case_of(vendors={"v": {"contract": contract}}), ("p", "v", 1, items))
    assert [check.used for check in checks(work, "order_multiple")] == [over]
    assert [check.kept for check in checks(work, "minimum_order")] == [items >= 50]


def test_levers_go_together_as_the_case_says() -> None:
    """Two that exclude one another count two of one; one needs another that is not bought; one that is decided is left out."""
    effect = {"effect": [{"products": ["p"], "hours": "-10%"}], "running-cost": "7 USD/week"}
    levers = {
        "a": {**effect, "excludes": ["b"]},
        "b": {**effect, "needs": ["c"]},
        "c": effect,
        "d": {**effect, "bought": True},
    }
    case = case_of(
        products={"p": {}, "q": {}},
        levers=levers,
        budget={"limits": [{"name": "p", "products": ["p"], "at-most": "9 USD"}]},
    )
    work = made(case, ("p", "v", 1, 5.0), ("q", "v", 1, 2.0), bought=(0, 1))
    assert [(check.family, check.used, check.limit) for check in limits_used(work) if check.family.startswith("lever")] == [
        ("lever_exclusion", 2.0, 1.0), ("lever_needs", 0.0, 1.0), ("lever_decided", 0.0, 1.0),
    ]  # fmt: skip
    assert [check.used for check in checks(work, "budget_group")] == [5.0 + 2 * 4 * 7.0]
