"""What knowing more is worth, against published and exact answers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from allocate.odds.learning_from_pilots import Pace, Share, chances_of_counts, of_linear_values
from allocate.odds.worth_of_knowing import (
    best_blind,
    choices,
    of_a_normal,
    of_counts_beside,
    of_drawn_data,
    of_everything,
    of_regression,
    of_signals,
)

SURE, CHEAP = (0.50 + 2.0 * 0.05, 0.0), (0.35 + 2.0, -2.0)
"""Cost of an image, and what it changes by with the share of right ones: A at 0.50 USD and 95% right, B at 0.35 USD; a wrong
image costs 2.00 USD."""
AT_NOUGHT, SLOPES = np.array([-SURE[0], -CHEAP[0]]), np.array([-SURE[1], -CHEAP[1]])
B = Share(18.0, 2.0)


def net_worth(images: int, checked: int) -> float:
    """What a pilot of some images is worth, on the images decided after it, less 500 USD and 0.40 USD an image checked."""
    return of_linear_values(B, checked, AT_NOUGHT, SLOPES) * (images - checked) - 500.0 - 0.40 * checked


@pytest.mark.parametrize(("images", "best", "net"), [(100_000, 320, 2_579.82), (20_000, 136, 50.49)])
def test_the_best_pilot_of_the_two_vendors(images: int, best: int, net: float) -> None:
    """Of pilots of every size, exact sums over every count of right images name 320 images for 100,000, 136 for 20,000."""
    worth = {checked: net_worth(images, checked) for checked in range(1, 401)}
    assert max(worth, key=worth.__getitem__) == best
    assert worth[best] == pytest.approx(net, abs=0.005)


def test_no_pilot_pays_for_few_images() -> None:
    """Knowing B's accuracy is worth 0.0336157 USD an image: of 5,000 images 168.08 USD, less than a pilot's 500 USD."""
    shares = np.linspace(0.0, 1.0, 400_001)
    density = shares**17 * (1.0 - shares)
    gain = np.maximum(0.0, SURE[0] - CHEAP[0] - CHEAP[1] * shares)
    worth = float((density @ gain) / density.sum()) - 0.05
    assert worth == pytest.approx(0.0336157, abs=5e-8)
    assert 5_000 * worth == pytest.approx(168.08, abs=0.005)
    assert max(net_worth(5_000, checked) for checked in range(1, 401)) < 0.0


def test_hundred_images() -> None:
    """100 images are worth 0.029392 USD an image that follows, and B is taken from 87 right ones on."""
    assert of_linear_values(B, 100, AT_NOUGHT, SLOPES) == pytest.approx(0.029392, abs=5e-7)
    after = AT_NOUGHT + SLOPES * B.means_after(100)[:, None]
    assert int(np.argmax(after[:, 1] >= after[:, 0] - 1e-12)) == 87  # at 87 both cost the same: 105 of 120 is 87.5%


def test_more_items_are_worth_more_and_never_more_than_everything() -> None:
    """The worth rises with the items checked, stays below that of knowing everything, and is nothing where no count decides."""
    worth = [of_linear_values(B, n, AT_NOUGHT, SLOPES) for n in (1, 2, 5, 10, 50, 200, 1000)]
    assert worth == sorted(worth)
    assert worth[-1] < 0.0336157
    # Break-even at 92%: neither 1 nor 5 images can lift the expected 90% there far enough.
    dearer = np.array([-(0.35 + 2.0 * 0.08), -CHEAP[0]])
    assert [of_linear_values(B, n, dearer, SLOPES) for n in (1, 5)] == pytest.approx([0.0, 0.0], abs=1e-12)
    assert of_linear_values(B, 100, dearer, SLOPES) > 0.0


def test_counts_are_chances() -> None:
    """Counts under a belief are those under each share, weighed by the belief; all chances add up to 1."""
    shares = (np.arange(20_000) + 0.5) / 20_000
    density = shares**17 * (1.0 - shares)
    mixed = (density / density.sum()) @ chances_of_counts(12, shares)
    np.testing.assert_allclose(B.chances(12), mixed, atol=1e-8)
    assert B.chances(400).sum() == pytest.approx(1.0, abs=1e-12)
    assert B.after(7, 12).mean == pytest.approx(B.means_after(12)[7])
    np.testing.assert_array_equal(chances_of_counts(3, np.array([0.0, 1.0])), [[1, 0, 0, 0], [0, 0, 0, 1]])


def test_normal_gain() -> None:
    """The normal example of the R package voi (chjackson/voi, its vignette): y = p1 - p2, N(1, sd 1) and N(0, sd 2); exact."""
    assert of_a_normal(1.0, math.sqrt(5.0)) == pytest.approx(0.4798107, abs=5e-8)
    assert of_a_normal(1.0, 1.0) == pytest.approx(0.0833155, abs=5e-8)
    assert of_a_normal(1.0, 2.0) == pytest.approx(0.3955931, abs=5e-8)
    # n observations of p1, each with sd 1: so many items of one and the same person whose mean is what is asked.
    for n, worth in [(1, 0.0251273), (10, 0.0723251), (100, 0.0821176)]:
        learnt = Pace(sd=1.0, between=0.0, within=1.0).sd_of_mean_after(1, n)
        assert of_a_normal(1.0, learnt) == pytest.approx(worth, abs=5e-8)
    assert of_a_normal(1.0, 0.0) == 0.0


def test_people_are_the_sample() -> None:
    """Ten times the items of the same people hardly help; ten times the people do, by the root of ten."""
    pace = Pace(sd=0.3, between=0.3, within=0.5)
    assert pace.error(10, 20) == pytest.approx(math.sqrt(0.09 / 10 + 0.25 / 200))
    assert pace.error(10, 200) > 0.93 * pace.error(10, 20)
    assert pace.error(100, 20) == pytest.approx(pace.error(10, 20) / math.sqrt(10.0))
    assert pace.sd_after(10, 20) ** 2 + pace.sd_of_mean_after(10, 20) ** 2 == pytest.approx(0.09)


PAYOFFS = np.array([[8.0, 14.0, 20.0], [7.0, 5.0, -9.0]])
"""Pittsburgh Development Corp. (Anderson, Sweeney and Williams): small, medium, large complex under strong and weak demand."""


def test_tables_of_textbooks() -> None:
    """PDC: 14.20 without, 15.82 with the survey (the book's 15.93 comes of rounded posteriors), 17.40 knowing; Thompson Lumber: 19,000."""
    prior, survey = np.array([0.8, 0.2]), np.array([[0.90, 0.10], [0.25, 0.75]])
    assert best_blind(PAYOFFS, prior) == pytest.approx(14.20)
    assert of_everything(PAYOFFS, prior) == pytest.approx(3.20)
    assert of_signals(PAYOFFS, prior, survey) == pytest.approx(1.62)
    assert choices(PAYOFFS, prior, survey).tolist() == [2, 1]
    lumber = np.array([[200e3, 100e3, 0.0], [-180e3, -20e3, 0.0]])
    even = np.array([0.5, 0.5])
    assert of_signals(lumber, even, np.array([[0.70, 0.30], [0.20, 0.80]])) == pytest.approx(19_000)
    assert of_everything(lumber, even) == pytest.approx(60_000)


@pytest.mark.slow
def test_drawn_data_come_to_the_exact_worth() -> None:
    """On 2,000 stratified scenarios, data drawn once per scenario are worth what exact sums say."""
    draw = np.random.default_rng(5)
    shares = draw.permutation(np.sort(draw.beta(18.0, 2.0, 40_000))[10::20])
    values = AT_NOUGHT + SLOPES * shares[:, None]
    weights = np.full(len(shares), 1.0 / len(shares))
    right = draw.binomial(100, shares)
    with np.errstate(divide="ignore"):
        logs = np.log(chances_of_counts(100, shares)).T[right]
    learnt = of_drawn_data(values, weights, logs)
    assert weights @ learnt.gains == pytest.approx(0.029392, rel=0.03)
    assert weights @ learnt.own == pytest.approx(0.029392, rel=0.06)
    assert learnt.gains.min() >= 0.0
    assert learnt.effective > 50
    # Beside data that say nothing, going through every count is the exact sum; a regression on the count comes near it.
    chances, nothing = chances_of_counts(100, shares), np.zeros((len(shares), len(shares)))
    beside = of_counts_beside(values[::4], weights[::4] * 4, nothing[::4, ::4], chances[::4])
    assert weights[::4] * 4 @ beside.gains == pytest.approx(of_signals(values[::4], weights[::4] * 4, chances[::4]))
    assert weights @ of_regression(values, weights, right[:, None] / 100).gains == pytest.approx(0.029392, rel=0.10)
    exact = of_signals(values, weights, chances_of_counts(100, shares))
    assert exact == pytest.approx(0.029392, rel=0.02)
    assert exact <= of_everything(values, weights)
