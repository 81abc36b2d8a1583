"""Names come from our own words and numbers, and no two members share one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocate.program.naming import block


def test_axes_of_the_algebra_go_by_their_letter_others_are_spelt_out() -> None:
    """Product, vendor, workflow, period and route are p, v, w, t and r; a segment stays a segment."""
    index = {"product": [0, 1], "vendor": [3, 3], "workflow": [1, 0], "period": [5, 2], "price_step": [7, 8]}
    assert block("items", index, None, 10).names() == ["items_p0_v3_w1_t5_pricestep7", "items_p1_v3_w0_t2_pricestep8"]


def test_a_family_of_one_without_axes_is_called_like_the_family() -> None:
    """A single member needs no number; several get theirs."""
    assert block("budget", None, None, 0).names() == ["budget"]
    assert block("budget", None, 2, 0).names() == ["budget_0", "budget_1"]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12))
def test_names_are_unique_and_agree_one_by_one(places: list[tuple[int, int]]) -> None:
    """Members the axes do not tell apart get their number behind the axes."""
    product, vendor = (list(part) for part in zip(*places, strict=True))
    one = block("share", {"product": product, "vendor": vendor}, None, 4)
    assert len(set(one.names())) == len(places)
    assert [one.name(n) for n in range(len(one))] == one.names()
    assert one.ids.tolist() == list(range(4, 4 + len(places)))


@pytest.mark.parametrize("family", ["Items", "items 1", "a-b", "x", "free", "rule", "items__at_most", ""])
def test_words_that_would_confuse_a_file_cannot_name_a_family(family: str) -> None:
    """Capitals, digits, signs and the words of LP files are refused."""
    with pytest.raises(ValueError, match="cannot name a family"):
        block(family, None, None, 0)


def test_axes_must_fit_together() -> None:
    """Axes of different lengths, negative positions and fractions are refused; so is an axis called like a letter."""
    with pytest.raises(ValueError, match="differ in length"):
        block("items", {"product": [0], "vendor": [0, 1]}, None, 0)
    with pytest.raises(ValueError, match="below 0"):
        block("items", {"product": [-1]}, None, 0)
    with pytest.raises(ValueError, match="whole numbers"):
        block("items", {"product": np.array([0.5])}, None, 0)
    with pytest.raises(ValueError, match="cannot name an axis"):
        block("items", {"v": [0]}, None, 0)
