"""Double sampling plans: published values, every pair of samples counted out, and plans that cannot be."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from allocate.costing.quality.double_sampling import (
    DoublePlan,
    accepted,
    inspected,
    outgoing,
    outgoing_limit,
    sample_number,
)

SMALL = DoublePlan(sample=13, accept=0, reject=2, second=13, accept_both=1, lot=120)


def test_published_values() -> None:
    """The examples of PROBACC2, ASN2 and AOQ2 (SAS/QC user's guide) for a process: samples looked at whole, wrong items replaced."""
    assert float(accepted(SMALL, 0.18)) == pytest.approx(0.0921738126, abs=5e-11)
    assert float(sample_number(SMALL, 0.18)) == pytest.approx(15.811418112, abs=5e-10)
    assert float(outgoing(SMALL, 0.18)) == pytest.approx(0.0144743043, abs=5e-11)


def counted(plan: DoublePlan, first: list[Fraction], second: list[list[Fraction]], lot: int) -> tuple[Fraction, ...]:
    """Acceptance, items in samples and items looked at, over every pair of counts in the two samples; second: by the first count."""
    passed = drawn = looked = Fraction(0)
    for d1, chance in enumerate(first):
        if d1 <= plan.accept or d1 >= plan.reject:
            passed += chance if d1 <= plan.accept else 0
            drawn += chance * plan.sample
            looked += chance * (plan.sample if d1 <= plan.accept else lot)
            continue
        for d2, then in enumerate(second[d1]):
            passes = d1 + d2 <= plan.accept_both
            passed += chance * then if passes else 0
            drawn += chance * then * (plan.sample + plan.second)
            looked += chance * then * (plan.sample + plan.second if passes else lot)
    return passed, drawn, looked


PLANS = [
    DoublePlan(5, 0, 2, 4, 1, 20),
    DoublePlan(6, 1, 4, 9, 3, 15),
    DoublePlan(8, 1, 5, 3, 4, 40),
    DoublePlan(2, 0, 5, 12, 5, 30),
    DoublePlan(12, 2, 4, 10, 6, 22),
]


@pytest.mark.parametrize("plan", PLANS)
def test_every_pair_of_samples_counted_out(plan: DoublePlan) -> None:
    """Acceptance, sample number, inspection and outgoing quality are the sums over all pairs of counts, in exact fractions."""
    lot = plan.lot
    assert lot is not None
    for rate in (Fraction(0), Fraction(1, 50), Fraction(1, 5), Fraction(7, 10), Fraction(1)):
        n1, n2 = (
            [comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(n + 1)] for n in (plan.sample, plan.second)
        )
        passed, drawn, looked = map(float, counted(plan, n1, [n2] * len(n1), lot))
        assert float(accepted(plan, float(rate))) == pytest.approx(passed, abs=1e-12)
        assert float(sample_number(plan, float(rate))) == pytest.approx(drawn, abs=1e-11)
        assert float(inspected(plan, float(rate))) == pytest.approx(looked / lot, abs=1e-12)
        assert float(outgoing(plan, float(rate))) == pytest.approx(float(rate) * (1 - looked / lot), abs=1e-12)


def test_outgoing_limit_is_the_worst_rate() -> None:
    """The AOQL is the largest average outgoing quality on a fine grid of rates."""
    at, most = outgoing_limit(SMALL)
    assert most == pytest.approx(float(outgoing(SMALL, np.linspace(0.0, 0.5, 40_001)).max()), rel=1e-6)
    assert float(outgoing(SMALL, at)) == most


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((0, 0, 2, 5, 1), "one item at least"),
        ((5, 0, 2, 0, 1), "one item at least"),
        ((60_000, 0, 2, 60_000, 1), "100,000 items at most"),
        ((5, 5, 7, 5, 6), "from 0 to 4"),
        ((5, 1, 3, 5, 1), "from 2 to 6"),
        ((5, 0, 2, 3, 4), "from 1 to 3"),
        ((5, 0, 1, 5, 2), "from 2 to 3"),
        ((5, 0, 4, 5, 2), "from 2 to 3"),
        ((5, 0, 2, 5, 1, 9), "larger than the lot"),
    ],
)
def test_plans_that_cannot_be(arguments: tuple[int, ...], says: str) -> None:
    """A plan whose second sample is never drawn, never decides or does not fit the lot is refused with the range allowed."""
    with pytest.raises(ValueError, match=says):
        DoublePlan(*arguments)


def test_what_needs_a_lot_says_so() -> None:
    """Inspection needs the lot's size."""
    plan = DoublePlan(50, 1, 4, 100, 3)
    with pytest.raises(ValueError, match="lot's size"):
        inspected(plan, 0.05)
