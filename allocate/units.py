"""Amounts with units: `12 s/image`, `63 USD/1000 boxes`, `250k USD`, `97%`.

Labour time (s, min, h) and calendar time (day, week, month, year) are two dimensions, so `40 h/week` keeps its meaning.
An amount by the calendar also keeps the time it was written in: what `2k USD/month` comes to in a period is for the
calendar of its horizon to say (`allocate.case.by_time`), not for an average month.
Every currency is a dimension of its own: money of two currencies never mixes without an exchange rate.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from allocate.currencies import CURRENCIES
from allocate.input_limits import AMOUNT, AMOUNT_CHARACTERS
from allocate.miswritten import Correction, diagnosis
from allocate.numerals import two_ways

LABOUR, CALENDAR, MONEY, COUNT, POINT, PERSON = "labour", "calendar", "money", "count", "points", "person"

_BASE = {"h": LABOUR, "week": CALENDAR, "point": POINT, "person": PERSON}
# Base unit, factor to it, the words for it. A month and a year are those of the Gregorian calendar's average: for lengths
# of time (leads, notices) and for rough comparisons. Amounts per month are counted by the months there are.
_DEFINITIONS: tuple[tuple[str | None, Fraction, str], ...] = (
    ("h", Fraction(1), "h hour hours hr hrs"),
    ("h", Fraction(1, 60), "min minute minutes mins"),
    ("h", Fraction(1, 3600), "s sec second seconds secs"),
    ("week", Fraction(1), "week weeks"),
    ("week", Fraction(1, 7), "day days"),
    ("week", Fraction("30.4375") / 7, "month months"),
    ("week", Fraction("91.3125") / 7, "quarter quarters"),
    ("week", Fraction("365.25") / 7, "year years"),
    (None, Fraction(1, 100), "percent %"),
    ("point", Fraction(1), "point points"),
    ("person", Fraction(1), "person people persons"),
)
_CALENDAR = {factor: words.split()[0] for base, factor, words in _DEFINITIONS if base == "week"}
WORKING_DAYS = 5
"""Working days of a week where nothing else is said: what `8 h/day` and `10 items/day` are counted by."""
BUILT_IN_COUNTS = {"item": "items", "label": "labels", "EU": "EUs", "vendor": "vendors", "product": "products"}
OWN_MEANING = frozenset(BUILT_IN_COUNTS) - {"item"}
"""Nouns that count something whatever the item is: equivalent units, labels made, vendors, products. None is an item."""
_SCALES = {"": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}
_NUMBER = re.compile(
    r"\s*(?P<number>[+-]?(?:\d+(?:_\d+)*)?(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?)(?P<scale>bn|k|M)?(?![\w.,])\s*(?P<rest>.*)",
    re.DOTALL,
)
_COUNT = re.compile(r"(\d+(?:_\d+)*)(k|M)?\b\s*")


class UnitError(ValueError):
    """An amount that cannot be read.

    fix: what to do, where nothing can be written in its place. corrections: texts that can be read in its place, the
    likeliest first; where the number has two readings, those of both. unknown: the unit nobody knows.
    """

    def __init__(
        self, message: str, fix: str | None = None, corrections: Sequence[Correction] = (), unknown: str = ""
    ) -> None:
        self._said = message, fix
        self.corrections = tuple(corrections)
        self.unknown = unknown
        text, self.fix = self.told()
        super().__init__(text)

    def in_a_line(self) -> str:
        """What is wrong and what to write, for where one line is all there is."""
        return f"{self}: {self.fix}" if self.fix else str(self)

    def told(self, accepts: Callable[[str], bool] = lambda _: True) -> tuple[str, str | None]:
        """What is wrong, and what to write: those of the corrections that are accepted where the amount stands."""
        message, fix = self._said
        chosen: dict[str, Correction] = {}
        for one in self.corrections:
            if one.mark not in chosen and accepts(one.text):
                chosen[one.mark] = one
        if not chosen:
            return message, fix
        hint = next(iter(chosen.values())).hint
        return f"{message}{hint}", "write " + " or ".join(f"`{one.text}`" for one in chosen.values())


class _UnreadError(UnitError):
    """An amount whose number or unit cannot be read, not yet looked into."""


@dataclass(frozen=True)
class Quantity:
    """A number in base units (h, week, one item, one of the currency), its dimensions, and the text it was read from."""

    number: float
    dimensions: tuple[tuple[str, int], ...] = ()
    text: str = field(default="", compare=False)
    time: str | None = field(default=None, compare=False)
    """The calendar unit it is written in or per: day, week, month, quarter or year; None where it is of no time."""
    in_time: float | None = field(default=None, compare=False)
    """The number with that unit kept: 2000 of `2k USD/month`, 30 of `30 days`."""

    @property
    def each(self) -> float:
        """The number in (or per) the calendar unit it is written in, else in base units."""
        return self.number if self.in_time is None else self.in_time

    def times(self, factor: float) -> Quantity:
        """So many times the amount, whatever time it is for."""
        in_time = None if self.in_time is None else self.in_time * factor
        return replace(self, number=self.number * factor, in_time=in_time)

    @property
    def currency(self) -> str | None:
        """The currency in the numerator, None where the amount is not money."""
        return next((name for name, power in self.dimensions if power == 1 and name in CURRENCIES), None)

    def per(self) -> str | None:
        """The counted noun (or `h`, `week`) in the denominator, None where there is none."""
        return next((name for name, power in self.dimensions if power == -1), None)

    def of(self) -> str | None:
        """The noun in the numerator, None where there is none."""
        return next((name for name, power in self.dimensions if power == 1), None)


def is_in_all(amount: Quantity | None) -> bool:
    """Whether an amount of work is one in all: items or hours, and not so many by time."""
    return amount is not None and kind_of(amount) in ("count", "labour")


@dataclass(frozen=True)
class _Unit:
    """A unit as written: its factor to base units, its dimensions, its calendar unit, and the factor without that one's."""

    factor: Fraction
    dimensions: tuple[tuple[str, int], ...] = ()
    time: str | None = None
    in_time: Fraction = Fraction(1)


