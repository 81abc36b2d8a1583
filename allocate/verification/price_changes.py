"""Bonus and price reductions of single lines: money for what is billed, or a share of what is asked for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from allocate.exact import element
from allocate.units import Quantity, kind_of
from allocate.verification.entries import Number, Owed, together
from allocate.verification.exchange import worth
from allocate.verification.volume_owed import of_window
from allocate.verification.work_content.item import Item

if TYPE_CHECKING:
    from allocate.verification.work import Work

Chosen = Callable[["Work", Item], Quantity | None]
"""The change of price that holds for a route."""


def by_line(work: Work, chosen: Chosen) -> list[Number]:
    """The change of each line that does not wait for the volume of a window, in the period of its work."""
    lines: list[Number] = []
    for item, period, items in work.lines:
        change = chosen(work, item)
        if change is None or (item.by_volume and kind_of(change) == "fraction"):
            lines.append(0.0)
        elif kind_of(change) == "fraction":
            lines.append(items * (change.number * work.stated.price(item, period)))
        else:
            lines.append(items * (worth(work.case, change, period) * item.billable))
    return lines


def shares_of(work: Work, chosen: Chosen) -> list[float]:
    """The change of each line that is a share of prices by volume; 0 for all others."""
    shares = []
    for item in work.made:
        change = chosen(work, item)
        by_share = change is not None and item.by_volume and kind_of(change) == "fraction"
        shares.append(change.number if by_share and change is not None else 0.0)
    return shares


def changes_owed(work: Work, clause: str, chosen: Chosen) -> Owed:
    """Every change of price of single lines; of prices by volume what is a share of them, with each window."""
    lines, of_volume = by_line(work, chosen), shares_of(work, chosen)
    entries = together(work, clause, lines)
    for billed in work.by_volume:
        used = dict(zip(billed.lines, (amount * billed.factor for amount in billed.billing.used), strict=True))
        for line, amount in used.items():
            lines[line] = amount * of_volume[line] + lines[line]
        for share in np.unique([of_volume[line] for line in used if of_volume[line]]).tolist():
            money = sum((element(amount) for line, amount in used.items() if of_volume[line] == share), 0.0)
            if money * share:
                entries.append(
                    of_window(work, billed, clause, billed.schedule.words, (money, work.case.currency, share))
                )
    return Owed(entries, lines)
