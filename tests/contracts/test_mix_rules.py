"""Rules on the mix, phrase by phrase: what each leaves of the cheapest plan, worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import read_case, solve


def spend_under(rule: dict[str, Any], **changes: Any) -> float:
    """Spend of the best plan for 100 images each of p, q and r; q takes twice the time, b costs 10 % more than a, c 30 %."""
    product = {"item": "image", "effort": "36 s/image", "demand": "100 images"}
    vendors = {
        name: {"region": region, "certified": held, "contract": {"price": f"{price} USD/image"}}
        for name, region, held, price in (("a", "PH", ["hipaa"], 1.0), ("b", "IN", [], 1.1), ("c", "IN", [], 1.3))
    }
    products = {"p": product, "q": {**product, "effort": "72 s/image"}, "r": product}
    for name, change in changes.items():
        products[name] = {**products[name], **change}
    case = {
        "case": "mix",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": products,
        "vendors": vendors,
        "workflows": {"plain": {}},
        "rules": [{"name": "the rule", "owner": "procurement", "reason": "resilience", **rule}],
    }
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert answer.verification is not None
    assert answer.verification.holds
    return answer.plan.spend


LEAST_B, MOST_A = {"vendor": "b", "at-least": "30%"}, {"vendor": "a", "products": "each", "at-most": "60%"}
PHRASES = [
    ({"share": {**LEAST_B, "of": "items"}}, 309.0),  # 90 of 300 items
    ({"share": {**LEAST_B, "of": "eu"}}, 306.0),  # 60 of q: 120 of 400 units of time
    ({"share": {**LEAST_B, "of": "hours"}}, 306.0),
    ({"share": {**LEAST_B, "of": "spend"}}, 300 / (1 - 0.3 / 11)),  # 1.1 b = 0.3 (300 + 0.1 b)
    ({"share": {**MOST_A, "of": "items"}}, 312.0),
    ({"share": {**MOST_A, "of": "hours"}}, 312.0),
    ({"share": {"vendor": "each", "of": "items", "products": ["p"], "at-most": "50%"}}, 305.0),
    ({"share": {"vendor": ["b", "c"], "of": "items", "products": ["p", "q"], "at-least": "40%"}}, 308.0),
    (
        {"share": {"vendor": ["b", "c"], "of": "eu", "products": ["p", "q"], "at-least": "40%", "in": "each-period"}},
        306.0,
    ),
    ({"share": {"region": "PH", "of": "items", "at-most": "25%"}}, 322.5),
    ({"share": {"region": "each", "of": "items", "at-most": "60%"}}, 312.0),
    ({"share": {**LEAST_B, "of": "items"}, "penalty": "0.05 USD/image"}, 300.0),
    ({"count": {"at-least": 2}}, 300.1),
    ({"count": {"products": "each", "at-least": 2}}, 300.3),
    ({"count": {"vendors": ["a", "b"], "at-most": 1}}, 300.0),
    ({"count": {"vendors": ["a", "c"], "at-least": 2}}, 300.3),
    ({"only": {"products": ["p"], "vendors": ["b"]}}, 310.0),
    ({"only": {"products": ["q"], "regions": ["IN"]}}, 310.0),
    ({"only": {"vendors-with": "hipaa"}}, 300.0),
    ({"incompatible": {"products": ["p", "q"]}}, 310.0),
    ({"fix": {"product": "p", "vendor": "c", "items": "12 images"}}, 303.6),
    ({"fix": {"product": "p", "vendor": "c", "workflow": "plain", "items": "12 images"}}, 303.6),
]


@pytest.mark.parametrize(("rule", "spend"), PHRASES, ids=[str(rule) for rule, _ in PHRASES])
def test_every_phrase_costs_what_it_says(rule: dict[str, Any], spend: float) -> None:
    """The cheapest plan is all with a for 300 USD; each rule moves just as much of it as it has to."""
    assert spend_under(rule) == pytest.approx(spend)


def test_an_incumbent_keeps_its_share() -> None:
    """A fifth of p stays with c: 20 images at 30 cents more."""
    rule = {"share": {"vendor": "incumbent", "of": "items", "at-least": "20%"}}
    assert spend_under(rule, p={"incumbent": "c"}) == pytest.approx(306)


def test_a_product_is_made_only_with_another() -> None:
    """q must be made, so p is, to at least 40 images, though nothing else asks for any."""
    rule = {"needs": {"product": "q", "needs": "p", "at-least": "40 images"}}
    assert spend_under(rule, p={"demand": {"at-most": "100 images"}}) == pytest.approx(240)
