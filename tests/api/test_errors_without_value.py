"""Net value of a case in which labels have no stated value: what escaped errors cost decides."""

from __future__ import annotations

import pytest

from allocate import solve
from tests.odds.pilot_case import two_vendors


@pytest.mark.parametrize(
    ("accuracy", "vendor", "net"),
    [("90%", "b", -55_000.0), ("87.6%", "b", -59_800.0), ("87.4%", "a", -60_000.0)],
)
def test_errors_alone_choose_the_vendor(accuracy: str, vendor: str, net: float) -> None:
    """B is taken down to its break-even of 87.5%: 0.35 + 2 (1 - .875) = 0.50 + 2 (1 - .95), A below it."""
    document = two_vendors()
    del document["pilots"]
    document["vendors"]["b"]["accuracy"] = accuracy
    answer = solve(document)
    assert answer.plan is not None
    assert set(answer.plan.lines["vendor"]) == {vendor}
    assert answer.objective == pytest.approx(net, abs=1e-6)
