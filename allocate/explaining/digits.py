"""Amounts for a sentence, with as many digits as tell them apart."""

from __future__ import annotations

import math
from collections.abc import Callable

MOST = 15
"""Digits behind the point that are tried."""
CLOSE = 1e-12
"""Amounts closer than this share of themselves are the same but for rounding."""


def shown(amount: float) -> str:
    """An amount for a sentence: whole when it is large, else four digits.

    >>> shown(12_000.4), shown(3.571428), shown(-1e-11)
    ('12,000', '3.571', '0')
    """
    whole = abs(amount) >= 1000 or abs(amount - round(amount)) < 1e-6
    return _unsigned(f"{amount:,.0f}" if whole else f"{amount:,.4g}")


def money(amount: float) -> str:
    """An amount of money for a sentence: two digits behind the point."""
    return _unsigned(f"{amount:,.2f}")


def percent(share: float) -> str:
    """A share for a sentence: in per cent, two digits behind the point."""
    return _unsigned(f"{share:.2%}")


def _unsigned(text: str) -> str:
    """The text of an amount; what reads zero has no sign."""
    return text if text.strip("-0.,%") else text.removeprefix("-")


def apart(first: float, second: float, plain: Callable[[float], str] = shown) -> tuple[str, str]:
    """Two amounts as they are usually shown or, where that reads the same and they are not, with the digits that differ.

    >>> apart(12_000.0, 11_999.99, money)
    ('12,000.00', '11,999.99')
    >>> apart(1_000.0, 999.9995, money)
    ('1,000.0000', '999.9995')
    >>> apart(40_000.0, 39_999.9)
    ('40,000.0', '39,999.9')
    """
    one, other = plain(first), plain(second)
    if one != other or abs(first - second) <= CLOSE * max(abs(first), abs(second)):
        return one, other
    for digits in range(1, MOST + 1):
        one, other = (
            f"{amount:.{digits}%}" if plain is percent else f"{amount:,.{digits}f}" for amount in (first, second)
        )
        if one != other:
            break
    return one, other


def visible(amount: float, plain: Callable[[float], str] = shown) -> str:
    """An amount as it is usually shown or, where that reads zero and it is not, with its first three digits.

    >>> visible(0.0005, money), visible(0.25, money)
    ('0.0005', '0.25')
    """
    text = plain(amount)
    if not amount or text.strip("-0.,%"):
        return text
    scaled, sign = (100.0 * amount, "%") if plain is percent else (amount, "")
    digits = 2 - math.floor(math.log10(abs(scaled)))
    return f"{scaled:.{digits}f}".rstrip("0") + sign
