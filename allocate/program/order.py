"""One order of a program's columns and rows, whatever order its case is written in: of several best plans solvers find the same.

A program may have plans that are equally good. Which of them a search meets first depends on the order of its columns and
rows, and so do the last digits of any plan. They are put in the order of their names: products, vendors, workflows, levers
and rules by name, periods and steps by number. What has no name of its own is told apart by what it stands with: its
numbers, and the names of the columns and rows it meets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocate.program.arrays import Floats, Integers, Matrix, ProgramArrays, frozen
from allocate.program.naming import Block
from allocate.program.structure import Side, Structure

Hashes = NDArray[np.uint64]
NUMBERED = frozenset(
    {"period", "window", "step", "part", "stretch", "segment", "milestone", "stage", "band", "delivered"}
)
"""Axes whose positions are times or steps: they are the same however a case is written."""
ROUNDS = 3
"""How far away names tell members apart."""


@dataclass(frozen=True, eq=False)
class Order:
    """Where each column and row of a program in order stands in the program as it is."""

    columns: Integers
    rows: Integers
    structure: Structure
    """That of the program in order."""

    def arranged(self, arrays: ProgramArrays) -> ProgramArrays:
        """A program with its columns and rows in order, and each column's entries too."""
        picked = arrays.picked(self.columns)
        place = np.empty(arrays.row_count, np.int32)
        place[self.rows] = np.arange(arrays.row_count, dtype=np.int32)
        index = place[picked.index]
        order = np.argsort(picked.column.astype(np.int64) * max(arrays.row_count, 1) + index, kind="stable")
        matrix = Matrix(picked.start, frozen(index[order]), frozen(picked.value[order]))
        lower, upper = frozen(arrays.row_lower[self.rows]), frozen(arrays.row_upper[self.rows])
        return replace(picked, row_lower=lower, row_upper=upper, matrix=matrix)


def by_name(arrays: ProgramArrays, structure: Structure, names: Mapping[str, Sequence[str]]) -> Order | None:
    """The order of a program by the names along its axes; None where it is in that order already.

    names: of each axis that has any, by position. Axes without names and without numbers (`NUMBERED`) say nothing.
    """
    names = {axis: known for axis, known in names.items() if known}
    ranks = {axis: _ranks(known) for axis, known in names.items()}
    columns, rows = _told_apart(arrays, structure, names)
    places = _sorted(structure.columns, ranks, columns), _sorted(structure.rows, ranks, rows)
    steps = np.diff(arrays.index) > 0
    steps[arrays.start[1:-1][(arrays.start[1:-1] > 0) & (arrays.start[1:-1] < arrays.nonzeros)] - 1] = True
    if all((place == np.arange(len(place))).all() for place in places) and steps.all():
        return None
    fresh: dict[str, dict[int, int]] = {}
    sides = [
        _side(side, place, ranks, fresh)
        for side, place in zip((structure.columns, structure.rows), places, strict=True)
    ]
    return Order(frozen(places[0]), frozen(places[1]), Structure(*sides))


def as_they_are(values: Floats, places: Integers) -> Floats:
    """Figures of columns or rows as they are, from those in order; places: where each of these stands."""
    ordered = np.empty_like(values)
    ordered[places] = values
    return ordered


def _ranks(names: Sequence[str]) -> Integers:
    """Position of each name among them in order, shape of the names."""
    ordered = np.empty(len(names), np.int32)
    ordered[sorted(range(len(names)), key=lambda n: names[n])] = np.arange(len(names), dtype=np.int32)
    return ordered


def _sorted(side: Side, ranks: Mapping[str, Integers], hashes: Hashes) -> Integers:
    """Members in order within each family: by the ranks of their names, by numbers, then by what they stand with."""
    places = np.arange(side.count, dtype=np.int32)
    for block in side.blocks.values():
        keys: list[Integers] = [
            _at(ranks[axis], values) if axis in ranks else values
            for axis, values in block.index.items()
            if axis in ranks or axis in NUMBERED
        ]
        places[block.start : block.stop] = block.start + np.lexsort(
            [_ranked(hashes[block.start : block.stop]), *reversed(keys)]
        )
    return places


