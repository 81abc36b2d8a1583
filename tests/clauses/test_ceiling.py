"""Ceilings: the most money a contract may come to."""

from __future__ import annotations

import pytest
from contract_grid import exact, spend_of, written


def test_prices_stop_at_the_ceiling_and_fees_do_not_count() -> None:
    """30 USD of the cheap vendor's prices, its onboarding beside them, and the rest of 40 images at 2 USD."""
    capped = {"contract": {"price": "1 USD/image", "ceiling": "30 USD", "fees": {"onboarding": "4 USD"}}}
    case = written({"v": capped, "w": {"contract": {"price": "2 USD/image"}}})
    exact(case)
    assert spend_of(case) == pytest.approx(30 + 4 + 20)


def test_a_ceiling_is_counted_in_its_own_currency() -> None:
    """24 EUR are 24 images at 1 EUR, whatever a euro is worth: 1.25 USD in the first week."""
    capped = {"contract": {"price": "1 EUR/image", "ceiling": "24 EUR"}}
    case = written({"v": capped, "w": {"contract": {"price": "2 USD/image"}}})
    assert spend_of(case) == pytest.approx(24 * 1.25 + 16 * 2)
