"""What is known of decisions from all scenarios at once: the rows that bind nothing else, and decisions that suit the worst."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import replace

import numpy as np

from allocate.odds.stacked import Scenario
from allocate.program.arrays import Floats, Matrix, ProgramArrays, frozen
from allocate.program.program import Program

Sides = tuple[float, float]


def of_decisions_alone(scenarios: Sequence[Scenario]) -> Scenario:
    """A scenario of no probability that has what any of them asks of the common decisions alone, each row at its tightest.

    Where scenarios are known by cuts, these rows hold all the same: what must fit before anybody knows more must fit in the
    worst of them.
    """
    keys = tuple(dict.fromkeys(key for one in scenarios for key in one.keys))
    place = {key: number for number, key in enumerate(keys)}
    lower, upper = np.full(len(keys), -math.inf), np.full(len(keys), math.inf)
    whole = np.zeros(len(keys), bool)
    rows: dict[tuple[bytes, bytes], Sides] = {}
    for one in scenarios:
        own = np.array([place[key] for key in one.keys], np.int32)
        lower[own] = np.maximum(lower[own], one.arrays.lower[one.common])
        upper[own] = np.minimum(upper[own], one.arrays.upper[one.common])
        whole[own] |= one.arrays.integer[one.common]
        _add_rows(rows, one, own)
    program = Program("decisions", maximise=scenarios[0].arrays.maximise)
    decided = program.add_columns("decided", count=len(keys), lower=lower, upper=upper, integer=whole)
    sides = np.array(list(rows.values())).reshape(-1, 2)
    added = program.add_rows("own", {"row": np.arange(len(rows))}, lower=sides[:, 0], upper=sides[:, 1])
    for row, (columns, values) in zip(added.ids.tolist(), rows, strict=True):
        program.add_terms(row, decided.ids[np.frombuffer(columns, np.int32)], np.frombuffer(values))
    return Scenario(0.0, program.arrays(), np.arange(len(keys), dtype=np.int32), keys, program.structure())


def _add_rows(rows: dict[tuple[bytes, bytes], Sides], one: Scenario, own: np.ndarray) -> None:
    """Add a scenario's rows over common columns alone, by their columns and coefficients; the same row keeps its tightest sides."""
    arrays = one.arrays
    number = np.full(arrays.column_count, -1, np.int32)
    number[one.common] = own
    others = np.bincount(arrays.index, number[arrays.column] < 0, arrays.row_count)
    terms = np.bincount(arrays.index, minlength=arrays.row_count)
    start, columns, values = arrays.by_rows
    for row in np.flatnonzero((others == 0) & (terms > 0)).tolist():
        here = slice(int(start[row]), int(start[row + 1]))
        key = (number[columns[here]].tobytes(), values[here].tobytes())
        low, high = rows.get(key, (-math.inf, math.inf))
        rows[key] = (max(low, float(arrays.row_lower[row])), min(high, float(arrays.row_upper[row])))


def worst_of_all(scenarios: Sequence[Scenario]) -> Scenario | None:
    """A scenario that is as bad as the worst in every coefficient and side; its plans are plans in all of them.

    None where scenarios have other rows or columns, or no coefficient is the worst: on a row with two sides, or of a column that
    may be below 0.
    """
    first, all_ = scenarios[0].arrays, [one.arrays for one in scenarios]
    if not all(_is_alike(first, one) for one in all_) or any(
        tuple(one.keys) != tuple(scenarios[0].keys) for one in scenarios
    ):
        return None
    lower, upper = _most([one.lower for one in all_]), -_most([-one.upper for one in all_])
    row_lower, row_upper = _most([one.row_lower for one in all_]), -_most([-one.row_upper for one in all_])
    high, low = _most([one.value for one in all_]), -_most([-one.value for one in all_])
    differ = high > low
    at_most, at_least = ~np.isfinite(row_lower)[first.index], ~np.isfinite(row_upper)[first.index]
    if (differ & ~((at_most | at_least) & (lower >= 0)[first.column])).any():
        return None
    if (lower > upper).any() or (row_lower > row_upper).any():
        return None
    value = np.where(differ & at_least, low, high)
    costs = sum((one.probability * one.arrays.costs for one in scenarios), np.zeros(first.column_count))
    arrays = replace(
        first, lower=frozen(lower), upper=frozen(upper), row_lower=frozen(row_lower), row_upper=frozen(row_upper),
        costs=frozen(costs), integer=frozen(np.any([one.integer for one in all_], axis=0)),
        matrix=Matrix(first.start, first.index, frozen(value)),
    )  # fmt: skip
    return replace(scenarios[0], probability=1.0, arrays=arrays)


def _is_alike(one: ProgramArrays, other: ProgramArrays) -> bool:
    return (
        one.row_count == other.row_count
        and np.array_equal(one.start, other.start)
        and np.array_equal(one.index, other.index)
    )


def _most(figures: Sequence[Floats]) -> Floats:
    found = figures[0].copy()
    for one in figures[1:]:
        np.maximum(found, one, out=found)
    return found


def between(held: dict[Hashable, float], wanted: dict[Hashable, float], step: float) -> dict[Hashable, float]:
    """Decisions part of the way from those that are held to others."""
    return {key: held.get(key, 0.0) + step * (one - held.get(key, 0.0)) for key, one in wanted.items()}
