"""Amounts with units: `12 s/image`, `63 USD/1000 boxes`, `250k USD`, `97%`.

Labour time (s, min, h) and calendar time (day, week, month, year) are two dimensions, so `40 h/week` keeps its meaning.
Every currency is a dimension of its own: money of two currencies never mixes without an exchange rate.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

# ISO 4217, active currencies of states and territories.
CURRENCIES = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG".split()
)

LABOUR, CALENDAR, MONEY, COUNT, POINT, PERSON = "labour", "calendar", "money", "count", "points", "person"

_BASE = {"h": LABOUR, "week": CALENDAR, "point": POINT, "person": PERSON}
# Base unit, factor to it, the words for it. A month and a year are those of the Gregorian calendar's average.
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
BUILT_IN_COUNTS = {"item": "items", "label": "labels", "EU": "EUs", "vendor": "vendors", "product": "products"}
OWN_MEANING = frozenset(BUILT_IN_COUNTS) - {"item"}
"""Nouns that count something whatever the item is: equivalent units, labels made, vendors, products. None is an item."""
_SCALES = {"": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}
_NUMBER = re.compile(
    r"\s*(?P<number>[+-]?(?:\d+(?:_\d+)*)?(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?)(?P<scale>bn|k|M)?(?![\w.,])\s*(?P<rest>.*)",
    re.DOTALL,
)
_COUNT = re.compile(r"(\d+(?:_\d+)*)(k|M)?\b\s*")
_MAX_LENGTH = 200


class UnitError(ValueError):
    """An amount that cannot be read; carries how to mend it."""

    def __init__(self, message: str, fix: str | None = None) -> None:
        super().__init__(message)
        self.fix = fix


@dataclass(frozen=True)
class Quantity:
    """A number in base units (h, week, one item, one of the currency), its dimensions, and the text it was read from."""

    number: float
    dimensions: tuple[tuple[str, int], ...] = ()
    text: str = field(default="", compare=False)

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


_Unit = tuple[Fraction, tuple[tuple[str, int], ...]]


class Units:
    """All unit words of one case: time, money, points and the countable nouns of its cost model."""

    def __init__(self, nouns: Mapping[str, str] | None = None) -> None:
        self.nouns = dict(BUILT_IN_COUNTS)
        self.nouns.update(nouns or {})
        self._words: dict[str, tuple[Fraction, str | None]] = {}
        for base, factor, words in _DEFINITIONS:
            self._words.update(dict.fromkeys(words.split(), (factor, base)))
        for singular, plural in self.nouns.items():
            self._words.update({singular: (Fraction(1), singular), plural: (Fraction(1), singular)})
        self._cache: dict[str, _Unit] = {"": (Fraction(1), ())}

    def known(self) -> list[str]:
        """Every unit word that can be written, currencies included."""
        return [*self._words, *sorted(CURRENCIES)]

    def plural(self, noun: str | None) -> str:
        """A noun as a message counts it: `images` for `image`."""
        return self.nouns.get(noun or "", noun or "items")

    def quantity(self, text: str) -> Quantity:
        """Read an amount.

        Raises UnitError when the number or a unit cannot be read.
        """
        match = _NUMBER.match(text) if len(text) <= _MAX_LENGTH else None
        if match is None or not re.match(r"[+-]?\.?\d", match["number"]):
            raise _not_a_number(text)
        number = float(match["number"].replace("_", "")) * _SCALES[match["scale"] or ""]
        factor, dimensions = self._unit(match["rest"].strip(), text.strip())
        # Numerator and denominator apart, so that 95% is 0.95 to the last digit.
        number = number * factor.numerator / factor.denominator
        if not math.isfinite(number):
            raise UnitError(f"'{text.strip()}' is too large to calculate with", "write a smaller amount")
        return Quantity(number, dimensions, text.strip())

    def _unit(self, unit: str, text: str) -> _Unit:
        if unit in self._cache:
            return self._cache[unit]
        total = Fraction(1)
        powers: dict[str, int] = {}
        for place, part in enumerate(unit.split("/")):
            word = part.strip()
            if place:
                count = _COUNT.match(word)
                if count:
                    total /= _many(count, text)
                    word = word[count.end() :]
            elif not word:
                continue
            factor, base = self._one(word, text)
            total = total / factor if place else total * factor
            if base is not None:
                powers[base] = powers.get(base, 0) + (-1 if place else 1)
        result = (total, tuple(sorted((name, power) for name, power in powers.items() if power)))
        self._cache[unit] = result
        return result

    def _one(self, word: str, text: str) -> tuple[Fraction, str | None]:
        if word in self._words:
            return self._words[word]
        if word in CURRENCIES:
            return Fraction(1), word
        if len(word) > 1 and word.lower() in self._words:
            return self._words[word.lower()]
        raise self._unknown(word, text)

    def _unknown(self, word: str, text: str) -> UnitError:
        if not word:
            return UnitError(
                f"'{text}' has a '/' with nothing on one side of it", "write both units, as in `12 s/image`"
            )
        if word[0] in "$€£¥₹₱":
            return UnitError(f"'{word}' does not say which currency", "write its code, as in `250k USD`")
        first, _, rest = word.partition(" ")
        if rest and first in _SCALES:
            together = text.replace(f" {first} {rest}", f"{first} {rest}", 1)
            return UnitError(f"'{text}' has a space before '{first}'", f"write `{together}`")
        if " per " in f" {word} ":
            return UnitError(f"'{text}' has 'per' in words", f"write `{re.sub(' +per +', '/', text)}`")
        if first.isdecimal():
            joined = re.sub(r"(?<=\d)\s+(?=\d)", "_", text)
            return UnitError(f"'{text}' has spaces in its number", f"write `{joined}`")
        close = [near] if (near := nearest_currency(word)) else []
        close = close or difflib.get_close_matches(word, self.known(), n=1, cutoff=0.6)
        close = close or difflib.get_close_matches(word.lower(), self.known(), n=1, cutoff=0.6)
        if not close:
            fix = "use a unit of time, a currency code, or a noun listed under `units:`"
            return UnitError(f"does not know the unit '{word}'", fix)
        message = f"does not know the unit '{word}', did you mean '{close[0]}'?"
        at = text.rfind(word)
        return UnitError(message, f"write `{text[:at]}{close[0]}{text[at + len(word) :]}`")


def split_text(text: str) -> tuple[str, str]:
    """The number of an amount, its scale (`80k`) multiplied out, and its unit as written.

    Raises UnitError for a text that does not begin with a number.
    """
    match = _NUMBER.match(text)
    if match is None or not re.match(r"[+-]?\.?\d", match["number"]):
        raise _not_a_number(text)
    number = Decimal(match["number"].replace("_", "")) * Decimal(int(_SCALES[match["scale"] or ""]))
    return str(number), match["rest"].strip()


def nearest_currency(code: str) -> str | None:
    """The currency a misspelt code was probably meant to be: its letters in another order, else one letter off."""
    if len(code) != 3 or not code.isupper():
        return None
    swapped = [known for known in _COMMON if sorted(known) == sorted(code)]
    off = [known for known in _COMMON if sum(a != b for a, b in zip(known, code, strict=True)) == 1]
    return next(iter([*swapped, *off]), None)


def _many(count: re.Match[str], text: str) -> Fraction:
    many = Fraction(int(count[1].replace("_", ""))) * int(_SCALES[count[2] or ""])
    if many == 0:
        raise UnitError(
            f"'{text}' divides by zero", "write how many units the amount is for, as in `63 USD/1000 boxes`"
        )
    return many


def _not_a_number(text: str) -> UnitError:
    shown = text.strip()
    if len(shown) > _MAX_LENGTH:
        return UnitError(f"'{shown[:40]}…' is not an amount: it has {len(shown):,} characters")
    if not shown:
        return UnitError("expects an amount, got an empty text")
    if re.match(r"[+-]?(nan|inf)", shown, re.IGNORECASE):
        return UnitError(f"'{shown}' is not a finite number", "write the amount, or leave the key out")
    grouped = re.match(r"[+-]?\d{1,3}(,\d{3})+(?![\d,])", shown)
    if grouped:
        fix = f"write `{grouped[0].replace(',', '_')}{shown[grouped.end() :]}`"
        return UnitError(f"'{shown}' has commas in its number", fix)
    decimal = re.match(r"([+-]?\d+),(\d+)(?![\d,.])", shown)
    if decimal:
        fix = f"write `{decimal[1]}.{decimal[2]}{shown[decimal.end() :]}`"
        return UnitError(f"'{shown}' has a comma in its number", fix)
    swapped = re.match(r"([A-Z]{3}|[$€£¥₹₱])\s*([\d._]+\s*(?:k|M|bn)?)(.*)$", shown)
    if swapped:
        code = swapped[1] if swapped[1] in CURRENCIES else _SIGNS.get(swapped[1], "USD")
        message = f"'{shown}' has its currency before the number"
        return UnitError(message, f"write `{swapped[2].strip()} {code}{swapped[3]}`")
    attached = re.match(r"([+-]?[\d._]+)([^\W\d_].*)$", shown)
    if attached:
        message = f"'{shown}' has no space between number and unit"
        return UnitError(message, f"write `{attached[1]} {attached[2]}`")
    return UnitError(f"'{shown}' is not an amount")


_COMMON = "USD EUR GBP JPY CNY INR PHP AUD CAD CHF SGD KES BRL MXN PLN SEK NOK DKK ZAR".split()
_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₱": "PHP", "$": "USD"}


def dimension_class(name: str) -> str:
    """The family a base unit belongs to: labour, calendar, money, points, person, or count for every noun."""
    if name in CURRENCIES:
        return MONEY
    return _BASE.get(name, COUNT)


def time_of(amount: Quantity) -> str | None:
    """The time an amount is for (week, month, quarter …), as it was written; None where it is for the whole horizon."""
    word = amount.text.rsplit("/", 1)[-1].strip() if ("week", -1) in amount.dimensions else None
    return word.removesuffix("s") if word is not None else None


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
