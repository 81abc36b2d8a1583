"""Lots: mistakes in the case."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import spend_of, written
from mistakes import contract, told_once_each


def test_items_come_in_whole_lots() -> None:
    """25 are needed: three lots of ten cost 30 USD; two lots and five of the other vendor cost 28 USD at 1.60 USD."""
    lots = {"contract": {"price": "1 USD/image", "order-multiple": "10 images"}}
    assert spend_of(written({"v": lots}, least=25, most=40)) == pytest.approx(30)
    vendors = {"v": lots, "w": {"contract": {"price": "1.6 USD/image"}}}
    assert spend_of(written(vendors, least=25, most=40)) == pytest.approx(28)


MISTAKES: list[Any] = [
    pytest.param(
        contract("price: 300 PHP/h, order-multiple: 200_000 items"),
        "case.yaml:32:50",
        "acme takes no order below 200_000 items, and of no product it makes are more than 120_000 images asked for",
        "lower it, raise the demand, or leave the vendor out",
        id="a lot above every demand",
    ),
]

test_mistakes = told_once_each(MISTAKES)
