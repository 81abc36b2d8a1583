"""Rules on what is spent on products: by hand, against every plan on a grid, and refused where they clash."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from contract_grid import exact, steps, written
from planted_faults.planting import Fault, planted
from planted_faults.small import ALL_V, Small, rule

from allocate import explain, read_case, solve
from allocate.answers import UnverifiedPlanError
from allocate.costing.rules.spend import reached
from allocate.errors import CaseError
from allocate.program.build import families
from allocate.program.rules.spend import product_spend
from allocate.replanning.exempt import over_for_good


def case_of(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    """100 images each of p, q and r; b costs 10 % more than a, c 30 %."""
    product = {"item": "image", "effort": "36 s/image", "demand": "100 images"}
    prices = (("a", 1.0), ("b", 1.1), ("c", 1.3))
    named = [{"name": f"rule {number}", **rule} for number, rule in enumerate(rules)]
    return {
        "case": "spend",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": dict.fromkeys("pqr", product),
        "vendors": {name: {"contract": {"price": f"{price} USD/image"}} for name, price in prices},
        "workflows": {"plain": {}},
        "rules": named,
        **more,
    }


PHRASES = [
    ({"products": "p", "at-least": "121 USD"}, 321.0),
    ({"products": "p", "exactly": "110 USD"}, 310.0),
    ({"products": "p", "at-most": "105 USD"}, 300.0),
    ({"products": ["p", "q"], "at-least": "231 USD"}, 331.0),
    ({"products": "each", "at-least": "110 USD"}, 330.0),
    ({"products": "p", "at-most": "30%"}, 100 / 0.3),
    ({"products": "p", "at-least": "37%"}, 200 / 0.63),
    ({"products": "p", "exactly": "36%"}, 200 / 0.64),
    ({"products": "p", "at-least": "110 USD", "at-most": "34%"}, 110 / 0.34),
]


@pytest.mark.parametrize(("rule", "spend"), PHRASES)
def test_the_cheapest_plan_spends_what_the_rule_asks(rule: dict[str, Any], spend: float) -> None:
    """Money or a share, of one product, of several together or of each: worked out by hand."""
    answer = solve(read_case(case_of({"spend": rule})))
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    assert answer.plan.spend == pytest.approx(spend)


@pytest.mark.parametrize("many", [1, 1000, 1_000_000])
def test_an_item_may_stand_for_many(many: int) -> None:
    """40 images, or so many to a batch: a vendor that makes a part of a batch makes something, and is as cheap for it."""
    promise = {
        "price": f"{0.4 * many} USD/image",
        "commitment": {"at-least": f"{10 / many:.6f} images", "shortfall": "50%"},
    }
    case = case_of({"spend": {"products": "p", "at-least": "15 USD"}})
    case["products"] = {
        "p": {
            "item": "image",
            "effort": "36 s/image",
            "demand": {"at-least": f"{30 / many:.6f} images", "at-most": f"{50 / many:.6f} images"},
        }
    }
    case["vendors"] = {"a": {"contract": {"price": f"{1.4 * many} USD/image"}}, "b": {"contract": promise}}
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(15.0)


def test_money_counts_in_the_currency_it_is_written_in() -> None:
    """100 EUR at 1.2 and then 1.4 USD: p is made in the week in which a dollar counts more euros."""
    exchange = {"EUR": [{"rate": "1.2 USD"}, {"from": "week 2", "rate": "1.4 USD"}]}
    rule = {"spend": {"products": "p", "at-least": "100 EUR"}}
    answer = solve(read_case(case_of(rule, exchange=exchange)))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(320.0)
    lines = answer.plan.lines
    assert set(lines["period"][lines["product"] == "p"]) == {1}


def test_what_is_spent_counts_at_the_rate_of_each_period() -> None:
    """120 USD at 1.2 and 140 at 1.4 are 200 EUR, of one number as of one for each scenario; all spend is in dollars."""
    exchange = {"EUR": [{"rate": "1.2 USD"}, {"from": "week 2", "rate": "1.4 USD"}]}
    case = read_case(case_of({"spend": {"products": "p", "at-least": "100 EUR"}}, exchange=exchange))
    for one, nothing in ((1.0, 0.0), (np.ones(3), np.zeros(3))):
        paid = [((0,), 0, 120.0 * one), ((0,), 1, 140.0 * one), ((1,), 0, 9.0 * one)]
        ((side, part, total),) = reached(case, paid, nothing)
        assert side.words == "spend on p"
        assert part == pytest.approx(200.0 * one)
        assert total == pytest.approx(269.0 * one)


def test_what_is_done_may_leave_no_plan() -> None:
    """60 USD of work are done where the rule leaves 50: that is said of the rule, with both amounts in its unit."""
    work = [{"product": "p", "vendor": "a", "workflow": "plain", "period": 1, "items": 60}]
    case = case_of({"spend": {"products": "p", "at-most": "50 USD"}}, done={"planned-from": "week 2", "work": work})
    (reason,) = over_for_good(read_case(case))
    assert reason.sentence == "rule 'rule 0': spend on p: 60 USD are done by week 1, and the case allows 50"


def test_a_product_keeps_its_spend_and_the_rest_is_planned_around_it() -> None:
    """With 3,000 USD held for tv, radio and search get the best of the other 9,000, as if tv were not there."""
    curve = {"curve": {"power-law": {"a": 60, "b": 0.3}}, "worth": "1k USD/point", "existing": "1 image"}
    products = {
        name: {"item": "image", "effort": "10 s/image", "value": {**curve, "worth": worth}}
        for name, worth in (("tv", "1k USD/point"), ("radio", "5k USD/point"), ("search", "4k USD/point"))
    }
    case = {
        "case": "keep-one",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "objective": "value",
        "budget": "12_000 USD",
        "products": products,
        "vendors": {"v": {"accuracy": "95%", "contract": {"price": "0.10 USD/image"}}},
        "rules": [{"name": "tv as it is", "spend": {"products": "tv", "exactly": "3_000 USD"}}],
    }
    held = solve(read_case(case)).plan
    without = {name: product for name, product in products.items() if name != "tv"}
    rest = solve(read_case({**case, "budget": "9_000 USD", "products": without, "rules": []})).plan
    assert held is not None
    assert rest is not None
    spend = dict(zip(held.products["product"], held.products["spend"], strict=True))
    value = dict(zip(held.products["product"], held.products["value"], strict=True))
    assert spend["tv"] == pytest.approx(3000.0)
    assert value["radio"] + value["search"] == pytest.approx(rest.value, rel=1e-4)


CONTRACTS: list[dict[str, Any]] = [
    {"contract": {"price": "1 USD/image"}, "onboarding": "9 USD"},
    {"contract": {"price": "1 USD/image", "fees": {"product-start": "7 USD"}}},
    {"contract": {"tiers": {**steps("all-unit", (20, 1.0), (None, 0.8)), "over": "product"}}},
    {"contract": {"price": "1 USD/image", "commitment": "50 USD"}},
    {
        "contract": {
            "price": "1 USD/image",
            "fees": {"seat": {"price": "6 USD/week", "carries": "20 images/week", "products": "one"}},
        }
    },
    {"contract": {"price": "1 USD/image", "rebate": {"steps": [{"at-least": "40 USD", "back": "10%"}]}}},
]
ASKED = [
    {"products": "one", "at-least": "44 USD"},
    {"products": "one", "at-most": "36 USD"},
    {"products": "one", "at-least": "55%"},
    {"products": "one", "at-most": "45%"},
]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("vendor", CONTRACTS)
def test_no_plan_on_the_grid_is_cheaper(vendor: dict[str, Any], asked: dict[str, Any]) -> None:
    """What is for the product alone counts, fees and commitments of whole vendors only in all spend; nothing idle is paid for."""
    other = {"contract": {"price": "1.25 USD/image"}}
    exact(written({"v": vendor, "w": other}, products=("one", "two"), rules=[{"name": "spend", "spend": asked}]))


def test_switching_and_penalties_are_no_spend_on_a_product() -> None:
    """The fee for leaving the incumbent does not help to a least spend: the work must cost it."""
    case = case_of({"spend": {"products": "p", "at-least": "110 USD"}})
    case["products"] = {
        **case["products"],
        "p": {**case["products"]["p"], "incumbent": {"vendor": "b", "switching": "50 USD", "below": "50%"}},
    }
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert answer.plan.spend == pytest.approx(310.0)


@pytest.mark.parametrize(("penalty", "objective"), [("0.5 USD/USD", 300 + 0.5 * 21), ("2 USD/USD", 321.0)])
def test_a_rule_with_a_penalty_is_broken_where_that_costs_less(penalty: str, objective: float) -> None:
    """A dollar more for p costs a dollar: at half a dollar for each one missing the rule is broken, at two it is kept."""
    rule = {"spend": {"products": "p", "at-least": "121 USD"}, "penalty": penalty}
    answer = solve(read_case(case_of(rule)))
    assert answer.verification is not None
    assert answer.verification.holds
    assert answer.objective == pytest.approx(objective)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ([{"products": "p", "at-least": "9 USD", "at-most": "8 USD"}], "at-least is above at-most"),
        ([{"products": "p", "exactly": "9 USD", "at-most": "8 USD"}], "`exactly` stands alone"),
        ([{"products": "p"}], "at-least, at-most or exactly"),
        ([{"products": "p", "at-most": "120%"}], "more than 100%"),
        ([{"products": "p", "at-least": "900 USD"}], "asks for at least 900 USD, and the budget.* is 500 USD"),
        ([{"products": "each", "at-least": "40%"}], "asks for at least 120% of all spend"),
        ([{"products": "p", "at-least": "60%"}, {"products": "q", "exactly": "50%"}], "'rule 0' and 'rule 1' ask for"),
        (
            [{"products": "p", "at-least": "90 USD"}, {"products": ["p", "q"], "at-most": "80 USD"}],
            "leaves at most 80 USD",
        ),
        ([{"products": "s", "at-least": "90 USD"}], "there is no product 's'"),
        ([{"products": ["each", "p"], "at-least": "90 USD"}], "`each` stands alone"),
    ],
)
def test_words_that_clash_are_refused(rules: list[dict[str, Any]], words: str) -> None:
    """Within a rule, between two, against the budget and against all spend."""
    with pytest.raises(CaseError, match=words):
        read_case(case_of(*({"spend": rule} for rule in rules), budget="500 USD"))


def test_tiers_that_count_other_products_too_are_refused() -> None:
    """What such tiers cost for one product alone cannot be told."""
    vendors = {"v": {"contract": {"tiers": steps("all-unit", (20, 1.0), (None, 0.8))}}}
    rule = {"name": "spend", "spend": {"products": "one", "at-least": "9 USD"}}
    with pytest.raises(CaseError, match="the rule 'spend' cuts through tiers of v"):
        read_case(written(vendors, products=("one", "two"), rules=[rule]))


@pytest.mark.parametrize(("rule", "words"), [("at-least: 121 USD", "at least 121"), ("at-most: 30%", "at most 0.3")])
def test_the_verifier_counts_spend_by_itself(monkeypatch: pytest.MonkeyPatch, rule: str, words: str) -> None:
    """A program that forgets the rule is found out."""
    others = [family for family in families() if family.add is not product_spend]
    monkeypatch.setattr("allocate.program.build.families", lambda: others)
    key, amount = rule.split(": ")
    with pytest.raises(UnverifiedPlanError, match=f"spend on p: .*{words}"):
        solve(read_case(case_of({"spend": {"products": "p", key: amount}})))


def test_spend_that_is_held_has_one_price_and_moves_as_a_whole() -> None:
    """A dollar more for p costs a dollar, a dollar less saves one; without the rule ten are saved."""
    found = explain(read_case(case_of({"spend": {"products": "p", "exactly": "110 USD"}})))
    price = next(price for price in found.prices if price.limit.startswith("rule"))
    cost = next(cost for cost in found.costs if cost.limit.startswith("rule"))
    assert (price.sense, price.more, price.less) == ("exactly", pytest.approx(1.0), pytest.approx(-1.0))
    assert cost.more is not None
    assert cost.less is not None
    assert (cost.without.gain, cost.more.gain, cost.less.gain) == pytest.approx((10.0, -10.0, 10.0))


def test_what_cannot_be_spent_is_said() -> None:
    """c, the most expensive, asks 130 USD for all of p: 140 are out of reach."""
    answer = solve(read_case(case_of({"spend": {"products": "p", "at-least": "140 USD"}})))
    assert answer.plan is None
    assert answer.reasons[0].sentence == "rule 'rule 0': it would have to be relaxed by 10 USD"


def _asked(**spend: str) -> dict[str, Any]:
    return rule(spend={"products": "one", **spend})


SMALL = {
    # 50 USD: ten images with w for 20 USD, thirty with v.
    "spend": Small(50.0, ALL_V, more=_asked(exactly="50 USD")),
    # Nothing is made for less than 40 USD.
    "too little to spend": Small(None, ALL_V, more=_asked(exactly="30 USD")),
    # Three fifths of all spend: 60 USD for the one beside 40 USD for the other.
    "share of all spend": Small(
        100.0, (("one", "v", 1, 40.0), ("two", "v", 1, 40.0)), products=("one", "two"), more=_asked(**{"at-least": "60%"}),
    ),
}  # fmt: skip
READ, PROGRAM, VERIFIER = (f"allocate/{floor}/rules/spend.py" for floor in ("costing", "program", "verification"))
FAULTS = {
    "read from below alone": (
        Fault(READ, "(False, spend.exactly or spend.at_most)", "(False, spend.at_most)"), "too little to spend"
    ),
    "half its money": (Fault(PROGRAM, "else side.amount for side in sides", "else side.amount / 2 for side in sides"), "spend"),
    "a share of half the spend": (Fault(PROGRAM, "[-side.amount for", "[-0.5 * side.amount for"), "share of all spend"),
    "verified from above alone": (
        Fault(VERIFIER, "spend.exactly if amount is None else amount", "amount"), "too little to spend"
    ),
    "a share of one product": (Fault(VERIFIER, "/ everything\n", "/ everything * 2\n"), "share of all spend"),
}  # fmt: skip
"""Faults in the rule's text, each with the small case that shows it."""


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str) -> None:
    """With the fault in place a plan that breaks the rule is accepted, or is not the best by hand."""
    fault, case = FAULTS[name]
    assert SMALL[case].refused() is None
    with planted(fault):
        assert SMALL[case].refused() is not None
