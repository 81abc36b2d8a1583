"""How figures and words are shown, the same on a terminal, a page and in a notebook."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from allocate.errors import readable

NOTHING = "–"
"""What stands in place of a figure that is not there."""


def amount(value: float | None, decimals: int = 2) -> str:
    """A number with thousands separators, without a sign where it reads zero."""
    if value is None or math.isnan(value):
        return NOTHING
    shown = f"{value:,.{decimals}f}"
    return shown if any(digit in shown for digit in "123456789") else shown.removeprefix("-")


def money(value: float | None) -> str:
    """An amount of money to the cent."""
    return amount(value, 2)


def count(value: float | None) -> str:
    """A number of items or hours, whole."""
    return amount(value, 0)


def significant(value: float | None, digits: int = 4) -> str:
    """A number to so many significant digits, thousands separated."""
    if value is None or not math.isfinite(value):
        return NOTHING
    if abs(value) < 1e-9:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(decimals, 10)}f}"


def whole_or_significant(value: float, digits: int = 6) -> str:
    """A number without decimals where it has none, else to so many significant digits."""
    return f"{value:,.0f}" if value == round(value) else significant(value, digits)


def percent(value: float | None, decimals: int = 1) -> str:
    """A share as a percentage."""
    return NOTHING if value is None or math.isnan(value) else f"{value:.{decimals}%}"


def signed(value: float | None, decimals: int = 2) -> str:
    """A change with its sign; without one where it is less than half of its last decimal."""
    if value is None:
        return NOTHING
    return f"{0:.{decimals}f}" if abs(value) < 0.5 * 10.0**-decimals else f"{value:+,.{decimals}f}"


def changes(numbers: Iterable[float], show: Callable[[float], str] = money) -> str:
    """What an objective changes by, in a word and an amount, or from the least to the greatest of several.

    The word carries the sign; whether rising is good is for the objective to say. A change that shows as 0 has no word.
    """
    known = sorted(numbers)
    low, high = _change(known[0], show), _change(known[-1], show)
    if low == high:
        return low
    if known[0] >= 0.0 or known[-1] <= 0.0:
        first, last = sorted((abs(known[0]), abs(known[-1])))
        return f"{'rises' if known[-1] > 0.0 else 'falls'} by {show(first)} to {show(last)}"
    return f"{low} to {high}"


def _change(number: float, show: Callable[[float], str]) -> str:
    shown = show(abs(number))
    return f"{'rises' if number > 0 else 'falls'} by {shown}" if shown.strip("0.,") else shown


def spans(periods: Iterable[int], unit: str, dash: str = "-") -> str:
    """Periods in words: `week 3`, `weeks 1-4, 7`."""
    known, runs = sorted(set(periods)), list[list[int]]()
    for period in known:
        if runs and runs[-1][-1] == period - 1:
            runs[-1].append(period)
        else:
            runs.append([period])
    words = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}{dash}{run[-1]}" for run in runs)
    return f"{unit}{'s' if len(known) > 1 else ''} {words}" if runs else ""


def text(value: object) -> str:
    """A name, made safe for a terminal."""
    return readable(str(value))


def long_text(value: object) -> str:
    """A sentence, whole, made safe for a terminal."""
    return readable(str(value), 20_000)


@dataclass(frozen=True)
class Format:
    """How the values of a column are shown."""

    show: Callable[..., str]
    digits: int | None = None
    """Digits or decimals, where they are not those the function takes by itself."""
    right: bool = True
    """Whether values stand at the right, as figures do."""

    def __call__(self, value: Any) -> str:
        """A value as text."""
        return self.show(value) if self.digits is None else self.show(value, self.digits)


TEXT, LONG_TEXT = Format(text, right=False), Format(long_text, right=False)
FIGURES = Format(text)
"""Figures in a text, as `86.1 → 91.7`."""
WHOLE = Format(text)
"""A number that names something, as of a period: without separators."""
MONEY, COUNT, TENTHS, THOUSANDTHS = (Format(amount, decimals) for decimals in (2, 0, 1, 3))
SHARE, WHOLE_SHARE, FINE_SHARE, PERCENT = (Format(percent, decimals) for decimals in (2, 0, 3, 1))
FIGURE, FIGURE_6 = Format(significant, 4), Format(significant, 6)
DAY = Format(lambda day: f"{day:%Y-%m-%d}", right=False)
SIGNED, SIGNED_COUNT = Format(signed, 2), Format(signed, 0)
CHANGE = Format(lambda value: changes([value]))
