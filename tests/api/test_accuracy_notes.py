"""Floors that rest on an accuracy that is not stated: the plan says so."""

from __future__ import annotations

from typing import Any

from allocate.api.solving import solve
from allocate.case.load import read_case


def _notes(vendor: dict[str, Any], floor: str | None = "95%") -> list[str]:
    """Notes on accuracies of a plan with one vendor."""
    product = {
        "item": "image",
        "effort": "36 s/image",
        "demand": "100 images",
        **({"accuracy": floor} if floor else {}),
    }
    vendors = {"v": {"contract": {"price": "0.10 USD/image"}, **vendor}}
    horizon = {"start": "2027-01-04", "weeks": 1}
    case = {"case": "notes", "currency": "USD", "horizon": horizon, "objective": "cost", "products": {"p": product}}
    return [note for note in solve(read_case({**case, "vendors": vendors})).notes if "not stated" in note]


def test_a_floor_met_by_the_models_default_is_told() -> None:
    """A vendor that states no accuracy meets a floor by the cost model's 96.7%: a note says so, and what to write."""
    assert _notes({}) == [
        "the accuracy of v is not stated: 96.7% is taken from the cost model, and the accuracy floor of p rests on it. Measure "
        "it, and write `vendors.v.accuracy`"
    ]


def test_a_stated_accuracy_or_no_floor_needs_no_note() -> None:
    """Nothing is said where the vendor states its accuracy, or the product asks for none."""
    assert _notes({"accuracy": "96%"}) == []
    assert _notes({}, floor=None) == []
