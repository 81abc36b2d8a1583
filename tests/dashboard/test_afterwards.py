"""What the dashboard works out beside the plan: what a lever changes."""

from __future__ import annotations

from allocate import read_case
from allocate.dashboard.afterwards import swing


def test_a_lever_changes_the_goal_by_its_farther_end() -> None:
    """Ten images at 2 USD are 20 USD: at 1 USD ten less, at 5 USD thirty more; of an end without a plan nothing is said."""
    case = read_case(
        {
            "case": "s", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-04", "weeks": 1},
            "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "10 images"}},
            "vendors": {"v": {"contract": {"price": "2 USD/image"}}}, "workflows": {"plain": {}},
        }
    )  # fmt: skip
    low, high = ({"vendors.v.contract.price": f"{price} USD/image"} for price in (1, 5))
    assert swing(case, 20.0, (low, high)) == 30.0
    assert swing(case, 20.0, (low,)) == 10.0
    assert swing(case, 20.0, (low, {"vendors.v.capacity": "1 image/week"})) is None
