"""The extensive form: ordinary programs, one a scenario, stacked over the decisions they have in common."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.certificate.weak_duality import proven_bound
from allocate.program.arrays import Floats, Integers, ProgramArrays, inner
from allocate.program.naming import Block
from allocate.program.program import Program
from allocate.program.structure import Side, Structure, unknown
from allocate.solvers.outcome import Outcome
from allocate.solvers.relaxation import relaxation_duals
from allocate.tolerances import SUMMED

COMMON, SCENARIO = "common", "scenario"
"""Family of the columns that all scenarios share; axis of all others."""
OTHER = "other"
"""Family of columns and rows of which nothing is known."""


@dataclass(frozen=True, eq=False)
class Scenario:
    """One way things may turn out: how likely it is, and the program it would be."""

    probability: float
    arrays: ProgramArrays
    common: Integers
    """Columns decided before anybody knows which scenario it is, shape (c,)."""
    keys: Sequence[Hashable]
    """What each of these decides, the same word in every scenario."""
    structure: Structure | None = None
    """What the columns and rows stand for; None: nothing is known of them."""


@dataclass(frozen=True, eq=False)
class Stacked:
    r"""The programs of all scenarios as one.

    .. math:: \max \sum_s p_s \, c_s' (x, y_s) \;:\; (x, y_s) \in X_s \qquad \forall s

    x is decided before the scenario is known, so its columns are there once and no rows are needed to make them equal; a
    decision that some scenario does not have is nothing in all of them.
    """

    program: Program
    scenarios: tuple[Scenario, ...]
    keys: tuple[Hashable, ...]
    """What the common columns decide, which come first."""
    columns: tuple[Integers, ...]
    """Where each scenario's columns are in the program, shape (columns of the scenario,)."""
    rows: tuple[Integers, ...]
    """Where each scenario's rows are."""

    @property
    def probabilities(self) -> Floats:
        """Shape (scenarios,)."""
        return np.array([one.probability for one in self.scenarios])

    def expected(self, costs: Sequence[Floats]) -> Floats:
        """The mean of an objective that has other coefficients in each scenario, over the program's columns."""
        total = np.zeros(self.program.column_count)
        for one, columns, own in zip(self.scenarios, self.columns, costs, strict=True):
            np.add.at(total, columns, one.probability * own)
        return total

    def reached(self, values: Floats) -> Floats:
        """What each scenario's own objective comes to at a point of the program, shape (scenarios,)."""
        pairs = zip(self.scenarios, self.columns, strict=True)
        return np.array([one.arrays.objective(values[columns]) for one, columns in pairs])

    def decided(self, values: Floats) -> dict[Hashable, float]:
        """The common decisions at a point of the program, by what they decide."""
        return dict(zip(self.keys, values[: len(self.keys)].tolist(), strict=True))


def stacked(scenarios: Sequence[Scenario]) -> Stacked:
    """The extensive form of scenarios whose probabilities add up to 1.

    Linear in their coefficients; common columns first, then each family's copies, scenario after scenario. Raises ValueError
    for probabilities that do not add up, and for scenarios of which some are to be maximised and others not.
    """
    _check(scenarios)
    keys = tuple(dict.fromkeys(key for one in scenarios for key in one.keys))
    place = {key: number for number, key in enumerate(keys)}
    program = Program("scenarios", maximise=scenarios[0].arrays.maximise)
    shared = [np.array([place[key] for key in one.keys], np.int32) for one in scenarios]
    _common(program, scenarios, shared, len(keys))
    columns = [np.full(one.arrays.column_count, -1, np.int32) for one in scenarios]
    for one, places, own in zip(scenarios, columns, shared, strict=True):
        places[one.common] = own
    _own_columns(program, scenarios, columns)
    rows = _rows(program, scenarios)
    for one, places, own in zip(scenarios, columns, rows, strict=True):
        program.add_terms(own[one.arrays.index], places[one.arrays.column], one.arrays.value)
    made = Stacked(program, tuple(scenarios), keys, tuple(columns), tuple(rows))
    program.set_costs(
        made.expected([one.arrays.costs for one in scenarios]),
        float(sum(one.probability * one.arrays.offset for one in scenarios)),
    )
    return made


