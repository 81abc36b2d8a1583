"""Which columns hang on which engaged vendors, found in the arrays of a program, and its rows as a set of vendors sees them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from allocate.certificate.engagement.running_totals import RunningTotals, running_totals
from allocate.program.arrays import Booleans, Floats, Integers, Matrix, ProgramArrays, frozen
from allocate.program.partition import owners

Masks = NDArray[np.int64]
"""Sets of vendors: bit v stands for vendor number v."""
MOST_VENDORS = 62
"""Vendors whose sets fit into a mask."""
CHAIN = 4
"""A vendor's choice opens starts, a start opens items: so many links of such chains are followed."""
MOST_CHOICES = 8
"""Choices of one part beside its vendors that are told apart."""


@dataclass(frozen=True, eq=False)
class EngagedForm:
    r"""A program as sets of engaged vendors see it.

    Vendors are facility-opening binaries u outside all parts (``used``, or whether a product that needs another may be
    worked on): while u is 0, rows :math:`\sum_j a_j x_j \le b \, u` keep every column of theirs at zero, and what
    these open in turn. For a set S of them every other row of the program that speaks of closed columns alone is kept by
    zeros.
    """

    ids: Integers
    """Numbers of the vendors' columns, shape (V,)."""
    needed: Masks
    """Of each column, the vendors without any one of which it is 0, shape (n,)."""
    arrays: ProgramArrays
    """The same columns; rows that open columns have the vendor's part on their side, and totals that only compare a
    vendor with all of a budget are replaced by the most they can be (`_capped`). Every point of the program with set S
    keeps these rows."""
    part: Integers
    """Part of each column, -1 for none, running totals of parts among these, shape (n,)."""
    totals: RunningTotals
    owner: Integers
    """The part each row belongs to, -1 for rows between parts, shape (m,)."""
    account: Integers
    """For each row between parts, the vendor whose absence empties it, -1 where there is none, shape (m,).

    Its price may be taken as 0 for every set without that vendor, so its side times its price is part of the vendor's
    account, not of the constant.
    """
    rules: Integers
    """Numbers of the rows that speak of vendors alone: they filter sets."""
    free: Integers
    """Numbers of the columns of no part that are no vendor's choice, shape (f,)."""
    account_of_free: Integers
    """Of each of them, the vendor whose absence makes it 0, -1 where there is none, shape (f,)."""
    opening: Integers
    """Of each column that some row opens, one entry of it in such a row of the program, the first, shape (opened,)."""

    @property
    def count(self) -> int:
        """Number of vendors."""
        return len(self.ids)

    def written_out(self) -> EngagedForm:
        """The same with what running totals add up in their place, for a search: the proof prices their equations."""
        return replace(self, arrays=self.totals.written_out(self.arrays))

    def of_part(self, number: int, choices: bool = True) -> PartOfForm:
        """One part with its rows; choices: as of `PartOfForm`."""
        return PartOfForm(self, number, choices)


