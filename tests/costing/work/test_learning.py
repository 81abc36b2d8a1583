"""Learning curves after Wright (cumulative average) and Crawford (unit)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocate.costing.work.learning import Learning, exponent, total_time

rates = st.floats(0.55, 1.0)


@pytest.mark.parametrize(
    ("rate", "published"), [(0.80, 0.322), (0.85, 0.234), (0.90, 0.152), (0.95, 0.074), (0.70, 0.515)]
)
def test_published_exponents(rate: float, published: float) -> None:
    """Exponents of the customary learning rates are those of the published table."""
    assert exponent(rate) == pytest.approx(published, abs=5.1e-4)


@given(rates, st.integers(1, 10_000))
def test_wright_the_average_falls_to_the_rate_at_each_doubling(rate: float, units: int) -> None:
    """Wright: the average time of twice as many units is the rate times the average of as many."""
    average = total_time(np.array([units, 2 * units]), 10.0, rate, "wright") / np.array([units, 2 * units])
    assert average[1] == pytest.approx(rate * average[0], rel=1e-12)


@given(rates, st.integers(0, 3_000))
def test_crawford_total_is_the_sum_of_its_units(rate: float, units: int) -> None:
    """Crawford's total, also where a closed sum stands in for it, is the sum of unit times to twelve digits."""
    expected = float(np.sum(np.arange(1, units + 1, dtype=float) ** -exponent(rate)))
    assert float(total_time(units, 1.0, rate, "crawford")) == pytest.approx(expected, rel=1e-12)


def test_the_two_are_told_apart() -> None:
    """Worked by hand at 80 %, first unit 100 h: four units take 256 h after Wright and 314.21 h after Crawford."""
    assert float(total_time(4, 100.0, 0.8, "wright")) == pytest.approx(4 * 64.0)
    third = 100.0 * 3 ** -exponent(0.8)
    assert third == pytest.approx(70.21, abs=5e-3)
    assert float(total_time(4, 100.0, 0.8, "crawford")) == pytest.approx(100 + 80 + third + 64)


@given(rates, st.sampled_from(list(Learning)), st.lists(st.floats(0, 1e6), min_size=3, max_size=3))
def test_totals_rise_and_bend_down(rate: float, kind: Learning, points: list[float]) -> None:
    """More units never take less time, and the curve lies above its chords."""
    low, middle, high = sorted(points)
    times = total_time(np.array([low, middle, high]), 1.0, rate, kind)
    assert times[0] <= times[1] * (1 + 1e-12)
    assert times[1] <= times[2] * (1 + 1e-12)
    if high - low > 1e-3 and kind is Learning.WRIGHT:
        chord = times[0] + (times[2] - times[0]) * (middle - low) / (high - low)
        assert times[1] >= chord * (1 - 1e-9)


@given(rates, st.integers(1, 10_000))
def test_crawford_takes_longer_than_wright(rate: float, units: int) -> None:
    """At one rate Crawford's total is never below Wright's."""
    crawford, wright = (float(total_time(units, 1.0, rate, kind)) for kind in ("crawford", "wright"))
    assert crawford >= wright * (1 - 1e-12)


def test_rates_that_cannot_be() -> None:
    """A rate of one half or less, or above one, is refused, and so are negative units."""
    for rate in (0.5, 1.01, 0.0):
        with pytest.raises(ValueError, match="learning rate"):
            exponent(rate)
    with pytest.raises(ValueError, match="not negative"):
        total_time(-1.0, 1.0, 0.8, "wright")
