"""Names for columns and rows in files and messages, made from our own words and numbers only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from allocate.program.arrays import Integers, frozen

LETTERS = {"product": "p", "vendor": "v", "workflow": "w", "period": "t", "route": "r"}
"""The letters of the algebra; every other axis is spelt out."""

_FAMILY = re.compile(r"[a-z]+(_[a-z]+)*")
# Words that mean something in LP files, and the families kept for what users add through PuLP.
_TAKEN = frozenset(
    word
    for line in (
        "st free inf infinity min minimum minimise minimize max maximum maximise maximize bound bounds end gen general",
        "generals int integer integers bin binary binaries semi semis sos obj rule variable constant",
    )
    for word in line.split()
)


@dataclass(frozen=True, eq=False)
class Block:
    """One family of columns or rows: where it lies and what each member stands for."""

    family: str
    """The family's name, in the project's own words."""
    start: int
    """First column (row) of the family."""
    stop: int
    """One past the last."""
    index: Mapping[str, Integers]
    """Axis name to position along it, each of shape (stop - start,); empty when members carry no axes."""

    def __len__(self) -> int:
        return self.stop - self.start

    @cached_property
    def ids(self) -> Integers:
        """Numbers of the members in the program, read-only, shape (stop - start,)."""
        return frozen(np.arange(self.start, self.stop, dtype=np.int32))

    def at(self, **positions: ArrayLike) -> Integers:
        """Numbers in the program of the members at some positions along their axes, arrays of one length or single numbers.

        Axes the members do not have are left out. Raises KeyError where there is no such member.
        """
        asked = np.broadcast_arrays(*(np.atleast_1d(positions[axis]) for axis in self.index))
        key, wanted = np.zeros(len(self), np.int64), np.zeros(asked[0].shape, np.int64)
        for members, places in zip(self.index.values(), asked, strict=True):
            size = 1 + max(int(members.max(initial=0)), int(places.max(initial=0)))
            key, wanted = key * size + members, wanted * size + places
        order = np.argsort(key, kind="stable")
        place = np.searchsorted(key[order], wanted)
        if place.max(initial=-1) >= len(self) or (key[order][place] != wanted).any():
            raise KeyError(f"{self.family} has no member at some of {', '.join(self.index)}")
        return self.ids[order[place]]

    @cached_property
    def _parts(self) -> tuple[str, ...]:
        return tuple(LETTERS.get(axis, axis.replace("_", "")) for axis in self.index)

    @cached_property
    def _numbered(self) -> bool:
        """Whether names need the member's own number because the axes do not tell members apart."""
        if not self.index:
            return len(self) != 1
        # One number per combination of positions; an overflow could at worst number names that need no number.
        key = np.zeros(len(self), np.int64)
        for positions in self.index.values():
            key = key * (int(positions.max(initial=0)) + 1) + positions
        return len(np.unique(key)) != len(self)

    def name(self, position: int) -> str:
        """Name of the member at a position of the block, for instance ``items_p0_v3_w1_t5``."""
        if not 0 <= position < len(self):
            raise IndexError(f"{self.family} has {len(self)} members; there is none at {position}")
        parts = [f"{part}{values[position]}" for part, values in zip(self._parts, self.index.values(), strict=True)]
        if self._numbered:
            parts.append(str(position))
        return "_".join([self.family, *parts])

    def names(self) -> list[str]:
        """Names of all members in order."""
        axes = zip(self._parts, self.index.values(), strict=True)
        parts = [[f"_{part}{n}" for n in values.tolist()] for part, values in axes]
        if self._numbered:
            parts.append([f"_{n}" for n in range(len(self))])
        if not parts:
            return [self.family]
        return [self.family + "".join(pieces) for pieces in zip(*parts, strict=True)]


def block(family: str, index: Mapping[str, ArrayLike] | None, count: int | None, start: int) -> Block:
    """A checked block; its length comes from the index or, without axes, from ``count`` (1 when not given)."""
    if not _FAMILY.fullmatch(family) or len(family) < 2 or family in _TAKEN:
        raise ValueError(f"{family!r} cannot name a family: use lower-case words joined by _, not a word of LP files")
    axes: dict[str, Integers] = {}
    for axis, positions in (index or {}).items():
        if not _FAMILY.fullmatch(axis) or (axis not in LETTERS and axis in LETTERS.values()):
            raise ValueError(f"{family}: {axis!r} cannot name an axis: use lower-case words joined by _")
        array = np.array(positions)
        if array.ndim != 1 or (array.size and not np.issubdtype(array.dtype, np.integer)):
            raise ValueError(f"{family}: axis {axis} must be a one-dimensional array of whole numbers")
        if array.size and (array.min() < 0 or array.max() > 2**31 - 1):
            raise ValueError(f"{family}: axis {axis} has a position below 0 or too large")
        axes[axis] = frozen(array.astype(np.int32))
    lengths = {len(array) for array in axes.values()}
    if count is not None:
        lengths.add(count)
    if len(lengths) > 1:
        raise ValueError(f"{family}: axes and count differ in length: {sorted(lengths)}")
    size = lengths.pop() if lengths else 1
    if size < 0:
        raise ValueError(f"{family}: count is negative")
    return Block(family, start, start + size, axes)