class PartOfForm:
    """One part (product): its columns, its rows, the vendors it may use, and the binaries that start each of them.

    Beside vendors it may have choices of its own: binaries that open columns of the part and need no vendor, such as steps
    of a value curve, or starts of teams. They have bits of their own behind those of the vendors.
    """

    def __init__(self, form: EngagedForm, number: int, choices: bool = True) -> None:
        """choices: whether those of the part are told apart; else they are let go of as any whole number beside starts."""
        self.number = number
        self.columns = np.flatnonzero(form.part == number).astype(np.int32)
        self.rows = np.flatnonzero(form.owner == number).astype(np.int32)
        self.program = _inside(form.arrays, self.columns, self.rows)
        needed = form.needed[self.columns]
        whole = int(np.bitwise_or.reduce(needed)) if len(needed) else 0
        self.vendors = [v for v in range(form.count) if whole >> v & 1]
        """Numbers of the vendors it may use, ascending: bit i of its own small masks is the i-th of them."""
        openers = _opening_rows(self.program)
        own = self._choices(needed, openers, MOST_VENDORS - form.count) if choices else np.zeros(0, np.int32)
        self.starts = np.concatenate([self._starts(needed, openers), own])
        self.places = [*self.vendors, *range(form.count, form.count + len(own))]
        """Bit of each start in masks of all vendors: choices of the part follow behind the last vendor."""
        self.local = self._local(needed, openers)

    def _starts(self, needed: Masks, openers: Integers) -> Integers:
        """Position of the one binary that starts each vendor, -1 where there is none or several, shape (vendors,)."""
        opens = np.zeros(len(self.columns), dtype=bool)
        opens[openers[openers >= 0]] = True
        found = np.full(len(self.vendors), -1, np.int32)
        for i, v in enumerate(self.vendors):
            own = np.flatnonzero((needed == 1 << v) & opens & _binary(self.program))
            if len(own) == 1:
                found[i] = own[0]
        return found

    def _choices(self, needed: Masks, openers: Integers, room: int) -> Integers:
        """Positions of binaries that open columns and need no vendor; none where there are too many of them."""
        opening = np.unique(openers[openers >= 0])
        own: Integers = opening[needed[opening] == 0].astype(np.int32)
        return own if len(own) <= min(MOST_CHOICES, room) else own[:0]

    def _local(self, needed: Masks, openers: Integers) -> Masks:
        """Of each column, the vendors it needs as a small mask: whose start has to be 1, or that have none, shape (n,)."""
        local = np.zeros(len(self.columns), np.int64)
        for i in np.flatnonzero(self.starts >= 0).tolist():
            local[self.starts[i]] = 1 << i
        opener = openers[self.program.index]
        entry = np.flatnonzero((opener >= 0) & (opener != self.program.column))
        for _ in range(CHAIN):
            np.bitwise_or.at(local, self.program.column[entry], local[opener[entry]])
        for i in np.flatnonzero(self.starts < 0).tolist():
            local |= ((needed >> self.vendors[i]) & 1) << i
        return local

    def possible(self, most: int) -> Masks | None:
        """Small masks of all sets of its vendors that rows of starts alone allow; None where there are more than ``most``.

        A set stands for exactly its vendors' starts: any plan of the part has one of these, or of fewer where it starts
        nothing, and every other set breaks a row whatever else the plan is.
        """
        masks, rows, asked = np.zeros(1, np.int64), self._rows_of_starts(), self._asked()
        for i in range(len(self.starts)):
            masks = np.concatenate([masks, masks | 1 << i])
            for k in range(i + 1):
                masks = masks[((masks >> k) & 1 == 0) | (asked[k] & ((2 << i) - 1) & ~masks == 0)]
            for coefficients, upper in rows:
                used = np.zeros(len(masks))
                for k in range(i + 1):
                    used += ((masks >> k) & 1) * coefficients[k]
                masks = masks[used <= upper]
            if len(masks) > most:
                return None
        return np.sort(masks)

    def _asked(self) -> list[int]:
        """Of each start, the others that have to be 1 with it: it asks for some of a column that they open."""
        start, columns, values = self.program.by_rows
        position = {int(at): i for i, at in enumerate(self.starts.tolist()) if at >= 0}
        asked = [0] * len(self.starts)
        for row in np.flatnonzero((np.diff(start) == 2) & (self.program.row_lower >= 0.0)).tolist():
            named, numbers = columns[start[row] : start[row + 1]].tolist(), values[start[row] : start[row + 1]].tolist()
            one, other = (0, 1) if numbers[0] < 0.0 else (1, 0)
            if named[one] in position and numbers[one] < 0.0 < numbers[other]:
                asked[position[named[one]]] |= int(self.local[named[other]])
        return asked

    def _rows_of_starts(self) -> list[tuple[Floats, float]]:
        """Coefficients of the vendors' starts, and the upper side, of rows that speak of starts alone, none below zero."""
        start, columns, values = self.program.by_rows
        position = {int(at): i for i, at in enumerate(self.starts.tolist()) if at >= 0}
        found = []
        for row in np.flatnonzero(np.isfinite(self.program.row_upper)).tolist():
            part = slice(start[row], start[row + 1])
            named, numbers = columns[part].tolist(), values[part]
            starts = [at for at, c in enumerate(named) if c in position]
            if len(starts) > 1 and (numbers > 0).all() and (self.program.lower[columns[part]] >= 0.0).all():
                coefficients = np.zeros(len(self.starts))
                coefficients[[position[named[at]] for at in starts]] = numbers[starts]
                found.append((coefficients, float(self.program.row_upper[row])))
        return found


def engaged_form(arrays: ProgramArrays, part: Integers) -> EngagedForm | None:
    """The form of a program cut into parts, shape (columns,); None where no vendor's choice opens columns of parts."""
    openers = _opening_rows(arrays)
    needed, ids = _needed(arrays, part, openers)
    if not len(ids) or len(ids) > MOST_VENDORS:
        return None
    position = np.full(arrays.column_count, -1, np.int32)
    position[ids] = np.arange(len(ids))
    opened = _opened(arrays, openers, position)
    capped = _capped(opened, part, needed, position)
    totals = running_totals(capped, owners(capped, part))
    part = part.copy()
    part[totals.columns] = -1
    owner = owners(capped, part)
    free = np.flatnonzero((part < 0) & (position < 0)).astype(np.int32)
    return EngagedForm(
        ids=ids,
        needed=needed,
        arrays=capped,
        part=part,
        totals=totals,
        owner=owner,
        account=_accounts(capped, owner, needed, position),
        rules=_rules(arrays, position),
        free=free,
        account_of_free=_first_of(needed[free]),
        opening=_opening_entries(arrays, openers),
    )


