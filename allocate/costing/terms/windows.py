"""Billing windows: the periods, calendar months or quarters, or the whole horizon, over which a contract counts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.horizon import Periods, nests

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows of one kind over a horizon."""

    kind: str
    """period, month, quarter or horizon."""
    labels: tuple[str, ...]
    weights: Floats
    """Share of each period's work that falls into each window, shape (W, T); columns add up to 1."""

    @property
    def first(self) -> NDArray[np.intp]:
        """Position of the first period of each window, shape (W,): its prices hold for the window."""
        first: NDArray[np.intp] = np.argmax(self.weights > 0, axis=1)
        return first

    @property
    def last(self) -> NDArray[np.intp]:
        """Position of the last period of each window, shape (W,): the window is paid then."""
        last: NDArray[np.intp] = self.weights.shape[1] - 1 - np.argmax(self.weights[:, ::-1] > 0, axis=1)
        return last


def windows(periods: Periods, kind: str) -> Windows:
    """Windows of a kind (period, month, quarter, horizon); a week is split over calendar windows by its days.

    A month of a plan by months lies whole in the calendar month, and quarter, of its first day, whatever day that is. A
    `week` is a period of a plan by weeks; the case's checks refuse it in others.
    """
    count = periods.count
    if kind in ("period", "week"):
        return Windows("period", tuple(periods.label(position) for position in range(count)), np.eye(count))
    if kind == "horizon":
        return Windows("horizon", ("the horizon",), np.ones((1, count)))
    label = _month if kind == "month" else _quarter
    after = [*periods.starts[1:], periods.end + datetime.timedelta(days=1)]
    days: dict[str, Floats] = {}
    for position, (start, end) in enumerate(zip(periods.starts, after, strict=True)):
        length = (end - start).days if periods.unit == "week" else 1
        for day in range(length):
            name = label(start + datetime.timedelta(days=day))
            days.setdefault(name, np.zeros(count))[position] += 1.0 / length
    return Windows(kind, tuple(days), np.stack(list(days.values())))


def _month(day: datetime.date) -> str:
    return f"{day.year}-{day.month:02d}"


def _quarter(day: datetime.date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def parts_of(periods: Periods, outer: Windows) -> dict[str, Floats]:
    """Share of every window that lies in windows of a kind, by label, shape (W,) each."""
    found: dict[str, Floats] = {}
    for kind in ("period", "month", "quarter", "horizon"):
        if nests(kind, outer.kind):
            inner = windows(periods, kind)
            shares = outer.weights @ (inner.weights / inner.weights.sum(axis=1, keepdims=True)).T
            whole = shares if kind == "period" else np.round(shares)
            found.update(zip(inner.labels, whole.T, strict=True))
    return found
