"""Rules with a penalty: the best plan on a grid, its penalties told from the rules' text, is not better than the solver's."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from draws import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocate import Answer, read_case, routes, solve, verify

PRICES = {("one", "v"): 1.0, ("one", "w"): 1.5, ("two", "v"): 2.0, ("two", "w"): 1.75}
PAIRS = list(PRICES)
NEED = 40
HOURS = {"one": 0.01, "two": 0.02}


def case_of(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Two products of forty images each, two vendors that can make both."""
    demand = {"exactly": f"{NEED} images"}
    return {
        "case": "soft",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {
            "one": {"item": "image", "effort": "36 s/image", "demand": demand},
            "two": {"item": "image", "effort": "72 s/image", "demand": demand},
        },
        "vendors": {"v": {"certified": ["hipaa"]}, "w": {}},
        "rates": [{"product": p, "vendor": v, "price": f"{price} USD/image"} for (p, v), price in PRICES.items()],
        "workflows": {"plain": {}},
        "rules": [{"name": f"r{number}", **rule} for number, rule in enumerate(rules)],
        **more,
    }


def broken_by(rule: dict[str, Any], made: dict[tuple[str, str], float]) -> float:
    """By how much a plan breaks a rule, from the rule's words."""
    by_vendor = {v: sum(many for (_, who), many in made.items() if who == v) for v in ("v", "w")}
    by_product = {p: sum(many for (what, _), many in made.items() if what == p) for p in ("one", "two")}
    match rule:
        case {"share": share}:
            each = {"items": dict.fromkeys(PAIRS, 1.0), "spend": PRICES, "hours": {k: HOURS[k[0]] for k in PAIRS}}
            amounts = {key: many * each[share["of"]][key] for key, many in made.items()}
            part = sum(a for (_, v), a in amounts.items() if v == share["vendor"])
            bounds = [float(share[side][:-1]) / 100 if side in share else None for side in ("at-most", "at-least")]
            beyond = part - bounds[0] * sum(amounts.values()) if bounds[0] is not None else 0.0
            short = bounds[1] * sum(amounts.values()) - part if bounds[1] is not None else 0.0
            return max(beyond, short, 0.0)
        case {"count": count}:
            used = sum(many > 0 for many in by_vendor.values())
            return max(used - count.get("at-most", 9), count.get("at-least", 0) - used, 0)
        case {"only": only}:
            return sum(made[p, "w"] for p in only["products"])
        case {"fix": fix}:
            return abs(made[fix["product"], fix["vendor"]] - float(fix["items"].split()[0]))
        case {"needs": needs}:
            short = float(needs["at-least"].split()[0]) - by_product[needs["needs"]]
            return max(short, 0.0) if by_product[needs["product"]] > 0 else 0.0
    raise AssertionError(rule)


def priced(rules: tuple[dict[str, Any], ...], made: dict[tuple[str, str], float]) -> float:
    """Spend and penalties of a plan."""
    spend = sum(PRICES[key] * many for key, many in made.items())
    return spend + sum(float(rule["penalty"].split()[0]) * broken_by(rule, made) for rule in rules)


def grid(step: int, low: int) -> Iterator[dict[tuple[str, str], float]]:
    """Plans on a grid: each product's images (low to NEED) in steps over both vendors."""
    for first in range(low, NEED + 1, step):
        for second in range(low, NEED + 1, step):
            for mine in range(0, first + 1, step):
                for other in range(0, second + 1, step):
                    amounts = (mine, first - mine, other, second - other)
                    yield dict(zip(PAIRS, map(float, amounts), strict=True))


def made_by(answer: Answer) -> dict[tuple[str, str], float]:
    """Items of an answer's plan by pair."""
    assert answer.plan is not None
    made = dict.fromkeys(PAIRS, 0.0)
    for p, v, many in answer.plan.lines[["product", "vendor", "items"]].itertuples(index=False):
        made[p, v] += many
    return made


PENALTY = {"share": "", "count": "vendor", "only": "image", "fix": "image", "needs": "image"}


@st.composite
def soft_rules(draw: st.DrawFn) -> dict[str, Any]:
    """A rule of any kind with a penalty; break-even points lie on the grid of tens, or at quarters of demand."""
    kind = draw(st.sampled_from(sorted(PENALTY)))
    many = f"{draw(st.sampled_from([10, 20, 30]))} images"
    product, vendor = draw(st.sampled_from(PAIRS))
    side = draw(st.sampled_from(["at-most", "at-least"]))
    words: dict[str, Any] = {
        "share": {"vendor": vendor, "of": draw(st.sampled_from(["items", "spend", "hours"])), side: "50%"},
        "count": {side: 1 if side == "at-most" else 2},
        "only": {"products": [product], "vendors-with": "hipaa"},
        "fix": {"product": product, "vendor": vendor, "items": many},
        "needs": {"product": product, "needs": "two" if product == "one" else "one", "at-least": many},
    }
    unit = PENALTY[kind] or {"items": "image", "spend": "USD", "hours": "h"}[words["share"]["of"]]
    price = draw(st.sampled_from([0, 0.125, 0.3, 0.75, 4])) * {"vendor": 10, "h": 50}.get(unit, 1)
    return {kind: words[kind], "penalty": f"{price} USD/{unit}"}


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(st.lists(soft_rules(), min_size=1, max_size=2).map(tuple))
def test_no_plan_of_the_grid_is_better(rules: tuple[dict[str, Any], ...]) -> None:
    """The solver is not beaten by any plan of the grid, and its objective is its plan's spend and penalties."""
    answer = solve(read_case(case_of(*rules)))
    assert answer.plan is not None
    best = min(priced(rules, made) for made in grid(10, NEED))
    assert answer.objective <= best + 1e-6
    assert answer.objective == pytest.approx(priced(rules, made_by(answer)), abs=1e-5)
    assert answer.plan.spend == pytest.approx(priced((), made_by(answer)), abs=1e-6)
    if not any("share" in rule for rule in rules):
        assert answer.objective == pytest.approx(best, abs=1e-5)


