"""Choices of vendors that leave every product a plan by itself."""

from __future__ import annotations

from itertools import product as every_way

import numpy as np
import pytest
from company_cases import company_case

from allocate import formulate, read_case
from allocate.program.arrays import ProgramArrays, assemble, batch, frozen
from allocate.solvers.branching.coverings import EXCLUDED, Coverings
from allocate.solvers.branching.method import LARGE
from allocate.solvers.highs import solve_arrays
from allocate.solvers.outcome import Status
from allocate.solvers.search import Clock
from allocate.solvers.solve import solve
from allocate.solvers.watch import Watch

PRODUCTS, VENDORS = 3, 5


def drawn(seed: int, most: int) -> tuple[ProgramArrays, np.ndarray]:
    """Products that need work of vendors able to do it, none more than 0.6 of it; at most so many vendors; and the product of each column."""
    random = np.random.default_rng(seed)
    able = [sorted(random.choice(VENDORS, random.integers(2, 4), replace=False)) for _ in range(PRODUCTS)]
    columns = [(p, v) for p in range(PRODUCTS) for v in able[p]]
    rows, parts = 1, [batch(0, np.arange(VENDORS), 1.0)]
    low, high = [-np.inf], [float(most)]
    for n, (p, v) in enumerate(columns):  # work only of vendors that are chosen; a share at most
        parts.append(batch(np.array([rows, rows]), np.array([VENDORS + n, v]), np.array([1.0, -10.0])))
        mine = np.array([VENDORS + m for m, (q, _) in enumerate(columns) if q == p])
        parts.append(batch(rows + 1, mine, np.where(mine == VENDORS + n, 0.4, -0.6)))
        low, high, rows = [*low, -np.inf, -np.inf], [*high, 0.0, 0.0], rows + 2
    for p in range(PRODUCTS):
        mine = np.array([VENDORS + m for m, (q, _) in enumerate(columns) if q == p])
        parts.append(batch(rows, mine, 1.0))
        low, high, rows = [*low, float(random.uniform(1.0, 12.0))], [*high, np.inf], rows + 1
    count = VENDORS + len(columns)
    whole = np.arange(count) < VENDORS
    arrays = ProgramArrays(
        True,
        0.0,
        frozen(np.zeros(count)),
        frozen(np.zeros(count)),
        frozen(np.where(whole, 1.0, 8.0)),
        frozen(whole),
        frozen(np.array(low)),
        frozen(np.array(high)),
        assemble(parts, count, rows),
    )
    return arrays, np.array([-1] * VENDORS + [p for p, _ in columns], np.int32)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("most", [2, 3])
def test_the_best_choice_is_the_best_of_all_with_a_plan(seed: int, most: int) -> None:
    """Of all choices within the limit it is one of most weight that leaves all products a plan; none where brute force finds none."""
    arrays, groups = drawn(seed, most)
    weights = np.random.default_rng(seed).uniform(0.1, 1.0, VENDORS)
    chosen = Coverings(arrays, groups, np.arange(VENDORS, dtype=np.int32), Watch()).best(weights, Clock(None))
    known = [-np.inf]
    for way in every_way((0.0, 1.0), repeat=VENDORS):
        lower, upper = arrays.lower.copy(), arrays.upper.copy()
        lower[:VENDORS] = upper[:VENDORS] = way
        held = ProgramArrays(
            True, 0.0, arrays.costs, lower, upper, arrays.integer, arrays.row_lower, arrays.row_upper, arrays.matrix
        )
        if solve_arrays(held.relaxed()).status is Status.OPTIMAL:
            known.append(float(weights @ np.array(way)))
    found = -np.inf if chosen is None else float(weights @ chosen)
    assert found == pytest.approx(max(known))


def test_a_set_that_was_refused_is_not_chosen_again() -> None:
    """Once a choice is refused, the next one has a vendor it left out."""
    arrays, groups = drawn(0, 3)
    one = Coverings(arrays, groups, np.arange(VENDORS, dtype=np.int32), Watch())
    first = one.best(np.ones(VENDORS), Clock(None))
    assert first is not None
    one.refuse(first)
    second = one.best(np.ones(VENDORS), Clock(None))
    assert second is None or ((second > 0.5) & (first < 0.5)).any()


@pytest.mark.slow
def test_too_few_vendors_for_all_products_are_proven_to_have_no_plan() -> None:
    """Three vendors of eight cannot do what no vendor may do more than 60 % of; a second search at another scale agrees."""
    case = company_case("10x8x26", ("gcount", "top", "shares"), 12, 0.6)
    case["rules"][-1]["count"]["at-most"] = 3
    program = formulate(read_case(case)).program
    assert program.arrays().nonzeros > LARGE
    found = solve(program, method="branching")
    assert found.status is Status.INFEASIBLE
    assert found.message == EXCLUDED
