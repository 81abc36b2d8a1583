"""Bounds by branching on choices that open columns, from prices alone: anybody can look again, node by node."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from allocate.certificate.branched import TreeError
from allocate.certificate.facility_location.facilities import Facilities, facilities_of
from allocate.certificate.facility_location.lagrangian_relaxation import Box, Relaxation
from allocate.program.arrays import Floats, ProgramArrays, frozen, maximised


@dataclass(frozen=True)
class Priced:
    """A branch-and-bound node, a box of facility-opening binaries: prices of the rows that tie facilities together, and the choice it is cut at."""

    duals: tuple[float, ...]
    """Of the rows the proof names."""
    column: int | None = None
    """Number of the choice's column in the program; None where the box is not cut."""


@dataclass(frozen=True)
class Opened:
    """A proof by branching on choices of a program, where every column but a few hangs on one of them."""

    target: float
    """Plans no better than this, in the program's own sense, may be left out on the way."""
    rows: tuple[int, ...]
    """Numbers in the program of the rows that have prices."""
    boxes: tuple[Priced, ...] = field(repr=False)
    """In the order of a walk that goes to the side first where the choice is taken."""

    by = "choice"

    @property
    def leaves(self) -> int:
        """Boxes that are not cut."""
        return sum(one.column is None for one in self.boxes)

    @property
    def nodes(self) -> int:
        """Boxes, cut or not."""
        return len(self.boxes)

    @property
    def duals(self) -> int:
        """Prices written down."""
        return len(self.rows) * len(self.boxes)


def opened_bound(arrays: ProgramArrays, proof: Opened, hidden: float = 0.0) -> float:
    """A figure no plan of the program is better than, from any prices in any boxes that cover all choices.

    hidden: how much better than its pieces say a plan may be, by which the target is moved. Raises TreeError.

    At a box's prices a plan gains at most Lagrange's bound (`Relaxation`); choices that lose more of it than lies between
    it and the target are taken out of the box, the rest is cut in two. No plan gains more than the target, or than the
    bound of the box that is not cut and has the greatest. Every bound is raised by the most that rounding can have hidden.
    """
    program, sign = maximised(arrays), 1.0 if arrays.maximise else -1.0
    facilities = facilities_of(program)
    if facilities is None:
        raise TreeError(None, "the program's whole numbers are no choices that open columns")
    target = sign * proof.target + hidden
    found, waiting = target, [_all(program, facilities)]
    relaxation, of_facility = (
        Relaxation(program, facilities),
        {int(column): n for n, column in enumerate(facilities.ids.tolist())},
    )
    for one in proof.boxes:
        if not waiting:
            raise TreeError(None, "there are more boxes than the choices that were cut leave")
        box = waiting.pop()
        if one.column is not None and one.column not in of_facility:
            raise TreeError(None, f"a box is cut at column {one.column}, no choice of the program")
        if (box.on & ~box.able).any():
            if one.column is not None:
                waiting += [box, box]
            continue
        prices = relaxation.allowed(sign * _prices(program, facilities, proof.rows, one.duals))
        look = relaxation.look(prices, box)
        bound = look.bound + relaxation.rounding(prices)
        if one.column is None:
            found = max(found, bound)
            continue
        narrowed = relaxation.narrowed(box, (look.gains, look.spare, bound), target)
        facility = of_facility[one.column]
        waiting += [narrowed.with_facility(facility, False), narrowed.with_facility(facility, True)]
    if waiting:
        raise TreeError(None, "boxes are cut whose sides are not looked at")
    return sign * float(found)


def _all(program: ProgramArrays, facilities: Facilities) -> Box:
    return Box(program.lower[facilities.ids] > 0.5, program.upper[facilities.ids] > 0.5)


def _prices(program: ProgramArrays, facilities: Facilities, rows: Sequence[int], duals: Sequence[float]) -> Floats:
    """Prices of the linking rows, from those of the rows a proof names; of others they prove nothing and count as none."""
    numbers, values = np.array(rows, np.int64), np.array(duals, np.float64)
    if len(numbers) != len(values) or ((numbers < 0) | (numbers >= program.row_count)).any():
        raise TreeError(None, "a box has prices of rows that the program does not have, or not one for each")
    found = np.zeros(program.row_count)
    found[numbers] = np.where(np.isfinite(values), values, 0.0)
    return frozen(found[facilities.linking])
