"""Billing windows: the periods, calendar months or quarters, or the whole horizon, over which a contract counts."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from allocate.case.horizon import Periods, nests
from allocate.numbers import Floats


@dataclass(frozen=True, eq=False)
class Windows:
    """Windows of one kind over a horizon."""

    kind: str
    """period, month, quarter, year or horizon."""
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
    """Windows of a kind (period, month, quarter, year, horizon); a week is split over calendar windows by its days.

    Years are counted from the start of the horizon, each of the periods that start in it.

    A month of a plan by months lies whole in the calendar month, and quarter, of its first day, whatever day that is. A
    `week` is a period of a plan by weeks; the case's checks refuse it in others.
    """
    count = periods.count
    if kind in ("period", "week"):
        return Windows("period", tuple(periods.label(position) for position in range(count)), np.eye(count))
    if kind == "horizon":
        return Windows("horizon", ("the horizon",), np.ones((1, count)))
    if kind == "year":
        return _years(periods)
    label = _month if kind == "month" else _quarter
    after = [*periods.starts[1:], periods.end + datetime.timedelta(days=1)]
    days: dict[str, Floats] = {}
    for position, (start, end) in enumerate(zip(periods.starts, after, strict=True)):
        length = (end - start).days if periods.unit == "week" else 1
        for day in range(length):
            name = label(start + datetime.timedelta(days=day))
            days.setdefault(name, np.zeros(count))[position] += 1.0 / length
    return Windows(kind, tuple(days), np.stack(list(days.values())))


def _years(periods: Periods) -> Windows:
    first = periods.starts[0]
    number = np.array(
        [
            (12 * (day.year - first.year) + day.month - first.month - (day.day < first.day)) // 12
            for day in periods.starts
        ]
    )
    count = int(number.max()) + 1
    return Windows(
        "year",
        tuple(f"year {n + 1}" for n in range(count)),
        (number[None, :] == np.arange(count)[:, None]).astype(np.float64),
    )


def _month(day: datetime.date) -> str:
    return f"{day.year}-{day.month:02d}"


def _quarter(day: datetime.date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


UNTIL, FROM = " until ", " from "
"""What stands between the label of a window and the period that a part of it ends with, or begins with."""


def whole_and_part(label: str) -> tuple[str, str, str]:
    """The window that a part of one is of, and the periods it begins and ends with; empty where it does so with the window."""
    (before, _, last), (whole, _, first) = label.partition(UNTIL), label.partition(FROM)
    return (before, "", last) if last else (whole, first, "")


def cut(over: Windows, periods: Periods, ends: Sequence[int]) -> tuple[Windows, tuple[int, ...]]:
    """Windows cut after so many periods, and for each part the number of the cuts before it."""
    labels, rows, numbers = list[str](), list[Floats](), list[int]()
    bounds = [0, *(min(end, periods.count) for end in ends), periods.count]
    for label, weights in zip(over.labels, over.weights, strict=True):
        parts = [(n, np.where((np.arange(periods.count) >= a) & (np.arange(periods.count) < b), weights, 0.0)) for n, (a, b) in enumerate(pairwise(bounds))]  # fmt: skip
        parts = [(number, part) for number, part in parts if part.any()]
        for place, (number, part) in enumerate(parts):
            last = place + 1 == len(parts)
            name = (
                f"{FROM}{periods.label(bounds[number])}" if last else f"{UNTIL}{periods.label(bounds[number + 1] - 1)}"
            )
            labels.append(label + (name if len(parts) > 1 else ""))
            rows.append(part)
            numbers.append(number)
    return Windows(over.kind, tuple(labels), np.stack(rows)), tuple(numbers)


class Shares(dict[str, Floats]):
    """Shares of windows by their labels; a part of a window that is cut lies where the window does."""

    def __missing__(self, label: str) -> Floats:
        whole, _, _ = whole_and_part(label)
        if whole == label:
            raise KeyError(label)
        return self[whole]


def parts_of(periods: Periods, outer: Windows) -> dict[str, Floats]:
    """Share of every window that lies in windows of a kind, by label, shape (W,) each."""
    found = Shares()
    for kind in ("period", "month", "quarter", "horizon"):
        if nests(kind, outer.kind):
            inner = windows(periods, kind)
            shares = outer.weights.T
            if kind != "period":
                around = [_around(label, kind, outer) for label in inner.labels]
                shares = np.array([[float(one == label) for one in outer.labels] for label in around])
            found.update(zip(inner.labels, shares, strict=True))
    return found


def _around(label: str, kind: str, outer: Windows) -> str:
    """Label of the window that another one lies in: not that of most of its weeks, which a cut month may share with the next."""
    if outer.kind == "horizon":
        return outer.labels[0]
    return label if kind == outer.kind else f"{label[:4]}-Q{(int(label[5:]) + 2) // 3}"