def _binary(arrays: ProgramArrays) -> Booleans:
    found: Booleans = arrays.integer & (arrays.lower >= 0.0) & (arrays.upper <= 1.0)
    return found


def _opening_rows(arrays: ProgramArrays) -> Integers:
    """Of each row, the binary that has to be 1 for its other columns to be above zero, -1 where it opens none, shape (m,)."""
    row, column, value = arrays.index, arrays.column, arrays.value
    below = value < 0.0
    bad = np.where(below, ~_binary(arrays)[column], arrays.lower[column] < 0.0)
    count = arrays.row_count
    good = (arrays.row_upper == 0.0) & (np.bincount(row, below, count) == 1) & (np.bincount(row, bad, count) == 0)
    good &= np.bincount(row, minlength=count) > 1
    found = np.full(count, -1, np.int32)
    found[row[below]] = column[below]
    return np.where(good, found, -1).astype(np.int32)


def _needed(arrays: ProgramArrays, part: Integers, openers: Integers) -> tuple[Masks, Integers]:
    """Vendors each column needs, shape (n,), and the vendors' columns: binaries of no part that open columns of parts."""
    opener = openers[arrays.index]
    entry = np.flatnonzero((opener >= 0) & (opener != arrays.column))
    opened, by = arrays.column[entry], opener[entry]
    ids = np.unique(by[(part[by] < 0) & (part[opened] >= 0)]).astype(np.int32)
    needed = np.zeros(arrays.column_count, np.int64)
    if len(ids) > MOST_VENDORS:
        return needed, ids
    own = np.zeros(arrays.column_count, np.int64)
    own[ids] = 1 << np.arange(len(ids), dtype=np.int64)
    for _ in range(CHAIN):
        np.bitwise_or.at(needed, opened, needed[by] | own[by])
    needed[ids] = 0
    return needed, ids


def _opening_entries(arrays: ProgramArrays, openers: Integers) -> Integers:
    """The first entry of each column in a row that opens it."""
    opener = openers[arrays.index]
    entry = np.flatnonzero((opener >= 0) & (opener != arrays.column))
    return entry[np.unique(arrays.column[entry], return_index=True)[1]].astype(np.int32)


def _opened(arrays: ProgramArrays, openers: Integers, position: Integers) -> ProgramArrays:
    """The program with vendors' parts in rows that open columns moved to the side, as if the vendor were engaged."""
    mine = (openers >= 0) & (position[np.maximum(openers, 0)] >= 0)
    moved = mine[arrays.index] & (arrays.column == openers[arrays.index])
    upper = arrays.row_upper.copy()
    upper[arrays.index[moved]] = -arrays.value[moved]
    return replace(_without(arrays, moved), row_upper=frozen(upper))


def _capped(arrays: ProgramArrays, part: Integers, needed: Masks, position: Integers) -> ProgramArrays:
    r"""Rows that hold one vendor's columns against a total of all, with the most the total can be in its place.

    .. math:: \sum_j a_j x_j \le b \, \tau, \quad \tau \le \hat\tau \quad \Rightarrow \quad
        \sum_j a_j x_j \le b \, \hat\tau

    so that the row is empty without the vendor. The most is what a row with a side says of all the total's columns at
    once: a budget, of a total of spend.
    """
    shared = _shared(arrays, part, needed, position)
    upper, moved = arrays.row_upper.copy(), np.zeros(arrays.nonzeros, dtype=bool)
    most: dict[int, float] = {}
    for row, entry in shared:
        total = int(arrays.column[entry])
        if total not in most:
            most[total] = _most_total(arrays, total)
        side = float(upper[row]) - float(arrays.value[entry]) * most[total]
        if arrays.value[entry] < 0.0 and np.isfinite(side):
            upper[row], moved[entry] = np.nextafter(side + 4.0 * np.spacing(abs(side)), np.inf), True
    return replace(_without(arrays, moved), row_upper=frozen(upper)) if moved.any() else arrays


def _shared(arrays: ProgramArrays, part: Integers, needed: Masks, position: Integers) -> list[tuple[int, int]]:
    """Rows with an upper side all of whose columns but one total need a vendor, with the entry of the total."""
    own = _with_own(needed, position)[arrays.column]
    alone = own == 0
    count = np.bincount(arrays.index, alone, arrays.row_count)
    low = np.full(arrays.row_count, -1, np.int64)
    np.bitwise_and.at(low, arrays.index[~alone], own[~alone])
    rows = (count == 1) & (low > 0) & np.isfinite(arrays.row_upper) & np.isneginf(arrays.row_lower)
    total = ~arrays.integer & (arrays.lower >= 0.0) & (part < 0)
    entries = np.flatnonzero(alone & rows[arrays.index] & total[arrays.column])
    return [(int(arrays.index[entry]), int(entry)) for entry in entries]


