"""Prices at which vendors come in or lose work: a hair above and a hair below, the plan is another."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from small_case import CASE, WITH_CHOICES

from allocate import formulate, read_case, routes, solve
from allocate.api.solving import best_plan
from allocate.case.load import Case
from allocate.costing.value.values import product_values
from allocate.explaining.offers import Offer, offers
from allocate.explaining.re_solve import Again
from allocate.explaining.repriced import with_prices
from allocate.explaining.thresholds import CLOSE, HAIR, Threshold
from allocate.program.build import build

ROOT = Path(__file__).resolve().parents[2]


def offered(case: Case) -> dict[str, Offer]:
    """The offers of a case by vendor."""
    plan = solve(case).plan
    assert plan is not None
    return {one.vendor: one for one in offers(Again(formulate(case)), plan)}


def work(case: Case, vendor: str, factor: float) -> float:
    """Equivalent units of a vendor when the case itself is written with other prices, made and solved from scratch."""
    other = with_prices(case, list(case.vendors).index(vendor), factor)
    ways = routes(other)
    plan = best_plan(build(other, ways, product_values(case, routes(case))))
    assert plan is not None
    return float(plan.vendors.set_index("vendor").loc[vendor, "equivalent_units"])


def assert_turns(case: Case, one: Offer, threshold: Threshold, hair: float) -> None:
    """Work is had below and not above, or kept below and less above."""
    assert threshold.factor is not None
    below, above = (work(case, one.vendor, threshold.factor * (1 + sign * 2 * hair)) for sign in (-1, 1))
    if threshold is one.enters:
        assert below > one.work
        assert above == pytest.approx(one.work, rel=2e-3, abs=1e-6)
    elif threshold is one.loses_all:
        assert below > 1e-3
        assert above == 0
    else:
        assert below >= one.work * (1 - 1.01e-3)
        assert above < one.work * (1 - 0.99e-3)


@pytest.mark.slow
@pytest.mark.parametrize("base", [CASE, WITH_CHOICES], ids=["linear", "integer"])
def test_work_turns_at_every_price_named(base: dict[str, Any]) -> None:
    """Entry, first loss and last loss of each vendor of a small case, with and without whole-number choices."""
    case, hair = read_case(base), HAIR if base is CASE else CLOSE
    found = offered(case)
    assert found["dear"].enters is not None
    assert found["dear"].loses_all is None
    for one in found.values():
        for threshold in (one.enters, one.loses_some, one.loses_all):
            if threshold is not None and threshold.factor is not None:
                assert threshold.state == "exact"
                assert_turns(case, one, threshold, hair)


def test_an_idle_vendor_is_named_with_the_route_it_would_come_in_with() -> None:
    """The entry price is that of an item on the route, and below what is asked now."""
    dear = offered(read_case(CASE))["dear"]
    assert dear.work == 0
    assert dear.enters is not None
    assert dear.enters.factor is not None
    assert dear.price is not None
    assert dear.entry == pytest.approx(dear.price * dear.enters.factor)
    assert 0 < dear.entry < dear.price
    assert dear.product in CASE["products"]


@cache
def portfolio() -> tuple[Case, dict[str, Offer]]:
    """The portfolio and its offers."""
    case = read_case(ROOT / "cases" / "portfolio")
    return case, offered(case)


@pytest.mark.slow
@pytest.mark.parametrize("vendor", ["platform", "crowd", "krakow", "bangalore"])
def test_work_turns_at_the_prices_named_for_the_portfolio(vendor: str) -> None:
    """The same on the portfolio, with cases written anew at each price."""
    case, found = portfolio()
    one = found[vendor]
    for threshold in (one.enters, one.loses_some, one.loses_all):
        if threshold is not None:
            assert_turns(case, one, threshold, HAIR)


def test_a_vendor_that_a_rule_holds_keeps_work_at_any_price() -> None:
    """With a floor under its share there is no price at which it has none."""
    held = {"name": "some dear", "share": {"vendor": "dear", "of": "items", "at-least": "5%"}}
    one = offered(read_case({**CASE, "rules": [held]}))["dear"]
    assert one.loses_all is not None
    assert one.loses_all.state == "never"


@pytest.mark.slow
def test_prices_of_every_step_move_together() -> None:
    """A vendor paid by volume comes in where all its steps, not only one, are lower by the factor."""
    steps = [{"price": "40 USD/h", "up-to": "20 hours"}, {"price": "38 USD/h"}]
    vendors = {**CASE["vendors"], "dear": {"accuracy": "96%", "contract": {"tiers": {"steps": steps}}}}
    case = read_case({**CASE, "vendors": vendors})
    one = offered(case)["dear"]
    assert one.enters is not None
    assert_turns(case, one, one.enters, CLOSE)


@pytest.mark.slow
def test_prices_that_change_what_stands_in_a_program_are_looked_at_all_the_same() -> None:
    """A lever case whose program has other coefficients at a multiple of a price; no vendor is left out."""
    case = read_case(ROOT / "cases" / "video-throughput")
    assert list(offered(case)) == list(case.vendors)


SAVES_AT_HIGH_PRICES: dict[str, Any] = {
    "case": "a lever that is worth its cost at high prices only",
    "currency": "USD",
    "budget": "146 USD",
    "horizon": {"start": "2027-01-04", "weeks": 2},
    "workflows": {"plain": {}},
    "products": {
        "p": {
            "item": "image",
            "effort": "36 s/image",
            "demand": {"at-most": "100 images"},
            "value": {"curve": [{"labels": 0, "score": 0}, {"labels": 90, "score": 70}], "worth": "2 USD/point"},
        }
    },
    "vendors": {
        "v": {"contract": {"price": "0.4 USD/image", "commitment": {"at-least": "6 USD"}}},
        "w": {"contract": {"tiers": {"steps": [{"price": "0.3 USD/image"}]}}},
    },
    "rules": [{"name": "spend", "share": {"vendor": "v", "at-least": "20%"}, "penalty": "1.84 USD/USD"}],
    "levers": {"tool": {"effect": {"price": "-20%"}}},
}


def test_prices_far_away_are_those_of_a_program_made_there() -> None:
    """A rule keeps the vendor at any price; at eight times its own the program has rows that it has not at four times."""
    one = offered(read_case(SAVES_AT_HIGH_PRICES))["v"]
    assert one.work > 0
    for told in (one.loses_some, one.loses_all):
        assert told is not None
        if told.factor is not None:
            assert_turns(read_case(SAVES_AT_HIGH_PRICES), one, told, CLOSE)
    assert one.loses_all is not None
    assert one.loses_all.state == "never"
    assert work(read_case(SAVES_AT_HIGH_PRICES), "v", 64.0) > 0
