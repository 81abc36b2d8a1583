"""Estimates against published answers and against what they must do."""

from __future__ import annotations

import csv
from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pytest

from allocate.actuals.estimators import (
    Estimate,
    dawid_skene,
    krippendorff,
    pooled,
    pooled_shares,
    precision_weighted,
    ratio,
    share,
    slope,
    t90,
)  # fmt: skip

TABLE_1 = Path(__file__).parent.parent / "data" / "agreement" / "dawid_skene_1979.csv"


def test_dawid_and_skene_1979() -> None:
    """Table 1 of the paper (45 patients, 5 anaesthetists, the first of them three times each): marginals and log-likelihood."""
    with TABLE_1.open(encoding="utf-8") as file:
        rows = [{key: int(value) for key, value in row.items()} for row in csv.DictReader(file)]
    item, person, label = (np.array([row[key] - 1 for row in rows]) for key in ("item", "annotator", "label"))
    found = dawid_skene(item, person, label)
    assert found.prior == pytest.approx([0.3996, 0.4220, 0.1118, 0.0667], abs=1e-4)
    assert found.log_likelihood == pytest.approx(-192.8909, abs=1e-3)


def test_krippendorff_2011() -> None:
    """Four coders, twelve units, with gaps: the paper's alphas on four levels."""
    rows = ["1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 ."]
    marks = [(unit, float(mark)) for row in rows for unit, mark in enumerate(row.split()) if mark != "."]
    unit, mark = (np.array(one) for one in zip(*marks, strict=True))
    right = {"nominal": 0.7434, "ordinal": 0.8154, "interval": 0.8491, "ratio": 0.7974}
    assert {level: round(krippendorff(unit, mark, level), 4) for level in right} == right
    with pytest.raises(ValueError, match="no item has two labels"):
        krippendorff([0, 1], [1, 2])
    with pytest.raises(ValueError, match="no level"):
        krippendorff([0, 0], [1, 2], "cardinal")


def test_eight_schools() -> None:
    """Rubin 1981: DerSimonian and Laird find 7.69 with an error of 4.07, and no difference between schools."""
    found = pooled([28, 8, -3, 7, -1, 1, 18, 12], [15, 10, 16, 11, 9, 11, 10, 18])
    assert (round(found.mean, 2), round(found.error, 2), found.between) == (7.69, 4.07, 0.0)


def test_batters_of_efron_and_morris() -> None:
    """18 batters after 45 times at bat: c is 0.212, and Clemente's 0.400 becomes 0.294 (Scientific American, 1977)."""
    hits = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
    averages = np.array(hits) / 45
    mean = averages.mean()
    found = pooled(averages, np.full(18, sqrt(mean * (1 - mean) / 45)))
    assert round((found.values[0] - mean) / (averages[0] - mean), 3) == 0.212
    assert round(found.values[0], 3) == 0.294


def test_two_or_three_groups_stay_as_they_are() -> None:
    """Nothing can be said of how groups differ from so few."""
    assert pooled([1.0, 2.0, 4.0], [1.0, 1.0, 1.0]).values == pytest.approx([1.0, 2.0, 4.0])
    assert [one.tolist() for one in pooled_shares([9, 8, 7], [10, 10, 10])] == [[0.5] * 3, [0.5] * 3]


def test_shares_that_differ_only_by_counting_are_drawn_together() -> None:
    """Eleven groups with one accuracy: each prior counts for four times its own items, (k-3)/(k-1) being 0.8. Groups that
    differ as Beta(18, 2) does: about 20 items."""
    chance = np.random.default_rng(1)
    alpha, beta = pooled_shares([90] * 11, [100] * 11)
    assert (alpha + beta).tolist() == pytest.approx([400.2] * 11)
    truth = chance.beta(18, 2, 400)
    alpha, beta = pooled_shares(chance.binomial(200, truth), [200] * 400)
    assert (alpha / (alpha + beta)).mean() == pytest.approx(0.9, abs=0.02)
    assert (alpha + beta).mean() == pytest.approx(20, rel=0.25)


