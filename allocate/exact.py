"""Numbers without rounding: what is made of exact quantities stays exact until it is rounded on purpose."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from allocate.formula import Formula, added_up

Floats = NDArray[np.float64]

LONG = 1024
"""Bits of a denominator from which a fraction is brought to its lowest terms."""


class Exact:
    """A fraction of whole numbers. Sums, products and quotients with other numbers are exact, and are `Exact` again.

    A float stands for the shortest decimal that reads as it: 0.06 is six hundredths, as it was written. Turning one into
    a float by the way (`float(x)`, into an array of floats) is a TypeError, so that nothing is rounded unseen: `rounded`
    does it. Other numbers it meets may be infinite where they are compared only.
    """

    __slots__ = ("denominator", "numerator")

    def __init__(self, numerator: int, denominator: int = 1) -> None:
        if denominator.bit_length() > LONG:
            common = math.gcd(numerator, denominator)
            numerator, denominator = numerator // common, denominator // common
        self.numerator = numerator
        self.denominator = denominator

    @classmethod
    def of(cls, number: Any) -> Exact:
        """A number as an exact one; TypeError for what is not a number, ValueError for infinity and nan."""
        parts = _parts(number)
        if parts is None:
            raise TypeError(f"{number!r} is not a number")
        return cls(*parts)

    def __add__(self, other: Any) -> Any:
        parts = _parts(other)
        if parts is None:
            return NotImplemented
        ours, (number, size) = self.denominator, parts
        if ours == size:
            return Exact(self.numerator + number, ours)
        if not ours % size:  # decimals: one denominator divides the other
            return Exact(self.numerator + number * (ours // size), ours)
        if not size % ours:
            return Exact(self.numerator * (size // ours) + number, size)
        common = math.gcd(ours, size)
        return Exact(self.numerator * (size // common) + number * (ours // common), ours // common * size)

    __radd__ = __add__

    def __mul__(self, other: Any) -> Any:
        parts = _parts(other)
        return NotImplemented if parts is None else Exact(self.numerator * parts[0], self.denominator * parts[1])

    __rmul__ = __mul__

    def __sub__(self, other: Any) -> Any:
        return NotImplemented if _parts(other) is None else self + -Exact.of(other)

    def __rsub__(self, other: Any) -> Any:
        return -self + other

    def __truediv__(self, other: Any) -> Any:
        parts = _parts(other)
        if parts is None:
            return NotImplemented
        number, size = parts
        above, below = self.numerator * size, self.denominator * number
        return Exact(above, below) if below > 0 else Exact(-above, -_not_zero(below))

    def __rtruediv__(self, other: Any) -> Any:
        return NotImplemented if _parts(other) is None else Exact.of(other) / self

    def __neg__(self) -> Exact:
        return Exact(-self.numerator, self.denominator)

    def __abs__(self) -> Exact:
        return Exact(abs(self.numerator), self.denominator)

    def __bool__(self) -> bool:
        return self.numerator != 0

    def _compared(self, other: Any, by: Callable[[Any, Any], bool]) -> Any:
        if isinstance(other, float) and not math.isfinite(other):
            return by(0.0, other)
        parts = _parts(other)
        if parts is None:
            return NotImplemented
        return by(self.numerator * parts[1], parts[0] * self.denominator)

    def __eq__(self, other: object) -> Any:
        return self._compared(other, operator.eq)

    def __lt__(self, other: Any) -> Any:
        return self._compared(other, operator.lt)

    def __le__(self, other: Any) -> Any:
        return self._compared(other, operator.le)

    def __gt__(self, other: Any) -> Any:
        return self._compared(other, operator.gt)

    def __ge__(self, other: Any) -> Any:
        return self._compared(other, operator.ge)

    def __hash__(self) -> int:
        return hash(self.fraction)

    def __floor__(self) -> int:
        return self.numerator // self.denominator

    def __ceil__(self) -> int:
        return -(-self.numerator // self.denominator)

    def __round__(self, digits: SupportsIndex | None = None) -> Any:
        return round(self.fraction) if digits is None else Exact.of(round(self.fraction, operator.index(digits)))

    def __float__(self) -> float:
        raise TypeError("an exact number is made a float by `rounded` only")

    def __repr__(self) -> str:
        return f"Exact({self.numerator}, {self.denominator})"

    @property
    def fraction(self) -> Fraction:
        """The same as Python's own."""
        return Fraction(self.numerator, self.denominator)


