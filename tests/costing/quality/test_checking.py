"""Accuracy after review, adjudication and voting; the weight of a noisy label."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import betabinom, binom

from allocate.costing.quality import checking as quality

DATA = Path(__file__).parents[2] / "data"
share = st.floats(0.0, 1.0)
odd = st.integers(0, 10).map(lambda half: 2 * half + 1)


def vote_curves() -> dict[str, dict[int, float]]:
    with (DATA / "crowd_votes.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    curves: dict[str, dict[int, float]] = {}
    for row in rows:
        curves.setdefault(row["dataset"], {})[int(row["votes"])] = float(row["accuracy"])
    return curves


def misfits(correlation: float) -> np.ndarray:
    """Modelled minus measured accuracy at three and more votes, all datasets."""
    return np.array(
        [
            float(quality.majority(curve[0], votes, correlation)) - measured
            for curve in vote_curves().values()
            for votes, measured in curve.items()
            if votes >= 3
        ]
    )


# Review


def enumerate_review(a: float, f: float, d: float, g: float, q: float) -> tuple[float, float]:
    """Accuracy and rejected share of a correcting review, summed over every branch of its tree."""
    right = rejected = 0.0
    for good, looked, flagged, corrected in product((True, False), repeat=4):
        chance = (a if good else 1 - a) * (f if looked else 1 - f)
        rate = (q if good else d) if looked else 0.0
        chance *= rate if flagged else 1 - rate
        chance *= g if corrected else 1 - g
        rejected += chance * flagged
        right += chance * (corrected if flagged else good)
    return right, rejected


@pytest.mark.slow
@given(share, share, share, share, share)
def test_review_by_the_reviewer_matches_its_tree(a: float, f: float, d: float, g: float, q: float) -> None:
    """Mended by the reviewer, accuracy and rejected share equal the sum over all branches."""
    done = quality.review(a, f, d, g, q, "reviewer")
    assert (float(done.accuracy), float(done.rejected)) == pytest.approx(enumerate_review(a, f, d, g, q), abs=1e-12)
    assert done.passes == 1.0


def test_review_by_the_vendor_matches_rounds_of_rework() -> None:
    """Done again by the vendor, accuracy and passes equal the sum over rounds until all is accepted."""
    a, f, d, q = 0.85, 0.6, 0.7, 0.05
    left, right, passes = 1.0, 0.0, 0.0
    for _ in range(200):
        passes += left
        right += left * a * (1 - f * q)
        left *= f * ((1 - a) * d + a * q)
    done = quality.review(a, f, d, 0.3, q, "vendor")
    assert float(done.accuracy) == pytest.approx(right, abs=1e-12)
    assert float(done.passes) == pytest.approx(passes, abs=1e-12)


def test_full_perfect_review_leaves_no_error() -> None:
    """A reviewer who sees all, catches all and never errs delivers only right items, at 1/a passes by the vendor."""
    done = quality.review(0.8, 1.0, 1.0, rework="vendor")
    assert float(done.accuracy) == pytest.approx(1.0)
    assert float(done.passes) == pytest.approx(1.25)
    assert float(quality.review(0.8, 1.0, 1.0).accuracy) == pytest.approx(1.0)


@given(share, share, share, share, st.sampled_from(list(quality.Rework)))
def test_no_review_is_the_single_pass(a: float, d: float, g: float, q: float, rework: quality.Rework) -> None:
    """With nothing reviewed the accuracy is that of one pass, whoever would rework."""
    done = quality.review(a, 0.0, d, g, q, rework)
    assert (float(done.accuracy), float(done.rejected), float(done.passes)) == pytest.approx((a, 0.0, 1.0), abs=1e-15)


@given(share, share, share, share, share)
def test_uncorrected_review_changes_no_accuracy(a: float, f: float, d: float, g: float, q: float) -> None:
    """Errors found and not corrected stay: the accuracy is that of the pass, the rejected share is known."""
    done = quality.review(a, f, d, g, q, "none")
    assert float(done.accuracy) == a
    assert float(done.rejected) == pytest.approx(enumerate_review(a, f, d, g, q)[1], abs=1e-12)


@given(share, share, share, share, st.sampled_from(["vendor", "reviewer"]))
def test_more_review_is_better_when_right_items_are_left_alone(
    a: float, one: float, two: float, d: float, rework: str
) -> None:
    """Without false rejects, accuracy never falls as the reviewed share grows."""
    if rework == "vendor" and a < 1e-6:
        a = 1e-6
    less, more = quality.review(a, [min(one, two), max(one, two)], d, 0.9, 0.0, rework).accuracy
    assert less <= more + 1e-12


@given(st.floats(1e-3, 1.0), share, share, share, st.floats(0.0, 0.99), st.sampled_from(list(quality.Rework)))
def test_review_gives_shares(a: float, f: float, d: float, g: float, q: float, rework: quality.Rework) -> None:
    """Accuracy and rejected share stay in [0, 1] and passes never fall below one."""
    done = quality.review(a, f, d, g, q, rework)
    assert 0.0 <= done.accuracy <= 1.0
    assert 0.0 <= done.rejected <= 1.0
    assert done.passes >= 1.0


def test_careless_reviewer_spoils_good_work() -> None:
    """A reviewer worse than the vendor who rejects right items lowers the accuracy."""
    assert quality.review(0.98, 1.0, 0.5, 0.6, 0.3).accuracy < 0.98


def test_review_broadcasts_over_workflows() -> None:
    """Vendors down and review shares across give one accuracy for each pair."""
    done = quality.review(np.array([[0.8], [0.9]]), [0.0, 0.5, 1.0], 0.8)
    np.testing.assert_allclose(done.accuracy, [[0.8, 0.88, 0.96], [0.9, 0.94, 0.98]])
    assert done.passes.shape == (2, 3)


def test_endless_rework_is_refused() -> None:
    """A vendor whose every pass is rejected is an error, not infinite passes."""
    with pytest.raises(ValueError, match="never ends"):
        quality.review(0.0, 1.0, 1.0, rework="vendor")


@pytest.mark.parametrize(
    ("name", "value"), [("accuracy", 1.1), ("share", -0.1), ("catch", float("nan")), ("false_reject", 2.0)]
)
def test_shares_outside_zero_to_one_are_refused(name: str, value: float) -> None:
    """Every share of a review must lie in [0, 1]."""
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        quality.review(**{"accuracy": 0.9, "share": 0.5, "catch": 0.8, name: value})


def test_unknown_rework_is_refused() -> None:
    """Rework is by the vendor, by the reviewer or none."""
    with pytest.raises(ValueError, match="nobody"):
        quality.review(0.9, 0.5, 0.8, rework="nobody")


# Adjudication


@given(share, share)
def test_independent_pair_is_the_textbook_square(a: float, g: float) -> None:
    """Two independent passes over two classes: right both, or disagreeing and settled."""
    done = quality.adjudicated_pair(a, g)
    assert float(done.adjudicated) == pytest.approx(2 * a * (1 - a), abs=1e-12)
    assert float(done.accuracy) == pytest.approx(a * a + 2 * a * (1 - a) * g, abs=1e-12)


def test_fully_correlated_pair_gains_nothing_on_two_classes() -> None:
    """Passes that always err together never disagree, so nothing is settled and the accuracy stays."""
    done = quality.adjudicated_pair([0.7, 0.9], 1.0, correlation=1.0)
    np.testing.assert_allclose(done.accuracy, [0.7, 0.9])
    np.testing.assert_allclose(done.adjudicated, 0.0, atol=1e-15)


def test_pair_matches_enumeration_over_classes() -> None:
    """With four classes and errors spread evenly, accuracy and disputes equal the sum over all pairs of labels."""
    a, g, classes = 0.7, 0.9, 4
    chance = [a] + [(1 - a) / (classes - 1)] * (classes - 1)
    disputed = sum(chance[i] * chance[j] for i, j in product(range(classes), repeat=2) if i != j)
    done = quality.adjudicated_pair(a, g, 0.0, classes)
    assert float(done.adjudicated) == pytest.approx(disputed)
    assert float(done.accuracy) == pytest.approx(a * a + disputed * g)


def test_shapes_never_agree_by_chance() -> None:
    """With infinitely many wrong answers every doubly wrong item is settled too."""
    done = quality.adjudicated_pair(0.8, 1.0, 0.0, np.inf)
    assert float(done.accuracy) == pytest.approx(1.0)
    assert float(done.adjudicated) == pytest.approx(1 - 0.64)


@given(share, share, share, st.integers(2, 1000))
def test_adjudication_gives_shares(a: float, g: float, c: float, classes: int) -> None:
    """Accuracy and adjudicated share stay in [0, 1], and disputes grow with the classes."""
    done = quality.adjudicated_pair(a, g, c, [classes, classes + 1])
    assert np.all((done.accuracy >= 0.0) & (done.accuracy <= 1.0))
    assert 0.0 <= done.adjudicated[0] <= done.adjudicated[1] + 1e-12 <= 1.0 + 1e-12


@given(st.floats(0.5, 1.0), share, share)
def test_correlation_costs_accuracy(a: float, one: float, two: float) -> None:
    """With an adjudicator at least as good as the passes, more correlation never helps."""
    better, worse = quality.adjudicated_pair(a, 1.0, [min(one, two), max(one, two)]).accuracy
    assert better >= worse - 1e-12


def test_one_class_is_refused() -> None:
    """There is nothing to choose among fewer than two classes."""
    with pytest.raises(ValueError, match="two classes"):
        quality.adjudicated_pair(0.9, classes=1)


# Voting


def test_condorcet_worked_example() -> None:
    """Independent votes of accuracy 0.6 reach .6, .648, .6826, .7102, .7334 with 1, 3, 5, 7, 9 votes."""
    reached = [float(quality.majority(0.6, votes, 0.0)) for votes in (1, 3, 5, 7, 9)]
    assert reached == pytest.approx([0.6, 0.648, 0.6826, 0.7102, 0.7334], abs=5e-5)


@given(share, odd)
def test_uncorrelated_majority_is_binomial(a: float, votes: int) -> None:
    """Without correlation the majority is the upper tail of a binomial."""
    assert float(quality.majority(a, votes, 0.0)) == pytest.approx(binom.sf(votes // 2, votes, a), abs=1e-9)


@pytest.mark.slow
@given(st.floats(0.02, 0.98), odd, st.floats(0.02, 0.95))
def test_correlated_majority_is_beta_binomial(a: float, votes: int, c: float) -> None:
    """With correlation c the majority is the upper tail of a beta-binomial of that intra-class correlation."""
    expected = betabinom.sf(votes // 2, votes, a * (1 - c) / c, (1 - a) * (1 - c) / c)
    assert float(quality.majority(a, votes, c)) == pytest.approx(expected, abs=1e-9)


@given(share, odd)
def test_fully_correlated_votes_gain_nothing(a: float, votes: int) -> None:
    """Votes that always agree are worth one."""
    assert float(quality.majority(a, votes, 1.0)) == pytest.approx(a, abs=1e-12)


@pytest.mark.slow
@given(share, odd, share)
def test_majority_is_fair_between_right_and_wrong(a: float, votes: int, c: float) -> None:
    """Swapping right and wrong swaps the outcome, and the result is a share."""
    outcome = quality.majority([a, 1.0 - a], votes, c)
    assert float(outcome.sum()) == pytest.approx(1.0, abs=1e-9)
    assert np.all((outcome >= 0.0) & (outcome <= 1.0))


def test_majority_of_three_and_the_pair_share_one_correlation() -> None:
    """The pair's agreement is that of the beta-binomial with two passes, so one fitted correlation serves both."""
    a, c = 0.8, 0.1
    both = betabinom.pmf(2, 2, a * (1 - c) / c, (1 - a) * (1 - c) / c)
    assert float(quality.adjudicated_pair(a, 0.0, c).accuracy) == pytest.approx(both)


