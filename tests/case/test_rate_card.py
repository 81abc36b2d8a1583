"""The rate card by product, vendor and pair: the lines a scan of all of it would find, in their order."""

from __future__ import annotations

from typing import Any

from allocate import read_case
from allocate.case.rate_card import RateCard
from allocate.case.schema import CaseFile

LINES = [("a", "x"), ("b", "x"), ("a", "y"), ("a", "x")]


def case(lines: list[tuple[str, str]]) -> dict[str, Any]:
    """Two products and two vendors, with a rate for each line, told apart by its workflow."""
    rates = [
        {"product": product, "vendor": vendor, "workflow": workflow, "price": "1 USD/image"}
        for (product, vendor), workflow in zip(lines, ("w0", "w0", "w0", "w1"), strict=True)
    ]
    return {
        "case": "card",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {name: {"item": "image", "effort": "1 s/image", "demand": "5 images"} for name in ("a", "b")},
        "vendors": {"x": {}, "y": {}},
        "workflows": {"w0": {}, "w1": {}},
        "rates": rates,
    }


def test_lines_are_those_a_scan_finds() -> None:
    """Each look-up gives positions and lines in the card's order, and nothing for names that sell or buy nothing."""
    card = read_case(case(LINES)).rate_card
    scan = list(enumerate(card.rates))
    for product in ("a", "b", "c"):
        assert list(card.of_product(product)) == [one for one in scan if one[1].product == product]
        for vendor in ("x", "y", "z"):
            both = [one for one in scan if (one[1].product, one[1].vendor) == (product, vendor)]
            assert list(card.of_pair(product, vendor)) == both
    for vendor in ("x", "y", "z"):
        assert list(card.of_vendor(vendor)) == [one for one in scan if one[1].vendor == vendor]


def test_a_case_with_other_rates_has_a_card_of_its_own() -> None:
    """What was looked up in one case is not found in one made from it."""
    from dataclasses import replace

    first = read_case(case(LINES))
    assert len(first.rate_card.of_vendor("x")) == 3
    fewer: CaseFile = first.file.model_copy(update={"rates": first.file.rates[:1]})
    assert len(replace(first, file=fewer).rate_card.of_vendor("x")) == 1
    assert RateCard(()).of_product("a") == ()
