"""Words that have a meaning already name no unit, no item and no driver of one's own."""

from __future__ import annotations

from typing import Any

import pytest

from allocate.case.load import read_case
from allocate.errors import CaseError
from allocate.units import CURRENCIES, OWN_MEANING, Units

WORDS = [*sorted(set(Units().known()) - CURRENCIES - {"%"}), "USD", "VND", "XOF"]
"""Every built-in word of time, people, points and counts, and some currencies."""


def case(item: str, units: dict[str, str] | None = None) -> dict[str, Any]:
    """A case whose product counts an item."""
    return {
        "case": "words",
        "currency": "USD",
        **({"units": units} if units else {}),
        "horizon": {"start": "2027-01-04", "weeks": 2},
        "objective": "cost",
        "products": {"p": {"item": item, "effort": f"1 h/{item}", "demand": {"exactly": f"100 {item}"}}},
        "vendors": {"a": {"accuracy": "90%", "contract": {"price": f"1 USD/{item}"}}},
        "workflows": ["single-pass"],
    }


@pytest.mark.parametrize("word", WORDS)
def test_a_built_in_word_is_no_unit_of_ones_own(word: str) -> None:
    """Singular or plural, each is refused as having a meaning already; so `1 USD/EU` never means two things."""
    for units in ({word: f"{word}-things"}, {f"{word}-thing": word}):
        with pytest.raises(CaseError, match=f"the unit '{word}' has a meaning already"):
            read_case(case("image", units))


@pytest.mark.parametrize("word", sorted(OWN_MEANING))
def test_a_word_that_counts_something_else_is_no_item(word: str) -> None:
    """Equivalent units, labels, vendors and products are counted whatever the item is: none of them is the item."""
    with pytest.raises(CaseError, match=f"'{word}' has a meaning already") as raised:
        read_case(case(word))
    assert raised.value.problems[0].fix == "choose another word, and add it to `units:`"


def test_the_word_item_may_be_written_out() -> None:
    """`units: {item: items}` says what holds anyway."""
    assert read_case(case("item", {"item": "items"})).products["p"].item == "item"