def _at(ranks: Integers, values: Integers) -> Integers:
    """Ranks of positions; one behind the last, which stands for all of them, keeps its own."""
    known: Integers = ranks[np.minimum(values, len(ranks) - 1)]
    return np.where(values < len(ranks), known, values).astype(np.int32)


def _ranked(hashes: Hashes) -> Integers:
    """Position of each number among them in order, equal ones alike."""
    return np.unique(hashes, return_inverse=True)[1].reshape(-1).astype(np.int32)


def _told_apart(
    arrays: ProgramArrays, structure: Structure, names: Mapping[str, Sequence[str]]
) -> tuple[Hashes, Hashes]:
    """A number for each column and row that follows from its names and figures, and from what it stands with."""
    hashed = {axis: np.array([_hash(name) for name in known], dtype=np.uint64) for axis, known in names.items()}
    columns, rows = (_named(side, hashed) for side in (structure.columns, structure.rows))
    for values in (arrays.costs, arrays.lower, arrays.upper, arrays.integer.astype(np.float64)):
        columns = _mixed(columns ^ _bits(values))
    for values in (arrays.row_lower, arrays.row_upper):
        rows = _mixed(rows ^ _bits(values))
    value = _bits(arrays.value)
    for _ in range(ROUNDS):
        met = np.zeros(arrays.row_count, np.uint64)
        np.add.at(met, arrays.index, _mixed(columns[arrays.column] ^ value))
        rows = _mixed(rows ^ _mixed(met))
        meets = np.zeros(arrays.column_count, np.uint64)
        np.add.at(meets, arrays.column, _mixed(rows[arrays.index] ^ value))
        columns = _mixed(columns ^ _mixed(meets))
    return columns, rows


def _named(side: Side, hashed: Mapping[str, Hashes]) -> Hashes:
    """A number for each member that follows from its family and the names and numbers along its axes."""
    numbers = np.zeros(side.count, np.uint64)
    for block in side.blocks.values():
        some = np.full(len(block), _hash(block.family), np.uint64)
        for axis, values in block.index.items():
            if axis in hashed:
                known = hashed[axis][np.minimum(values, len(hashed[axis]) - 1)]
                some = _mixed(some ^ np.where(values < len(hashed[axis]), known, values.astype(np.uint64)))
            elif axis in NUMBERED:
                some = _mixed(some ^ values.astype(np.uint64))
        numbers[block.start : block.stop] = some
    return numbers


def _side(side: Side, places: Integers, ranks: Mapping[str, Integers], fresh: dict[str, dict[int, int]]) -> Side:
    """Families in order, with positions along their axes as if the case had been written so.

    fresh: numbers given so far to positions along axes without names, as they come.
    """
    blocks: dict[str, Block] = {}
    for family, block in side.blocks.items():
        at = places[block.start : block.stop] - block.start
        index = {}
        for axis, values in block.index.items():
            moved = values[at]
            if axis in ranks:
                moved = _at(ranks[axis], moved)
            elif axis not in NUMBERED:
                known = fresh.setdefault(axis, {})
                moved = np.array([known.setdefault(place, len(known)) for place in moved.tolist()], dtype=np.int32)
            index[axis] = frozen(np.asarray(moved, dtype=np.int32))
        blocks[family] = Block(block.family, block.start, block.stop, index)
    return Side(blocks, side.count)


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _bits(values: Floats) -> Hashes:
    """Numbers to seven digits, so that rounding in another order of sums is none."""
    rounded: Hashes = (values.astype(np.float32) + np.float32(0.0)).view(np.uint32).astype(np.uint64)
    return rounded


def _mixed(state: Hashes) -> Hashes:
    """The finaliser of splitmix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    state = state + np.uint64(0x9E3779B97F4A7C15)
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Hashes = state ^ (state >> np.uint64(31))
    return mixed
