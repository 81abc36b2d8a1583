"""Votes by plurality and by weight, against enumeration of every panel and every vote."""

from __future__ import annotations

import itertools
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocate import read_case, routes
from allocate.costing.quality.checking import majority
from allocate.costing.quality.voting import plurality, weighted_majority
from allocate.errors import CaseError

share = st.floats(0.0, 1.0)


def enumerated_plurality(a: float, votes: int, classes: int) -> float:
    """Share right over every combination of labels; class 0 is right."""
    total = 0.0
    for labels in itertools.product(range(classes), repeat=votes):
        counts = [labels.count(one) for one in range(classes)]
        if counts[0] == max(counts):
            chance = np.prod([a if label == 0 else (1 - a) / (classes - 1) for label in labels])
            total += float(chance) / counts.count(max(counts))
    return total


@pytest.mark.parametrize(("votes", "classes"), [(1, 3), (2, 3), (3, 3), (4, 3), (5, 4), (6, 2)])
def test_plurality_is_the_sum_over_every_vote(votes: int, classes: int) -> None:
    """Without correlation the closed form is the enumeration of all labels, ties shared."""
    for a in (0.3, 0.55, 0.8):
        assert float(plurality(a, votes, classes, 0.0)) == pytest.approx(enumerated_plurality(a, votes, classes))


@pytest.mark.slow
@given(share, st.integers(0, 4), share)
def test_plurality_of_two_classes_is_the_majority(a: float, half: int, c: float) -> None:
    """With two classes and an odd number of passes the most votes are more than half."""
    assert float(plurality(a, 2 * half + 1, 2, c)) == pytest.approx(float(majority(a, 2 * half + 1, c)), abs=1e-9)


def test_wrong_labels_that_disagree_lose() -> None:
    """The more classes wrong labels fall on, the more often the right one wins; for shapes two that agree are enough."""
    found = plurality(0.6, 5, np.array([2, 3, 10, 1000, np.inf]), 0.1)
    assert np.all(np.diff(found) > 0.0)
    at_least_two = 1.0 - 0.4**3 - 3 * 0.6 * 0.4**2
    assert float(plurality(0.6, 3, np.inf, 0.0)) == pytest.approx(at_least_two + 3 * 0.6 * 0.4**2 / 3)


def enumerated_weighted(a: float, s: float, votes: int) -> float:
    """Share right over every panel of better and worse annotators and every vote of theirs, independent."""
    total = 0.0
    for panel in itertools.product((a + s, a - s), repeat=votes):
        for right in itertools.product((True, False), repeat=votes):
            chance = np.prod([p if r else 1 - p for p, r in zip(panel, right, strict=True)]) / 2**votes
            score = sum((1 if r else -1) * log(p / (1 - p)) for p, r in zip(panel, right, strict=True))
            total += float(chance) * (0.5 if abs(score) < 1e-12 else float(score > 0))
    return total


@pytest.mark.parametrize("votes", [1, 2, 3, 5])
@pytest.mark.parametrize(("a", "s"), [(0.7, 0.2), (0.8, 0.1), (0.55, 0.24)])
def test_weighted_votes_are_the_sum_over_every_panel(a: float, s: float, votes: int) -> None:
    """Without correlation the closed form is the enumeration of panels and votes."""
    assert float(weighted_majority(a, votes, s, 0.0)) == pytest.approx(enumerated_weighted(a, s, votes))


@pytest.mark.slow
@given(share, st.integers(1, 3), st.floats(0.0, 1.0))
def test_annotators_alike_vote_by_majority(a: float, half: int, c: float) -> None:
    """Without a spread weights do not matter."""
    votes = 2 * half + 1
    assert float(weighted_majority(a, votes, 0.0, c)) == pytest.approx(float(majority(a, votes, c)), abs=1e-9)


@pytest.mark.slow
@given(st.floats(0.05, 0.95), st.floats(0.0, 1.0))
def test_weights_never_harm_independent_votes(a: float, part: float) -> None:
    """The panel's mean accuracy being the same, knowing who is better is worth something or nothing."""
    spread = part * a * (1 - a)
    assert float(weighted_majority(a, 3, spread, 0.0)) >= float(majority(a, 3, 0.0)) - 1e-9