def test_students_t() -> None:
    """P90 with 1, 5 and 30 degrees of freedom, from the usual table."""
    assert [round(t90(n), 3) for n in (1, 5, 30)] == [3.078, 1.476, 1.310]


def test_a_counted_share_is_jeffreys() -> None:
    """188 of 200: P10 and P90 of Beta(188.5, 12.5)."""
    found = share(188, 200)
    assert (round(found.low, 4), round(found.high, 4)) == (0.9153, 0.9585)


def test_people_are_the_sample() -> None:
    """More items by the same people leave the range as it is; more people narrow it. One person: the spread of published records."""
    chance = np.random.default_rng(3)

    def world(people: int, items: int) -> Estimate:
        own = np.exp(chance.normal(0.0, 0.45, people))
        times = own[:, None] * np.exp(chance.normal(0.0, 0.6, (people, items)))
        return ratio(times.ravel(), np.ones(times.size), np.repeat(np.arange(people), items))

    def width(found: Estimate) -> float:
        return log(found.high / found.low)

    few, long, many = (np.mean([width(world(*size)) for _ in range(30)]) for size in ((8, 20), (8, 400), (32, 20)))
    assert long > 0.75 * few
    assert many < 0.6 * few
    alone = world(1, 500)
    assert (alone.people, round(log(alone.high / alone.value) / 1.2815515655, 6)) == (1, 0.45)


def test_all_of_it_in_one_group() -> None:
    """Two weeks were paid and all work lies in one: the share is known, and its range is as wide as with one week."""
    found = ratio([5.0, 0.0], [6.0, 4.0], [0, 1])
    alone = ratio([5.0], [10.0], [0])
    assert (found.value, found.low, found.high) == pytest.approx((alone.value, alone.low, alone.high))
    assert ratio([0.0, 0.0], [6.0, 4.0], [0, 1]).value == 0.0


def test_a_range_of_a_ratio_holds_the_truth_four_times_in_five() -> None:
    """400 worlds of 10 people with a mean time that is known: P10 to P90 holds it in 75 to 85 of 100."""
    chance = np.random.default_rng(11)
    truth, held = exp((0.3**2 + 0.6**2) / 2.0), 0
    for _ in range(400):
        own = np.exp(chance.normal(0.0, 0.3, 10))
        times = own[:, None] * np.exp(chance.normal(0.0, 0.6, (10, 30)))
        found = ratio(times.ravel(), np.ones(300), np.repeat(np.arange(10), 30))
        held += found.low <= truth <= found.high
    assert 0.75 <= held / 400 <= 0.85


def test_how_fast_people_become_quicker() -> None:
    """Times that fall to 90% at each doubling give log2(0.9), whoever is slow or quick."""
    order = np.tile(np.arange(1, 65), 6)
    person = np.repeat(np.arange(6), 64)
    chance = np.random.default_rng(2)
    times = np.exp(chance.normal(0.0, 0.05, 384)) * (1.0 + person) * order ** (log(0.9) / log(2.0))
    found, error, _ = slope(times, person, order)
    assert 2.0**found == pytest.approx(0.9, abs=0.01)
    assert error < 0.02
    assert slope([1.0, 2.0], [0, 1], [1, 1])[1] == float("inf")


def test_a_range_before_and_a_measurement_together() -> None:
    """Two ranges of one width meet half way on the scale of logs, and are narrower than each by the root of two."""
    found = precision_weighted(Estimate(40.0, 36.0, 40.0**2 / 36.0, 10), 18.0, 20.0**2 / 18.0)
    assert found.value == pytest.approx(sqrt(40.0 * 20.0))
    assert log(found.high / found.value) == pytest.approx(log(40.0 / 36.0) / sqrt(2.0))
    shares = precision_weighted(Estimate(0.9, 0.85, 0.93, 10), 0.7, 0.95, of_share=True)
    assert 0.85 < shares.value < 0.93
