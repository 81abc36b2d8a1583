"""Plans that are surer than those of few scenarios: searches that are held against trying everything."""

from __future__ import annotations

import numpy as np
import pytest

from allocate.odds.surer import at_or_beyond, least, mixtures, sure_plan

LAST = 1.5 / 2**8
"""How far eight halvings of what lies between 0.5 and 2 leave a share from the least."""


@pytest.mark.parametrize("enough", [0.62, 0.95, 1.3, 1.9])
@pytest.mark.parametrize("last", [0.7, 1.05, 2.0])
def test_the_least_quantile_that_reaches_is_found_wherever_plans_end(enough: float, last: float) -> None:
    """Amounts too bad for any plan are no reason to ask for worse ones: plans end at a quantile, and odds begin at another."""
    found = sure_plan(lambda share: np.array([share]) if share <= last else None, lambda plan: plan[0] >= enough, 0.5)
    if enough > last:
        assert found is None
    else:
        assert found is not None
        assert enough <= found[0] <= min(enough + LAST, last)
        assert found[1].tolist() == [found[0]]


def test_beyond_the_worst_is_as_far_again_from_the_middle() -> None:
    """Quantiles up to 1, then the line from the middle through the worst; the same of the other side turned around."""
    figures = np.random.default_rng(4).normal(size=(33, 5))
    for share in (0.5, 0.9, 1.0):
        assert at_or_beyond(figures, share) == pytest.approx(np.quantile(figures, share, axis=0))
    middle, most = np.median(figures, axis=0), figures.max(axis=0)
    assert at_or_beyond(figures, 1.5) == pytest.approx(most + 0.5 * (most - middle))
    assert at_or_beyond(figures, 1.0 + 1e-12) == pytest.approx(most)


def test_mixtures_take_the_least_of_the_surer_plan() -> None:
    """Of each plan the weight that reaches, to a part in 256; a plan that reaches with nothing but the surer one is left out."""
    sure, plans = np.array([1.0, 0.0]), [np.array([0.0, 1.0]), np.array([0.4, 0.3]), np.array([-300.0, 0.0])]
    found = mixtures(sure, plans, lambda plan: plan[0] >= 0.7)
    assert len(found) == 2
    for (weight, mixed), plan, right in zip(found, plans[:2], (0.7, 0.5), strict=True):
        assert right <= weight <= right + 1 / 256
        assert mixed == pytest.approx((1 - weight) * plan + weight * sure)


def test_nothing_is_found_where_nothing_reaches() -> None:
    """A search without an end says so."""
    assert least(lambda share: False, 0.0, 1.0) is None
