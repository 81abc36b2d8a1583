"""What to sign before a pilot's results: a lock by hand, and what checking costs."""

from __future__ import annotations

import numpy as np
import pytest

from allocate import read_case
from allocate.case.load import revised
from allocate.odds.pilot_words import sentences
from allocate.odds.pilots import weighed
from tests.odds.pilot_case import two_vendors, weigh


@pytest.mark.slow
def test_a_lock_and_the_price_that_makes_no_difference() -> None:
    """B asks 0.40 or 0.60 USD, as likely: unlocked 10,000 images are 5,000 USD; at 0.46 for 100 USD 4,000 or 4,600, and 100.

    The lock gains 600 USD; at 0.58 USD it would be 2,000 + 2,900 + 100 = 5,000 USD.
    """
    document = two_vendors(10_000, items=[50])
    document |= {"objective": "cost"}
    del document["vendors"]["a"]
    lock = {"price": "0.46 USD/image", "by": "week 1", "fee": "100 USD"}
    document["vendors"]["b"]["contract"]["price-lock"] = lock
    case = read_case(document)
    cases = [
        revised(case, {"vendors.b.contract.price": f"{price} USD/image", "vendors.b.accuracy": share})
        for price, share in [("0.40", "88%"), ("0.60", "92%")] * 4
    ]
    found = weighed(case, cases, np.full(8, 0.125), np.arange(8), 1)
    assert found.best is None
    (signing,) = found.signings
    assert signing.costs == pytest.approx(-600.0, abs=1e-6)
    assert any(
        "Lock the price of b at 0.46 USD/image: signing now gains 600.00 USD" in line for line in sentences(found)
    )
    assert signing.indifferent == "0.58 USD/image"


@pytest.mark.slow
def test_a_lock_that_can_wait_is_left_open() -> None:
    """One that may be signed in the week of the decision, or later, is no matter of before."""
    document = two_vendors(10_000, items=[50])
    document["vendors"]["b"]["contract"]["price-lock"] = {"price": "0.30 USD/image", "by": "week 3", "fee": "100 USD"}
    assert weigh(document, 16, False).signings == ()


@pytest.mark.slow
def test_checks_are_paid_by_the_hour() -> None:
    """36 seconds at 100 USD an hour are 1 USD an image; half of 50 images are checked."""
    check = {"time": "36 s/image", "wage": "100 USD/h", "share": "50%"}
    (worth,) = weigh(two_vendors(items=[50], check=check)).worths
    assert worth.costs == pytest.approx(500.0 + 25.0, abs=1e-6)
