"""Minimum orders: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import spend_of, written
from mistakes import contract, told_once_each


def test_the_minimum_order_or_nothing() -> None:
    """Of the cheap vendor 20 or none: for 15 it makes 20, for 9 nothing, and nothing where it can make no more than 15."""
    cheap = {"contract": {"price": "1 USD/image", "minimum-order": "20 images"}}
    vendors = {"v": cheap, "w": {"contract": {"price": "2 USD/image"}}}
    assert spend_of(written(vendors, least=15, most=40)) == pytest.approx(20)
    assert spend_of(written(vendors, least=9, most=40)) == pytest.approx(18)
    vendors["v"]["capacity"] = "15 images/week"
    assert spend_of(written(vendors, least=30, most=40)) == pytest.approx(60)


MISTAKES: list[Any] = [
    pytest.param(
        [("rates.csv", "pace\n", "pace,minimum-order\n"), ("rates.csv", "60 images/h", "60 images/h,200_000 images")],
        "rates.csv:2:52",
        "the minimum order is 200_000 images, and at most 120_000 images of moderation are asked for",
        "lower it, raise the demand, or drop the rate",
        id="a pair's minimum order above its demand",
    ),
    pytest.param(
        contract("price: 300 PHP/h, minimum-order: 500 frames"),
        "case.yaml:32:49",
        "'500 frames' counts frames, the products count images, scans",
        "write `500 items`",
        id="a minimum order in another noun",
    ),
    pytest.param(
        contract("price: 300 PHP/h, minimum-order: 500 images"),
        "case.yaml:32:49",
        "'500 images' counts one kind of item, and the vendor may make others too",
        "write `500 items`",
        id="a minimum order in one of two nouns",
    ),
    pytest.param(
        contract("price: 300 PHP/h, minimum-order: 200_000 items"),
        "case.yaml:32:49",
        "acme takes no order below 200_000 items, and of no product it makes are more than 120_000 images asked for",
        "lower it, raise the demand, or leave the vendor out",
        id="a minimum order above every demand",
    ),
    pytest.param(
        contract("price: 300 PHP/h, minimum-order: 0 items"),
        "case.yaml:32:49",
        "minimum-order is not above zero ('0 items')",
        "leave it out",
        id="a minimum order of nothing",
    ),
]

test_mistakes = told_once_each(MISTAKES)
