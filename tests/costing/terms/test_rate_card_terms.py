"""Start fees and minimum orders of the rate card: they stand in place of the contract's for their pair."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import read_case, solve
from allocate.errors import CaseError


def case(**rate: str) -> dict[str, Any]:
    """1000 images, at 1 USD from one vendor and at 1.20 USD from another, whose start fee is 7 USD by contract."""
    return {
        "case": "terms",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": {"photos": {"item": "image", "effort": "10 s/image", "demand": "1000 images"}},
        "vendors": {"cheap": {}, "quick": {"contract": {"fees": {"product-start": "7 USD"}}}},
        "rates": [
            {"product": "photos", "vendor": "cheap", "price": "1 USD/image", **rate},
            {"product": "photos", "vendor": "quick", "price": "1.2 USD/image"},
        ],
    }


@pytest.mark.parametrize(
    ("fee", "cost"), [("100 USD", 1100.0), ("300 USD", 1207.0)], ids=["worth paying", "dearer than the other vendor"]
)
def test_a_start_fee_of_a_pair(fee: str, cost: float) -> None:
    """By hand: 1000 x 1 + the fee, or 1000 x 1.20 + 7 where that is less."""
    answer = solve(read_case(case(**{"start-fee": fee})))
    assert answer.objective == pytest.approx(cost)


def test_a_minimum_order_of_a_pair() -> None:
    """A minimum of the pair above the demand leaves the dearer vendor only: 1000 x 1.20 + 7."""
    with_minimum = case(**{"minimum-order": "600 images"})
    with_minimum["rates"][0]["capacity"] = "500 images"
    assert solve(read_case(with_minimum)).objective == pytest.approx(1207.0)


def test_a_pair_states_one_start_fee() -> None:
    """Two lines of a pair that differ are a mistake, named."""
    twice = case(**{"start-fee": "3 USD"})
    twice["workflows"] = {"plain": {}, "second": {}}
    twice["rates"].append({**twice["rates"][0], "workflow": "second", "start-fee": "4 USD"})
    with pytest.raises(CaseError, match="the start fee of photos with cheap is '4 USD' here and '3 USD' in another"):
        read_case(twice)


def test_a_minimum_order_counts_the_products_items() -> None:
    """A minimum order in another noun than the product's is a mistake, named."""
    with pytest.raises(CaseError, match="the minimum order of a pair counts its items: images, not '5 pages'"):
        read_case(case(**{"minimum-order": "5 pages"}))