def test_default_correlation_is_the_fit_to_measured_crowds() -> None:
    """The default is the least squares fit to 15 measured points of four datasets, and predicts them within 1 point."""
    fitted = minimize_scalar(lambda c: np.sum(misfits(c) ** 2), bounds=(0.0, 0.9), method="bounded").x
    assert len(misfits(0.1)) == 15
    assert fitted == pytest.approx(quality.CROWD_CORRELATION, abs=0.001)
    assert np.sqrt(np.mean(misfits(quality.CROWD_CORRELATION) ** 2)) == pytest.approx(0.007, abs=0.0002)


def test_independent_voting_overstates_measured_crowds() -> None:
    """Condorcet's independent votes promise more than every measured point, on average over 4 points of accuracy."""
    assert np.all(misfits(0.0) > 0.0)
    assert np.mean(misfits(0.0)) > 0.04


def test_by_how_much_independent_voting_is_optimistic() -> None:
    """The points of accuracy that the docs of majority and of the model's workflows state are those of the data."""
    points: dict[int, list[float]] = {}
    for curve in vote_curves().values():
        for votes, measured in curve.items():
            if votes >= 3:
                points.setdefault(votes, []).append(
                    100 * float(quality.majority(curve[0], votes, 0.0)) - 100 * measured
                )
    by_votes = {votes: f"{np.mean(found):.1f} at {votes}" for votes, found in points.items()}
    workflows = (DATA.parents[1] / "models" / "annotation" / "workflows.yaml").read_text(encoding="utf-8")
    for votes in (5, 7, 9):
        assert by_votes[votes] in " ".join((quality.majority.__doc__ or "").split())
        assert by_votes[votes] in workflows
    assert [round(float(np.mean(points[3])), 1), round(100 * float(np.mean(misfits(0.0))), 1)] == [1.9, 5.1]
    assert "1.9 points of accuracy too much at 3 votes" in workflows


