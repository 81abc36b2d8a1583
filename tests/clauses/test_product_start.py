"""Starts of products: owed once for each product a vendor works on."""

from __future__ import annotations

from typing import Any

import pytest
from contract_grid import spend_of, steps, written


def test_it_is_owed_for_each_product_and_the_rate_card_says_another() -> None:
    """Two products started at 5 USD each; of the second the rate card says 8 USD."""
    contract = {"price": "1 USD/image", "fees": {"product-start": "5 USD"}}
    products = ("one", "two")
    assert spend_of(written({"v": {"contract": contract}}, products=products)) == pytest.approx(80 + 10)
    rates = [{"product": "one", "vendor": "v"}, {"product": "two", "vendor": "v", "start-fee": "8 USD"}]
    assert spend_of(written({"v": {"contract": contract}}, products=products, rates=rates)) == pytest.approx(80 + 13)


@pytest.mark.parametrize("more", [{}, {"minimum-order": "10 images"}], ids=["a start fee", "a minimum order"])
def test_a_few_hundred_thousandths_of_an_item_pay_their_fee_too(more: dict[str, Any]) -> None:
    """Just above 20 images all cost 0.10: reached with a second product, whose start fee and minimum order hold in full."""
    contract = {"tiers": steps("all-unit", (20, 0.3), (60, 0.1)), "fees": {"product-start": "1 EUR"}, **more}
    vendors = {
        "v": {"contract": {"price": "0.1 USD/image"}, "lead": "1 week", "capacity": "20 images/week"},
        "w": {"contract": contract},
    }
    case = written(vendors, products=("one", "two"), least=20, most=20, weeks=2)
    assert spend_of(case) == pytest.approx(2 + 2 + 2 * 1.25, abs=1e-4)
