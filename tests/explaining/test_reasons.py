"""Reasons why there is no plan name every limit that takes part, with the digits that tell amounts apart."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pulp
import pytest
from case_kinds import case_with
from contract_cases import contract_case
from drawn_cases import cases, checked
from draws import some
from hypothesis import assume, given
from hypothesis import strategies as st
from scaled_cases import with_items_by, with_money_times

from allocate import formulate, read_case, solve
from allocate.answers import Answer
from allocate.explaining.digits import apart, money, percent, visible
from allocate.program.build import item_variables
from allocate.solvers.outcome import Status

HORIZON = {"start": "2027-01-04", "weeks": 4}


def one_price(price: str = "0.10 USD/image", **changes: Any) -> Answer:
    """10,000 images of one vendor at one price."""
    product = {"item": "image", "effort": "36 s/image", "demand": {"exactly": "10_000 images"}}
    case = {
        "case": "least", "currency": "USD", "horizon": HORIZON, "objective": "cost", "products": {"cats": product},
        "vendors": {"a": {"contract": {"price": price}}},
    }  # fmt: skip
    return solve(read_case({**case, **changes}))


def sentences(answer: Answer) -> list[str]:
    """The reasons in words."""
    return [reason.sentence for reason in answer.reasons]


@pytest.mark.parametrize(
    ("price", "budget", "told"),
    [
        ("0.10 USD/image", "999.99 USD", "budget: 1,000.00 USD needed, 999.99 USD there (0.01 short)"),
        ("0.10 USD/image", "999.9995 USD", "budget: 1,000.0000 USD needed, 999.9995 USD there (0.0005 short)"),
        ("1.20 USD/image", "11_999.99 USD", "budget: 12,000.00 USD needed, 11,999.99 USD there (0.01 short)"),
        ("120 USD/image", "1_199_999.99 USD", "budget: 1,200,000.00 USD needed, 1,199,999.99 USD there (0.01 short)"),
    ],
)
def test_a_budget_a_cent_short_is_named_with_digits_that_show_it(price: str, budget: str, told: str) -> None:
    """Short by a part in a million or less, the budget is the reason, and both amounts read differently."""
    answer = one_price(price, budget=budget)
    assert answer.status is Status.INFEASIBLE
    assert told in sentences(answer)


def test_every_product_that_shares_a_short_budget_takes_part() -> None:
    """Three products of 4,000 USD and 11,999.99 USD: the budget and all three demands clash, whichever gives way."""
    product = {"item": "image", "effort": "10 s/image", "demand": {"at-least": "40_000 images"}}
    answer = one_price(budget="11_999.99 USD", products=dict.fromkeys(("tv", "radio", "search"), product))
    together = sentences(answer)[-1]
    assert "limits that take part: " in together
    for name in ("tv", "radio", "search"):
        assert f"items of {name} (at least 40,000 images)" in together
    assert "budget (at most 11,999.99 USD)" in together


def test_a_payroll_that_breaks_a_share_rule_takes_part() -> None:
    """Four people cost 16,000 USD whether they work or not; 4,000 images outside cost 1,200 USD: 93 % is not 40 %."""
    vendors = {
        "own": {"team": {"people": 4, "hours": "40 h/week", "wage": "25 USD/h"}},
        "out": {"capacity": "100 h/week", "contract": {"price": "0.30 USD/image"}},
    }
    rule = {"name": "own team below 40 %", "share": {"vendor": "own", "of": "spend", "at-most": "40%"}}
    product = {"item": "image", "effort": "36 s/image", "demand": {"exactly": "4_000 images"}}
    answer = one_price(vendors=vendors, rules=[rule], products={"cats": product})
    assert sentences(answer) == [
        "rule 'own team below 40 %': own can have at most 40.00%, 93.02% would be needed",
        "limits that take part: demand of cats (exactly 4,000 images); team of own (4 people on the payroll, nobody hired); "
        "rule 'own team below 40 %' (share: vendor own, of spend, at most 40%)",
    ]


def learner(hours: float) -> Answer:
    """1,000 images of 1 h, learnt at 80 % from the first: 1,000 ** (1 - 0.3219) = 108.197 h (T. P. Wright, 1936)."""
    learning = {"rate": "80%", "from": "1 image"}
    vendor = {"capacity": f"{hours} h/week", "learning": learning, "contract": {"price": "1 USD/image"}}
    product = {"item": "image", "effort": "1 h/image", "demand": "1_000 images"}
    horizon = {"start": "2027-01-04", "weeks": 1}
    return one_price(vendors={"yard": vendor}, products={"cats": product}, horizon=horizon)


def test_hours_of_learning_are_held_against_the_capacity_as_it_is_written() -> None:
    """Of 107 h, the figures are 107 h there and 108.2 h needed; 107 ** (1 / 0.6781) = 983.7 images can be made of them."""
    assert sentences(learner(107)) == [
        "yard: 108.2 h needed, 107 h there: 101.12% utilisation",
        "cats: at least 16.27 images short (at most 983.7 of 1,000 can be made)",
    ]


def test_enough_hours_of_learning_have_a_plan_to_the_last() -> None:
    """108.197 h are what the work takes by the curve: with a hair more there is a plan, with a hair less there is none."""
    assert learner(108.2).status is Status.OPTIMAL
    assert learner(108.19).status is Status.INFEASIBLE


@pytest.mark.slow
@checked(25)
@given(cases(floors=False, objective="cost"), st.sampled_from([1e-2, 1e-4, 1e-6, 3e-7]))
def test_a_budget_just_below_the_least_cost_is_always_named(case: dict[str, Any], part: float) -> None:
    """Whatever else the case holds: a budget short of the least cost by a part of it is a reason, and short by that."""
    free = {key: value for key, value in case.items() if key != "budget"}
    for product in free["products"].values():
        product["demand"] = {"at-least": "40 images"}
    least = solve(read_case(free))
    assume(least.status is Status.OPTIMAL and least.objective is not None and least.objective > 1.0)
    assert least.objective is not None
    short = part * least.objective
    answer = solve(read_case({**free, "budget": f"{least.objective - short:.12f} USD"}))
    assume(answer.status is Status.INFEASIBLE)
    (reason,) = [one for one in answer.reasons if one.subject == "budget"]
    assert reason.needed - reason.there == pytest.approx(short, rel=1e-2)
    needed, there = reason.sentence.split(": ")[1].split(" USD there")[0].split(" USD needed, ")
    assert needed != there


@pytest.mark.slow
@pytest.mark.parametrize("seed", some([5, 7, 15, 23, 24, 34, 35, 37]))
def test_a_budget_that_clashes_with_whole_numbers_is_named(seed: int) -> None:
    """Lots, seats, minimum orders, people and rules that count: a tenth of what the plan without a budget spends is not enough."""
    free = {key: value for key, value in contract_case(seed).items() if key != "budget"}
    spent = solve(read_case(free)).plan
    assert spent is not None
    answer = solve(read_case({**free, "budget": f"{spent.spend / 10.0:.4f} USD"}))
    assert answer.status is Status.INFEASIBLE
    assert any("budget" in sentence for sentence in sentences(answer))


@pytest.mark.slow
def test_a_search_for_clashing_limits_that_runs_out_of_time_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Onboarding is paid or not, so limits that clash are searched for; without time for that, the reasons say so."""
    vendor = {"onboarding": "400 USD", "contract": {"price": "0.10 USD/image"}}
    answer = one_price(vendors={"a": vendor}, budget="1_200 USD")
    assert answer.status is Status.INFEASIBLE
    assert not any("not known" in sentence for sentence in sentences(answer))
    monkeypatch.setattr("allocate.explaining.infeasible.CLASH_LIMIT", 0.0)
    hurried = one_price(vendors={"a": vendor}, budget="1_200 USD")
    assert sentences(hurried)[-1] == "limits that take part: not known, the search for them ran out of time"


