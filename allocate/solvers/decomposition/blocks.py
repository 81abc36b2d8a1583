"""Blocks: parts of a program that only a few linking rows tie together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from allocate.program.arrays import Floats, Integers, Matrix, ProgramArrays, frozen
from allocate.program.partition import partition
from allocate.solvers.decomposition.reach import reach


@dataclass(frozen=True, eq=False)
class Block:
    """Columns that are tied to others by linking rows only, and the rows they have to themselves.

    Continuous columns from 0 up without end that enter the block's rows alike are one ``kind``: at given prices only the
    best of them matters.
    """

    columns: Integers
    """Numbers in the whole program, ascending, shape (n,)."""
    rows: Integers
    """Numbers in the whole program, ascending, shape (m,)."""
    kind: Integers
    """Kind of each column, shape (n,); kinds are numbered by their first column."""
    program: ProgramArrays
    """The kinds as columns, with the block's rows; its costs are those of each kind's first column."""
    integer: Integers
    """Kinds that are whole-numbered."""
    lower: Floats
    upper: Floats
    """How far each kind can go in any plan of the whole program, shape (kinds,) each; of like columns together."""

    @property
    def bare(self) -> Block:
        """The block as far as questions to it go, without the columns its kinds stand for."""
        nothing = np.zeros(0, np.int32)
        return replace(self, columns=nothing, kind=nothing)


@dataclass(frozen=True, eq=False)
class Parts:
    """A program cut into blocks, the columns that are in none of them, and linking rows."""

    arrays: ProgramArrays
    block: Integers
    """Number of each column's block, -1 where it has none, shape (columns,)."""
    owner: Integers
    """Number of the block each row belongs to, -1 for linking rows, shape (rows,)."""
    blocks: tuple[Block, ...]
    lower: Floats
    upper: Floats
    """How far each column can go, shape (columns,) each."""

    @cached_property
    def linking(self) -> Integers:
        """Numbers of the linking rows, those between columns without a block among them."""
        return np.flatnonzero(self.owner < 0).astype(np.int32)

    @property
    def endless(self) -> bool:
        """Whether something can go on without end, as far as rows and bounds say, so that prices may prove nothing."""
        sides = [side for one in self.blocks for side in (one.lower, one.upper)]
        return any(np.isinf(one).any() for one in (*sides, self.lower[self.free], self.upper[self.free]))

    @cached_property
    def free(self) -> Integers:
        """Numbers of the columns without a block."""
        return np.flatnonzero(self.block < 0).astype(np.int32)


def cut(arrays: ProgramArrays, groups: Integers) -> Parts:
    """The blocks of a program, given a hint: a group of each column, -1 for none, shape (columns,)."""
    block, owner = partition(arrays, groups)
    blocks = tuple(_blocks(arrays, block, owner))
    # What a block's own rows leave endless, the whole program may end.
    endless = any(np.isinf(one.lower).any() or np.isinf(one.upper).any() for one in blocks)
    free = block < 0
    endless |= bool(np.isinf(arrays.lower[free]).any() or np.isinf(arrays.upper[free]).any())
    lower, upper = reach(arrays) if endless else (arrays.lower, arrays.upper)
    return Parts(arrays, block, owner, tuple(_ended(one, lower, upper) for one in blocks), lower, upper)


def bounded(parts: Parts, lower: Floats, upper: Floats) -> Parts:
    """The parts with bounds of all columns, shape (columns,) each, as somebody else knows them.

    Whole numbers go just as far, but where these bounds have no end; other columns no farther.
    """
    blocks = []
    for one in parts.blocks:
        ended, first = _ended(one, lower, upper), np.unique(one.kind, return_index=True)[1][one.integer]
        ids, at = one.integer, one.columns[first]
        low, high = ended.lower.copy(), ended.upper.copy()
        low[ids] = np.where(np.isfinite(lower[at]), lower[at], low[ids])
        high[ids] = np.where(np.isfinite(upper[at]), upper[at], high[ids])
        blocks.append(replace(ended, lower=low, upper=high))
    ends = np.maximum(parts.lower, lower), np.minimum(parts.upper, upper)
    return replace(parts, blocks=tuple(blocks), lower=ends[0], upper=ends[1])


def _ended(block: Block, lower: Floats, upper: Floats) -> Block:
    """The block with kinds limited by what limits all their columns together."""
    count = len(block.lower)
    low = np.bincount(block.kind, weights=lower[block.columns], minlength=count)
    high = np.bincount(block.kind, weights=upper[block.columns], minlength=count)
    return replace(block, lower=np.maximum(block.lower, low), upper=np.minimum(block.upper, high))


def _blocks(arrays: ProgramArrays, block: Integers, owner: Integers) -> Sequence[Block]:
    """Each block with its part of the matrix."""
    count = int(block.max(initial=-1)) + 1
    columns = _members(block, count)
    rows = _members(owner, count)
    local = np.zeros(arrays.row_count, np.int32)
    for mine in rows:
        local[mine] = np.arange(len(mine))
    inside = owner[arrays.index] >= 0
    kept = np.flatnonzero(inside).astype(np.int32)
    of = arrays.column[kept]
    starts = np.searchsorted(of, np.arange(arrays.column_count + 1)).astype(np.int32)
    return [_block(arrays, mine, own, local, kept, starts) for mine, own in zip(columns, rows, strict=True)]


def _members(of: Integers, count: int) -> list[Integers]:
    order = np.argsort(of, kind="stable").astype(np.int32)
    ends = np.searchsorted(of[order], np.arange(count + 1))
    return [order[ends[n] : ends[n + 1]] for n in range(count)]


def _block(
    arrays: ProgramArrays, columns: Integers, rows: Integers, local: Integers, kept: Integers, starts: Integers
) -> Block:
    counts = starts[columns + 1] - starts[columns]
    position = np.repeat(np.arange(len(columns)), counts)
    rank = np.arange(len(position)) - np.repeat(np.cumsum(counts) - counts, counts)
    entries = kept[np.repeat(starts[columns], counts) + rank]
    row, value = local[arrays.index[entries]], arrays.value[entries]
    # Rows and values of each column side by side, so that columns alike are equal lines.
    table = np.zeros((len(columns), 2 * int(counts.max(initial=0)) + 1))
    table[position, 2 * rank] = row + 1
    table[position, 2 * rank + 1] = value
    plain = (arrays.lower[columns] == 0) & np.isposinf(arrays.upper[columns]) & ~arrays.integer[columns]
    table[:, -1] = np.where(plain, 0, np.arange(len(columns)) + 1)
    _, first, kind = np.unique(table, axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank_of = np.empty(len(order), np.int32)
    rank_of[order] = np.arange(len(order))
    alike, first = rank_of[kind.reshape(-1)], first[order]
    chosen = columns[first]
    mine = np.isin(position, first)
    start = np.concatenate([[0], np.cumsum(counts[first])]).astype(np.int32)
    program = ProgramArrays(
        arrays.maximise,
        0.0,
        frozen(arrays.costs[chosen]),
        frozen(arrays.lower[chosen]),
        frozen(arrays.upper[chosen]),
        frozen(arrays.integer[chosen]),
        frozen(arrays.row_lower[rows]),
        frozen(arrays.row_upper[rows]),
        Matrix(frozen(start), frozen(row[mine].astype(np.int32)), frozen(value[mine])),
    )
    lower, upper = reach(program)
    return Block(columns, rows, alike, program, np.flatnonzero(program.integer).astype(np.int32), lower, upper)
