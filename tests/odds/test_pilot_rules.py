"""Rules that order no less after more right items: the best of all of them."""

from __future__ import annotations

import itertools

import numpy as np

from allocate.odds.pilot_rules import monotone


def test_the_best_rule_of_all() -> None:
    """Against every rule of five counts and three orders that never falls, on drawn values: none is better."""
    draw = np.random.default_rng(3)
    ordered = np.array([20.0, 0.0, 50.0])
    for _ in range(40):
        values = draw.normal(size=(5, 3))
        found = monotone(values, ordered)
        assert (np.diff(ordered[found]) >= 0).all()
        rules = [r for r in itertools.product(range(3), repeat=5) if (np.diff(ordered[list(r)]) >= 0).all()]
        best = max(float(values[np.arange(5), list(r)].sum()) for r in rules)
        assert values[np.arange(5), found].sum() >= best - 1e-12


def test_of_equals_more_is_ordered() -> None:
    """Where two orders are equally good after a count, the larger one is ordered."""
    assert monotone(np.array([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]]), np.array([0.0, 9.0])).tolist() == [0, 1, 1]
