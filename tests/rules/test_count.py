"""Counts of vendors: from what they count, mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import spend_of, written
from mistakes import rules, told_once_each
from scaled_cases import with_items_by

MISTAKES: list[Any] = [
    pytest.param(
        rules("count: {at-least: 2, counts-from: 500 pages}"),
        "case.yaml:41:50",
        "the vendors counted make images and scans, not '500 pages'",
        "write a share, as in `5%`, or `items`, as in `500 items`",
        id="a vendor that counts from what nobody makes",
    ),
    pytest.param(
        rules("count: {at-most: 2, counts-from: 500 pages}"),
        "case.yaml:41:49",
        "the vendors counted make images and scans, not '500 pages'",
        "write a share, as in `5%`, or `items`, as in `500 items`",
        id="most vendors that count from what nobody makes",
    ),
    pytest.param(
        rules("count: {at-least: 2, counts-from: 500}"),
        "case.yaml:41:23",
        "rules.\"r0\".count: counts-from is above 100% ('500')",
        "write `500 items`, or a share, as in `5%`",
        id="a share above all",
    ),
    pytest.param(
        rules("count: {at-least: 2, counts-from: 60%}"),
        "case.yaml:41:50",
        "2 vendors with 60% each or more make more than 100%",
        "write at most 50%",
        id="shares that are more than all",
    ),
    pytest.param(
        rules("count: {at-least: 3}"),
        "case.yaml:41:34",
        "at least 3 vendors of 2 is not possible",
        "write 2 or less",
        id="more vendors than there are",
    ),
    pytest.param(
        rules("count: {products: triage, at-least: 2}"),
        "case.yaml:41:52",
        "at least 2 vendors are to make triage, and 1 of them can",
        "write 1 or less, or add rates for triage",
        id="more vendors than can make the product",
    ),
    pytest.param(
        rules("count: {products: each, at-least: 2}"),
        "case.yaml:41:50",
        "at least 2 vendors are to make triage, and 1 of them can",
        "write 1 or less, or add rates for triage",
        id="more vendors of each product than can make one",
    ),
    pytest.param(
        rules("count: {vendors: any}"),
        "case.yaml:41:23",
        'rules."r0".count: a count needs at-most or at-least',
        "write it as in `at-most: 3`",
        id="a count without a bound",
    ),
    pytest.param(
        rules("count: {at-least: 2, at-most: 1}"),
        "case.yaml:41:23",
        'rules."r0".count: at-least is above at-most',
        "swap them",
        id="bounds the wrong way round",
    ),
    pytest.param(
        rules("count: {vendors: [], at-most: 1}"),
        "case.yaml:41:33",
        "the rule names no vendor",
        "write a name, or leave `vendors` out",
        id="a count of no vendors",
    ),
    pytest.param(
        rules("count: {products: [], at-most: 1}"),
        "case.yaml:41:34",
        "the rule names no product",
        "write a name, or leave `products` out",
        id="a count on no products",
    ),
    pytest.param(
        rules("count: {vendors: [acne], at-most: 1}"),
        "case.yaml:41:33",
        "there is no vendor 'acne'",
        "did you mean 'acme'?",
        id="a count of an unknown vendor",
    ),
    pytest.param(
        rules("count: {at-most: 1.5}"),
        "case.yaml:41:33",
        "rules.\"r0\".count.at-most is not a whole number ('1.5')",
        "write it as in `3`",
        id="a count that is not whole",
    ),
]

test_mistakes = told_once_each(MISTAKES)


@pytest.mark.parametrize("many", [1, 1000, 1_000_000])
def test_an_item_may_stand_for_many(many: int) -> None:
    """Of 40 images the second vendor makes 5%, two at 2 USD, also where a thousand or a million of them are one item."""
    vendors = {"v": {"contract": {"price": "1 USD/image"}}, "w": {"contract": {"price": "2 USD/image"}}}
    for count in ({"at-least": 2}, {"products": "each", "at-least": 2}):
        case = written(vendors, rules=[{"name": "two", "count": count}])
        assert spend_of(with_items_by(case, many)) == pytest.approx(38 + 2 * 2)
