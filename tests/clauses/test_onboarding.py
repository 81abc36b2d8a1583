"""Onboarding: owed once, by vendors that are used."""

from __future__ import annotations

import pytest
from contract_grid import exact, spend_of, written


@pytest.mark.parametrize("short", [False, True], ids=["among the fees", "of the vendor"])
def test_it_is_owed_once_and_weighed_against_the_price(short: bool) -> None:
    """30 USD once and 1 USD an image: dearer than 2 USD an image for 20 images, cheaper for 40 over two weeks."""
    cheap = {"contract": {"price": "1 USD/image", **({} if short else {"fees": {"onboarding": "30 USD"}})}}
    vendors = {
        "v": {**cheap, **({"onboarding": "30 USD"} if short else {})},
        "w": {"contract": {"price": "2 USD/image"}},
    }
    assert spend_of(written(vendors, least=20, most=20)) == pytest.approx(40)
    assert spend_of(written(vendors, least=40, most=40, weeks=2)) == pytest.approx(70)


def test_fees_are_not_paid_to_reach_a_share_of_the_spend() -> None:
    """A fifth of the spend with v takes work of v: its onboarding alone would do, and is not owed without an item."""
    keep = {"name": "keep v", "share": {"vendor": "v", "of": "spend", "at-least": "20%"}}
    contract = {"price": "1 USD/image", "fees": {"onboarding": "30 USD"}}
    vendors = {"v": {"contract": contract}, "w": {"contract": {"price": "1 USD/image"}}}
    case = written(vendors, least=100, most=100, rules=[keep])
    exact(case)
    assert spend_of(case) == pytest.approx(130)