def _parts(number: Any) -> tuple[int, int] | None:
    """Numerator and denominator of a number; None for what is none."""
    if isinstance(number, Exact):
        return number.numerator, number.denominator
    if isinstance(number, float):
        return decimal_of(float(number))
    if isinstance(number, (int, np.integer, np.bool_)):
        return int(number), 1
    return (number.numerator, number.denominator) if isinstance(number, Fraction) else None


@lru_cache(maxsize=1 << 16)
def decimal_of(number: float) -> tuple[int, int]:
    """Numerator, and denominator as a power of ten, of the shortest decimal that reads as a float."""
    if not math.isfinite(number):
        raise ValueError(f"{number} has no exact value")
    figures, _, power = repr(number).partition("e")
    whole, _, part = figures.partition(".")
    part = "" if part == "0" else part
    places = len(part) - int(power or 0)
    return (int(whole + part), 10**places) if places > 0 else (int(whole + part) * 10**-places, 1)


def _not_zero(number: int) -> int:
    if not number:
        raise ZeroDivisionError("division by zero")
    return number


def exactly(amounts: Floats) -> Floats:
    """The amounts as exact numbers, in an array of objects; all that is worked out from it is exact."""
    return array_of([Exact.of(one) for one in amounts.ravel().tolist()]).reshape(amounts.shape)


def rounded(number: Any) -> float:
    """A number as the nearest float; a formula as it comes to now."""
    if isinstance(number, Formula):
        return number.value
    if not isinstance(number, Exact):
        return float(number)
    return number.numerator / number.denominator  # of whole numbers Python rounds this once


def element(one: Any) -> float:
    """An element of an array as Python has it: a float, or exact or a formula as it is."""
    return one if isinstance(one, (Exact, Formula)) else float(one)  # type: ignore[return-value]


def floats(amounts: Floats) -> Floats:
    """An array of any numbers as the nearest floats, shape kept."""
    if amounts.dtype != object:
        return amounts.astype(np.float64, copy=False)
    return np.array([rounded(one) for one in amounts.ravel().tolist()], dtype=np.float64).reshape(amounts.shape)


def total(amounts: Floats) -> float:
    """Sum of an array; exact, or a formula, where the amounts are."""
    return _sum(amounts.ravel().tolist()) if amounts.dtype == object else float(amounts.sum())


def _sum(amounts: list[Any]) -> Any:
    return added_up(amounts) if any(isinstance(one, Formula) for one in amounts) else sum(amounts)


def by_position(positions: NDArray[Any], amounts: Floats, count: int) -> Floats:
    """Sums of amounts by position, shape (count,); exact where the amounts are."""
    if amounts.dtype != object:
        return np.bincount(positions, amounts, minlength=count).astype(np.float64, copy=False)
    found: list[list[Any]] = [[] for _ in range(count)]
    for position, amount in zip(positions.tolist(), amounts.tolist(), strict=True):
        found[position].append(amount)
    nothing: Any = 0.0 if any(isinstance(one, Formula) for one in amounts.tolist()) else Exact(0)
    return array_of([_sum(some) if some else nothing for some in found])


def by_pair(first: NDArray[Any], second: NDArray[Any], amounts: Floats, shape: tuple[int, int]) -> Floats:
    """Sums of amounts by two positions, of the shape; exact where the amounts are."""
    cells = first.astype(np.int64) * shape[1] + second
    return by_position(cells, amounts, shape[0] * shape[1]).reshape(shape)


def array_of(amounts: list[Any]) -> Floats:
    """An array of numbers: of floats, or of objects where one of them is of another kind."""
    if all(isinstance(one, (int, float, np.number)) for one in amounts):
        return np.array(amounts, dtype=np.float64)
    found = np.empty(len(amounts), dtype=object)
    found[:] = amounts
    return found
