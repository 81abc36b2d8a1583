"""Improvement heuristic: change single whole numbers of a plan where the prices of the rest say it could pay."""

from __future__ import annotations

import highspy
import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays
from allocate.solvers.engine import Engine
from allocate.solvers.outcome import is_feasible
from allocate.solvers.search import Clock, Start
from allocate.tolerances import BETTER_PLAN, PROMISING, WHOLE_NUMBER

TRIES = 200
"""Most linear programs solved; each goes on from the one before and is short."""
SHARE_OF_TIME = 0.25
"""Part of a time limit that may be spent here."""


Move = tuple[tuple[int, float], ...]
"""Whole-number columns that change together, and what each of them becomes."""


class Choices:
    """The whole-number columns of a program, and the rows between whole numbers alone that tie them together."""

    def __init__(self, arrays: ProgramArrays) -> None:
        self.arrays = arrays
        self.rows_of: dict[int, list[int]] = {}
        start, columns, _ = arrays.by_rows
        for row in rows_of_whole_numbers(arrays).tolist():
            for column in columns[start[row] : start[row + 1]].tolist():
                self.rows_of.setdefault(column, []).append(row)
        binary = arrays.integer & (arrays.lower == 0) & (arrays.upper == 1)
        self.ids = np.flatnonzero(binary)
        self.binary: Booleans = binary
        self.counted = np.flatnonzero(arrays.integer & ~binary)

    def promising(self, start: Start) -> list[tuple[float, Move]]:
        """Columns to change together, with what the reduced costs promise at most, best first."""
        if start.reduced_costs is None:
            return []
        sense = 1.0 if self.arrays.maximise else -1.0
        # What switching a column gains: on where it is off, off where it is on.
        gain = sense * start.reduced_costs * (1.0 - 2.0 * np.round(start.values))
        worth = PROMISING * max(1.0, abs(self.arrays.objective(start.values)))
        found = []
        for column in self.ids[gain[self.ids] > worth].tolist():
            switched = self._with_others(column, start.values, gain)
            if switched is not None and gain[list(switched)].sum() > worth:
                found.append((float(gain[list(switched)].sum()), _switched(switched, start.values)))
        found += self._counts(start.values, sense * start.reduced_costs, worth)
        exchanges = self._exchanges(start.values, gain, worth)
        further = [(promise, _switched(pair, start.values)) for promise, pair in exchanges]
        return [*sorted(found, reverse=True), *sorted(further, reverse=True)]

    def _counts(self, values: Floats, rest: Floats, worth: float) -> list[tuple[float, Move]]:
        """Numbers of more than yes and no that one more or one less promises something for."""
        arrays, columns = self.arrays, self.counted[np.abs(rest[self.counted]) > worth]
        after = np.round(values[columns]) + np.sign(rest[columns])
        inside = (after >= arrays.lower[columns]) & (after <= arrays.upper[columns])
        numbers = zip(np.abs(rest[columns]).tolist(), columns.tolist(), after.tolist(), inside, strict=True)
        return [(promise, ((column, to),)) for promise, column, to, fits in numbers if fits]

    def _exchanges(self, values: Floats, gain: Floats, worth: float) -> list[tuple[float, tuple[int, ...]]]:
        """Columns of one row of which one goes on and the other off, where both together promise something."""
        found: dict[tuple[int, ...], float] = {}
        start, columns, _ = self.arrays.by_rows
        for row in sorted({row for rows in self.rows_of.values() for row in rows}):
            mine = columns[start[row] : start[row + 1]]
            mine = mine[self.binary[mine]]
            on, off = mine[values[mine] > 0.5], mine[values[mine] < 0.5]
            sums = gain[off][:, None] + gain[on][None, :]
            for a, b in np.argwhere(sums > worth).tolist():
                pair = (int(off[a]), int(on[b]))
                if all(len(self.rows_of[column]) == 1 for column in pair):
                    found[pair] = float(sums[a, b])
        return [(promise, pair) for pair, promise in found.items()]

    def _with_others(self, column: int, values: Floats, gain: Floats) -> tuple[int, ...] | None:
        """A column and those that must be switched with it, at the least loss; None where one more is not enough."""
        switched = [column]
        start, columns, factors = self.arrays.by_rows
        for row in self.rows_of.get(column, ()):
            part = slice(start[row], start[row + 1])
            mine, factor = columns[part], factors[part]
            change = factor * (1.0 - 2.0 * np.round(values[mine]))
            at = float(factor @ np.round(values[mine])) + float(change[np.isin(mine, switched)].sum())
            missing = _missing(at, float(self.arrays.row_lower[row]), float(self.arrays.row_upper[row]))
            if missing == 0.0:
                continue
            helps = self.binary[mine] & ~np.isin(mine, switched) & (change * np.sign(missing) >= abs(missing))
            if not helps.any():
                return None
            switched.append(int(mine[helps][np.argmax(gain[mine[helps]])]))
        return tuple(switched)


