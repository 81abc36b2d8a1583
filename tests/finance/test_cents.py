"""Amounts in whole cents: they add up, each is one of the two next to it, and totals of groups are kept to the cent."""

from __future__ import annotations

import numpy as np
import pytest

from allocate.finance.cents import in_coins
from allocate.finance.invoice_table import _numbered


def test_largest_remainders_get_the_cents_that_are_left() -> None:
    """A hundred parted by three: 33.34 and twice 33.33; 0.10 by the votes of Hamilton's method."""
    assert in_coins(np.full(3, 100 / 3), []).tolist() == [33.34, 33.33, 33.33]
    assert in_coins(np.array([0.034, 0.039, 0.027]), []).tolist() == pytest.approx([0.03, 0.04, 0.03])


def test_other_coins() -> None:
    """Yen have no coins below one, dinars a thousand."""
    assert in_coins(np.full(3, 100 / 3), [], 0).tolist() == [34.0, 33.0, 33.0]
    assert in_coins(np.full(3, 10 / 3), [], 3).tolist() == [3.334, 3.333, 3.333]


def test_rebates_are_amounts_below_zero() -> None:
    """What comes back is rounded like what is paid; all together is the rounded sum."""
    found = in_coins(np.array([10.005, -3.335, 2.331]), [])
    assert found.sum() == pytest.approx(9.00)
    assert (np.abs(found - [10.005, -3.335, 2.331]) < 0.01).all()


@pytest.mark.parametrize("seed", range(20))
def test_totals_by_every_classification_are_off_by_less_than_a_cent(seed: int) -> None:
    """300 drawn amounts by vendor, product and month: all add up, every total of a group is within a cent of what it is."""
    random = np.random.default_rng(seed)
    amounts = random.lognormal(5.0, 2.0, 300)
    groups = [random.integers(0, many, 300).astype(np.int32) for many in (12, 5, 26)]
    found = in_coins(amounts, groups)
    assert found.sum() == pytest.approx(round(amounts.sum(), 2), abs=1e-6)
    assert (np.abs(found - amounts) < 0.01 + 1e-6).all()
    for group in groups:
        assert (np.abs(np.bincount(group, found) - np.bincount(group, amounts)) < 0.01).all()


def test_whole_cents_stay_as_they_are() -> None:
    """Amounts that are whole cents are not moved, whatever the groups want."""
    amounts = np.array([1.25, 2.5, 1 / 3, 2 / 3])
    found = in_coins(amounts, [_numbered(["a", "b", "a", "b"])])
    assert found.tolist()[:2] == [1.25, 2.5]
    assert found.sum() == pytest.approx(4.75)
