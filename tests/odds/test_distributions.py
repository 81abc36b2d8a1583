"""Quantiles through P10, P50 and P90, and of counted shares."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import special

from allocate import read_case
from allocate.odds.distributions import quantiles
from allocate.quantiles import beta_below, beta_quantile, fits, log_metalog, logit_metalog, middles

PERCENTS = np.linspace(0.001, 0.999, 999)


def test_a_symmetric_range_has_the_published_quantiles() -> None:
    """12 ±20%: P1 7.45, P99 17.40, mean 12.03, standard deviation 1.98 (worked out with the published metalog equations)."""
    drawn = log_metalog((np.arange(100_000) + 0.5) / 100_000, 9.6, 12, 14.4)
    assert log_metalog([0.01, 0.1, 0.5, 0.9, 0.99], 9.6, 12, 14.4) == pytest.approx(
        [7.4531, 9.6, 12, 14.4, 17.4022], abs=1e-4
    )
    assert (drawn.mean(), drawn.std()) == pytest.approx((12.03, 1.98), abs=0.01)


def test_a_long_range_has_a_heavy_tail() -> None:
    """8 .. 12 .. 24: mean 14.84 and P99 54.7, as worked out with the published equations."""
    drawn = log_metalog((np.arange(100_000) + 0.5) / 100_000, 8, 12, 24)
    assert drawn.mean() == pytest.approx(14.84, abs=0.01)
    assert float(log_metalog(0.99, 8, 12, 24)) == pytest.approx(54.7, abs=0.05)


def test_what_is_below_zero_is_drawn_as_what_is_above() -> None:
    """A lever that saves 12 % .. 10 % .. 5 % of the hours: P10, P50 and P90 as written, none saves nothing, as far as its mirror."""
    base = Path(__file__).parents[1] / "data" / "take_or_pay.yaml"
    lever = "{cost: 2k USD, effect: {hours: -12% .. -10% .. -5%}}"
    spread = read_case(base, settings={"levers.tool": lever}).spreads.amounts["levers.tool.effect.hours"]
    drawn = quantiles(spread, PERCENTS)
    assert quantiles(spread, [0.1, 0.5, 0.9]) == pytest.approx([-12, -10, -5])
    assert (np.diff(drawn) > 0).all()
    assert drawn.max() < 0
    assert drawn[::-1] == pytest.approx(-log_metalog(PERCENTS, 5, 10, 12))


@pytest.mark.parametrize(("low", "odds"), [(96, 0.761290), (100, 0.767799)])
def test_odds_of_a_deadline_have_a_closed_form(low: float, odds: float) -> None:
    """40,000 images in 1,500 hours need 135 s each at most: the chance of that pace, where 96 .. 120 .. 150 is log-logistic."""
    pace = 1_500 * 3_600 / 40_000
    bottom, top = 0.0, 1.0
    for _ in range(60):
        u = (bottom + top) / 2
        bottom, top = (u, top) if float(log_metalog(u, low, 120, 150)) < pace else (bottom, u)
    assert bottom == pytest.approx(odds, abs=2e-6)


def test_every_middle_that_fits_gives_rising_quantiles_and_no_other_does() -> None:
    """At the least and greatest middle the curve still rises everywhere; a little beyond it falls somewhere."""
    u = np.unique(np.concatenate([np.geomspace(1e-9, 0.1, 4000), PERCENTS, 1 - np.geomspace(0.1, 1e-9, 4000)]))
    for through, low, high in ((log_metalog, 8.0, 24.0), (logit_metalog, 0.6, 0.97)):
        is_share = through is logit_metalog
        first, last = middles(low, high, is_share)
        for inside, outside in ((first * 1.0005, first * 0.997), (last * 0.9995, last * 1.003)):
            assert fits(low, inside, high, is_share)
            assert not fits(low, outside, high, is_share)
            assert (np.diff(through(u, low, inside, high)) > 0).all()
            assert (np.diff(through(u, low, outside, high)) < 0).any()


def test_shares_stay_between_none_and_all() -> None:
    """However wide the range, no quantile of a share leaves 0 to 1, and the three written ones are met."""
    found = logit_metalog([1e-9, 0.1, 0.5, 0.9, 1 - 1e-9], 0.5, 0.9, 0.99)
    assert found[[1, 2, 3]] == pytest.approx([0.5, 0.9, 0.99])
    assert 0 < found[0] < found[-1] < 1


@pytest.mark.parametrize(
    ("right", "wrong"), [(0.5, 0.5), (188.5, 12.5), (0.5, 1000.5), (9500.5, 500.5), (100000.5, 3.5)]
)
def test_counted_shares_are_those_of_an_independent_library(right: float, wrong: float) -> None:
    """The Beta distribution and its quantiles agree with SciPy's to ten digits."""
    mean = right / (right + wrong)
    near = np.clip(mean + np.sqrt(mean * (1 - mean) / (right + wrong)) * np.linspace(-6, 6, 101), 0, 1)
    x = np.concatenate([PERCENTS, near])
    assert np.abs(beta_below(x, right, wrong) - special.betainc(right, wrong, x)).max() < 1e-10
    assert np.abs(beta_quantile(PERCENTS, right, wrong) - special.betaincinv(right, wrong, PERCENTS)).max() < 1e-12
