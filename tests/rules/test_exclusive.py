"""Products and vendors that are shared with nobody: by hand, and mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from mistakes import rules, told_once_each

from allocate import evaluate, read_case, solve
from allocate.case.plan_file import PlanLine


def case_of(*said: dict[str, Any], **vendors: dict[str, Any]) -> dict[str, Any]:
    """100 images each of p, q and r; a costs 1 USD and has time for 150, b 1.1 USD, c 1.3 USD."""
    product = {"item": "image", "effort": "36 s/image", "demand": "100 images"}
    prices = {"a": 1.0, "b": 1.1, "c": 1.3}
    return {
        "case": "alone",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": dict.fromkeys("pqr", product),
        "vendors": {
            name: {
                "contract": {"price": f"{price} USD/image"},
                **({"capacity": "150 images"} if name == "a" else {}),
                **vendors.get(name, {}),
            }
            for name, price in prices.items()
        },
        "workflows": {"plain": {}},
        "rules": [{"name": f"r{number}", **rule} for number, rule in enumerate(said)],
    }


@pytest.mark.parametrize(
    ("rule", "spend"),
    [
        ({}, 150 + 1.1 * 150),  # a makes one and a half
        # a shares no product: one is its own, the half it could still make is not.
        ({"exclusive": {"vendors": "a"}}, 100 + 1.1 * 200),
        # p with a alone or with the others: a makes all of p, and half of another.
        ({"exclusive": {"vendors": "a", "products": "p"}}, 150 + 1.1 * 150),
        # b works for p alone: then a makes 150 of q and r, c the other 50; or b makes 150 of q and r, a the rest.
        ({"exclusive": {"what": "vendor", "vendors": "b", "products": "p"}}, 150 + 1.1 * 150),
        # whoever works for p or q works for nothing else: a makes r and nothing else, b the other two.
        ({"exclusive": {"what": "vendor", "products": ["p", "q"]}}, 100 + 1.1 * 200),
    ],
)
def test_the_cheapest_plan_keeps_it(rule: dict[str, Any], spend: float) -> None:
    """What each reading leaves of the cheapest plan, worked out by hand."""
    answer = solve(read_case(case_of(rule) if rule else case_of()))
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    assert answer.plan.spend == pytest.approx(spend)


@pytest.mark.parametrize(("penalty", "objective"), [("2 USD/vendor", 315 + 2), ("9 USD/vendor", 320.0)])
def test_it_is_shared_where_the_penalty_is_less(penalty: str, objective: float) -> None:
    """Sharing one product with a saves 5 USD: for 2 it is shared, for 9 it is not."""
    answer = solve(read_case(case_of({"exclusive": {"vendors": "a"}, "penalty": penalty})))
    assert answer.objective == pytest.approx(objective)
    assert answer.verification is not None
    assert answer.verification.holds


@pytest.mark.parametrize(
    ("rule", "lines", "broken"),
    [
        ({"vendors": "a"}, [("p", "a", 60), ("p", "b", 40)], True),
        ({"vendors": "a"}, [("p", "c", 60), ("p", "b", 40)], False),
        ({"vendors": "a"}, [("p", "a", 100), ("q", "b", 100)], False),
        ({"what": "vendor", "products": "p"}, [("p", "a", 100), ("q", "a", 50), ("q", "b", 50)], True),
        ({"what": "vendor", "products": "p"}, [("p", "a", 100), ("q", "b", 100)], False),
        ({"what": "vendor", "products": ["p", "q"]}, [("p", "a", 100), ("q", "a", 100)], False),
    ],
)
def test_the_verifier_tells_a_plan_that_shares(
    rule: dict[str, Any], lines: list[tuple[str, str, int]], broken: bool
) -> None:
    """The verifier reads the rule by itself: what is shared is told, what is not is let be."""
    read = read_case(case_of({"exclusive": rule}))
    found = evaluate(read, [PlanLine(p, v, "plain", 1, float(many)) for p, v, many in lines])
    assert any("rule 'r0'" in words for words in found.verification.violations) is broken


MISTAKES: list[Any] = [
    pytest.param(
        rules("exclusive: {what: vendor, vendors: acme}"),
        "case.yaml:41:27",
        'rules."r0".exclusive: the rule does not say which products the vendors work for alone',
        "add `products: […]`",
        id="vendors that work for nothing alone",
    ),
    pytest.param(
        rules("exclusive: {what: product}"),
        "case.yaml:41:27",
        'rules."r0".exclusive: the rule names neither vendors nor products',
        "add `vendors: […]` or `products: […]`",
        id="nothing named",
    ),
    pytest.param(
        rules("exclusive: {what: vendor, products: [triage, moderation]}"),
        "case.yaml:41:52",
        "the rule names all products, and there is nothing else that a vendor could work on",
        "name fewer products, or remove the rule",
        id="all products",
    ),
    pytest.param(
        rules("exclusive: {vendors: acne}"),
        "case.yaml:41:37",
        "there is no vendor 'acne'",
        "did you mean 'acme'?",
        id="an unknown vendor",
    ),
    pytest.param(
        rules(
            "exclusive: {vendors: acme}",
            "fix: {product: moderation, vendor: acme, items: 10 images}",
            "fix: {product: moderation, vendor: in-house, items: 10 images}",
        ),
        "case.yaml:41:27",
        "moderation is held with acme and in-house, and the rule lets nobody share it",
        "change this rule, or what is held",
        id="held with two",
    ),
    pytest.param(
        rules("exclusive: {vendors: acme}, penalty: 9 USD/product"),
        "case.yaml:41:53",
        "the rule 'r0' is about a number of vendors, its penalty is '9 USD/product'",
        "write `9 USD/vendor`",
        id="a penalty by something else",
    ),
]

test_mistakes = told_once_each(MISTAKES)


def test_half_an_item_may_be_made_beside_a_rule_on_spend() -> None:
    """Vendors without fees may work on less than one item: nothing is gained by being used, so nothing is asked of it."""
    case = {
        "case": "half",
        "currency": "USD",
        "objective": "net-value",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "workflows": {"plain": {}},
        "products": {
            name: {
                "item": "image",
                "effort": "1 h/image",
                "demand": {"at-most": "10 images"},
                "value": {"worth": "5 USD/image"},
            }
            for name in ("a", "b")
        },
        "vendors": {"v": {"accuracy": "100%"}, "w": {"accuracy": "100%", "capacity": "0.5 images"}},
        "rates": [
            {"product": "a", "vendor": "v", "price": "1 USD/image"},
            {"product": "b", "vendor": "w", "price": "1 USD/image"},
        ],
        "rules": [
            {"name": "apart", "exclusive": {"what": "vendor", "products": "b"}},
            {"name": "not all", "share": {"vendor": "w", "of": "spend", "at-most": "50%"}},
        ],
    }
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert answer.objective == pytest.approx(10 * 4 + 0.5 * 4)
