"""What the columns and rows of a program stand for, as hints to methods that make use of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from allocate.program.arrays import Integers, frozen
from allocate.program.naming import Block


@dataclass(frozen=True, eq=False)
class Side:
    """The families of all columns, or of all rows; users' variables and rules come last and belong to none."""

    blocks: Mapping[str, Block]
    count: int

    @property
    def axes(self) -> tuple[str, ...]:
        """Names of all axes the families have, in the order they first appear."""
        return tuple(dict.fromkeys(axis for block in self.blocks.values() for axis in block.index))

    @property
    def family(self) -> Integers:
        """Number of each member's family, -1 where it has none, shape (count,)."""
        places = np.full(self.count, -1, np.int32)
        for number, block in enumerate(self.blocks.values()):
            places[block.start : block.stop] = number
        return frozen(places)

    def axis(self, name: str) -> Integers:
        """Position of each member along an axis, -1 where it has none, shape (count,)."""
        places = np.full(self.count, -1, np.int32)
        for block in self.blocks.values():
            if name in block.index:
                places[block.start : block.stop] = block.index[name]
        return frozen(places)


@dataclass(frozen=True, eq=False)
class Structure:
    """Families and axes of a program's columns and rows; a method may use them to be quick, never to be right."""

    columns: Side
    rows: Side


def unknown(columns: int, rows: int) -> Structure:
    """The structure of a program of which nothing is known."""
    return Structure(Side({}, columns), Side({}, rows))