class Units:
    """All unit words of one case: time, money, points and the countable nouns of its cost model."""

    def __init__(self, nouns: Mapping[str, str] | None = None) -> None:
        self.currency: str | None = None
        self.nouns = dict(BUILT_IN_COUNTS)
        self.nouns.update(nouns or {})
        self._words: dict[str, tuple[Fraction, str | None]] = {}
        for base, factor, words in _DEFINITIONS:
            self._words.update(dict.fromkeys(words.split(), (factor, base)))
        for singular, plural in self.nouns.items():
            self._words.update({singular: (Fraction(1), singular), plural: (Fraction(1), singular)})
        self._cache: dict[str, _Unit] = {"": _Unit(Fraction(1))}

    def known(self) -> list[str]:
        """Every unit word that can be written, currencies included."""
        return [*self._words, *sorted(CURRENCIES)]

    def plural(self, noun: str | None) -> str:
        """A noun as a message counts it: `images` for `image`."""
        return self.nouns.get(noun or "", noun or "items")

    def of_currency(self, code: str | None) -> Units:
        """The same units in a case of a currency, which is what `$` and `cents` are taken for where they are corrected."""
        units = copy.copy(self)
        units.currency = code if code in CURRENCIES else None
        return units

    def with_noun(self, word: str) -> Units:
        """The same units, with a noun that the case could define."""
        singular, plural = noun_of(word)
        return Units({**self.nouns, singular: plural}).of_currency(self.currency)

    def quantity(self, text: str) -> Quantity:
        """Read an amount.

        Raises UnitError when the number or a unit cannot be read, and for a number with two readings such as `2.500`.
        """
        try:
            return self._read(text)
        except _UnreadError:
            raise self._unreadable(text.strip()) from None

    def reads(self, text: str) -> bool:
        """Whether an amount can be read."""
        try:
            self._read(text)
        except UnitError:
            return False
        return True

    def _read(self, text: str) -> Quantity:
        match = _NUMBER.match(text) if len(text) <= AMOUNT_CHARACTERS else None
        if match is None or not re.match(r"[+-]?\.?\d", match["number"]) or two_ways(match["number"].lstrip("+-")):
            raise _UnreadError(text)
        written = float(match["number"].replace("_", "")) * _SCALES[match["scale"] or ""]
        unit = self._unit(match["rest"].strip(), text.strip())
        # Numerator and denominator apart, so that 95% is 0.95 to the last digit.
        number, in_time = (written * factor.numerator / factor.denominator for factor in (unit.factor, unit.in_time))
        if not abs(number) < AMOUNT:
            raise UnitError(f"'{text.strip()}' is too large to calculate with", "write a smaller amount")
        if 0 < abs(number) < 1 / AMOUNT:
            raise UnitError(f"'{text.strip()}' is too small to calculate with", f"write 0, or {1 / AMOUNT:g} or more")
        return Quantity(number, unit.dimensions, text.strip(), unit.time, in_time if unit.time else None)

    def _unreadable(self, text: str) -> UnitError:
        if len(text) > AMOUNT_CHARACTERS:
            return UnitError(f"'{text[:40]}…' is not an amount: it has {len(text):,} characters")
        if not text:
            return UnitError("expects an amount, got an empty text")
        if re.match(r"[+-]?\.?(nan|inf(inity)?)\b", text, re.IGNORECASE):
            return UnitError(f"'{text}' is not a finite number", "write the amount, or leave the key out")
        found = diagnosis(text, self._words, self.currency)
        fine = [one for one in found.corrections if one.text != text and self.reads(one.text)]
        return UnitError(found.message, found.advice, fine, found.unknown)

    def _unit(self, unit: str, text: str) -> _Unit:
        if unit in self._cache:
            return self._cache[unit]
        total, in_time, time = Fraction(1), Fraction(1), None
        powers: dict[str, int] = {}
        for place, part in enumerate(unit.split("/")):
            word = part.strip()
            if place:
                count = _COUNT.match(word)
                if count:
                    total, in_time = (one / _many(count, text) for one in (total, in_time))
                    word = word[count.end() :]
            elif not word:
                continue
            factor, base = self._one(word, text)
            total = total / factor if place else total * factor
            if base == "week":
                time = _CALENDAR[factor]
            else:
                in_time = in_time / factor if place else in_time * factor
            if base is not None:
                powers[base] = powers.get(base, 0) + (-1 if place else 1)
        dimensions = tuple(sorted((name, power) for name, power in powers.items() if power))
        if time == "day" and any(power > 0 and dimension_class(name) in (LABOUR, COUNT) for name, power in dimensions):
            total = total * WORKING_DAYS / 7  # work by the day is by the working day
        result = _Unit(total, dimensions, time, in_time)
        self._cache[unit] = result
        return result

    def _one(self, word: str, text: str) -> tuple[Fraction, str | None]:
        if word in self._words:
            return self._words[word]
        if word in CURRENCIES:
            return Fraction(1), word
        if len(word) > 1 and word.lower() in self._words:
            return self._words[word.lower()]
        if not word:
            fix = "write both units, as in `12 s/image`"
            raise UnitError(f"'{text}' has a '/' with nothing on one side of it", fix)
        raise _UnreadError(text)


