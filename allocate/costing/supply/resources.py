"""Resources that several vendors share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.costing.readings import read_once
from allocate.costing.supply.throughput import in_periods, noun_of
from allocate.numbers import Floats
from allocate.units import is_in_all


@dataclass(frozen=True, eq=False)
class Shared:
    """The most that some vendors take of something together."""

    name: str
    noun: str
    """What is counted: `h` for hours worked, `EU`, `item` for items of any kind, one item's noun, or a driver's."""
    vendors: tuple[int, ...]
    amounts: Floats
    """By period, shape (T,); for the whole horizon shape (1,)."""
    by_period: bool


@read_once
def shared_resources(case: Case) -> tuple[Shared, ...]:
    """Every resource of a case, in its order."""
    names = list(case.vendors)
    return tuple(
        Shared(
            name, noun_of(one.capacity), tuple(map(names.index, dict.fromkeys(one.vendors or names))),
            np.array([one.capacity.number]) if is_in_all(one.capacity) else in_periods(case, one.capacity),
            not is_in_all(one.capacity),
        )
        for name, one in case.file.resources.items()
    )  # fmt: skip