def with_tail(made: Stacked, tail: float, weight: float, mean: float | None = None) -> Stacked:
    r"""The same with the mean of the worst outcomes in its objective (in place: the program given is changed).

    .. math:: \max \; (1 - \omega) \sum_s p_s g_s + \omega \Bigl(\eta - \frac{1}{\alpha} \sum_s p_s d_s\Bigr), \qquad
        d_s \ge \eta - g_s, \; d_s \ge 0

    with g the objective of a scenario, alpha = tail (a share of probability) and omega = weight; turned around where less is
    better. mean: what the mean weighs; absent: what is left of 1. At the optimum the bracket is the conditional value at
    risk (R. T. Rockafellar and S. Uryasev, Optimization of conditional value-at-risk, 2000).
    """
    program, p = made.program, made.probabilities
    sign, mean = (1.0 if program.maximise else -1.0), 1.0 - weight if mean is None else mean
    offsets = np.array([one.arrays.offset for one in made.scenarios])
    costs, offset = program.costs * mean, program.offset * mean
    quantile = program.add_columns("tail_begins", count=1, lower=-math.inf)
    beyond = program.add_columns("tail_beyond", {SCENARIO: np.arange(len(p))})
    rows = program.add_rows("tail", {SCENARIO: np.arange(len(p))}, lower=-sign * offsets)
    program.add_terms(rows.ids, beyond.ids, 1.0)
    program.add_terms(rows.ids, int(quantile.start), -sign)
    for row, one, columns in zip(rows.ids.tolist(), made.scenarios, made.columns, strict=True):
        some = np.flatnonzero(one.arrays.costs)
        program.add_terms(row, columns[some], sign * one.arrays.costs[some])
    program.set_costs(np.concatenate([costs, [weight], -sign * weight / tail * p]), offset)
    return made


def tail_mean(figures: Floats, probabilities: Floats, tail: float, maximise: bool) -> float:
    """The mean of the worst share `tail` of outcomes; of the outcome at its edge, the part that is within."""
    order = np.argsort(figures if maximise else -figures, kind="stable")
    before = np.cumsum(probabilities[order]) - probabilities[order]
    part = np.clip(tail - before, 0.0, probabilities[order])
    return inner(part, figures[order]) / tail


def holding(made: Stacked, decisions: dict[Hashable, float], within: float = 0.0) -> Stacked:
    """The same with the common decisions held where they are given, relative to themselves within a share (in place)."""
    wanted = [(number, decisions[key]) for number, key in enumerate(made.keys) if key in decisions]
    places, amounts = np.array([n for n, _ in wanted], np.int32), np.array([amount for _, amount in wanted])
    off = within * np.abs(amounts)
    made.program.set_column_bounds(places, amounts - off, amounts + off)
    return made


def bound_of(arrays: ProgramArrays, outcome: Outcome) -> float | None:
    """The best bound on a solved program: what duals prove by themselves (weak duality), or what an integer search claims.

    None where neither says anything.
    """
    known = [outcome.bound] if outcome.bound is not None and arrays.integer.any() else []
    duals = outcome.relaxation_duals if arrays.integer.any() else outcome.row_duals
    if duals is None and not known:
        duals = relaxation_duals(arrays, None)
    if duals is not None and outcome.objective is not None:
        known.append(proven_bound(arrays, duals, boxes(arrays, outcome.objective), outcome.objective))
    finite = [bound for bound in known if math.isfinite(bound)] or (
        [outcome.bound] if outcome.bound is not None else []
    )
    return None if not finite else min(finite) if arrays.maximise else max(finite)


def _check(scenarios: Sequence[Scenario]) -> None:
    if not scenarios:
        raise ValueError("there must be a scenario at least")
    total = math.fsum(one.probability for one in scenarios)
    if min(one.probability for one in scenarios) < 0 or abs(total - 1.0) > SUMMED:
        raise ValueError(f"the probabilities of the scenarios must add up to 1, got {total:.12g}")
    if len({one.arrays.maximise for one in scenarios}) > 1:
        raise ValueError("some scenarios are to be maximised, others to be minimised")
    for one in scenarios:
        if len(one.keys) != len(one.common) or len(set(one.keys)) != len(one.keys):
            raise ValueError("each common column of a scenario needs a key of its own")


