"""Thresholds in counts, with their chances, and designs with an early look."""

from __future__ import annotations

import numpy as np
import pytest

from allocate.odds.go_or_stop import EarlyLook, early_look
from allocate.odds.learning_from_pilots import chances_of_counts


@pytest.mark.slow
def test_simons_design() -> None:
    """Simon 1989, p0 .1, p1 .3, chances .05 and .2: 1 of 10, 5 of 29; on average 15.0141203471 items, .7360989291 stop early."""
    design = early_look(0.1, 0.3, 0.05, 0.2)
    assert design == EarlyLook(first=10, stop_at=1, items=29, no_go_at=5)
    assert design.expected_items(0.1) == pytest.approx(15.0141203471, abs=1e-10)
    assert design.stops_early(0.1) == pytest.approx(0.7360989291, abs=1e-10)


def test_minimax_design_by_hand() -> None:
    """The minimax design of the same page, 1 of 15 and 5 of 25: 19.51 items on average, .549 stop early."""
    design = EarlyLook(first=15, stop_at=1, items=25, no_go_at=5)
    assert design.expected_items(0.1) == pytest.approx(19.51, abs=0.005)
    assert design.stops_early(0.1) == pytest.approx(0.549, abs=5e-4)


@pytest.mark.slow
def test_chances_are_kept_and_counted_one_by_one() -> None:
    """Both chances hold, and are what all pairs of counts add up to."""
    design = early_look(0.6, 0.85, 0.10, 0.10)
    assert design is not None
    assert design.goes(0.6) <= 0.10
    assert design.goes(0.85) >= 0.90

    def chance(count: int, n: int, share: float) -> float:
        return float(chances_of_counts(n, np.array([share]))[0, count])

    rest = design.items - design.first
    counted = sum(
        chance(one, design.first, 0.7) * chance(two, rest, 0.7)
        for one in range(design.stop_at + 1, design.first + 1)
        for two in range(rest + 1)
        if one + two > design.no_go_at
    )
    assert design.goes(0.7) == pytest.approx(counted, abs=1e-12)


@pytest.mark.slow
def test_no_design_within_few_items() -> None:
    """Shares that are hard to tell apart need more items than may be searched: there is none, and nothing is made up."""
    assert early_look(0.90, 0.92, 0.05, 0.05, most=40) is None
