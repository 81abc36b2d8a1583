"""Limits that give way: an amount moved by the least step that reads well and gives the case a plan."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from allocate.explain.conflicts.amounts import in_unit, number_of, unit_of, with_number

DOWN, UP = -1, 1
DIGITS = 3
"""Digits of a change that are told: the least change of so few digits that gives a plan."""


@dataclass(frozen=True)
class Move:
    """An amount of a limit that can be moved to let it give way."""

    path: str
    """Where it is written, as `--set` names it."""
    text: str
    """The amount as written."""
    sense: int
    """DOWN or UP: where the limit gives way."""
    kind: str = "amount"
    """amount, count (whole numbers only), week (a period by its number) or date."""
    most: float | None = None
    """Largest change that means something, in the unit of the text; None: no end."""


@dataclass(frozen=True)
class Change:
    """An amount moved so far that the case has a plan."""

    path: str
    before: str
    after: str
    amount: Decimal
    """By how much, in the unit of the text; days or periods for a date."""
    words: str
    """The difference in words, as in `45,000 USD more`."""
    share: float
    """The change as a share of what was written; of a date, of a quarter."""
    to_nothing: bool
    """Whether nothing is left of the amount."""


def least_change(move: Move, works: Callable[[str], bool]) -> Change | None:
    """The least change of an amount with which the case has a plan; None where no change gives one.

    works: whether the case has a plan with the amount written so. What works for a change is taken to work for a larger
    one. The change is found to three digits, and whole where the amount counts people, vendors, weeks or items.
    """
    step, end = _smallest(move), _end(move)
    first = max(step, _grid(abs(_start(move)) / 100, step)) if _start(move) else step
    bad, good = Decimal(0), first
    while True:
        good = good if end is None else min(good, end)
        if good > 0 and works(_text(move, good)):
            break
        if good <= 0 or (end is not None and good >= end) or good > first * 10**9:
            return None
        bad, good = good, good * 2
    step = max(step, Decimal(1).scaleb(good.adjusted() - DIGITS + 1))
    low, high = int(bad / step), int((good / step).to_integral_value(ROUND_CEILING))
    most = None if end is None else end
    while high - low > 1:
        middle = (low + high) // 2
        if works(_text(move, middle * step)):
            high = middle
        else:
            low = middle
    amount = high * step if most is None else min(high * step, most)
    after = _text(move, amount)
    nothing = move.kind not in ("week", "date") and number_of(after) == 0
    return Change(move.path, move.text, after, amount, _words(move, amount), _share(move, amount), nothing)


def _start(move: Move) -> Decimal:
    return Decimal(0) if move.kind in ("week", "date") else number_of(move.text)


def _end(move: Move) -> Decimal | None:
    """The largest change there is: down to nothing, up to all of it, to the horizon's end."""
    ends = [] if move.most is None else [Decimal(str(move.most))]
    if move.kind in ("week", "date"):
        return ends[0]
    if move.sense == DOWN:
        ends.append(number_of(move.text))
    elif unit_of(move.text) == "%":
        ends.append(100 - number_of(move.text))
    elif not unit_of(move.text) and move.kind == "amount" and number_of(move.text) <= 1:
        ends.append(1 - number_of(move.text))
    return min(ends, default=None)


def _smallest(move: Move) -> Decimal:
    """The smallest step that reads well for an amount."""
    if move.kind != "amount":
        return Decimal(1)
    number, unit = number_of(move.text), unit_of(move.text)
    if unit == "%":
        return Decimal("0.01")
    if not unit:
        return Decimal("0.0001")
    if number == number.to_integral_value() and number >= 100:
        return Decimal(1)
    return Decimal(1).scaleb(number.adjusted() - 3) if number else Decimal(1)


def _grid(amount: Decimal, step: Decimal) -> Decimal:
    return (amount / step).to_integral_value(ROUND_CEILING) * step


def _text(move: Move, change: Decimal) -> str:
    """The amount moved by so much, written as the case writes it."""
    if move.kind == "week":
        word, number = move.text.split()
        return f"{word} {int(number) + int(change)}"
    if move.kind == "date":
        return (datetime.date.fromisoformat(move.text) + datetime.timedelta(days=int(change))).isoformat()
    return with_number(move.text, number_of(move.text) + move.sense * change)


def _words(move: Move, change: Decimal) -> str:
    """The change in words: so much more, or less."""
    number = f"{change.normalize():,f}"
    unit = {"week": move.text.split()[0], "date": "day"}.get(move.kind)
    if move.path.startswith("horizon."):
        unit = move.path.removeprefix("horizon.").removesuffix("s")
    if unit is not None:
        return f"{number} more {unit}{'s' if change != 1 else ''}"
    unit = "points" if unit_of(move.text) == "%" else unit_of(move.text)
    return f"{in_unit(number, unit, change == 1)} {'less' if move.sense == DOWN else 'more'}"


def _share(move: Move, change: Decimal) -> float:
    before = (
        Decimal(91)
        if move.kind == "date"
        else abs(number_of(move.text.split()[-1] if move.kind == "week" else move.text))
    )
    return float(change / before) if before else float("inf")
