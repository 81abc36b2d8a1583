"""Figures and names as a report has them: thousands separated, money in its currency, names that cannot do harm."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from allocate.errors import readable

if TYPE_CHECKING:
    from allocate.explaining.re_solve import Worth

LABEL = 60
"""Characters of a name that stand in a table; longer ones say how long they are."""


def money(value: float) -> str:
    """An amount of money to the cent."""
    return "–" if math.isnan(value) else f"{0.0 if abs(value) < 0.005 else value:,.2f}"


def rounded(value: float) -> str:
    """Money in a sentence: to the cent where it is small, else whole."""
    return money(value) if abs(value) < 100_000 else f"{value:,.0f}"


def count(value: float) -> str:
    """A number of items or hours, whole."""
    return "–" if math.isnan(value) else f"{value:,.0f}"


def significant(value: float, digits: int = 4) -> str:
    """A number to so many significant digits."""
    if not math.isfinite(value):
        return "–"
    if abs(value) < 1e-9:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{min(decimals, 10)}f}"


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


def worth(change: Worth | None, objective: str) -> str:
    """What a change of the case does to its objective, in a word and an amount, or why there is no figure."""
    if change is None:
        return "–"
    if change.gain is None:
        return {"impossible": "no plan", "endless": "nothing else limits it"}.get(change.state, "not known")
    figure = changes([-change.gain if objective == "cost" else change.gain])
    if change.state == "exact":
        return figure
    return f"{figure} or more" if change.gain >= 0.005 else f"{figure} at worst"


def percent(value: float, decimals: int = 1) -> str:
    """A share as a percentage."""
    return "–" if math.isnan(value) else f"{value:.{decimals}%}"


def gap(value: float) -> str:
    """A relative distance from the best, never shown as nothing where it is something."""
    if value < 1e-9:
        return "0%"
    return "below 0.001%" if value < 1e-5 else f"{value:.3%}"


def named(names: Iterable[str], limit: int = LABEL) -> Mapping[str, str]:
    """Names made safe to show, no two alike: control and direction marks as escapes, long ones cut and counted."""
    shown: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        text = base = readable(name, limit)
        number = 2
        while text in taken:
            text, number = f"{base} ({number})", number + 1
        taken.add(text)
        shown[name] = text
    return shown


def listed(words: Sequence[str], most: int = 4) -> str:
    """Words in a sentence, `a, b and c`; of many the first, and how many more there are."""
    if len(words) > most:
        return f"{', '.join(words[: most - 1])} and {len(words) - most + 1:,} more"
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 vendor`, `3 vendors`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def amount_of(number: float, unit: str) -> str:
    """An amount with its unit, in the plural of words unless it is one: `1 point`, `500 images`, `20 h`."""
    shown = f"{number:,.0f}" if number >= 1000 or number == int(number) else significant(number, 3)
    if number == 1:
        return f"{shown} {unit.removesuffix('s')}"
    return f"{shown} {unit if len(unit) < 3 or unit.endswith('s') or not unit.islower() else unit + 's'}"


def sentence(words: str) -> str:
    """Words that begin with a capital and end with a full stop."""
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "?", "!")) else ".")


def spans(periods: Sequence[int], unit: str) -> str:
    """Periods in words: `week 3`, `weeks 1–4, 7`."""
    runs: list[list[int]] = []
    for period in sorted(set(periods)):
        if runs and runs[-1][-1] == period - 1:
            runs[-1].append(period)
        else:
            runs.append([period])
    words = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
    return f"{unit}{'s' if len(set(periods)) > 1 else ''} {words}" if runs else ""