def test_a_rule_added_by_hand_takes_part() -> None:
    """10,000 images are asked for and a rule in PuLP's words allows 9,000: both are named, and by how much."""
    product = {"item": "image", "effort": "36 s/image", "demand": {"exactly": "10_000 images"}}
    case = read_case(
        {
            "case": "by-hand", "currency": "USD", "horizon": HORIZON, "objective": "cost", "products": {"cats": product},
            "vendors": {"a": {"contract": {"price": "0.10 USD/image"}}},
        }
    )  # fmt: skip
    built = formulate(case)
    built.program += pulp.lpSum(item_variables(built, product="cats")) <= 9_000, "no_more_than_we_store"
    answer = solve(case, formulation=built)
    assert answer.status is Status.INFEASIBLE
    assert sentences(answer) == [
        "cats: 1,000 images short (9,000 of 10,000 can be made)",
        "limits that take part: items of cats (exactly 10,000 images); rule added by hand 'no_more_than_we_store'",
    ]


def test_amounts_read_apart() -> None:
    """More digits only where amounts that differ would read the same; never where they are the same but for rounding."""
    assert apart(5_000.0, 3_200.0) == ("5,000", "3,200")
    assert apart(12_000.0, 11_999.99, money) == ("12,000.00", "11,999.99")
    assert apart(0.98000001, 0.98, percent) == ("98.000001%", "98.000000%")
    assert apart(1_000.0, 1_000.0 + 1e-10) == ("1,000", "1,000")
    assert visible(0.0005, money) == "0.0005"
    assert visible(3e-9, percent) == "0.0000003%"
    assert visible(0.0, money) == "0.00"


