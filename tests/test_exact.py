"""Exact numbers agree with Python's own fractions, stay exact beside floats, and are never rounded unseen."""

from __future__ import annotations

import math
import operator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocate.exact import Exact, by_pair, by_position, element, exactly, floats, rounded, total

NUMBERS = st.one_of(
    st.floats(-1e12, 1e12, allow_subnormal=False), st.integers(-(10**9), 10**9), st.fractions(max_denominator=10**6)
)


def fraction(number: Any) -> Fraction:
    """A number as Python's own fraction, a float read as it is written."""
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


@pytest.mark.slow
@given(NUMBERS, NUMBERS)
def test_arithmetic_is_that_of_fractions(one: Any, other: Any) -> None:
    """Sums, differences, products, quotients and comparisons with any number are those of fractions, and exact."""
    for by in (operator.add, operator.sub, operator.mul, operator.truediv):
        if by is operator.truediv and not (one and other):
            continue
        right = by(fraction(one), fraction(other))
        for found in (by(Exact.of(one), Exact.of(other)), by(Exact.of(one), other), by(one, Exact.of(other))):
            assert isinstance(found, Exact)
            assert found.fraction == right
            assert rounded(found) == float(right)
    for by in (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne):
        assert by(Exact.of(one), other) is by(fraction(one), fraction(other))
    exact, right = Exact.of(one), fraction(one)
    assert (math.floor(exact), math.ceil(exact), round(exact)) == (math.floor(right), math.ceil(right), round(right))
    assert ((-exact).fraction, abs(exact).fraction, bool(exact)) == (-right, abs(right), bool(right))
    assert hash(exact) == hash(Exact.of(right))


def test_a_float_is_what_was_written() -> None:
    """Three tenths are the sum of three times a tenth; in floats they are not."""
    assert 0.1 + 0.1 + 0.1 != 0.3
    assert Exact.of(0.1) + 0.1 + 0.1 == 0.3
    assert [Exact.of(one).fraction for one in (1e-7, 2.5e300, 40_000.0)] == [Fraction(1, 10**7), 25 * 10**299, 40_000]


def test_long_sums_stay_short() -> None:
    """Denominators of many different quotients are brought to lowest terms, and the sum is still exact."""
    parts = [Exact(1, n) for n in range(1, 1200)]
    assert total(np.array(parts, dtype=object)).fraction == sum(Fraction(1, n) for n in range(1, 1200))  # type: ignore[attr-defined]
    assert total(np.array(parts, dtype=object)).denominator.bit_length() < 4000  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "unseen",
    [
        lambda exact: float(exact[0]),
        lambda exact: exact.astype(np.float64),
        lambda exact: np.zeros(2).__setitem__(0, exact[0]),
        lambda exact: np.bincount(np.array([0, 1]), exact),
        lambda exact: math.fsum(exact),
    ],
)
def test_nothing_is_rounded_unseen(unseen: Any) -> None:
    """Every way by which an exact number would become a float by the way is refused."""
    with pytest.raises(TypeError):
        unseen(exactly(np.array([0.1, 0.2])))


def test_what_is_no_number_is_refused() -> None:
    """Infinity and nan have no exact value, though an exact number can be compared with them; text is not a number."""
    for bad in (math.inf, math.nan):
        with pytest.raises(ValueError, match="has no exact value"):
            Exact.of(bad)
    with pytest.raises(TypeError, match="is not a number"):
        Exact.of("1")
    with pytest.raises(ZeroDivisionError):
        Exact.of(1.0) / 0.0
    one = Exact.of(1)
    assert (one < math.inf, one > -math.inf, one == math.nan, one == "1") == (True, True, False, False)


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1e9), st.floats(0, 1e3)), max_size=20))
def test_sums_over_arrays_are_exact(rows: list[tuple[int, float, float]]) -> None:
    """Dot products and sums by position, of floats in an exact array, are those of fractions to the last bit."""
    where = np.array([row[0] for row in rows], dtype=np.int32)
    items, each = (np.array([row[n] for row in rows], dtype=np.float64) for n in (1, 2))
    exact = exactly(items) * each
    right = [fraction(a) * fraction(b) for _, a, b in rows]
    assert rounded(total(exact)) == float(sum(right, Fraction(0)))
    sums = [
        float(sum((one for one, row in zip(right, rows, strict=True) if row[0] == n), Fraction(0))) for n in range(4)
    ]
    assert floats(by_position(where, exact, 4)).tolist() == sums
    assert floats(by_pair(where // 2, where % 2, exact, (2, 2))).ravel().tolist() == sums
    assert by_position(where, items * each, 4).dtype == np.float64
    np.testing.assert_allclose(by_position(where, items * each, 4), sums, atol=1e-300)  # below: subnormal numbers
    assert [rounded(element(one)) for one in exact] == [float(one) for one in right]
