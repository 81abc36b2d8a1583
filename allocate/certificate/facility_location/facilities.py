"""Facilities, as in facility location: yes-or-no choices that open columns, found in the arrays of a program."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from allocate.certificate.bound_propagation import boxes
from allocate.program.arrays import Booleans, Floats, Integers, ProgramArrays
from allocate.tolerances import CAPACITY_ENOUGH


@dataclass(frozen=True, eq=False)
class Facilities:
    r"""Choices y of 0 or 1, each opening columns x of its own; whatever else rows say ties them together.

    .. math:: \sum_{i \in K} a_i x_i \le u_K \, y_h \quad \forall \text{ kinds } K \text{ of facility } h, \qquad
        \sum_{i \in h} q_i x_i \le Q_h \, y_h
    """

    ids: Integers
    """Numbers of the choices' columns, shape (H,)."""
    members: Integers
    """Numbers of the columns they open, facility by facility and kind by kind, shape (n,)."""
    closing: Integers
    """A row for each member that keeps it at zero while its facility is closed, shape (n,)."""
    factor: Floats
    """The member's coefficient in that row, shape (n,)."""
    first: Integers
    """Where each kind begins among the members, shape (k,): columns of a kind enter all rows of their facility alike."""
    facility: Integers
    """Facility of each kind, ascending, shape (k,)."""
    most: Floats
    """How much all columns of a kind together can be while their facility is open, shape (k,)."""
    use: Floats
    """What one unit of a kind takes of its facility's room, shape (k,)."""
    room: Floats
    """Of each facility, infinite where nothing limits it, shape (H,)."""
    needed: float
    """Least that all facilities together must take of their rooms; 0 where nothing is known."""
    linking: Integers
    """Numbers of the rows that tie facilities together, shape (r,)."""
    free: Integers
    """Numbers of the columns that no facility opens, shape (f,)."""
    low: Floats
    """How far these can go in any plan, as far as rows and bounds say, shape (f,)."""
    high: Floats

    @property
    def count(self) -> int:
        """Number of facilities."""
        return len(self.ids)

    def only(self, able: Booleans) -> Facilities:
        """The same facilities without the columns of those that stay closed."""
        kept = able[self.facility]
        lengths = np.diff(self.first, append=len(self.members))
        members = np.repeat(kept, lengths)
        first = np.cumsum(lengths[kept]) - lengths[kept]
        return replace(
            self,
            members=self.members[members],
            closing=self.closing[members],
            factor=self.factor[members],
            first=first.astype(np.int32),
            facility=self.facility[kept],
            most=self.most[kept],
            use=self.use[kept],
        )

    def least_open(self, on: Booleans, able: Booleans) -> int:
        """Fewest open facilities with room for what is needed: those that are on, then of those able the roomiest.

        One more than there are facilities where all of them have not enough.
        """
        short = self.needed * (1.0 - CAPACITY_ENOUGH) - float(self.room[on].sum())
        if short <= 0.0:
            return int(on.sum())
        more = np.cumsum(np.sort(self.room[able & ~on])[::-1])
        enough = int(np.searchsorted(more, short))
        return int(on.sum()) + enough + 1 if enough < len(more) else self.count + 1


def facilities_of(arrays: ProgramArrays) -> Facilities | None:
    """The facilities of a program; None where some whole number is no choice of 0 or 1 that opens columns."""
    ids = np.flatnonzero(arrays.integer).astype(np.int32)
    if not len(ids) or (arrays.lower[ids] < 0.0).any() or (arrays.upper[ids] > 1.0).any():
        return None
    opening = _Opening(arrays, ids)
    members = np.flatnonzero(opening.facility >= 0).astype(np.int32)
    if len(np.unique(opening.facility[members])) < len(ids):
        return None
    return opening.facilities(members)


