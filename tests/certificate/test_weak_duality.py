"""Bounds by weak duality: never past the true optimum, tight for linear programs, and the same in exact arithmetic."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from draws import examples

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.dual_coordinate_ascent import ascended
from allocate.certificate.weak_duality import proven_bound, repaired, usable
from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.program import Program
from allocate.solvers.outcome import Status
from allocate.solvers.relaxation import relaxation_duals
from allocate.solvers.solve import solve

PROGRAMS = examples(500)
GROUPS = 10
BOX = 5
"""Upper bound of every column of a random program."""


def random_program(seed: int) -> Program:
    """Three columns and three rows of small numbers that have a plan: every kind of row, both senses, whole or not."""
    random = np.random.default_rng(seed)
    program = Program("random", maximise=bool(seed % 2))
    whole = np.ones(3, dtype=bool) if seed % 4 >= 2 else np.zeros(3, dtype=bool)
    columns = program.add_columns(
        "column", count=3, upper=BOX, cost=random.integers(-9, 10, 3).astype(float), integer=whole
    )
    program.offset = float(random.integers(-3, 4))
    values = random.integers(-4, 6, (3, 3)).astype(float)
    middle = values @ random.integers(0, BOX + 1, 3)
    kind = random.integers(0, 4, 3)
    lower = np.where(kind == 0, -np.inf, np.where(kind == 3, middle, middle - random.integers(0, 5, 3)))
    upper = np.where(kind == 1, np.inf, np.where(kind == 3, middle, middle + random.integers(0, 5, 3)))
    rows = program.add_rows("row", count=3, lower=lower, upper=upper)
    for row in range(3):
        program.add_terms(int(rows.ids[row]), columns.ids, values[row])
    return program


def dense(arrays: ProgramArrays) -> list[list[Fraction]]:
    """The matrix by rows, exactly."""
    matrix = [[Fraction(0)] * arrays.column_count for _ in range(arrays.row_count)]
    for row, column, value in zip(arrays.index.tolist(), arrays.column.tolist(), arrays.value.tolist(), strict=True):
        matrix[row][column] = Fraction(value)
    return matrix


def true_optimum(arrays: ProgramArrays) -> Fraction:
    """The best objective in exact arithmetic: every plan on the grid, or every corner of the linear program."""
    matrix = dense(arrays)
    points = whole_points() if arrays.integer.any() else corners(arrays, matrix)
    costs = [Fraction(cost) for cost in arrays.costs.tolist()]
    best = max if arrays.maximise else min
    found = [
        sum((c * x for c, x in zip(costs, point, strict=True)), Fraction(arrays.offset))
        for point in points
        if keeps(arrays, matrix, point)
    ]
    return best(found)


def whole_points() -> list[tuple[Fraction, ...]]:
    """Every whole-numbered point of the box."""
    return [tuple(map(Fraction, point)) for point in itertools.product(range(BOX + 1), repeat=3)]


def keeps(arrays: ProgramArrays, matrix: list[list[Fraction]], point: tuple[Fraction, ...]) -> bool:
    """Whether a point keeps all rows and bounds."""
    if any(x < 0 or x > BOX for x in point):
        return False
    sums = [sum(a * x for a, x in zip(row, point, strict=True)) for row in matrix]
    return all(
        (low == -np.inf or total >= Fraction(low)) and (high == np.inf or total <= Fraction(high))
        for total, low, high in zip(sums, arrays.row_lower.tolist(), arrays.row_upper.tolist(), strict=True)
    )


def corners(arrays: ProgramArrays, matrix: list[list[Fraction]]) -> list[tuple[Fraction, ...]]:
    """Points where three sides of rows or bounds meet."""
    planes = [([Fraction(int(i == j)) for j in range(3)], Fraction(end)) for i in range(3) for end in (0, BOX)]
    for row, low, high in zip(matrix, arrays.row_lower.tolist(), arrays.row_upper.tolist(), strict=True):
        planes += [(row, Fraction(side)) for side in {low, high} if np.isfinite(side)]
    found = []
    for chosen in itertools.combinations(planes, 3):
        rows, sides = [row for row, _ in chosen], [side for _, side in chosen]
        whole = determinant(rows)
        if whole:
            found.append(tuple(determinant(with_column(rows, sides, j)) / whole for j in range(3)))
    return found


def determinant(m: list[list[Fraction]]) -> Fraction:
    """Determinant of three by three."""
    (a, b, c), (d, e, f), (g, h, i) = m
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def with_column(rows: list[list[Fraction]], sides: list[Fraction], column: int) -> list[list[Fraction]]:
    """The rows with one column replaced by the sides (Cramer's rule)."""
    return [[*row[:column], side, *row[column + 1 :]] for row, side in zip(rows, sides, strict=True)]


def exact_bound(arrays: ProgramArrays, duals: Floats, limits: tuple[Floats, Floats]) -> Fraction:
    """The bound by weak duality in exact arithmetic, written from the algebra; for finite boxes."""
    sense = 1 if arrays.maximise else -1
    prices = [sense * Fraction(one) for one in usable(arrays, duals).tolist()]
    total = sense * Fraction(arrays.offset)
    for price, low, high in zip(prices, arrays.row_lower.tolist(), arrays.row_upper.tolist(), strict=True):
        total += price * Fraction(high if price > 0 else low) if price else 0
    start, index, value = arrays.start.tolist(), arrays.index.tolist(), arrays.value.tolist()
    for column, cost in enumerate(arrays.costs.tolist()):
        entries = range(start[column], start[column + 1])
        reduced = sense * Fraction(cost) - sum(Fraction(value[k]) * prices[index[k]] for k in entries)
        total += max(reduced * Fraction(bound) for bound in (limits[0][column], limits[1][column]))
    return sense * total


@pytest.mark.slow
@pytest.mark.parametrize("group", range(GROUPS))
def test_no_plan_is_better_than_the_bound_and_linear_bounds_are_reached(group: int) -> None:
    """Random programs: the bound is never past the exact optimum, and within 1e-9 of it for linear ones."""
    for seed in range(group * PROGRAMS // GROUPS, (group + 1) * PROGRAMS // GROUPS):
        program = random_program(seed)
        arrays = program.arrays()
        outcome = solve(program)
        assert outcome.status is Status.OPTIMAL
        linear = not arrays.integer.any()
        duals = outcome.row_duals if linear else relaxation_duals(arrays, None)
        best, sense = true_optimum(arrays), 1 if arrays.maximise else -1
        bound = proven_bound(arrays.relaxed(), duals, boxes(arrays.relaxed()))
        assert sense * (Fraction(bound) - best) >= 0
        assert float(best) == pytest.approx(outcome.objective, abs=1e-6)
        if linear:
            assert bound == pytest.approx(float(best), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("group", range(GROUPS))
def test_safe_rounding_agrees_with_exact_arithmetic(group: int) -> None:
    """Random programs with duals of all sorts: the bound in floats is no better than the exact one, and next to it."""
    random = np.random.default_rng(group)
    for seed in range(group * PROGRAMS // GROUPS, (group + 1) * PROGRAMS // GROUPS):
        arrays = random_program(seed).arrays().relaxed()
        limits = boxes(arrays)
        sense = 1 if arrays.maximise else -1
        for duals in (random.normal(0, 3, 3), random.integers(-3, 4, 3) / 3.0, np.zeros(3)):
            exact, bound = exact_bound(arrays, duals, limits), proven_bound(arrays, duals, limits)
            assert sense * (Fraction(bound) - exact) >= 0
            assert bound == pytest.approx(float(exact), rel=1e-12, abs=1e-11)


@pytest.mark.slow
def test_duals_of_any_size_prove_no_more_than_is_true() -> None:
    """Duals drawn over thirty orders of magnitude, of either sign, never prove a bound past the exact optimum."""
    random = np.random.default_rng(5)
    for seed in range(examples(200)):
        arrays = random_program(seed).arrays()
        best, sense = true_optimum(arrays), 1 if arrays.maximise else -1
        duals = random.normal(size=3) * 10.0 ** random.uniform(-15, 15, 3)
        bound = proven_bound(arrays.relaxed(), duals, boxes(arrays.relaxed()))
        assert sense * (bound - float(best)) >= 0


@pytest.mark.slow
def test_duals_made_without_a_solver_prove_something() -> None:
    """Row by row ascent gives a bound that is valid, no worse than that of the start, and better than none for most."""
    better = 0
    for seed in range(examples(200)):
        arrays = random_program(seed).arrays().relaxed()
        limits, sense = boxes(arrays), 1 if arrays.maximise else -1
        best = true_optimum(random_program(seed).arrays())
        bound = proven_bound(arrays, ascended(arrays, limits), limits)
        nothing = proven_bound(arrays, np.zeros(3), limits)
        assert sense * (Fraction(bound) - best) >= 0
        assert sense * (nothing - bound) >= -1e-9
        better += sense * (nothing - bound) > 1e-6
    assert better > 0.5 * examples(200)


def endless() -> Program:
    """Least cost of so much of two columns without upper bounds."""
    program = Program("endless", maximise=False)
    columns = program.add_columns("column", count=2, cost=[3.0, 7.0])
    program.add_rows("need", lower=10.0)
    program.add_terms(0, columns.ids, [0.3, 0.7])
    return program


def test_a_plan_at_hand_bounds_columns_that_no_row_does() -> None:
    """Columns without an end get one from the plans that are no worse than the one at hand, and the bound holds."""
    arrays = endless().arrays()
    assert np.isinf(boxes(arrays)[1]).all()
    limits = boxes(arrays, worst=101.0)
    assert limits[1] == pytest.approx([101 / 3, 101 / 7])
    assert proven_bound(arrays, np.array([10.0 + 1e-9]), limits, 101.0) == pytest.approx(100.0, rel=1e-7)


def test_a_bound_is_no_better_than_the_plans_that_were_left_out() -> None:
    """Where plans worse than a figure were left out, the bound is not beyond that figure."""
    arrays = endless().arrays()
    assert proven_bound(arrays, np.array([10.0]), boxes(arrays, worst=50.0), 50.0) == 50.0


def test_duals_a_hair_off_are_put_right_where_columns_have_no_end() -> None:
    """A reduced cost of the wrong sign by rounding makes the bound of an endless column infinite, until it is corrected."""
    arrays = endless().arrays()
    limits = (arrays.lower, arrays.upper)
    duals = np.array([10.0 + 1e-12])
    assert np.isinf(proven_bound(arrays, duals, limits))
    assert proven_bound(arrays, repaired(arrays, duals, limits), limits) == pytest.approx(100.0, rel=1e-9)


def test_duals_on_sides_a_row_does_not_have_count_for_nothing() -> None:
    """A dual that presses on an infinite side, or is not a number, is left out."""
    arrays = endless().arrays()
    assert usable(arrays, np.array([-4.0])) == pytest.approx([0.0])
    assert usable(arrays, np.array([np.nan])) == pytest.approx([0.0])
    assert usable(replace(arrays, maximise=True), np.array([4.0])) == pytest.approx([0.0])
    assert usable(arrays, np.array([4.0])) == pytest.approx([4.0])


@pytest.mark.slow
def test_boxes_keep_every_plan() -> None:
    """Bounds that follow from the rows leave out no plan of 200 programs whose columns had none above."""
    for seed in range(examples(200)):
        arrays = random_program(seed).arrays().relaxed()
        opened = replace(arrays, upper=np.full(3, np.inf))
        lower, upper = boxes(opened)
        matrix = dense(arrays)
        for point in whole_points():
            if keeps(arrays, matrix, point):
                assert all(low <= x <= high for low, x, high in zip(lower, map(float, point), upper, strict=True))
