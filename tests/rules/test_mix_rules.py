"""Rules on the mix, phrase by phrase: what each leaves of the cheapest plan, worked out by hand."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from allocate import read_case, solve
from allocate.errors import CaseError


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
    ({"count": {"at-least": 2}}, 301.0),  # 10 of q: 20 of 400 units of time
    ({"count": {"at-least": 2, "counts-from": "1 image"}}, 300.1),
    ({"count": {"at-least": 2, "counts-from": "0%"}}, 300.1),  # an item in any case
    ({"count": {"at-least": 2, "counts-from": "40 images"}}, 304.0),
    ({"count": {"products": "each", "at-least": 2}}, 301.5),  # 5 of each
    ({"count": {"products": "each", "at-least": 2, "counts-from": "25%"}}, 307.5),
    ({"count": {"products": ["p", "q"], "at-least": 2, "counts-from": "12 images"}}, 302.4),
    ({"count": {"products": ["p"], "at-least": 3, "counts-from": "10%"}}, 304.0),  # 10 with b, 10 with c
    ({"count": {"vendors": ["a", "b"], "at-most": 1}}, 300.0),
    ({"count": {"vendors": ["a", "c"], "at-least": 2}}, 303.0),
    ({"count": {"products": ["p"], "at-least": 2}, "penalty": "0.40 USD/vendor"}, 300.0),  # 0.40 is less than 0.50
    ({"count": {"products": ["p"], "at-least": 2}, "penalty": "0.60 USD/vendor"}, 300.5),
    ({"only": {"products": ["p"], "vendors": ["b"]}}, 310.0),
    ({"only": {"products": ["q"], "regions": ["IN"]}}, 310.0),
    ({"only": {"vendors-with": "hipaa"}}, 300.0),
    ({"incompatible": {"products": ["p", "q"]}}, 310.0),
    ({"fix": {"product": "p", "vendor": "c", "items": "12 images"}}, 303.6),
    ({"fix": {"product": "p", "vendor": "c", "workflow": "plain", "items": "12 images"}}, 303.6),
]


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "spend"), PHRASES, ids=[str(rule) for rule, _ in PHRASES])
def test_every_phrase_costs_what_it_says(rule: dict[str, Any], spend: float) -> None:
    """The cheapest plan is all with a for 300 USD; each rule moves just as much of it as it has to."""
    assert spend_under(rule) == pytest.approx(spend)


@pytest.mark.parametrize("counts_from", [None, "20%", "30%", "25 images", "1 image"])
@pytest.mark.parametrize("least", [1, 2, 3])
def test_vendors_that_count_are_the_cheapest_there_are(counts_from: str | None, least: int) -> None:
    """With fees and dear vendors, no plan on a grid of fives in which enough vendors count is cheaper, and some is as cheap."""
    prices, fees = {"a": 0.5, "b": 0.7, "c": 0.9}, {"a": 0.0, "b": 4.0, "c": 1.0}
    rule = {"products": ["p"], "at-least": least, **({"counts-from": counts_from} if counts_from else {})}
    case = {
        "case": "count",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "100 images"}},
        "vendors": {
            name: {"contract": {"price": f"{price} USD/image", "fees": {"onboarding": f"{fees[name]} USD"}}}
            for name, price in prices.items()
        },
        "workflows": {"plain": {}},
        "rules": [{"name": "r", "owner": "risk", "reason": "one may fail", "count": rule}],
    }
    answer = solve(read_case(case))
    assert answer.plan is not None
    number = float((counts_from or "5%").split()[0].rstrip("%"))
    enough = number if counts_from is None or "%" in counts_from else max(1.0, number)
    best = min(
        sum(prices[name] * many + fees[name] * (many > 0) for name, many in made.items())
        for a, b in itertools.product(range(101), repeat=2)
        if a + b <= 100
        for made in [{"a": a, "b": b, "c": 100 - a - b}]
        if sum(many >= enough for many in made.values()) >= least
    )
    assert answer.plan.spend == pytest.approx(best)


def test_a_vendor_that_does_not_count_may_still_work() -> None:
    """A third vendor with less than its 5 % is no fault: only so many must count."""
    rule = {"name": "two", "owner": "risk", "reason": "one may fail", "count": {"products": ["p"], "at-least": 2}}
    hold = {
        "name": "hold",
        "owner": "risk",
        "reason": "a trial",
        "fix": {"product": "p", "vendor": "c", "items": "2 images"},
    }
    case = {
        "case": "count",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "100 images"}},
        "vendors": {
            name: {"contract": {"price": f"{price} USD/image"}} for name, price in zip("abc", (1, 1.1, 2), strict=True)
        },
        "workflows": {"plain": {}},
        "rules": [rule, hold],
    }
    answer = solve(read_case(case))
    assert answer.plan is not None
    assert answer.plan.lines.set_index("vendor")["items"].to_dict() == {"a": 93.0, "b": 5.0, "c": 2.0}


def test_more_shares_than_there_are_have_no_plan() -> None:
    """Three vendors from 40 % each are more than there is: said before any search."""
    with pytest.raises(CaseError, match="3 vendors with 40% each or more make more than 100%"):
        spend_under({"count": {"products": ["p"], "at-least": 3, "counts-from": "40%"}})


def test_an_incumbent_keeps_its_share() -> None:
    """A fifth of p stays with c: 20 images at 30 cents more."""
    rule = {"share": {"vendor": "incumbent", "of": "items", "at-least": "20%"}}
    assert spend_under(rule, p={"incumbent": "c"}) == pytest.approx(306)


def test_a_product_is_made_only_with_another() -> None:
    """q must be made, so p is, to at least 40 images, though nothing else asks for any."""
    rule = {"needs": {"product": "q", "needs": "p", "at-least": "40 images"}}
    assert spend_under(rule, p={"demand": {"at-most": "100 images"}}) == pytest.approx(240)
