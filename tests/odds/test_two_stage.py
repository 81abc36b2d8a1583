"""Decisions in two stages over bare programs, against published answers."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest

from allocate.odds.bracket import Bracket
from allocate.odds.scenario_cuts import bracket_of
from allocate.odds.stacked import Scenario, Stacked, stacked, tail_mean, with_tail
from allocate.odds.two_stage import TwoStage, two_stage
from allocate.program.arrays import Floats
from allocate.program.program import Program
from allocate.solvers.solve import solve


@dataclass(frozen=True)
class Solved:
    """A stacked program with its plan."""

    made: Stacked
    values: Floats
    best: Bracket | None


def solved(made: Stacked) -> Solved:
    """The best plan of a stacked program."""
    outcome = solve(made.program)
    assert outcome.values is not None
    return Solved(made, outcome.values, bracket_of(made.program.arrays(), outcome))


def scenario(probability: float, costs, rows, common: int, *, upper=math.inf) -> Scenario:
    """A program to be minimised over columns from 0: costs, rows as (lower, coefficients, upper), first columns common."""
    program = Program(maximise=False)
    columns = program.add_columns("column", count=len(costs), upper=upper, cost=np.array(costs, float))
    for number, (low, values, high) in enumerate(rows):
        row = program.add_rows(f"row_{'abcdefgh'[number]}", lower=low, upper=high)
        program.add_terms(row.start, columns.ids, np.array(values, float))
    return Scenario(probability, program.arrays(), np.arange(common, dtype=np.int32), range(common))


def farmer(probability: float, yields: float) -> Scenario:
    """The farmer of Birge and Louveaux, Introduction to Stochastic Programming, section 1.1, at yields of so many per cent.

    Columns: acres of wheat, corn, beets; tons bought of wheat, corn; sold of wheat, corn, beets up to 6,000 t, beets beyond.
    """
    costs = [150, 230, 260, 238, 210, -170, -150, -36, -10]
    crop = [2.5 * yields, 3.0 * yields, 20.0 * yields]
    rows = [
        (-math.inf, [1, 1, 1, 0, 0, 0, 0, 0, 0], 500.0),
        (200.0, [crop[0], 0, 0, 1, 0, -1, 0, 0, 0], math.inf),
        (240.0, [0, crop[1], 0, 0, 1, 0, -1, 0, 0], math.inf),
        (-math.inf, [0, 0, -crop[2], 0, 0, 0, 0, 1, 1], 0.0),
        (-math.inf, [0, 0, 0, 0, 0, 0, 0, 1, 0], 6000.0),
    ]
    return scenario(probability, costs, rows, 3)


FARMER = [farmer(1 / 3, yields) for yields in (0.8, 1.0, 1.2)]


def middle(bracket: Bracket | None) -> float:
    """The figure of a bracket that is closed."""
    assert bracket is not None
    assert bracket.high - bracket.low <= 1e-6 * max(1.0, abs(bracket.low))
    return bracket.middle


def figures(found: TwoStage) -> dict[str, float]:
    """All figures of a decision in two stages."""
    names = ("rp", "ws", "eev", "evpi", "vss")
    return {name: middle(getattr(found, name)) for name in names} | {"ev": middle(found.middle.best)}


def test_the_farmer_has_his_published_figures():
    """RP -108,390 at (170, 80, 250), WS -115,405.56, EV -118,600, EEV -107,240 (mpi-sppy, doc/src/vss.rst and its tests)."""
    found = two_stage(FARMER, farmer(1.0, 1.0))
    assert figures(found) == pytest.approx(
        {"rp": -108390, "ws": -115405.5556, "ev": -118600, "eev": -107240, "evpi": 7015.5556, "vss": 1150}, abs=1e-3
    )
    decided = found.stochastic.decided
    assert [decided[n] for n in range(3)] == pytest.approx([170, 80, 250])
    assert found.broken == ()


def test_the_worst_fifth_in_the_farmers_objective():
    """E + 5 CVaR.8 moves him to (100, 80, 320): -103,313.33 on average, -57,640 at worst (mpi-sppy, tests/test_cvar.py)."""
    found = solved(with_tail(stacked(FARMER), 0.2, weight=5.0, mean=1.0))
    reached = found.made.reached(found.values)
    assert reached.mean() == pytest.approx(-103313.3333, abs=1e-3)
    assert reached.max() == pytest.approx(-57640, abs=1e-3)
    assert [found.made.decided(found.values)[n] for n in range(3)] == pytest.approx([100, 80, 320])
    tail = tail_mean(reached, found.made.probabilities, 0.2, maximise=False)
    assert middle(found.best) == pytest.approx(reached.mean() + 5 * tail)
    plain = solved(stacked(FARMER))
    assert plain.made.reached(plain.values).max() == pytest.approx(-48820, abs=1e-3)


def test_a_simple_recourse_problem_has_its_published_figures():
    """StochasticPrograms.jl, quick start: VRP -855.83, EVPI 662.92, VSS 286.92; EWS -1,518.75, EEV -568.92 follow."""

    def one(probability: float, q1: float, q2: float, d1: float, d2: float) -> Scenario:
        rows = [
            (-math.inf, [1, 1, 0, 0], 120.0),
            (40.0, [1, 0, 0, 0], math.inf),
            (20.0, [0, 1, 0, 0], math.inf),
            (-math.inf, [-60, 0, 6, 10], 0.0),
            (-math.inf, [0, -80, 8, 5], 0.0),
        ]
        upper = [math.inf, math.inf, d1, d2]
        return scenario(probability, [100, 150, -q1, -q2], rows, 2, upper=upper)

    some = [one(0.4, 24, 28, 500, 100), one(0.6, 28, 32, 300, 300)]
    found = two_stage(some, one(1.0, 26.4, 30.4, 380, 220))
    expected = {"rp": -855.8333, "evpi": 662.9167, "vss": 286.9167, "ws": -1518.75, "eev": -568.9167}
    assert {name: figures(found)[name] for name in expected} == pytest.approx(expected, abs=1e-3)


def order(probability: float, demand: float) -> Scenario:
    """Ordered before demand is known at 0.40, what is missing bought at 0.60."""
    return scenario(probability, [0.40, 0.60], [(demand, [1, 1], math.inf)], 1)


def test_take_or_pay_orders_what_its_ratio_of_prices_says():
    """Demand of 30,000 / 50,000 / 70,000 by .4 / .3 / .3, mean 48,000: order 30,000, RP 22,800, by hand.

    WS .4 x (12,000, 20,000, 28,000) by chance = 19,200; ordering 48,000 costs 19,200 + .6 x (.3 x 2,000 + .3 x 22,000) = 23,520.
    """
    found = two_stage([order(0.4, 30e3), order(0.3, 50e3), order(0.3, 70e3)], order(1.0, 48e3))
    expected = {"rp": 22800, "ws": 19200, "eev": 23520, "evpi": 3600, "vss": 720, "ev": 19200}
    assert figures(found) == pytest.approx(expected)
    assert found.stochastic.decided[0] == pytest.approx(30e3)


@pytest.mark.slow
def test_sampled_orders_bracket_the_closed_form():
    """Lognormal demand, median 50,000, sigma .3: best order 43,939.11 costs 24,085.64 (closed form).

    The best of 20 samples lies below it on average (Mak, Morton and Wood 1999), the order of one sample above it, both by
    less than the error of their means.
    """
    random = np.random.default_rng(7)
    optimum, repeats, size = 24085.64, 20, 50
    lows, orders = [], []
    for _ in range(repeats):
        quantiles = (random.permutation(size) + random.random(size)) / size
        demand = 50e3 * np.exp(0.3 * normal_quantile(quantiles))
        found = solved(stacked([order(1 / size, one) for one in demand]))
        lows.append(middle(found.best))
        orders.append(found.made.decided(found.values)[0])
    error = 2.0 * np.std(lows, ddof=1) / math.sqrt(repeats)
    fresh = 50e3 * np.exp(0.3 * normal_quantile((np.arange(20_000) + 0.5) / 20_000))
    high = 0.4 * orders[0] + 0.6 * np.maximum(fresh - orders[0], 0.0).mean()
    assert np.mean(lows) - error <= optimum <= high + 1.0
    mean = 50e3 * math.exp(0.3**2 / 2)
    ignoring = 0.4 * mean + 0.6 * np.maximum(fresh - mean, 0.0).mean()
    assert (ignoring, 0.4 * fresh.mean()) == pytest.approx((24_662.26, 20_920.56), rel=1e-4)
    assert high - np.mean(lows) < 0.01 * optimum


@pytest.mark.slow
def test_a_newsvendor_orders_the_quantile_of_his_ratio() -> None:
    """Demand of 1,000 ± 200 (normal), bought at 100, sold at 140, left over at 90: 1,168.3 for 37,200.38 (closed form).

    As the ratio (140 - 100)/(140 - 90) = .8 says; by 500 equally likely quantiles.
    """
    demand = 1000.0 + 200.0 * normal_quantile((np.arange(500) + 0.5) / 500)
    rows = [(0.0, [1, -1, -1], 0.0)]
    some = [scenario(1 / 500, [100, -140, -90], rows, 1, upper=[math.inf, one, math.inf]) for one in demand]
    found = solved(stacked(some))
    assert -middle(found.best) == pytest.approx(37_200.38, rel=2e-4)
    assert found.made.decided(found.values)[0] == pytest.approx(1168.3, abs=1.0)


def test_one_scenario_is_the_program_itself_and_twice_the_same_changes_nothing():
    """RP of one scenario is its own optimum; a scenario split into two of half the chance leaves every figure as it was."""
    once = two_stage([order(1.0, 50e3)], order(1.0, 50e3))
    assert figures(once) == pytest.approx(
        {"rp": 20e3, "ws": 20e3, "eev": 20e3, "ev": 20e3, "evpi": 0, "vss": 0}, abs=1e-6
    )
    some = [order(0.4, 30e3), order(0.6, 50e3)]
    twice = [order(0.4, 30e3), order(0.3, 50e3), order(0.3, 50e3)]
    assert figures(two_stage(some, order(1.0, 42e3))) == pytest.approx(figures(two_stage(twice, order(1.0, 42e3))))


def test_a_decision_the_middle_takes_can_leave_a_scenario_without_a_plan():
    """Where recourse is limited, EEV and VSS have no value, and the chance of a plan is told."""

    def limited(probability: float, demand: float) -> Scenario:
        return scenario(probability, [0.40, 0.60], [(demand, [1, 1], math.inf)], 1, upper=[math.inf, 10e3])

    found = two_stage([limited(0.5, 30e3), limited(0.5, 70e3)], limited(1.0, 50e3))
    assert found.eev is None
    assert found.vss is None
    assert found.kept_by_middle == pytest.approx(0.5)
    assert found.stochastic.decided[0] == pytest.approx(60e3)


def test_a_decision_that_a_scenario_does_not_have_is_nothing_everywhere():
    """What cannot be done in one scenario cannot be decided before it is known."""
    first, second = order(0.5, 30e3), order(0.5, 30e3)
    renamed = Scenario(0.5, second.arrays, second.common, ["another decision"])
    found = solved(stacked([first, renamed]))
    assert middle(found.best) == pytest.approx(0.60 * 30e3)


@pytest.mark.parametrize("chances", [(0.5, 0.4), (1.2, -0.2)])
def test_probabilities_must_add_up(chances):
    """Chances that do not add up to 1, or lie below 0, are refused."""
    with pytest.raises(ValueError, match="add up to 1"):
        stacked([order(chance, 1.0) for chance in chances])


@pytest.mark.slow
def test_the_mean_of_a_normals_worst_twentieth():
    """CVaR of a standard normal at 95 % is phi(1.645)/.05 = 2.06271 (closed form), of half of its quantiles by a program; 1.75498
    at 90 % and 2.66521 at 99 %.
    """
    size = 200_000
    quantiles = normal_quantile((np.arange(size) + 0.5) / size)
    assert tail_mean(quantiles, np.full(size, 1 / size), 0.05, maximise=False) == pytest.approx(2.06271, abs=2e-4)
    for share, closed in ((0.10, 1.75498), (0.01, 2.66521)):
        assert tail_mean(quantiles, np.full(size, 1 / size), share, maximise=False) == pytest.approx(closed, abs=5e-4)
    few = normal_quantile((np.arange(400) + 0.5) / 400)
    some = [scenario(1 / 400, [1.0], [(one, [1.0], one)], 0, upper=10.0) for one in few + 5.0]
    found = solved(with_tail(stacked(some), 0.05, weight=1.0))
    assert middle(found.best) - 5.0 == pytest.approx(tail_mean(few, np.full(400, 1 / 400), 0.05, maximise=False))
    assert middle(found.best) - 5.0 == pytest.approx(2.06271, abs=0.03)


def normal_quantile(shares):
    """Quantiles of a standard normal, by the inverse of the standard library."""
    from statistics import NormalDist

    return np.array([NormalDist().inv_cdf(one) for one in np.asarray(shares).tolist()])
