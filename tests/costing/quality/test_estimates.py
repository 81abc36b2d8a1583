"""What checked items say about an accuracy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from allocate.costing.quality.checking import adjudicated_pair
from allocate.costing.quality.estimates import at_least, from_agreement, interval, items_to_check


@pytest.mark.slow
@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), st.floats(0.5, 0.999))
def test_interval_is_wilsons(counts: tuple[int, int], confidence: float) -> None:
    """The interval is the score interval of an independent library."""
    checked, right = counts
    expected = binomtest(right, checked).proportion_ci(confidence, method="wilson")
    low, high = interval(right / checked, checked, confidence)
    assert float(low) == pytest.approx(expected.low, abs=1e-9)
    assert float(high) == pytest.approx(expected.high, abs=1e-9)


@given(st.floats(0, 1), st.integers(1, 10_000), st.floats(0.51, 0.999))
def test_more_checking_and_less_confidence_raise_the_floor(accuracy: float, checked: int, confidence: float) -> None:
    """The accuracy that is reached with a confidence rises with the items checked and lies below the estimate."""
    few, many = (float(at_least(accuracy, count, confidence)) for count in (checked, 2 * checked))
    assert 0.0 <= few <= many + 1e-12 <= accuracy + 2e-12
    assert float(at_least(accuracy, np.inf, confidence)) == pytest.approx(accuracy)


def test_the_interval_covers_what_it_promises() -> None:
    """Over all counts of 200 checks at 95 % accuracy the 90 % interval covers the truth in 88 to 94 % of draws."""
    from scipy.stats import binom

    right = np.arange(201)
    low, high = interval(right / 200, 200, 0.90)
    covered = binom.pmf(right, 200, 0.95)[(low <= 0.95) & (high >= 0.95)].sum()
    assert 0.88 <= covered <= 0.94


@pytest.mark.parametrize(("accuracy", "half"), [(0.95, 0.02), (0.5, 0.05), (0.99, 0.005), (1.0, 0.01)])
def test_fewest_items_for_a_precision(accuracy: float, half: float) -> None:
    """The count found gives the precision, and one item fewer does not."""
    count = items_to_check(accuracy, half)
    widths = [np.subtract(*interval(accuracy, n)[::-1]) / 2 for n in (count, count - 1)]
    assert widths[0] <= half < widths[1]


def test_a_small_lot_needs_fewer() -> None:
    """Cochran's correction: 382 of very many become 276 of a thousand, and never more than the lot."""
    many = items_to_check(0.5, 0.05)
    assert items_to_check(0.5, 0.05, lot=1000) == -(-many * 1000 // (1000 + many - 1))
    assert items_to_check(0.5, 0.05, lot=10) == 10


@given(st.floats(0, 1), st.sampled_from([2.0, 3.0, 10.0, np.inf]), st.floats(0, 0.9))
def test_an_accuracy_is_found_again_from_how_often_two_labels_agree(part: float, classes: float, c: float) -> None:
    """What two passes do not leave to an adjudicator is where they agree; from there the accuracy comes back."""
    chance = 1 / classes if classes < np.inf else 0.0
    accuracy = chance + part * (1 - chance)
    agreement = 1 - adjudicated_pair(accuracy, 1.0, c, classes).adjudicated
    assert float(from_agreement(agreement, classes, c)) == pytest.approx(accuracy, abs=1e-6)


def test_simulated_pairs_show_the_accuracy_of_their_annotators() -> None:
    """400 audits of 500 items with four classes: the mean estimate lies within three standard errors of 85 %."""
    random = np.random.default_rng(20261124)
    labels = np.where(random.random((400, 500, 2)) < 0.85, 0, random.integers(1, 4, (400, 500, 2)))
    seen = from_agreement((labels[..., 0] == labels[..., 1]).mean(axis=1), 4)
    assert abs(seen.mean() - 0.85) < 3 * seen.std(ddof=1) / 20 + 1e-4


def test_annotators_who_agree_by_chance_show_no_accuracy() -> None:
    """Two classes agree by chance on half of the items; less than that tells nothing more, and odd figures are refused."""
    np.testing.assert_allclose(from_agreement([0.3, 0.5], 2), 0.5, atol=1e-7)
    for arguments, says in (((1.2,), "agreement"), ((0.5, 1), "two classes"), ((0.5, 2, 1.0), "always agree")):
        with pytest.raises(ValueError, match=says):
            from_agreement(*arguments)


def test_estimates_of_nothing() -> None:
    """No checked item, a share outside its range and a certain confidence are refused."""
    for arguments, says in (((0.5, 0), "one checked item"), ((1.5, 10), "between 0 and 1"), ((0.5, 10, 1.0), "confid")):
        with pytest.raises(ValueError, match=says):
            interval(*arguments)
    with pytest.raises(ValueError, match="half-width"):
        items_to_check(0.9, 0.6)
