"""A range of two, as in `200-280 s/frame`: what may be meant by it where it stands, written so that it can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from pydantic_core import PydanticCustomError

from allocate.case.reading import Reader, in_own
from allocate.numerals import NUMERAL, readings
from allocate.units import Units

_TWO = re.compile(
    rf"\s*(?P<low>{NUMERAL.pattern})(?P<scale>k|M|bn)?(?P<first>%|\s+[^\d–—]*?|)\s*(?:–|—|-|\bto\b)\s*"
    rf"(?P<high>{NUMERAL.pattern})(?P<scales>k|M|bn)?(?P<unit>%|\s+\S.*|)\s*",
    re.ASCII,
)
LIMITS = LEAST, MOST = "at-least", "at-most"


def fix(text: str, readers: Sequence[Reader], units: Units, *, limits: bool, beside: bool, nouns: Sequence[str]) -> str:
    """What to write for a range of two: with a likely amount between its ends, and as limits where those may stand.

    readers: of what may stand there. limits: whether `{at-least: …, at-most: …}` may; beside: whether both stand in the block
    that it is in. nouns: what the case's products count, the likeliest first. Only what can be read there is given.
    """
    meant = [ends for ends in _ends(text) if all(_reads(one, readers, units) for one in ends)]
    if not meant:
        return f"write low, likely and high, as in `{_example(readers, units, nouns)}`"
    three = f"write low, likely and high, as in {' or '.join(f'`{_joined(*ends)}`' for ends in meant)}"
    as_limits = [(f"{LEAST}: {low}", f"{MOST}: {high}") for low, _, high in meant]
    if limits:
        return f"{three}; or, for limits, {' or '.join(f'`{{{least}, {most}}}`' for least, most in as_limits)}"
    told = " or ".join(f"`{least}` and `{most}`" for least, most in as_limits)
    return f"{three}; or, for limits, {told}" if beside else three


def _ends(text: str) -> list[tuple[str, str, str]]:
    """Low, half-way, and high, each with the unit, in every way in which they can be read and rise."""
    found = _TWO.fullmatch(text)
    if found is None or (found["scale"] or found["scales"]) != found["scales"]:
        return []
    if found["first"].strip() not in ("", found["unit"].strip()):
        return []
    after = f"{found['scales'] or ''}{found['unit'].rstrip()}"
    pairs = [
        (low.text, high.text)
        for low in readings(found["low"])
        for high in readings(found["high"])
        if _number(low.text) < _number(high.text) and (not low.mark or not high.mark or low.mark == high.mark)
    ]
    return [(f"{low}{after}", f"{_between(low, high, Decimal('0.5'))}{after}", f"{high}{after}") for low, high in pairs]


def _between(low: str, high: str, part: Decimal) -> str:
    """A number so far from one to another, with thousands set apart where theirs are."""
    found = (_number(low) + part * (_number(high) - _number(low))).normalize()
    return f"{found:,f}".replace(",", "_") if "_" in low + high else f"{found:f}"


def _number(text: str) -> Decimal:
    return Decimal(text.replace("_", ""))


def _joined(low: str, likely: str, high: str) -> str:
    """Three amounts as one spread, the unit at its end."""
    unit = "%" if high.endswith("%") else high[len(high.split(" ", 1)[0]) :]
    return " .. ".join((*(one.removesuffix(unit) if unit else one for one in (low, likely)), high))


def _reads(text: str, readers: Sequence[Reader], units: Units) -> bool:
    """Whether an amount may stand there."""
    told: Any = SimpleNamespace(context={"units": units})
    for one in readers:
        try:
            _ = one.read(text) if one.read.__code__.co_argcount == 1 else one.read(text, told)
        except (PydanticCustomError, ValueError):
            continue
        return True
    return False


def _example(readers: Sequence[Reader], units: Units, nouns: Sequence[str]) -> str:
    """The example of what stands there as a spread, in the unit of what the case counts."""
    known = next((str(found[0]) for one in readers if (found := one.json_schema.get("examples"))), "")
    share = any(one.spread == "share" for one in readers)
    if share or not known:
        return "92 .. 95 .. 97%" if share else "8 .. 12 .. 24 s/image"
    for text in _of_nouns(in_own(known, units), units, nouns):
        number = NUMERAL.match(text)
        if number is not None and _reads(text, readers, units):
            likely, after = number[0], text[number.end() :]
            low, high = (_between("0", likely, Decimal(part)) for part in ("0.8", "1.5"))
            return _joined(f"{low}{after}", f"{likely}{after}", f"{high}{after}")
    return "8 .. 12 .. 24 s/image"


def _of_nouns(text: str, units: Units, nouns: Sequence[str]) -> Iterator[str]:
    """The same of each noun of the case, then as it is."""
    for noun in nouns:
        yield text.replace("images", units.plural(noun)).replace("image", noun)
    yield text
