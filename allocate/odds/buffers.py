"""Which vendor a hedge gives a buffer: what each is planned to do, and what of its capacity is left over."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from allocate.numbers import Floats
from allocate.program.build import Built
from allocate.tables.frames import table_of
from allocate.tolerances import IDLE_NOISE

if TYPE_CHECKING:
    from allocate.odds.hedged_plan import Hedged


@dataclass(frozen=True)
class Buffer:
    """What a vendor is planned to do without and with the hedge."""

    vendor: str
    items: tuple[float, float]
    spend: tuple[float, float]
    room: tuple[float | None, float | None]
    """Part of its capacity at P50 left over; None where it has none that is limited."""


def buffers(found: Hedged) -> tuple[Buffer, ...]:
    """Every vendor that the hedge gives more or less to do, those with the greatest change of spend first."""
    tables = [table_of(one.plan, "vendors") for one in (found.without, found.with_it)]
    rows = []
    for place, name in enumerate(found.case.vendors):
        items = (float(tables[0]["items"][place]), float(tables[1]["items"][place]))
        spend = (float(tables[0]["spend"][place]), float(tables[1]["spend"][place]))
        if max(items) > 0 and (abs(items[1] - items[0]) > 0.5 or abs(spend[1] - spend[0]) > 0.005):
            room = (found.without.room.get(place), found.with_it.room.get(place))
            rows.append(Buffer(name, items, spend, room))
    return tuple(sorted(rows, key=lambda one: -abs(one.spend[1] - one.spend[0])))


def room_left(built: Built, values: Floats) -> dict[int, float]:
    """Part of each vendor's capacity over the horizon that a plan leaves over, at P50, by the vendor's position."""
    arrays, items = built.program.arrays(), built.layout.items
    inside = np.zeros(arrays.column_count, bool)
    inside[items.start : items.stop] = True
    used, others = arrays.activity(np.where(inside, values, 0.0)), arrays.activity(np.where(inside, 0.0, values))
    found: dict[int, float] = {}
    for family in ("vendor_total", "vendor_items", "vendor_hours", "team_hours"):
        block = built.program.rows.get(family)
        for vendor in [] if block is None else np.unique(block.index["vendor"]).tolist():
            assert block is not None
            rows = block.ids[block.index["vendor"] == vendor]
            there = float((arrays.row_upper[rows] - others[rows]).sum())
            if 0.0 < there < math.inf:
                left = 1.0 - float(used[rows].sum()) / there
                found[vendor] = 0.0 if abs(left) < IDLE_NOISE else left
    return found
