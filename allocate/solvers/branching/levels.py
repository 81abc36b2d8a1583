"""Levels of whole numbers: choices that open others come before all that follows from them."""

from __future__ import annotations

import numpy as np

from allocate.program.arrays import Integers
from allocate.program.structure import Structure

FIRST = ("used", "starts")
"""Families branched on before all others, in this order: fees of whole vendors weigh most, and what they leave is nearly whole."""


def levels(structure: Structure, ids: Integers) -> Integers:
    """Level of each whole-numbered column, shape (I,), by the families that the structure tells; lower ones come first."""
    names = list(structure.columns.blocks)
    level = np.full(len(names) + 1, len(FIRST), np.int32)  # the last is that of whole numbers without a family
    for number, name in enumerate(FIRST):
        if name in names:
            level[names.index(name)] = number
    found: Integers = level[structure.columns.family[ids]]
    return found
