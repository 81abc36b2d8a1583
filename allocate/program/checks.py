"""What callers hand to the program, checked and turned into arrays; programming errors are ValueError."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from allocate.program.arrays import Batch, Booleans, Floats, Integers, batch

INFINITE = 1e20
"""Solvers take anything this large for infinite, so no finite number may reach it."""


class TooLargeError(ValueError):
    """A number that solvers would take for infinite, or none at all: each by itself may have been written, their product not."""


def numbers(name: str, values: ArrayLike, size: int) -> Floats:
    """Finite numbers of shape (size,), copied."""
    array = spread(name, values, size)
    refuse(name, ~(np.abs(array) < INFINITE), "is not a finite number below 1e20")
    return array


def bounds(name: str, lower: ArrayLike, upper: ArrayLike, size: int) -> tuple[Floats, Floats]:
    """Lower and upper sides of shape (size,), copied: finite below 1e20, or infinite on the outside."""
    low, high = spread(name, lower, size), spread(name, upper, size)
    refuse(name, ~((np.abs(low) < INFINITE) | (low == -math.inf)), "is no lower bound")
    refuse(name, ~((np.abs(high) < INFINITE) | (high == math.inf)), "is no upper bound")
    return low, high


def spread(name: str, values: ArrayLike, size: int) -> Floats:
    """Values as a new array of shape (size,), a single number repeated."""
    array = np.asarray(values, np.float64)
    if array.shape not in ((), (size,)):
        raise ValueError(f"{name}: expected a number or {size} of them, got shape {array.shape}")
    return np.array(np.broadcast_to(array, size))


def refuse(name: str, wrong: Booleans, what: str) -> None:
    """Raise TooLargeError for the first place where something is wrong."""
    if wrong.any():
        raise TooLargeError(f"{name}: the value at position {int(np.argmax(wrong))} {what}")


def places(name: str, ids: ArrayLike, count: int) -> Integers:
    """Column or row numbers below ``count`` as int32, of the shape given; shared when nobody can write to them."""
    array = np.asarray(ids)
    if array.ndim > 1 or (array.size and not np.issubdtype(array.dtype, np.integer)):
        raise ValueError(f"{name} must be a whole number or a one-dimensional array of them")
    if array.size and (array.min() < 0 or array.max() >= count):
        raise ValueError(f"{name} {array.min() if array.min() < 0 else array.max()} does not exist; there are {count}")
    return array if array.dtype == np.int32 and _is_safe(array) else np.array(array, np.int32)


def triplets(rows: Integers, columns: Integers, values: ArrayLike) -> Batch | None:
    """One batch of coefficients, zeros left out; None when nothing remains."""
    given = np.asarray(values, np.float64)
    if not np.isfinite(given).all():
        raise TooLargeError("coefficients must be finite numbers")
    shape = np.broadcast_shapes(rows.shape, columns.shape, given.shape)
    if len(shape) > 1:
        raise ValueError("rows, columns and values must be single numbers or one-dimensional arrays")
    if shape == ():
        shape = (1,)
    if not given.all():
        lasting = np.broadcast_to(given != 0, shape)
        rows = rows[lasting] if rows.ndim else rows
        columns = columns[lasting] if columns.ndim else columns
        given = given[lasting] if given.ndim else given
        shape = (int(np.count_nonzero(lasting)),)
    if shape == (0,):
        return None
    return batch(
        _single_or_all(rows, shape) if rows.ndim else int(rows),
        _single_or_all(columns, shape),
        _single_or_all(given if _is_safe(given) else given.copy(), shape) if given.ndim else float(given),
    )


def _single_or_all(array: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    return array if array.shape == shape else np.array(np.broadcast_to(array, shape))


def _is_safe(array: NDArray[Any]) -> bool:
    """Nobody can write to the array through its own name or the one it is a view of."""
    base = array.base
    return not array.flags.writeable and (base is None or (isinstance(base, np.ndarray) and not base.flags.writeable))
