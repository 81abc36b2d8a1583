"""Numbers as people of many countries write them: each way to read one, and one way to write it."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocate.numerals import NUMERAL, plainly, readings, two_ways


@pytest.mark.parametrize(
    ("numeral", "meant"),
    [
        ("2.500", ["2.5", "2500"]),
        ("1,234", ["1234", "1.234"]),
        ("0.500", ["0.5"]),
        ("0,125", ["0.125"]),
        ("1.234,50", ["1234.5"]),
        ("1,234.50", ["1234.5"]),
        ("1'000", ["1000"]),
        ("1\u2019000.50", ["1000.5"]),
        ("10 000", ["10000"]),
        ("10\u00a0000,5", ["10000.5"]),
        ("10\u2009000", ["10000"]),
        ("10\u202f000", ["10000"]),
        ("1.234.567", ["1234567"]),
        ("12,34,567", ["1234567"]),
        ("1'234.500", ["1234.5"]),
        ("1_234,500", ["1234.5"]),
        (",5", ["0.5"]),
        ("2.500e3", ["2500"]),
        ("1.2.3", []),
        ("1,2,3", []),
        ("1.234,567,890", []),
        ("1.23.456", []),
    ],
)
def test_ways_to_read_a_number(numeral: str, meant: list[str]) -> None:
    """Thousands come in groups of three (or as India groups them), decimals once, at the end."""
    assert [Decimal(one.text.replace("_", "")) for one in readings(numeral)] == [Decimal(text) for text in meant]


@pytest.mark.slow
@given(
    st.integers(0, 10**9),
    st.one_of(st.none(), st.from_regex(r"\A[0-9]{1,6}\Z")),
    st.sampled_from(
        [(".", ","), (",", "."), ("'", "."), (" ", ","), ("\u202f", ","), ("_", "."), ("", "."), ("", ",")]
    ),
)
def test_what_was_written_is_among_the_readings(whole: int, decimals: str | None, marks: tuple[str, str]) -> None:
    """Whoever wrote a number, in whichever notation, finds it among its readings; where there are two, they are told apart."""
    thousands, decimal = marks
    numeral = f"{whole:,}".replace(",", thousands) + (f"{decimal}{decimals}" if decimals is not None else "")
    meant = Decimal(f"{whole}.{decimals or '0'}")
    assert NUMERAL.fullmatch(numeral)
    found = [Decimal(one.text.replace("_", "")) for one in readings(numeral)]
    assert meant in found
    assert len(found) == 1 or (len(found) == 2 and two_ways(numeral))
    for one in readings(numeral):
        assert readings(one.text)[0].text == one.text
        assert re.fullmatch(r"[\d_]+(\.\d+)?", one.text)


@given(st.decimals(0, 10**6, allow_nan=False, places=3))
def test_plain_numbers_have_one_reading(number: Decimal) -> None:
    """A number with a decimal point can be written so that nobody reads thousands, and stays the same number."""
    text = plainly(f"{number:f}")
    assert Decimal(text) == number
    assert not two_ways(text)
