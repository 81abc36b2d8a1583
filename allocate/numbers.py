"""Choices, bounds and sums that hold for every kind of number: floats, exact ones, formulas, and arrays of them.

Code that asks with these instead of `if`, `min` and `max` writes the workbook's formula where it runs on formulas.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.formula import Formula, called, compared, value_of
from allocate.tolerances import AT_WORK, LEAST_ITEMS

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Booleans = NDArray[np.bool_]


def is_traced(*numbers: Any) -> bool:
    """Whether a number is a formula, or an array holds one."""
    return any(
        any(isinstance(element, Formula) for element in one.ravel().tolist())
        if isinstance(one, np.ndarray) and one.dtype == object
        else isinstance(one, Formula)
        for one in numbers
    )


def by_value(numbers: Any) -> Any:
    """A number, or an array, as it comes to now: formulas become floats, all else stays as it is."""
    if isinstance(numbers, np.ndarray):
        if numbers.dtype != object or not is_traced(numbers):
            return numbers
        return np.array([value_of(one) for one in numbers.ravel().tolist()]).reshape(numbers.shape)
    return numbers.value if isinstance(numbers, Formula) else numbers


def numbers(values: Any) -> NDArray[Any]:
    """Numbers of any shape as an array: of floats, or of formulas."""
    array = np.asarray(values)
    return array if is_traced(array) else np.asarray(values, dtype=np.float64)


def placed(into: NDArray[Any], at: Any, values: Any) -> NDArray[Any]:
    """An array with values in some of its places: the array itself, or one of formulas where it cannot hold them."""
    if into.dtype != object and is_traced(np.asarray(values)):
        into = into.astype(object)
    into[at] = values
    return into


def ratio(part: Any, whole: Any) -> Any:
    """A part over the whole, and 0 where the whole is not above 0, element by element."""
    if is_traced(part, whole):
        if isinstance(part, np.ndarray) or isinstance(whole, np.ndarray):
            return _each(ratio, part, whole)
        return when(above(whole, 0.0), part / whole, 0.0) if isinstance(whole, Formula) or whole > 0 else 0.0
    if isinstance(whole, np.ndarray):
        nothing = np.full(whole.shape, 0.0, dtype=np.result_type(part, whole))
        return np.divide(part, whole, out=nothing, where=whole > 0.0)
    return part / whole if whole > 0 else 0.0


def distinct(numbers: NDArray[Any]) -> list[tuple[Any, NDArray[np.bool_]]]:
    """Each different number of an array and where it stands: in order of size, formulas in that in which they come."""
    if not is_traced(numbers):
        alike = numbers == numbers[:1]
        if alike.all():
            return [(one, alike) for one in numbers[:1].tolist()]
        return [(one, numbers == one) for one in np.unique(numbers).tolist()]
    alike = [one.digest if isinstance(one, Formula) else one for one in numbers.tolist()]
    return [(numbers[alike.index(one)], np.array([one == other for other in alike])) for one in dict.fromkeys(alike)]


def may_be(amount: Any) -> bool:
    """Whether an amount is something, or may become something when an input changes."""
    return isinstance(amount, Formula) or bool(amount != 0)


def named(name: str, number: Any) -> Any:
    """Numbers as they are; formulas by the name a reader of the workbook sees them under."""
    if isinstance(number, np.ndarray):
        return _each(lambda one: named(name, one), number) if is_traced(number) else number
    if isinstance(number, Formula) and number.name:
        return number
    return Formula(number.operation, number.parts, number.value, name) if isinstance(number, Formula) else number


def blank(shape: int | tuple[int, ...], *like: Any) -> NDArray[Any]:
    """Zeros to be filled in: of floats, or of any number where one of some arrays holds others."""
    kind = object if any(isinstance(one, Formula) or np.asarray(one).dtype == object for one in like) else np.float64
    found: NDArray[Any] = np.full(shape, 0.0, dtype=kind)
    return found


def above(left: Any, right: Any) -> Any:
    """Whether one is more than another, element by element; of formulas the condition."""
    return _compared(left, ">", right, np.greater)


def below(left: Any, right: Any) -> Any:
    """Whether one is less than another, element by element; of formulas the condition."""
    return _compared(left, "<", right, np.less)


def _compared(left: Any, sign: str, right: Any, ufunc: np.ufunc) -> Any:
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return ufunc(left, right, dtype=object) if is_traced(left, right) else ufunc(left, right)
    if is_traced(left, right):
        return compared(left, sign, right)
    return left > right if sign == ">" else left < right


def both(first: Any, second: Any) -> Any:
    """Whether two conditions hold."""
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        return _each(both, first, second) if is_traced(first, second) else first & second
    if not (isinstance(first, Formula) and isinstance(second, Formula)):
        sure, other = (second, first) if isinstance(first, Formula) else (first, second)
        return other if sure else False
    return Formula("AND", (first, second), float(bool(first.value) and bool(second.value)))


def when(holds: Any, then: Any, other: Any) -> Any:
    """One number where a condition holds, another elsewhere, element by element."""
    if any(isinstance(one, np.ndarray) for one in (holds, then, other)):
        return _each(when, holds, then, other) if is_traced(holds) else np.where(holds, then, other)
    if not isinstance(holds, Formula):
        return then if holds else other
    if then is other or not (isinstance(then, Formula) or isinstance(other, Formula) or then != other):
        return then
    return called("IF", (holds, then, other), value_of(then) if holds.value else value_of(other))


def least(*numbers: Any) -> Any:
    """The least of some numbers, element by element."""
    return _bound("MIN", np.minimum, min, numbers)


def most(*numbers: Any) -> Any:
    """The largest of some numbers, element by element."""
    return _bound("MAX", np.maximum, max, numbers)


def _bound(function: str, ufunc: np.ufunc, of: Callable[..., Any], numbers: tuple[Any, ...]) -> Any:
    if any(isinstance(one, np.ndarray) for one in numbers):
        if is_traced(*numbers):
            return _each(lambda *some: _bound(function, ufunc, of, some), *numbers)
        return reduce(ufunc, numbers)
    formulas = [one for one in numbers if isinstance(one, Formula)]
    known = [one for one in numbers if not isinstance(one, Formula)]
    if not formulas:
        return of(known)
    sure = [of(known)] if known else []
    if sure and not math.isfinite(sure[0]):
        # What no other number can be below or above says nothing, or all.
        if (sure[0] > 0) == (function == "MAX"):
            return sure[0]
        sure = []
    parts = [*formulas, *sure]
    return parts[0] if len(parts) == 1 else called(function, parts, of(value_of(one) for one in parts))


def whole_up(number: Any) -> Any:
    """The least whole number, not below 0, that is no less than a number."""
    if isinstance(number, Formula):
        kept = most(number, 0.0)
        return called("ROUNDUP", (kept, 0.0), float(math.ceil(kept.value)))
    return max(math.ceil(number), 0)


def rounded_to(number: Any, size: float, way: str, close: float) -> Any:
    """A number not below 0 as a multiple of a size, element by element: `up`, `down` or to the `nearest`.

    close: share of the size that a number may lie above a multiple, or below it, and still be it.
    """
    if isinstance(number, np.ndarray):
        return _each(lambda one: rounded_to(one, size, way, close), number).astype(
            object if is_traced(number) else np.float64
        )
    if way == "up":
        return size * whole_up(number / size - close)
    return size * whole_down(number / size + (close if way == "down" else 0.5 + close))


def whole_down(number: Any) -> Any:
    """The largest whole number, not below 0, that is no more than a number."""
    if isinstance(number, Formula):
        kept = most(number, 0.0)
        return called("ROUNDDOWN", (kept, 0.0), float(math.floor(kept.value)))
    return max(math.floor(number), 0)


def logarithm(numbers: Any) -> Any:
    """The natural logarithm."""
    if isinstance(numbers, np.ndarray) and is_traced(numbers):
        return _each(logarithm, numbers)
    return called("LN", (numbers,), math.log(numbers.value)) if isinstance(numbers, Formula) else np.log(numbers)


def _each(function: Callable[..., Any], *numbers: Any) -> NDArray[Any]:
    """A function of single numbers applied to arrays of them, whatever it answers with."""
    found: NDArray[Any] = np.frompyfunc(function, len(numbers), 1)(*numbers)
    return found


def least_items(made: float) -> float:
    """The fewest items that are a line of a plan of so many in all; a plan of next to nothing is a solver's rounding."""
    return LEAST_ITEMS * (made if AT_WORK < made < 1.0 else 1.0)
