"""Net value of a case in which labels have no stated value: what escaped errors cost decides."""

from __future__ import annotations

from typing import Any

import pytest

from allocate import solve


def scans(accuracy: str) -> dict[str, Any]:
    """A sure vendor at 0.50 USD and 95% right, and a cheap one at 0.35 USD; a wrong image costs 2 USD downstream."""
    capacity = {"capacity": "100_000 images/week"}
    return {
        "case": "scans",
        "currency": "USD",
        "horizon": {"start": "2027-01-04", "weeks": 6},
        "objective": "net-value",
        "products": {
            "scans": {
                "item": "image",
                "effort": "30 s/image",
                "demand": {"exactly": "100_000 images"},
                "error-cost": "2.00 USD/image",
            }
        },
        "vendors": {
            "a": {**capacity, "accuracy": "95%", "contract": {"price": "0.50 USD/image"}},
            "b": {**capacity, "accuracy": accuracy, "contract": {"price": "0.35 USD/image"}},
        },
        "workflows": ["single-pass"],
    }


@pytest.mark.parametrize(
    ("accuracy", "vendor", "net"),
    [("90%", "b", -55_000.0), ("87.6%", "b", -59_800.0), ("87.4%", "a", -60_000.0)],
)
def test_errors_alone_choose_the_vendor(accuracy: str, vendor: str, net: float) -> None:
    """B is taken down to its break-even of 87.5%: 0.35 + 2 (1 - .875) = 0.50 + 2 (1 - .95), A below it."""
    answer = solve(scans(accuracy))
    assert answer.plan is not None
    assert set(answer.plan.lines["vendor"]) == {vendor}
    assert answer.objective == pytest.approx(net, abs=1e-6)