@pytest.mark.parametrize("votes", [0, 2, -1])
def test_even_majorities_are_refused(votes: int) -> None:
    """A majority that can tie, or of nobody, is an error."""
    with pytest.raises(ValueError, match="odd"):
        quality.majority(0.9, votes)


# Label weight


def test_weight_of_binary_noise_is_aslam_and_decatur() -> None:
    """With two classes the inverse weight is the sample factor 1/(1 - 2e)^2."""
    for error in (0.0, 0.1, 0.25, 0.4):
        assert 1.0 / float(quality.label_weight(1.0 - error, 2)) == pytest.approx(1.0 / (1.0 - 2.0 * error) ** 2)


@given(share, st.integers(2, 1000))
def test_weight_is_zero_at_chance_and_one_when_perfect(a: float, classes: int) -> None:
    """A weight is a share that grows with accuracy from zero at chance to one at no error."""
    weight = float(quality.label_weight(a, classes))
    assert 0.0 <= weight <= 1.0
    assert float(quality.label_weight(1.0 / classes, classes)) == pytest.approx(0.0, abs=1e-12)
    assert float(quality.label_weight(0.5 / classes, classes)) == 0.0
    assert float(quality.label_weight(1.0, classes)) == 1.0
    assert weight <= float(quality.label_weight(a + (1.0 - a) / 2.0, classes))


def test_weight_of_many_classes_nears_the_square() -> None:
    """As classes grow without bound the weight becomes the accuracy squared."""
    assert float(quality.label_weight(0.9, np.inf)) == pytest.approx(0.81)


def test_weight_without_classes_is_the_accuracy() -> None:
    """Where no classes are known a label counts by its chance of being right."""
    np.testing.assert_array_equal(quality.label_weight([0.2, 0.9]), [0.2, 0.9])
