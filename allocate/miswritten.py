"""Amounts that cannot be read: what is wrong with them, and what to write in their place.

A text is read leniently, part by part (currency sign, number, scale, unit), and written again as amounts are written.
Who reads amounts offers only those of the texts that it can read itself, as what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from allocate.currencies import CURRENCIES, SIGNS, coded, nearest_currency, of_coin
from allocate.numerals import MINUS, NUMERAL, SPACES, Reading, readings
from allocate.spelling import near

_SCALES = {
    "k": "k K thousand",
    "M": "M m mn mln mio Mio MM mm million millions",
    "bn": "bn B b billion billions",
}
_SCALE_OF = {word: scale for scale, words in _SCALES.items() for word in words.split()}
_MONEY = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True))
_TEXT = re.compile(
    rf"(?P<sign>[+{MINUS}]?)\s*(?P<money>{_MONEY}|[A-Za-z]{{3}})?\s*(?P<second>[+{MINUS}]?)\s*"
    rf"(?P<numeral>{NUMERAL.pattern})(?P<rest>.*)",
    re.DOTALL | re.ASCII,
)
_WORD = re.compile(r"(\s*)([^\W\d_]+)(.*)", re.DOTALL)
_PER = re.compile(r"(?:^|\s+)per\s+(?!cent\b)")
_SHORT = {"pct": "%", "per cent": "%", "wk": "week", "wks": "weeks", "mo": "month", "mth": "month", "yr": "year"}
_SHORT |= {"yrs": "years", "d": "day", "pp": "points", "pts": "points", "pt": "point", "ppl": "people", "pcs": "items"}
"""What people write for units this tool has, and what it writes."""


@dataclass(frozen=True)
class Correction:
    """What may be written in place of an amount that cannot be read."""

    text: str
    hint: str = ""
    """What follows the message, as in `, did you mean 'sec'?`."""
    mark: str = ""
    """The decimal mark it takes, where the number has two readings."""


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with an amount, what may be written in its place (likeliest first), what to do otherwise."""

    message: str
    corrections: tuple[Correction, ...] = ()
    advice: str | None = None
    unknown: str = ""
    """The unit nobody knows, where that is what is wrong."""


@dataclass(frozen=True)
class _Unit:
    """A unit written again: its text, what that supposes, and what the number in front of it is multiplied by."""

    text: str
    hint: str = ""
    factor: Decimal = Decimal(1)


def diagnosis(text: str, known: Collection[str], own: str | None) -> Diagnosis:
    """What is wrong with an amount, and what may be written in its place.

    known: the unit words there are, currencies aside. own: the currency of the case, where it is known.
    """
    match = _TEXT.fullmatch(text)
    if match is None:
        return Diagnosis(f"'{text}' is not an amount")
    money, numeral = match["money"] or "", match["numeral"]
    numbers = readings(numeral)
    gap, word, after = _WORD.match(match["rest"]).groups() if _WORD.match(match["rest"]) else ("", "", "")  # type: ignore[union-attr]
    scale = _SCALE_OF.get(word, "") if not (word in ("m", "mm", "b") and after.lstrip().startswith("/")) else ""
    unit = (after if scale else match["rest"]).strip()
    per = _PER.sub("/", unit)
    code = (coded(money, own) or money.upper()) if money else ""
    twice = match["sign"] and match["second"]
    if (
        not numbers
        or twice
        or (money and code not in (CURRENCIES | {money}))
        or (money.isalpha() and code not in CURRENCIES)
    ):
        return Diagnosis(f"'{text}' is not an amount")
    whole = f"{code}{'' if per[:1] in ('/', '') else ' '}{per}" if code else per
    units = _units(whole, tuple(known), own)
    sign = "-" if set(match["sign"] + match["second"]) & set(MINUS) else match["sign"] or match["second"]
    corrections = tuple(
        Correction(_written(sign, number, scale, one), one.hint, number.mark if len(numbers) > 1 else "")
        for number in numbers
        for one in units
    )
    message = _wrong(text, match, numbers, (gap, word, scale), unit, known)
    if message is not None:
        return Diagnosis(message, corrections)
    message, advice, unknown = _wrong_unit(unit, known, text)
    return Diagnosis(message, corrections, advice, unknown)


def same_number(before: str, after: str) -> bool:
    """Whether an amount has the number that another text has in some notation, or a hundredth of it in place of a coin, or as a percentage."""
    old, new = _TEXT.fullmatch(before.strip()), _TEXT.fullmatch(after.strip())
    if old is None or not readings(old["numeral"]):
        return True
    if new is None or not readings(new["numeral"]):
        return False
    number, *_ = (Decimal(one.text.replace("_", "")) for one in readings(new["numeral"]))
    meant = {Decimal(one.text.replace("_", "")) for one in readings(old["numeral"])}
    has_coin = any(
        of_coin(word, own) for word in re.findall(r"[^\W\d_]+|¢", old["rest"]) for own in (None, "USD", "EUR")
    )
    of_one = "%" in after and "%" not in before and number / 100 in meant
    return number in meant or of_one or (has_coin and number * 100 in meant)


def _written(sign: str, number: Reading, scale: str, unit: _Unit) -> str:
    amount = number.text
    if unit.factor != 1:
        amount = f"{Decimal(amount.replace('_', '')) * unit.factor:f}"
    gap = "" if unit.text == "%" or unit.text.startswith("/") else " "
    return f"{sign}{amount}{scale}{gap}{unit.text}".strip()


