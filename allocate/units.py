"""Amounts with units: `12 s/image`, `63 USD/1000 boxes`, `250k USD`, `97%`.

Labour time (s, min, h) and calendar time (day, week, month, year) are two dimensions, so `40 h/week` keeps its meaning.
Every currency is a dimension of its own: money of two currencies never mixes without an exchange rate.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

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

_BASE = {
    "h": LABOUR,
    "week": CALENDAR,
    "point": POINT,
    "person": PERSON,
}
_DEFINITIONS = (
    "h = [labour] = h = hour = hours = hr = hrs",
    "min = h / 60 = min = minute = minutes = mins",
    "s = h / 3600 = s = sec = second = seconds = secs",
    "week = [calendar] = week = weeks",
    "day = week / 7 = day = days",
    "month = 30.4375 day = month = months",
    "quarter = 91.3125 day = quarter = quarters",
    "year = 365.25 day = year = years",
    "percent = 0.01 = percent",
    "point = [point] = point = points",
    "person = [person] = person = people = persons",
)
BUILT_IN_COUNTS = {"item": "items", "label": "labels", "EU": "EUs"}
_SCALES = {"": 1.0, "k": 1e3, "M": 1e6, "bn": 1e9}
_NUMBER = re.compile(
    r"\s*(?P<number>[+-]?(?:\d+(?:_\d+)*)?(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?)(?P<scale>bn|k|M)?(?![\w.,])\s*(?P<rest>.*)",
    re.DOTALL,
)
_WORD = re.compile(r"[^\W\d][\w-]*|%")


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


class Units:
    """All unit words of one case: time, money, points and the countable nouns of its cost model."""

    def __init__(self, nouns: Mapping[str, str] | None = None) -> None:
        import pint

        self._registry: Any = pint.UnitRegistry(None)
        self.nouns = dict(BUILT_IN_COUNTS)
        self.nouns.update(nouns or {})
        for line in _DEFINITIONS:
            self._registry.define(line)
        self._words: dict[str, str] = {"%": "percent"}
        for line in _DEFINITIONS:
            name, _, *aliases = (part.strip() for part in line.split("="))
            self._words.update(dict.fromkeys((name, *aliases), name))
        for position, (singular, plural) in enumerate(self.nouns.items()):
            # Nouns may hold hyphens, which the registry would read as minus: it gets neutral names.
            self._registry.define(f"noun{position} = [noun{position}]")
            self._words.update({singular: f"noun{position}", plural: f"noun{position}"})
        self._names = {f"noun{position}": noun for position, noun in enumerate(self.nouns)}
        self._money: set[str] = set()
        self._cache: dict[str, tuple[float, tuple[tuple[str, int], ...]]] = {"": (1.0, ())}

    def known(self) -> Iterable[str]:
        """Every unit word that can be written, currencies included."""
        return [*self._words, *sorted(CURRENCIES)]

    def quantity(self, text: str) -> Quantity:
        """Read an amount.

        Raises UnitError when the number or a unit cannot be read.
        """
        match = _NUMBER.match(text)
        if match is None or not re.search(r"\d", match["number"]):
            raise _not_a_number(text)
        number = float(match["number"].replace("_", "")) * _SCALES[match["scale"] or ""]
        factor, dimensions = self._unit(match["rest"].strip(), text)
        if not math.isfinite(number * factor):
            raise UnitError(f"'{text}' is too large to calculate with", "write a finite amount")
        return Quantity(number * factor, dimensions, text.strip())

    def _unit(self, unit: str, text: str) -> tuple[float, tuple[tuple[str, int], ...]]:
        if unit in self._cache:
            return self._cache[unit]
        total = self._registry.Quantity(1.0)
        for place, part in enumerate(unit.split("/")):
            word = part.strip()
            if place:
                count = re.match(r"(\d+(?:_\d+)*)(k|M)?\b\s*", word)
                if count:
                    many = float(count[1].replace("_", "")) * _SCALES[count[2] or ""]
                    if many == 0:
                        raise UnitError(f"'{text}' divides by nothing", "write how many units the amount is for")
                    total = total / many
                    word = word[count.end() :]
                total = total / self._one(word, unit, text)
            elif word:
                total = total * self._one(word, unit, text)
        base = total.to_base_units()
        named = {self._names.get(str(name), str(name)): int(power) for name, power in base.unit_items()}
        result = (float(base.magnitude), tuple(sorted(named.items())))
        self._cache[unit] = result
        return result

    def _one(self, word: str, unit: str, text: str) -> Any:
        name = self._words.get(word) or self._words.get(word.lower() if len(word) > 1 else word)
        if name is None and word in CURRENCIES:
            if word not in self._money:
                self._registry.define(f"{word} = [{word}]")
                self._money.add(word)
            name = word
        if name is None:
            raise self._unknown(word, unit, text)
        return self._registry.Quantity(1.0, name)

    def _unknown(self, word: str, unit: str, text: str) -> UnitError:
        if not word:
            return UnitError(
                f"'{text}' has a '/' with nothing on one side of it", "write both units, as in `12 s/image`"
            )
        if word in "$€£¥₹₱":
            return UnitError(f"'{word}' does not say which currency", "write its code, as in `250k USD`")
        close = difflib.get_close_matches(word, list(self.known()), n=1, cutoff=0.6)
        if not close:
            close = difflib.get_close_matches(word.lower(), list(self.known()), n=1, cutoff=0.6)
        if not close:
            return UnitError(
                f"does not know the unit '{word}'",
                "use a unit of time, a currency code, or a noun listed under `units:`",
            )
        return UnitError(
            f"does not know the unit '{word}', did you mean '{close[0]}'?", f"write `{text.replace(word, close[0], 1)}`"
        )


def _not_a_number(text: str) -> UnitError:
    shown = text.strip()
    if re.match(r"[+-]?\d{1,3}(,\d{3})+", shown):
        return UnitError(f"'{shown}' has commas in its number", f"write `{shown.replace(',', '_')}`")
    if re.match(r"[+-]?(nan|inf)", shown, re.IGNORECASE):
        return UnitError(f"'{shown}' is not a finite number", "write the amount, or leave the key out")
    swapped = re.match(r"([A-Z]{3}|[$€£¥₹₱])\s*([\d._]+\s*(?:k|M|bn)?)(.*)$", shown)
    if swapped:
        code = swapped[1] if swapped[1] in CURRENCIES else "USD"
        return UnitError(
            f"'{shown}' has its currency before the number", f"write `{swapped[2].strip()} {code}{swapped[3]}`"
        )
    return UnitError(f"'{shown}' is not an amount", "write a number and its unit, as in `12 s/image` or `250k USD`")


def dimension_class(name: str) -> str:
    """The family a base unit belongs to: labour, calendar, money, points, person, or count for every noun."""
    if name in CURRENCIES:
        return MONEY
    return _BASE.get(name, COUNT)


def kind_of(quantity: Quantity) -> str:
    """The kind of an amount in words of section: `money/count`, `labour/calendar`, `fraction`, `per-count` …"""
    above = sorted(dimension_class(name) for name, power in quantity.dimensions for _ in range(max(power, 0)))
    below = sorted(dimension_class(name) for name, power in quantity.dimensions for _ in range(max(-power, 0)))
    if not above and not below:
        return "fraction"
    return "/".join(["*".join(above) or "number", *(["*".join(below)] if below else [])])