class _Opening:
    """Rows that keep columns at zero while a choice is not taken, and what they say of each column."""

    def __init__(self, arrays: ProgramArrays, ids: Integers) -> None:
        self.arrays, self.ids = arrays, ids
        position = np.full(arrays.column_count, -1, np.int32)
        position[ids] = np.arange(len(ids))
        self.row_facility = self._rows(position)
        mine = (self.row_facility[arrays.index] >= 0) & ~arrays.integer[arrays.column]
        self.entry = np.flatnonzero(mine).astype(np.int32)
        self.facility = self._columns()
        # A row that speaks of another facility's column opens nothing.
        wrong = self.facility[arrays.column[self.entry]] != self.row_facility[arrays.index[self.entry]]
        self.row_facility[np.unique(arrays.index[self.entry[wrong]])] = -1
        self.entry = self.entry[self.row_facility[arrays.index[self.entry]] >= 0]
        left = np.unique(arrays.column[self.entry])
        self.facility[np.setdiff1d(np.flatnonzero(self.facility >= 0), left)] = -1
        self.size = np.bincount(arrays.index[self.entry], minlength=arrays.row_count)
        self.limit = np.zeros(arrays.row_count)
        whole = np.flatnonzero(arrays.integer[arrays.column] & (self.row_facility[arrays.index] >= 0))
        self.limit[arrays.index[whole]] = -arrays.value[whole]

    def _rows(self, position: Integers) -> Integers:
        """Facility of each row that reads: columns of its own, each from zero up, are at most so much of one choice; else -1."""
        arrays = self.arrays
        index, column, value = arrays.index, arrays.column, arrays.value
        whole = arrays.integer[column]
        count = np.bincount(index, weights=whole, minlength=arrays.row_count)
        strange = np.where(whole, value >= 0.0, (value <= 0.0) | (arrays.lower[column] != 0.0))
        good = (count == 1) & (np.bincount(index, weights=strange, minlength=arrays.row_count) == 0)
        good &= (arrays.row_upper == 0.0) & np.isneginf(arrays.row_lower)
        good &= np.bincount(index, minlength=arrays.row_count) > 1
        found = np.full(arrays.row_count, -1, np.int32)
        mine = np.flatnonzero(whole & good[index])
        found[index[mine]] = position[column[mine]]
        return found

    def _columns(self) -> Integers:
        """The one facility that all opening rows of a column speak of, else -1."""
        arrays, entry = self.arrays, self.entry
        low, high = np.full(arrays.column_count, len(self.ids), np.int32), np.full(arrays.column_count, -1, np.int32)
        np.minimum.at(low, arrays.column[entry], self.row_facility[arrays.index[entry]])
        np.maximum.at(high, arrays.column[entry], self.row_facility[arrays.index[entry]])
        return np.where(low == high, high, -1).astype(np.int32)

    def facilities(self, members: Integers) -> Facilities:
        """Rooms, kinds and what ties facilities together."""
        arrays, count = self.arrays, len(self.ids)
        roomy = self._rooms()
        room, use = np.full(count, np.inf), np.zeros(arrays.column_count)
        there = roomy[roomy >= 0]
        room[self.row_facility[there]] = self.limit[there]
        rows, columns, value = arrays.index[self.entry], arrays.column[self.entry], arrays.value[self.entry]
        of_room = np.isin(rows, there)
        use[columns[of_room]] = value[of_room]
        most, group, grouping = self._groups(rows[~of_room], columns[~of_room], value[~of_room], use)
        own = np.where(use > 0.0, room[self.facility] / np.where(use > 0.0, use, 1.0), np.inf)
        most = np.minimum(np.minimum(most, own), arrays.upper)
        group = np.where(group >= 0, group, arrays.row_count + np.arange(arrays.column_count))
        order = members[np.lexsort((members, group[members], self.facility[members]))]
        first = np.flatnonzero(np.diff(group[order], prepend=-1)).astype(np.int32)
        held = np.zeros(arrays.row_count, dtype=bool)
        held[there] = held[grouping] = True
        held[(self.row_facility >= 0) & (self.size == 1)] = True
        held |= self._said_by_rooms(use, room)
        inside = np.zeros(arrays.column_count, dtype=bool)
        inside[members] = inside[self.ids] = True
        needed = self._needed(use) if np.isfinite(room).all() else 0.0
        closing, factor = np.zeros(arrays.column_count, np.int32), np.zeros(arrays.column_count)
        closing[columns], factor[columns] = rows, value
        free = np.flatnonzero(~inside).astype(np.int32)
        low, high = self._ends(free)
        return Facilities(
            ids=self.ids,
            members=order,
            closing=closing[order],
            factor=factor[order],
            first=first,
            facility=self.facility[order[first]],
            most=most[order[first]],
            use=use[order[first]],
            room=room,
            needed=needed,
            linking=np.flatnonzero(~held).astype(np.int32),
            free=free,
            low=low,
            high=high,
        )

    def _ends(self, free: Integers) -> tuple[Floats, Floats]:
        """How far columns can go, by their bounds or, where these have no end, by what rows say."""
        low, high = self.arrays.lower[free], self.arrays.upper[free]
        if np.isinf(low).any() or np.isinf(high).any():
            low, high = (side[free] for side in boxes(self.arrays))
        return low, high

    def _said_by_rooms(self, use: Floats, room: Floats) -> Booleans:
        """Rows that ask nothing of a facility which its room does not ask: columns of one facility, each with no more of the side."""
        arrays = self.arrays
        facility = self.facility[arrays.column]
        side = np.where(np.isfinite(arrays.row_upper), arrays.row_upper, -1.0)[arrays.index]
        with np.errstate(invalid="ignore"):
            allowed = np.where(facility >= 0, use[arrays.column] * side / room[facility], -1.0)
        # A rounding of the quotient may take a row that is just implied for one that is not, which costs a price.
        wrong = (facility < 0) | (side <= 0.0) | ~(arrays.value <= allowed)
        low, high = np.full(arrays.row_count, len(self.ids), np.int32), np.full(arrays.row_count, -1, np.int32)
        np.minimum.at(low, arrays.index, facility)
        np.maximum.at(high, arrays.index, facility)
        said: Booleans = (np.bincount(arrays.index, weights=wrong, minlength=arrays.row_count) == 0) & (low == high)
        return said & np.isneginf(arrays.row_lower)

    def _rooms(self) -> Integers:
        """The row of each facility that limits most of its columns together, -1 where none limits more than one."""
        found = np.full(len(self.ids), -1, np.int32)
        rows = np.flatnonzero((self.row_facility >= 0) & (self.size > 1))
        order = rows[np.lexsort((-rows, self.size[rows], self.row_facility[rows]))]
        found[self.row_facility[order]] = order
        return found

    def _groups(
        self, rows: Integers, columns: Integers, value: Floats, use: Floats
    ) -> tuple[Floats, Integers, Integers]:
        """How far each column can go by these rows, the row whose columns are of its kind (-1: none), and those rows.

        Columns of a row are of a kind when they enter it and their facility's room alike, and no other row limits them.
        """
        arrays = self.arrays
        most = np.full(arrays.column_count, np.inf)
        np.minimum.at(most, columns, self.limit[rows] / value)
        group = np.full(arrays.column_count, -1, np.int32)
        several = np.bincount(columns, minlength=arrays.column_count) != 1
        unlike = several[columns] | np.isfinite(arrays.upper[columns])
        for figure in (value, use[columns]):
            low, high = np.full(arrays.row_count, np.inf), np.full(arrays.row_count, -np.inf)
            np.minimum.at(low, rows, figure)
            np.maximum.at(high, rows, figure)
            unlike |= (low != high)[rows]
        alike = np.bincount(rows, weights=unlike, minlength=arrays.row_count) == 0
        chosen = alike[rows]
        group[columns[chosen]] = rows[chosen]
        return most, group, np.unique(rows[chosen]).astype(np.int32)

    def _needed(self, use: Floats) -> float:
        """Least that rows which ask for something take of all rooms together: each column counted in one row only."""
        arrays = self.arrays
        asking = (arrays.row_lower > 0.0) & np.isfinite(arrays.row_lower)
        at = np.flatnonzero(asking[arrays.index])
        row, column, value = arrays.index[at], arrays.column[at], arrays.value[at]
        bad = (value > 0.0) & (use[column] <= 0.0)
        usable = asking & (np.bincount(row, weights=bad, minlength=arrays.row_count) == 0)
        least = np.full(arrays.row_count, np.inf)
        helps = (value > 0.0) & usable[row]
        np.minimum.at(least, row[helps], use[column[helps]] / value[helps])
        # What takes away from a row from zero up only makes it ask for more.
        takes = (value < 0.0) & (arrays.lower[column] < 0.0)
        usable &= np.isfinite(least) & (np.bincount(row, weights=takes, minlength=arrays.row_count) == 0)
        worth = np.where(usable, arrays.row_lower, 0.0) * np.where(usable, least, 0.0)
        start, columns, values = arrays.by_rows
        counted, total = np.zeros(arrays.column_count, dtype=bool), 0.0
        for one in np.argsort(-worth, kind="stable")[: int(usable.sum())].tolist():
            part = slice(start[one], start[one + 1])
            mine = columns[part][values[part] > 0.0]
            if not counted[mine].any():
                counted[mine] = True
                total += float(worth[one])
        return total