def _wrong(
    text: str,
    match: re.Match[str],
    numbers: tuple[Reading, ...],
    scale: tuple[str, str, str],
    unit: str,
    known: Collection[str],
) -> str | None:
    """What is wrong with an amount, its units aside; None where nothing is."""
    numeral, (gap, word, scaled) = match["numeral"], scale
    if match["money"]:
        return f"'{text}' has its currency before the number"
    if len(numbers) > 1:
        return f"'{text}' has two readings: {' and '.join(number.text.replace('_', ',') for number in numbers)}"
    marks = (
        ("a comma in", "," in numeral and numbers[0].mark == ","),
        ("commas in", "," in numeral),
        ("points between the thousands of", numeral.count(".") > 1),
        ("apostrophes in", not {"'", "\u2019"}.isdisjoint(numeral)),
        ("spaces in", not set(SPACES).isdisjoint(numeral)),
        ("a typesetter's minus sign before", MINUS[0] in match["sign"]),
    )
    what = next((what for what, there in marks if there), None)
    if what is not None:
        return f"'{text}' has {what} its number"
    if scaled and (gap or word != scaled):
        return f"'{text}' has a space before '{word}'" if word == scaled else f"'{text}' has '{word}' after its number"
    if _PER.search(unit):
        return f"'{text}' has 'per' in words"
    if not scaled and unit[:1].isalpha() and match["rest"][:1] == unit[:1] and unit.split("/")[0].strip() in known:
        return f"'{text}' has no space between number and unit"
    return None


def _wrong_unit(unit: str, known: Collection[str], text: str) -> tuple[str, str | None, str]:
    """The first part of a unit that is not one: the message, what to do, and the word that nobody knows."""
    for place, part in enumerate(unit.split("/")):
        count, word = _after_count(part.strip()) if place else ("", part.strip())
        if word in SIGNS:
            what = "does not say which currency" if word in ("$", "¥") else "is not a currency code"
            return f"'{word}' {what}", "write its code, as in `250k USD`", ""
        first = part.strip().partition(" ")[0]
        if place and count and first in _SCALE_OF:
            return f"'{text}' has no number before '{first}'", None, ""
        if place and not part.strip().startswith(count.strip()):
            return f"'{text}' has separators in the number behind its '/'", None, ""
        if word and not _is_known(word, known):
            if not re.fullmatch(r"[^\W\d][^\s\"'%]*|[^\s\w]", word):
                break
            advice = "use a unit of time, a currency code, or a noun listed under `units:`"
            return f"does not know the unit '{word}'", advice, word
    return f"'{text}' is not an amount", None, ""


def _is_known(word: str, known: Collection[str]) -> bool:
    return word in known or word in CURRENCIES or (len(word) > 1 and word.lower() in known)


def _after_count(part: str) -> tuple[str, str]:
    """The count a denominator begins with, as in `/1,000 boxes` or `/k boxes`, written as amounts are; and the word after it."""
    scale, _, rest = part.partition(" ")
    if rest and (of := {"k": "1000", "M": "1000000"}.get("" if scale == "m" else _SCALE_OF.get(scale, ""))):
        return f"{of} ", rest.strip()
    match = re.match(rf"({NUMERAL.pattern})(k|M)?\b\s*(.*)", part, re.DOTALL | re.ASCII)
    whole = [number.text for number in readings(match[1]) if "." not in number.text] if match else []
    return (f"{max(whole, key=len)}{match[2] or ''} ", match[3]) if match and whole else ("", part)


@lru_cache(maxsize=1024)
def _units(unit: str, known: tuple[str, ...], own: str | None) -> tuple[_Unit, ...]:
    """A unit written again in every likely way: as it stands, signs and coins as codes, words as the nearest known."""
    found = [_Unit("")]
    for place, part in enumerate(unit.split("/")):
        count, word = _after_count(part.strip()) if place else ("", part.strip())
        found = [
            _Unit(
                f"{before.text}{'/' if place else ''}{count}{one.text}",
                before.hint + one.hint,
                before.factor * one.factor,
            )
            for before in found
            for one in _words(word, known, own, is_first=not place)
            if not (before.hint and one.hint)  # with two unknown words nobody knows what is meant
        ]
    return tuple(found[:12])


def _words(word: str, known: tuple[str, ...], own: str | None, is_first: bool) -> Iterator[_Unit]:
    if not word or _is_known(word, known):
        yield _Unit(word)
    elif code := coded(word, own):
        yield _Unit(code)
    elif is_first and (code := of_coin(word, own)):
        yield _Unit(code, factor=Decimal("0.01"))
    else:
        likely = [_SHORT[word.lower()]] if word.lower() in _SHORT else []
        likely += [code] if (code := nearest_currency(word)) else []
        # A word that is dropped may be what is meant, as in `/dozen images`.
        likely += [one for one in near(word, known)[:4] if " " not in word or _letters(one) == _letters(word)]
        likely += [word.upper()] if word.upper() in CURRENCIES else []
        yield from (_Unit(one, f", did you mean '{one}'?") for one in dict.fromkeys(likely))


def _letters(word: str) -> str:
    return re.sub(r"[\W_]", "", word)