def split_text(text: str) -> tuple[str, str]:
    """The number of an amount, its scale (`80k`) multiplied out, and its unit as written.

    Raises UnitError for a text that does not begin with a number.
    """
    match = _NUMBER.match(text)
    if match is None or not re.match(r"[+-]?\.?\d", match["number"]):
        raise UnitError(f"'{text}' is not an amount")
    number = Decimal(match["number"].replace("_", "")) * Decimal(int(_SCALES[match["scale"] or ""]))
    return str(number), match["rest"].strip()


def _many(count: re.Match[str], text: str) -> Fraction:
    many = Fraction(int(count[1].replace("_", ""))) * int(_SCALES[count[2] or ""])
    if many == 0:
        raise UnitError(
            f"'{text}' divides by zero", "write how many units the amount is for, as in `63 USD/1000 boxes`"
        )
    return many


HISSING_PLURALS = ("xes", "ches", "shes", "sses")
"""Ends of plurals that take two letters more than the singular."""


def noun_of(word: str) -> tuple[str, str]:
    """Singular and plural of a noun written in either: what a case would list under `units`."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y", word
    if word.endswith(HISSING_PLURALS):
        return word[:-2], word
    if len(word) > 2 and word.endswith("s") and not word.endswith("ss"):
        return word[:-1], word
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word, f"{word[:-1]}ies"
    return word, f"{word}es" if f"{word}es".endswith(HISSING_PLURALS) else f"{word}s"


def dimension_class(name: str) -> str:
    """The family a base unit belongs to: labour, calendar, money, points, person, or count for every noun."""
    if name in CURRENCIES:
        return MONEY
    return _BASE.get(name, COUNT)


def time_of(amount: Quantity) -> str | None:
    """The time an amount is for (week, month, quarter …); None where it is for the whole horizon."""
    return amount.time if ("week", -1) in amount.dimensions else None


def kind_of(quantity: Quantity) -> str:
    """The kind of an amount in words of section: `money/count`, `labour/calendar`, `fraction`, `per-count` …"""
    above = sorted(dimension_class(name) for name, power in quantity.dimensions for _ in range(max(power, 0)))
    below = sorted(dimension_class(name) for name, power in quantity.dimensions for _ in range(max(-power, 0)))
    if not above and not below:
        return "fraction"
    return "/".join(["*".join(above) or "number", *(["*".join(below)] if below else [])])


def in_words(quantity: Quantity) -> str:
    """An amount's dimensions as a message names them: `h per image and box`."""
    above = [name for name, power in quantity.dimensions for _ in range(power)]
    below = [name for name, power in quantity.dimensions for _ in range(-power)]
    return " times ".join(above or ["a number"]) + (f" per {' and '.join(below)}" if below else "")
