"""An example that a message gives is in a unit that is right where it is told: written there, it leaves nothing wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allocate import CaseError, read_case
from allocate.errors import Problem

CASE: dict[str, Any] = {
    "case": "c",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "objective": "cost",
    "products": {
        name: {"item": "frame", "effort": "10 s/frame", "demand": {"at-least": "10 frames", "at-most": "60_000 frames"}}
        for name in ("p", "q")
    },
    "vendors": {name: {"contract": {"price": "1 USD/frame"}, "capacity": "9_000 h/week"} for name in ("v", "w")},
    "workflows": {"plain": {}},
}
RULES: dict[str, dict[str, Any]] = {
    "only": {"only": {"products": ["p"], "vendors": ["w"]}},
    "needs": {"needs": {"product": "p", "needs": "q", "at-least": "20 frames"}},
    "count": {"count": {"at-most": 1}},
    "funded": {"funded": {"at-most": 1}},
    "share of items": {"share": {"vendor": "v", "of": "items", "at-most": "40%"}},
    "share of hours": {"share": {"vendor": "v", "of": "hours", "at-most": "40%"}},
    "share of spend": {"share": {"vendor": "v", "of": "spend", "at-most": "40%"}},
    "steady": {"steady": {"vendors": ["v"], "at-most": "9 h/week"}},
}


@pytest.fixture
def problems(tmp_path: Path) -> Callable[[dict[str, Any]], tuple[Problem, ...]]:
    """The problems of a case in a file; nothing where it is right."""

    def of(case: dict[str, Any]) -> tuple[Problem, ...]:
        (tmp_path / "case.yaml").write_text(json.dumps(case, indent=1))
        try:
            read_case(tmp_path)
        except CaseError as error:
            return error.problems
        return ()

    return of


Problems = Callable[[dict[str, Any]], tuple[Problem, ...]]


def example(problems: Problems, case: dict[str, Any]) -> str:
    """The example of the one problem of a case."""
    (problem,) = problems(case)
    found = re.fullmatch(r"write it as in `([^`]+)`", problem.fix or "")
    assert found is not None, problem
    return found[1]


@pytest.mark.parametrize("kind", RULES)
def test_the_example_of_a_penalty_is_of_what_its_rule_is_about(problems: Problems, kind: str) -> None:
    """An amount of money alone is answered with money per frame, hour, vendor or product, and that is read."""
    rule = {"name": "r", **RULES[kind]}
    right = example(problems, {**CASE, "rules": [{**rule, "penalty": "1 USD"}]})
    assert not problems({**CASE, "rules": [{**rule, "penalty": right}]})


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("order-multiple", "7 h"), ("minimum-order", "1 USD"), ("price-lock", "abc"), ("price", "1 USD")],
)
def test_the_example_of_an_amount_counts_what_the_products_count(problems: Problems, key: str, wrong: str) -> None:
    """Frames, or items, stand in the example where the products are frames, though the key's own is of images or boxes."""

    def with_amount(amount: str) -> dict[str, Any]:
        lock = {"price": "0.9 USD/frame", "by": "week 2", "at-least": amount}
        clause = {"price-lock": lock} if key == "price-lock" else {key: amount}
        return {**CASE, "vendors": {"v": {"contract": {"price": "1 USD/frame", **clause}}}}

    right = example(problems, with_amount(wrong))
    assert not problems(with_amount(right))


@pytest.mark.parametrize("price", ["1 EUR/frame", "30 EUR/h"])
@pytest.mark.parametrize("wrong", ["abc", "5", "12%", "2_000 frames"])
def test_the_example_of_a_locked_price_counts_what_the_contract_counts(
    problems: Problems, price: str, wrong: str
) -> None:
    """Euros per frame where the contract's price is per frame, per hour where it is per hour."""

    def locked(amount: str) -> dict[str, Any]:
        lock = {"price": amount, "by": "week 2"}
        return {**CASE, "currency": "EUR", "vendors": {"v": {"contract": {"price": price, "price-lock": lock}}}}

    assert not problems(locked(example(problems, locked(wrong))))


@pytest.mark.parametrize(("unit", "end"), [("frame", "500 frames"), ("h", "10 h"), ("frame", "90 EUR")])
@pytest.mark.parametrize("wrong", ["abc", "5", "12%", "1 EUR/h"])
def test_the_example_of_where_a_step_starts_is_where_the_one_before_ends(
    problems: Problems, unit: str, end: str, wrong: str
) -> None:
    """Frames, hours or money, as the steps around it count."""

    def stepped(start: str) -> dict[str, Any]:
        steps = [{"price": f"2 EUR/{unit}", "up-to": end}, {"from": start, "price": f"1 EUR/{unit}"}]
        return {**CASE, "currency": "EUR", "vendors": {"v": {"contract": {"tiers": {"steps": steps}}}}}

    assert example(problems, stepped(wrong)) == end
    assert not problems(stepped(end))


@pytest.mark.parametrize("text", ["20k-25k frames", "20000 to 25,000 frames", "20'000 – 25'000 frames"])
def test_a_range_of_two_for_a_demand_may_be_a_spread_or_limits(problems: Problems, text: str) -> None:
    """Both are offered where both may stand, and both are read as such; of an effort only the spread is."""

    def wanted(demand: Any) -> dict[str, Any]:
        return {**CASE, "products": {"p": {**CASE["products"]["p"], "demand": demand}}}

    (problem,) = problems(wanted(text))
    spread, limits = re.findall(r"`([^`]+)`", problem.fix or "")
    assert not problems(wanted(spread))
    assert not problems(wanted(dict(one.split(": ") for one in limits.strip("{}").split(", "))))
    (problem,) = problems({**CASE, "products": {"p": {**CASE["products"]["p"], "effort": "200-280 s/frame"}}})
    assert problem.fix == "write low, likely and high, as in `200 .. 240 .. 280 s/frame`"


def test_a_rate_of_a_product_that_is_not_there_may_have_a_price_of_several_parts(problems: Problems) -> None:
    """The name is told of, and what its parts count is not looked for."""
    rate = {"product": "r", "vendor": "v", "price": "1 USD/frame + 2 USD/h"}
    told = problems({**CASE, "rates": [rate, {**rate, "product": "p"}, {**rate, "product": "q"}]})
    assert [one.message.split(",")[0] for one in told] == ["the rate is for a product that is not there: 'r'"]
