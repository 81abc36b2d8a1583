"""Billing windows of contracts: which part of each period lies in which month, quarter or horizon."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from fractions import Fraction

from allocate.case.horizon import Periods
from allocate.verification.entries import Number


@dataclass(frozen=True)
class Window:
    """One window: what it is called, and the part of every period that lies in it."""

    label: str
    parts: tuple[Fraction, ...]

    @property
    def first(self) -> int:
        """Position of its first period, whose season holds for all of it."""
        return next(period for period, part in enumerate(self.parts) if part)

    @property
    def last(self) -> int:
        """Position of its last period, in which it is paid."""
        return max(period for period, part in enumerate(self.parts) if part)


def windows(periods: Periods, kind: str) -> tuple[Window, ...]:
    """The windows of a kind in order; a week is shared out by its days, a month of a plan by months by its first day."""
    shares: dict[str, list[Fraction]] = {}
    for period, start in enumerate(periods.starts):
        for day in range(7 if periods.unit == "week" else 1):
            label = _label(periods, period, start + datetime.timedelta(days=day), kind)
            parts = shares.setdefault(label, [Fraction(0)] * periods.count)
            parts[period] += Fraction(1, 7 if periods.unit == "week" else 1)
    return tuple(Window(label, tuple(parts)) for label, parts in shares.items())


def _label(periods: Periods, period: int, day: datetime.date, kind: str) -> str:
    if kind == "horizon":
        return "the horizon"
    if kind == "year":
        first, start = periods.starts[0], periods.starts[period]
        after = start.year - first.year - ((start.month, start.day) < (first.month, first.day))
        return f"year {after + 1}"
    if kind == "month":
        return f"{day.year}-{day.month:02d}"
    if kind == "quarter":
        return f"{day.year}-Q{1 + (day.month - 1) // 3}"
    return periods.label(period)


def part_of(part: Fraction, amount: Number) -> Number:
    """A part of an amount: exact where the amount is."""
    return amount * (float(part) if isinstance(amount, float) else part)


def outer(label: str, among: tuple[Window, ...]) -> Window | None:
    """The window of a kind that one of a smaller kind lies in by its name; None for a period, which is shared out."""
    label = label.partition(" until ")[0].partition(" from ")[0]  # of a part of a window, its own
    year, _, month = label.partition("-")
    quarter = f"{year}-Q{(int(month) + 2) // 3}" if year.isdigit() and month.isdigit() else ""
    names = {window.label: window for window in among}
    return names.get(label) or names.get(quarter) or names.get("the horizon")
