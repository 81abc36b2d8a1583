"""Limits that give way: an amount moved by the least step that reads well and gives the case a plan."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from allocate.explaining.conflicts.amounts import in_unit, number_of, shown, unit_of, with_number
from allocate.tolerances import PROVEN

DOWN, UP = -1, 1
DIGITS = 3
"""Digits of a change that are told: the least change of so few digits that gives a plan."""
DOUBLED, FURTHEST = 8, 10**6
"""First steps that double a change, before four times as much is tried; and how many times the first change is tried at most."""


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
    noun: str = ""
    """What a number without a unit counts."""

    def shown(self, text: str) -> str:
        """The amount, or another, as a sentence has it."""
        if not self.noun or unit_of(text):
            return shown(text)
        number = number_of(text)
        return in_unit(f"{number.normalize():,f}", self.noun, number == 1)


@dataclass(frozen=True)
class Change:
    """An amount moved so far that the case has a plan."""

    path: str
    before: str
    """The amount as it was, for a sentence."""
    after: str
    """The amount as `--set` takes it."""
    shown: str
    """The same for a sentence."""
    amount: Decimal
    """By how much, in the unit of the text; days or periods for a date."""
    words: str
    """The difference in words, as in `45,000 USD more`."""
    share: float
    """The change as a share of what was written; of a date, of a quarter."""
    to_nothing: bool
    """Whether nothing is left of the amount."""


def least_change(
    move: Move, works: Callable[[str], bool], guess: float | None = None, share: float = 0.0
) -> Change | None:
    """The least change of an amount with which the case has a plan; None where no change gives one.

    works: whether the case has a plan with the amount written so. What works for a change is taken to work for a larger
    one. The change is found to three digits, and whole where the amount counts people, vendors, weeks or items.
    guess: a change that is likely the least; where it is, or nearly, the search is short. share: what is known not to do,
    as a share of the amount.
    """
    bracket = _about(move, works, guess, share) if guess else _bracket(move, works, Decimal(0), _first(move))
    if bracket is None:
        return None
    bad, good = bracket
    step = _step(move, good)
    low, high = int(bad / step), int((good / step).to_integral_value(ROUND_CEILING))
    while high - low > 1:
        middle = (low + high) // 2
        if works(moved_by(move, middle * step)):
            high = middle
        else:
            low = middle
    end = end_of(move)
    return change_by(move, high * step if end is None else min(high * step, end))


def change_by(move: Move, amount: Decimal) -> Change:
    """An amount moved by so much."""
    after = moved_by(move, amount)
    nothing = move.kind not in ("week", "date") and number_of(after) == 0
    return Change(
        path=move.path,
        before=move.shown(move.text),
        after=after,
        shown=move.shown(after),
        amount=amount,
        words=_words(move, amount),
        share=_share(move, amount),
        to_nothing=nothing,
    )


def rounded_up(move: Move, guess: float) -> Decimal:
    """A change made to read well, no smaller than it was."""
    exact = Decimal(repr(guess)) * (1 - Decimal("1e-9"))
    end, amount = end_of(move), _grid(exact, _step(move, max(exact, smallest_step(move))))
    return amount if end is None else min(amount, end)


def _about(move: Move, works: Callable[[str], bool], guess: float, share: float) -> tuple[Decimal, Decimal] | None:
    """A change that does not do and a larger one that does, near a guess."""
    amount = rounded_up(move, guess)
    if not works(moved_by(move, amount)):
        return _bracket(move, works, amount, 2 * amount)
    below = amount - _step(move, amount)
    if float(below) < share * abs(float(number_of(move.text))) * (1.0 - PROVEN):
        return below, amount
    return (below, amount) if below <= 0 or not works(moved_by(move, below)) else (Decimal(0), below)


def _bracket(move: Move, works: Callable[[str], bool], bad: Decimal, good: Decimal) -> tuple[Decimal, Decimal] | None:
    """A change that does not do and a larger one that does, by larger and larger steps; None where none does."""
    end, most = end_of(move), max(good, _first(move)) * FURTHEST
    for step in itertools.count():
        good = good if end is None else min(good, end)
        if good <= bad:
            return None
        if works(moved_by(move, good)):
            return bad, good
        if good == end or good > most:
            break
        bad, good = good, good * (2 if step < DOUBLED else 4)
    return None


def _first(move: Move) -> Decimal:
    """A first change to try: a hundredth of the amount."""
    step = smallest_step(move)
    return max(step, _grid(abs(_start(move)) / 100, step)) if _start(move) else step


def _step(move: Move, change: Decimal) -> Decimal:
    """The step in which a change of about this size is told."""
    return max(smallest_step(move), Decimal(1).scaleb(change.adjusted() - DIGITS + 1))


def _start(move: Move) -> Decimal:
    return Decimal(0) if move.kind in ("week", "date") else number_of(move.text)


def end_of(move: Move) -> Decimal | None:
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


def smallest_step(move: Move) -> Decimal:
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
    written = number.normalize().as_tuple().exponent
    assert isinstance(written, int)
    return Decimal(1).scaleb(min(number.adjusted() - 3, written)) if number else Decimal(1)


def _grid(amount: Decimal, step: Decimal) -> Decimal:
    return (amount / step).to_integral_value(ROUND_CEILING) * step


def moved_by(move: Move, change: Decimal) -> str:
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
    if move.kind in ("week", "date"):
        unit = "days" if move.kind == "date" else f"{move.text.split()[0]}s"
    else:
        unit = "points" if unit_of(move.text) == "%" else unit_of(move.text) or move.noun
    return f"{in_unit(number, unit, change == 1)} {'less' if move.sense == DOWN else 'more'}"


def _share(move: Move, change: Decimal) -> float:
    before = (
        Decimal(91)
        if move.kind == "date"
        else abs(number_of(move.text.split()[-1] if move.kind == "week" else move.text))
    )
    return float(change / before) if before else float("inf")