HARD: list[dict[str, Any]] = [
    {"share": {"vendor": "w", "of": "spend", "at-least": "60%"}, "penalty": "{} USD/USD"},
    {"share": {"vendor": "v", "of": "hours", "at-most": "30%", "products": "each"}, "penalty": "{} USD/h"},
    {"count": {"at-most": 1}, "penalty": "{} USD/vendor"},
    {"count": {"products": "each", "at-least": 2}, "penalty": "{} USD/vendor"},
    {"only": {"products": ["one"], "vendors": ["w"]}, "penalty": "{} USD/image"},
    {"fix": {"product": "one", "vendor": "w", "items": "30 images"}, "penalty": "{} USD/item"},
]
each_rule = pytest.mark.parametrize("rule", HARD, ids=lambda rule: next(iter(rule)))


@each_rule
def test_a_huge_penalty_is_as_good_as_hard(rule: dict[str, Any]) -> None:
    """Nothing is broken, and the plan costs what it does under the hard rule."""
    hard = {key: words for key, words in rule.items() if key != "penalty"}
    soft = solve(read_case(case_of({**rule, "penalty": rule["penalty"].format(10_000)})))
    assert soft.plan is not None
    assert soft.plan.broken.empty
    assert soft.objective == pytest.approx(solve(read_case(case_of(hard))).objective)


@each_rule
def test_no_penalty_is_as_good_as_no_rule(rule: dict[str, Any]) -> None:
    """A rule broken for nothing changes nothing."""
    free = solve(read_case(case_of({**rule, "penalty": rule["penalty"].format(0)})))
    assert free.objective == pytest.approx(solve(read_case(case_of())).objective)
    assert free.verification is not None
    assert free.verification.holds


def test_a_product_is_made_for_a_penalty_although_it_needs_another() -> None:
    """At 0.1 USD an image, two is made while one lacks ten of the fifty images that two needs."""
    rule = {"needs": {"product": "two", "needs": "one", "at-least": "50 images"}, "penalty": "0.1 USD/image"}
    case = case_of(rule)
    case["products"]["one"]["demand"] = {"at-least": "40 images", "at-most": "60 images"}
    cheap = solve(read_case(case))
    assert cheap.plan is not None
    assert cheap.plan.broken[["rule", "amount", "unit", "price", "money"]].values.tolist() == [
        ["r0", 10.0, "image", 0.1, pytest.approx(1.0)]
    ]
    case["rules"][0]["penalty"] = "2 USD/image"
    dear = solve(read_case(case))
    assert dear.plan is not None
    assert dear.plan.broken.empty
    assert dear.plan.spend == pytest.approx(cheap.plan.spend + 10)


def test_penalties_weigh_on_value_and_net_value_and_are_not_spent() -> None:
    """Value 1 USD a label: breaking `v only up to half` costs 0.25 USD an image over, of value and of net value alike."""
    curve = {"points": [{"labels": 0, "score": 0}, {"labels": 40, "score": 40}]}
    rule = {"share": {"vendor": "v", "of": "items", "at-most": "50%"}, "penalty": "0.25 USD/image"}
    reached = {}
    for objective in ("value", "net-value"):
        case = case_of(rule, objective=objective)
        del case["products"]["two"]
        case["rates"] = [{**rate, "accuracy": "100%"} for rate in case["rates"] if rate["product"] == "one"]
        case["products"]["one"]["value"] = {"curve": curve, "worth": "3 USD/point"}
        case["rates"][1]["price"] = "9 USD/image"
        case["budget"] = "40 USD"
        answer = solve(read_case(case))
        assert answer.plan is not None
        assert answer.plan.spend == pytest.approx(40)
        assert answer.plan.penalty == pytest.approx(0.25 * 20)
        reached[objective] = answer.objective
    assert reached == {"value": pytest.approx(120 - 5), "net-value": pytest.approx(120 - 40 - 5)}


def test_a_penalty_that_is_wrong_in_the_plan_is_found() -> None:
    """The check recomputes penalties from the lines: money changed, or a rule left out, does not pass."""
    case = read_case(case_of({"share": {"vendor": "w", "of": "items", "at-least": "75%"}, "penalty": "0.25 USD/item"}))
    plan = solve(case).plan
    assert plan is not None
    assert verify(case, plan).holds
    for broken in (plan.broken.assign(money=plan.broken["money"] - 1.0), plan.broken.iloc[:0]):
        found = verify(case, dataclasses.replace(plan, broken=broken))
        assert any("rule 'r0': its penalty is" in line for line in found.violations)


def test_a_soft_share_does_not_bound_what_a_vendor_makes() -> None:
    """Bounds used to switch fees on and off ignore rules that may be broken."""
    rule = {"share": {"vendor": "v", "of": "items", "products": "each", "at-most": "0%"}, "penalty": "0.1 USD/image"}
    case = case_of(rule)
    case["vendors"]["v"]["onboarding"] = "1 USD"
    answer = solve(read_case(case))
    np.testing.assert_allclose(made_by(answer)["one", "v"], NEED)
    assert routes(answer.case).count == len(PAIRS)