def improved(
    engine: Engine,
    arrays: ProgramArrays,
    start: Start,
    clock: Clock,
    share: float = SHARE_OF_TIME,
    patience: int | None = None,
) -> Start:
    """The best plan found from one by changing whole numbers, one promising move after the other, in a share of the time limit.

    patience: how many moves one after the other may bring nothing. The engine holds the program without whole-number conditions and with its integer columns fixed.
    """
    choices = Choices(arrays)
    until = None if clock.limit is None else min(clock.limit, clock.spent + share * clock.limit)
    engine.option("presolve", "off")
    tries, tried = 0, set[Move]()
    since = 0
    patience = TRIES if patience is None else patience
    while tries < TRIES:
        fresh = [move for _, move in choices.promising(start) if move not in tried]
        if not fresh and (not tried or not since):
            break
        if not fresh:
            tried.clear()
            since = 0
            continue
        for move in fresh[:patience]:
            if tries == TRIES or engine.watch.stopped or (until is not None and clock.spent >= until):
                tries = TRIES
                break
            tries += 1
            tried.add(move)
            better = _moved(engine, arrays, start, move, None if until is None else until - clock.spent)
            if better is not None:
                start, since = better, since + 1
                engine.watch.best = arrays.objective(start.values)
                break
        else:
            if len(fresh) > patience:
                break
    engine.option("presolve", "choose")
    return start


def _switched(columns: tuple[int, ...], values: Floats) -> Move:
    return tuple((column, 1.0 - float(np.round(values[column]))) for column in columns)


def _moved(engine: Engine, arrays: ProgramArrays, start: Start, move: Move, seconds: float | None) -> Start | None:
    """The plan with some whole numbers changed, None unless it is better."""
    ids = np.flatnonzero(arrays.integer).astype(np.int32)
    values = np.round(start.values)
    for column, to in move:
        values[column] = to
    engine.set_column_bounds(ids, values[ids], values[ids])
    run = engine.run(seconds)
    if run.status != highspy.HighsModelStatus.kOptimal or run.values is None:
        return None
    plan = run.values.copy()
    plan[ids] = values[ids]
    gain = (arrays.objective(plan) - arrays.objective(start.values)) * (1.0 if arrays.maximise else -1.0)
    if gain <= BETTER_PLAN * max(1.0, abs(arrays.objective(start.values))) or not is_feasible(arrays, plan):
        return None
    return Start(plan, run.row_duals, run.reduced_costs, start.bound)


def rows_of_whole_numbers(arrays: ProgramArrays) -> Integers:
    """Rows with integer columns only."""
    entries = np.bincount(arrays.index, minlength=arrays.row_count)
    whole = np.bincount(arrays.index, weights=arrays.integer[arrays.column], minlength=arrays.row_count)
    return np.flatnonzero((entries > 0) & (whole == entries)).astype(np.int32)


def _missing(at: float, lower: float, upper: float) -> float:
    """What a row must change by to lie between its sides; 0 where it does."""
    if at > upper + WHOLE_NUMBER:
        return upper - at
    return lower - at if at < lower - WHOLE_NUMBER else 0.0
