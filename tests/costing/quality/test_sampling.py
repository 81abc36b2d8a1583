"""Acceptance sampling: operating characteristics, outgoing quality, inspection, and plans for two risks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from allocate.costing.quality.sampling import (
    LotPlan,
    accepted,
    inspected,
    outgoing,
    outgoing_limit,
    smallest_plan,
)

rate = st.floats(0.0, 1.0)
plans = st.integers(1, 300).flatmap(
    lambda sample: st.tuples(st.just(sample), st.integers(0, sample - 1), st.integers(sample, 2000))
)


def test_published_operating_characteristic() -> None:
    """The plan n = 68, c = 2 accepts 95 % of lots at 1.213 % wrong and 5 % at 8.9704 % (published two-point plan)."""
    assert float(accepted(LotPlan(68, 2), 0.01213)) == pytest.approx(0.95, abs=2e-5)
    assert float(accepted(LotPlan(68, 2), 0.089704)) == pytest.approx(0.05, abs=2e-5)


@pytest.mark.parametrize(("level", "accept", "chance"), [(0.01, 2, 0.953), (0.025, 5, 0.985), (0.04, 7, 0.985)])
def test_code_letter_j_of_the_sampling_standard(level: float, accept: int, chance: float) -> None:
    """ISO 2859-1 code letter J (n = 80, Ac 2, 5 and 7) accepts lots at its quality level as its curves say."""
    assert float(accepted(LotPlan(80, accept), level)) == pytest.approx(chance, abs=5e-4)


@pytest.mark.slow
@given(plans, rate)
def test_operating_characteristic_is_the_binomial_sum(plan: tuple[int, int, int], wrong: float) -> None:
    """The type B curve is the binomial distribution function."""
    sample, accept, _ = plan
    assert float(accepted(LotPlan(sample, accept), wrong)) == pytest.approx(binom.cdf(accept, sample, wrong), abs=1e-10)


@pytest.mark.slow
@given(plans)
def test_worse_lots_are_accepted_less(plan: tuple[int, int, int]) -> None:
    """The curve falls as items get worse, from 1 at no error to 0 at nothing right."""
    one = LotPlan(*plan)
    curve = accepted(one, np.linspace(0.0, 1.0, 50))
    assert np.all(np.diff(curve) <= 1e-12)
    assert curve[0] == 1.0
    assert curve[-1] == 0.0


@pytest.mark.slow
@given(plans, rate)
def test_inspection_lies_between_the_sample_and_the_lot(plan: tuple[int, int, int], wrong: float) -> None:
    """At least the sample and at most the lot is looked at, and never more leaves wrong than came in."""
    one = LotPlan(*plan)
    share = float(inspected(one, wrong))
    assert plan[0] / plan[2] - 1e-12 <= share <= 1.0 + 1e-12
    assert 0.0 <= float(outgoing(one, wrong)) <= wrong + 1e-12


def test_simulated_lots_agree_with_outgoing_quality_and_inspection() -> None:
    """Ten thousand simulated lots, rejected ones checked whole, meet both formulas within three standard errors."""
    plan, wrong, lots = LotPlan(50, 1, 400), 0.03, 10_000
    random = np.random.default_rng(20261123)
    in_sample = random.binomial(plan.sample, wrong, lots)
    in_rest = random.binomial(plan.lot - plan.sample, wrong, lots)
    passes = in_sample <= plan.accept
    left = np.where(passes, in_rest, 0) / plan.lot
    looked = np.where(passes, plan.sample, plan.lot) / plan.lot
    for seen, expected in ((left, outgoing(plan, wrong)), (looked, inspected(plan, wrong))):
        assert abs(seen.mean() - float(expected)) < 3 * seen.std() / np.sqrt(lots)


def test_outgoing_limit_is_the_worst_rate() -> None:
    """The AOQL is the largest average outgoing quality on a fine grid of rates, and is reached at its rate."""
    plan = LotPlan(80, 2, 1000)
    at, most = outgoing_limit(plan)
    grid = outgoing(plan, np.linspace(0.0, 0.2, 40_001))
    assert most == pytest.approx(grid.max(), rel=1e-6)
    assert float(outgoing(plan, at)) == most


@pytest.mark.parametrize(
    ("good", "bad", "alpha", "beta"),
    [(0.01, 0.05, 0.05, 0.10), (0.005, 0.03, 0.05, 0.05), (0.02, 0.08, 0.01, 0.10), (0.0, 0.02, 0.05, 0.10)],
)
def test_no_smaller_plan_keeps_both_risks(good: float, bad: float, alpha: float, beta: float) -> None:
    """The plan found keeps both risks, and every smaller sample with any acceptance number breaks one."""
    plan = smallest_plan(good, bad, alpha, beta)
    assert float(accepted(plan, good)) >= 1 - alpha
    assert float(accepted(plan, bad)) <= beta
    samples = np.arange(1, plan.sample)
    accepts = np.arange(0, plan.accept + 40)[:, None]
    keeps = (binom.cdf(accepts, samples, good) >= 1 - alpha) & (binom.cdf(accepts, samples, bad) <= beta)
    assert not keeps[np.broadcast_to(accepts < samples, keeps.shape)].any()


def test_two_point_plan_is_found_again() -> None:
    """From the two points of the published curve the smallest plan is n = 68, c = 2."""
    assert smallest_plan(0.01213, 0.089705, 0.05, 0.05) == LotPlan(68, 2)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((0, 0), "one item at least"),
        ((10, 10), "from 0 to 9"),
        ((10, -1), "from 0 to 9"),
        ((10, 1, 5), "larger than the lot"),
    ],
)
def test_plans_that_cannot_be(arguments: tuple[int, ...], says: str) -> None:
    """A plan without a sample, that accepts anything, or larger than its lot is refused."""
    with pytest.raises(ValueError, match=says):
        LotPlan(*arguments)


def test_risks_that_a_lot_is_too_small_for() -> None:
    """Two rates too close for the lot are refused in words."""
    with pytest.raises(ValueError, match="a lot of 50 items"):
        smallest_plan(0.01, 0.02, lot=50)
    with pytest.raises(ValueError, match="below the bad one"):
        smallest_plan(0.05, 0.01)
