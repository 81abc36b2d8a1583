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