DRAWS = 60_000


def right_share(correct: np.ndarray) -> tuple[float, float]:
    """Share right of simulated items, and three of its standard errors."""
    return float(correct.mean()), 3.0 * float(correct.std()) / np.sqrt(len(correct))


@pytest.mark.parametrize(("a", "c", "votes", "classes"), [(0.55, 0.1, 5, 4), (0.7, 0.3, 4, 3)])
def test_plurality_of_votes_that_err_together_is_that_of_simulated_items(
    a: float, c: float, votes: int, classes: int
) -> None:
    """Items of beta distributed difficulty, wrong votes spread evenly, ties at random: within three standard errors."""
    random = np.random.default_rng(20261124)
    easy = random.beta(a * (1 - c) / c, (1 - a) * (1 - c) / c, DRAWS)
    right = random.binomial(votes, easy)
    wrong = random.multinomial(votes - right, np.full(classes - 1, 1 / (classes - 1)))
    counts = np.column_stack([right, wrong]) + random.random((DRAWS, classes)) / 2
    seen, error = right_share(counts.argmax(axis=1) == 0)
    assert abs(seen - float(plurality(a, votes, classes, c))) < error


def test_weighted_votes_that_err_together_are_those_of_simulated_panels() -> None:
    """Panels of better and worse annotators on items of beta distributed difficulty: within three standard errors."""
    a, s, c, votes = 0.7, 0.12, 0.2, 5
    random = np.random.default_rng(20261125)
    easy = random.beta(a * (1 - c) / c, (1 - a) * (1 - c) / c, DRAWS)[:, None]
    sign = random.choice([1.0, -1.0], (DRAWS, votes))
    chance = easy + sign * s / (a * (1 - a) * (1 - c)) * easy * (1 - easy)
    cast = np.where(random.random((DRAWS, votes)) < chance, 1.0, -1.0)
    weight = np.log((a + sign * s) / (1 - a - sign * s))
    score = (cast * weight).sum(axis=1) + random.choice([1e-9, -1e-9], DRAWS)
    seen, error = right_share(score > 0)
    assert abs(seen - float(weighted_majority(a, votes, s, c))) < error


def case_of(**workflow: object) -> dict[str, object]:
    """A product of four classes, a crowd right on 60 %."""
    return {
        "case": "votes",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {"p": {"item": "image", "effort": "9 s/image", "classes": 4, "demand": "100 images"}},
        "vendors": {"crowd": {"accuracy": "60%", "contract": {"price": "0.02 USD/image"}}},
        "workflows": {"vote": {"passes": 3, "correlation": "10%", **workflow}},
    }


def test_workflows_vote_as_they_say() -> None:
    """Plurality counts by the product's classes, a spread weighs the votes; three labels are paid for either way."""
    by_most = routes(read_case(case_of(plurality=True)))
    by_weight = routes(read_case(case_of(majority=True, **{"annotator-spread": "15 points"})))
    assert by_most.accuracy.tolist() == pytest.approx([float(plurality(0.6, 3, 4, 0.1))])
    assert by_weight.accuracy.tolist() == pytest.approx([float(weighted_majority(0.6, 3, 0.15, 0.1))])
    assert by_most.hours.tolist() == by_weight.hours.tolist() == pytest.approx([3 * 9 / 3600])


@pytest.mark.parametrize(
    ("workflow", "words"),
    [
        ({"plurality": True, "majority": True}, "either majority or plurality"),
        ({"plurality": True, "passes": 2}, "three or more"),
        ({"plurality": True, "annotator-spread": "10 points"}, "belongs to a majority"),
        ({"majority": True, "annotator-spread": "30 points"}, "differ by at most 21.6 points, not by 30"),
    ],
)
def test_votes_that_cannot_be_are_problems(workflow: dict[str, object], words: str) -> None:
    """Two ways to count, too few passes, weights without a majority, and a spread no annotators can have."""
    with pytest.raises(CaseError, match=words):
        routes(read_case(case_of(**workflow)))
