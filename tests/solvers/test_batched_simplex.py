"""Many small linear programs at once: the optimum of each as HiGHS has it, and a ray for each that has no point."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from allocate.program.arrays import Floats
from allocate.solvers.decomposition.engagement.batched_simplex import Batch

COUNT, ROWS, COLUMNS = 25, 4, 7


def drawn(seed: int) -> Batch:
    """Programs with one-sided, two-sided and fixed rows, whole numbers in the matrix so that ties are common."""
    random = np.random.default_rng(seed)
    matrix = random.integers(-2, 4, (COUNT, ROWS, COLUMNS)).astype(float)
    upper = (
        np.concatenate([random.integers(1, 6, (COUNT, COLUMNS)), random.integers(0, 9, (COUNT, ROWS))], axis=1) * 1.0
    )
    lower = np.zeros_like(upper)
    kind = random.integers(0, 4, (COUNT, ROWS))
    rows = lower[:, COLUMNS:]
    rows[:] = np.where(kind == 0, -np.inf, np.where(kind == 1, upper[:, COLUMNS:], random.integers(0, 3, rows.shape)))
    upper[:, COLUMNS:] = np.where(kind == 2, np.inf, np.maximum(upper[:, COLUMNS:], rows))
    return Batch(matrix, lower, upper)


def by_highs(batch: Batch, at: int, costs: Floats) -> float | None:
    """The optimum of one program, None where it has no point."""
    lower, upper = batch.lower[at, COLUMNS:], batch.upper[at, COLUMNS:]
    above, below = np.isfinite(upper), np.isfinite(lower)
    matrix = np.concatenate([batch.matrix[at][above], -batch.matrix[at][below]])
    sides = np.concatenate([upper[above], -lower[below]])
    bounds = list(zip(batch.lower[at, :COLUMNS], batch.upper[at, :COLUMNS], strict=True))
    found = linprog(-costs, A_ub=matrix, b_ub=sides, bounds=bounds)
    return None if found.status == 2 else -float(found.fun)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_every_program_ends_at_its_optimum(seed: int) -> None:
    """At one price after the other, from the basis before; values, and bounds from the duals, are HiGHS's."""
    batch, random = drawn(seed), np.random.default_rng(seed)
    known = [by_highs(batch, at, np.zeros(COLUMNS)) for at in range(COUNT)]
    feasible, empty, _ = batch.make_feasible()
    assert feasible.tolist() == [one is not None for one in known]
    assert (feasible | empty).all()
    batch.only(feasible)
    for _ in range(3):
        costs = random.integers(-3, 6, (len(batch.matrix), COLUMNS)).astype(float)
        batch.solve(costs)
        best = [by_highs(batch, at, costs[at]) for at in range(len(costs))]
        assert (costs * batch.values).sum(axis=1) == pytest.approx(best, abs=1e-7)
        assert batch.bounds(costs) == pytest.approx(best, abs=1e-7)


def test_rays_say_that_there_is_no_point() -> None:
    """What rows and bounds leave at most at the ray's duals lies below nothing."""
    batch = drawn(0)
    _, empty, rays = batch.make_feasible()
    assert empty.any()
    batch.duals = rays
    assert (batch.bounds(np.zeros((COUNT, COLUMNS)))[empty] < -1e-9).all()