def _common(program: Program, scenarios: Sequence[Scenario], shared: list[Integers], count: int) -> None:
    """The columns all scenarios share: within everybody's bounds, whole where they are in any."""
    lower, upper, integer = np.full(count, -math.inf), np.full(count, math.inf), np.zeros(count, bool)
    having = np.zeros(count, np.int64)
    for one, own in zip(scenarios, shared, strict=True):
        lower[own] = np.maximum(lower[own], one.arrays.lower[one.common])
        upper[own] = np.minimum(upper[own], one.arrays.upper[one.common])
        integer[own] |= one.arrays.integer[one.common]
        having[own] += 1
    upper[having < len(scenarios)] = 0.0
    program.add_columns(COMMON, count=count, lower=lower, upper=upper, integer=integer)


def _own_columns(program: Program, scenarios: Sequence[Scenario], columns: list[Integers]) -> None:
    """Each scenario's copies of all other columns, family by family."""
    sides = [(one.structure or unknown(one.arrays.column_count, one.arrays.row_count)).columns for one in scenarios]
    for family in _families(sides):
        parts = []
        for number, (one, side, places) in enumerate(zip(scenarios, sides, columns, strict=True)):
            block = _block(side, family)
            free = block.start + np.flatnonzero(places[block.start : block.stop] < 0)
            parts.append((number, one.arrays, block, free.astype(np.int32)))
        if not sum(len(free) for *_, free in parts):
            continue
        lower, upper, integer = (
            np.concatenate([getattr(arrays, name)[free] for _, arrays, _, free in parts])
            for name in ("lower", "upper", "integer")
        )
        axes = _axes([(number, block, free - block.start) for number, _, block, free in parts])
        added = program.add_columns(family, axes, lower=lower, upper=upper, integer=integer)
        start = added.start
        for number, _, _, own in parts:
            columns[number][own] = np.arange(start, start + len(own), dtype=np.int32)
            start += len(own)


def _rows(program: Program, scenarios: Sequence[Scenario]) -> list[Integers]:
    """Each scenario's rows, family by family."""
    sides = [(one.structure or unknown(one.arrays.column_count, one.arrays.row_count)).rows for one in scenarios]
    rows = [np.full(one.arrays.row_count, -1, np.int32) for one in scenarios]
    for family in _families(sides):
        blocks = [_block(side, family) for side in sides]
        if not sum(map(len, blocks)):
            continue
        lower, upper = (
            np.concatenate(
                [getattr(one.arrays, name)[b.start : b.stop] for one, b in zip(scenarios, blocks, strict=True)]
            )
            for name in ("row_lower", "row_upper")
        )
        axes = _axes([(number, block, np.arange(len(block), dtype=np.int32)) for number, block in enumerate(blocks)])
        start = program.add_rows(family, axes, lower=lower, upper=upper).start
        for own, block in zip(rows, blocks, strict=True):
            own[block.start : block.stop] = np.arange(start, start + len(block), dtype=np.int32)
            start += len(block)
    return rows


def _families(sides: Sequence[Side]) -> list[str]:
    return [*dict.fromkeys(family for side in sides for family in side.blocks), OTHER]


def _block(side: Side, family: str) -> Block:
    """The members of a family; of `OTHER`, all that belong to none."""
    if family != OTHER:
        return side.blocks.get(family, Block(family, 0, 0, {}))
    return Block(OTHER, max((block.stop for block in side.blocks.values()), default=0), side.count, {})


def _axes(parts: Sequence[tuple[int, Block, Integers]]) -> dict[str, Integers]:
    """The axes of a family's copies, the scenario last; parts: number of the scenario, its block, positions in it."""
    names = dict.fromkeys(axis for _, block, some in parts for axis in block.index if len(some))
    axes = {name: np.concatenate([block.index[name][some] for _, block, some in parts if len(some)]) for name in names}
    return axes | {SCENARIO: np.concatenate([np.full(len(some), number, np.int32) for number, _, some in parts])}


def alone(scenario: Scenario) -> Scenario:
    """A scenario as if it were certain."""
    return replace(scenario, probability=1.0)