def _most_total(arrays: ProgramArrays, total: int) -> float:
    """Most that a column can be which an equation makes the total of others, by any one row over all of them."""
    best = np.inf
    start, columns, values = arrays.by_rows
    entries = slice(arrays.start[total], arrays.start[total + 1])
    for row, own in zip(arrays.index[entries].tolist(), arrays.value[entries].tolist(), strict=True):
        part = slice(start[row], start[row + 1])
        others = columns[part] != total
        names, parts = columns[part][others], -values[part][others] / own
        if arrays.row_lower[row] != 0.0 or arrays.row_upper[row] != 0.0 or not len(names):
            continue
        if (parts <= 0.0).any() or (arrays.lower[names] < 0.0).any():
            continue
        best = min(best, _by_one_row(arrays, names, parts))
    return best


def _by_one_row(arrays: ProgramArrays, names: Integers, parts: Floats) -> float:
    """Most of a sum of columns, each from zero up, that one other row allows: one with as much of each, and more of none below zero."""
    weight = np.zeros(arrays.column_count)
    weight[names] = parts
    bad = (arrays.value < 0.0) | (arrays.lower[arrays.column] < 0.0)
    covers = np.bincount(arrays.index, weight[arrays.column] > 0.0, arrays.row_count) == len(names)
    covers &= (np.bincount(arrays.index, bad, arrays.row_count) == 0) & np.isfinite(arrays.row_upper)
    covers &= arrays.row_upper >= 0.0
    inside = covers[arrays.index] & (weight[arrays.column] > 0.0)
    ratio = np.zeros(arrays.row_count)
    np.maximum.at(ratio, arrays.index[inside], weight[arrays.column[inside]] / arrays.value[inside])
    sides = np.nextafter(ratio[covers] * (1.0 + 2.0**-50), np.inf) * arrays.row_upper[covers]
    return float(sides.min(initial=np.inf))


def _with_own(needed: Masks, position: Integers) -> Masks:
    """What each column needs, a vendor's own column that vendor."""
    own = needed.copy()
    at = np.flatnonzero(position >= 0)
    own[at] |= np.int64(1) << position[at].astype(np.int64)
    return own


def _accounts(arrays: ProgramArrays, owner: Integers, needed: Masks, position: Integers) -> Integers:
    """The vendor whose absence empties each row between parts; of several the first, -1 where none does, shape (m,)."""
    low = np.full(arrays.row_count, -1, np.int64)
    np.bitwise_and.at(low, arrays.index, _with_own(needed, position)[arrays.column])
    counted = np.bincount(arrays.index, minlength=arrays.row_count) > 0
    empty = counted & (owner < 0) & (low != 0) & (arrays.row_lower <= 0.0) & (arrays.row_upper >= 0.0)
    return _first_of(np.where(empty, low, 0))


def _first_of(masks: Masks) -> Integers:
    """The first vendor of each mask, -1 where it is empty."""
    lowest = (masks & -masks).astype(np.float64)
    return np.where(masks == 0, -1, np.frexp(lowest)[1] - 1).astype(np.int32)


def _rules(arrays: ProgramArrays, position: Integers) -> Integers:
    """Rows that speak of vendors alone, several of them."""
    other = np.bincount(arrays.index, position[arrays.column] < 0, arrays.row_count)
    return np.flatnonzero((other == 0) & (np.bincount(arrays.index, minlength=arrays.row_count) > 0)).astype(np.int32)


def _without(arrays: ProgramArrays, moved: Booleans) -> ProgramArrays:
    """The program without some of its coefficients."""
    if not moved.any():
        return arrays
    kept = ~moved
    start = np.concatenate([[0], np.cumsum(np.bincount(arrays.column[kept], minlength=arrays.column_count))])
    return replace(
        arrays, matrix=Matrix(frozen(start.astype(np.int32)), frozen(arrays.index[kept]), frozen(arrays.value[kept]))
    )


def _inside(arrays: ProgramArrays, columns: Integers, rows: Integers) -> ProgramArrays:
    """Some columns over some rows, which speak of these columns alone."""
    picked = arrays.picked(columns)
    local = np.full(arrays.row_count, -1, np.int32)
    local[rows] = np.arange(len(rows))
    kept = local[picked.index] >= 0
    start = np.concatenate([[0], np.cumsum(np.bincount(picked.column[kept], minlength=len(columns)))])
    return replace(
        picked,
        offset=0.0,
        row_lower=frozen(arrays.row_lower[rows]),
        row_upper=frozen(arrays.row_upper[rows]),
        matrix=Matrix(frozen(start.astype(np.int32)), frozen(local[picked.index[kept]]), frozen(picked.value[kept])),
    )