@pytest.mark.slow
def test_reasons_are_those_of_the_same_case_in_another_unit() -> None:
    """Of products that are alike the same are named, whatever their items are counted in."""
    source = case_with("late deliveries", 132)
    for product in source["products"].values():
        if isinstance(product["demand"], dict):
            product["demand"] = {"at-least": "20 images", "at-most": "100 images"}
    source["budget"] = "9 USD"
    before = solve(read_case(source))
    after = solve(read_case(with_items_by(source, 100)))
    assert before.plan is None
    assert [(one.kind, one.subject) for one in after.reasons] == [(one.kind, one.subject) for one in before.reasons]


@pytest.mark.slow
def test_of_several_full_vendors_the_same_are_named() -> None:
    """Three vendors are full of products that any of them can make: named by name, in any unit and order of writing."""
    source = case_with("lead times by stage", 5008)
    source["budget"] = "19 USD"
    for vendor in source["vendors"].values():
        vendor["capacity"] = "10 images/week"
    for product in source["products"].values():
        product["demand"] = {"at-least": "20 images", "at-most": "100 images"}
    backwards = {**source, "vendors": dict(reversed(source["vendors"].items()))}
    small, large = (with_items_by(source, Decimal(by)) for by in ("1e-2", "1e4"))
    for other in (source, small, large, backwards):
        (full,) = [one for one in solve(read_case(other)).reasons if one.kind == "overload"]
        assert full.subject == "v, w and x together"
        assert full.needed / full.there == pytest.approx(4 / 3)


@pytest.mark.slow
def test_the_same_gives_way_whatever_money_is_counted_in() -> None:
    """A share of a spend that follows tiers weighs as much against missing items in cents as in dollars."""
    source = contract_case(5123)
    source["budget"] = "8 USD"
    for name in ("v", "w"):
        source["vendors"][name]["contract"] = source["vendors"]["v"]["contract"]
    for product in source["products"].values():
        product["demand"] = {"at-least": "20 images", "at-most": "100 images"}
    told = [
        [(one.kind, one.subject) for one in solve(read_case(other)).reasons]
        for other in (source, with_money_times(source, "0.01"), with_money_times(source, "1e6"))
    ]
    assert told[0]
    assert told[1:] == told[:1] * 2


@pytest.mark.parametrize(
    ("product", "vendor", "more", "named"),
    [
        ({"from": "week 2"}, {}, {}, "begin of pages (week 2)"),
        ({"arrives": [{"from": "week 2", "items": "4_000 pages"}]}, {}, {}, "arrival of pages (from week 2)"),
        (
            {"demand": "100 pages"},
            {"contract": {"minimum-invoice": "500 USD/month"}},
            {"budget": "200 USD"},
            "minimum invoice of krakow",
        ),
        (
            {"demand": "100 pages"},
            {"platform-fee": "2%", "minimum-platform-fee": "500 USD/month"},
            {"budget": "200 USD"},
            "minimum platform fee of krakow",
        ),
        (
            {"demand": "6_000 pages"},
            {},
            {
                "levers": {
                    name: {"cost": "1 USD", "effect": {"vendors": "krakow", "capacity": "+300 pages/week"}}
                    for name in "xy"
                }
            },
            "lever y (excludes x)",
        ),
    ],
    ids=["begin", "arrival", "minimum invoice", "minimum platform fee", "levers"],
)
def test_limits_beside_the_amounts_that_are_short_are_named(
    product: dict[str, Any], vendor: dict[str, Any], more: dict[str, Any], named: str
) -> None:
    """A date, an exclusion or a least bill that takes part is named beside what is short; the name of its product was taken for it."""
    case: dict[str, Any] = {
        "case": "short",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 4},
        "workflows": {"plain": {}},
        "products": {"pages": {"item": "page", "effort": "36 s/page", "demand": "4_000 pages", **product}},
        "vendors": {"krakow": {"capacity": "1_000 pages/week", "onboarding": "1 USD", **vendor}},
        **more,
    }
    case["vendors"]["krakow"]["contract"] = {"price": "1 USD/page", **vendor.get("contract", {})}
    if "levers" in case:
        case["levers"]["y"]["excludes"] = ["x"]
    answer = solve(read_case(case))
    assert answer.plan is None
    assert any(named in reason.sentence for reason in answer.reasons), [reason.sentence for reason in answer.reasons]
