"""Amounts with units: what can be written, what it means, and what is said of what cannot."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocate.currencies import CURRENCIES, nearest_currency
from allocate.numerals import plainly
from allocate.units import Quantity, UnitError, Units, in_words, kind_of

UNITS = Units({"image": "images", "box": "boxes", "audio-minute": "audio-minutes", "sheep": "sheep"})


@pytest.mark.parametrize(
    ("text", "number", "kind"),
    [
        ("12 s/image", 12 / 3600, "labour/count"),
        ("1.5 min/image", 1.5 / 60, "labour/count"),
        ("7.4 s/box", 7.4 / 3600, "labour/count"),
        ("63 USD/1000 boxes", 0.063, "money/count"),
        ("63 USD/1k boxes", 0.063, "money/count"),
        ("63 USD / 1_000 boxes", 0.063, "money/count"),
        ("0.40 USD/image", 0.4, "money/count"),
        ("250k USD", 250_000.0, "money"),
        ("1.5M USD", 1_500_000.0, "money"),
        ("2bn IDR", 2e9, "money"),
        ("25 USD/h", 25.0, "money/labour"),
        ("25 USD/hour", 25.0, "money/labour"),
        ("18k USD/point", 18_000.0, "money/points"),
        ("97%", 0.97, "fraction"),
        ("97 %", 0.97, "fraction"),
        ("97 percent", 0.97, "fraction"),
        ("0.97", 0.97, "fraction"),
        ("1e-3", 0.001, "fraction"),
        ("-0.4 points", -0.4, "points"),
        ("20_000 images", 20_000.0, "count"),
        ("1 image", 1.0, "count"),
        ("40 h/week", 40.0, "labour/calendar"),
        ("8 h/day", 40.0, "labour/calendar"),
        ("160 hours/month", 160 * 7 / 30.4375, "labour/calendar"),
        ("5_000 images/week", 5_000.0, "count/calendar"),
        ("900 EU/week", 900.0, "count/calendar"),
        ("100 images/h", 100.0, "count/labour"),
        ("5.2/image", 5.2, "number/count"),
        ("5.2 boxes/image", 5.2, "count/count"),
        ("3 days", 3 / 7, "calendar"),
        ("1 quarter", 91.3125 / 7, "calendar"),
        ("10 people", 10.0, "person"),
        ("4 %/year", 0.04 * 7 / 365.25, "number/calendar"),
        ("12 audio-minutes", 12.0, "count"),
        ("3 sheep", 3.0, "count"),
        ("2 Images", 2.0, "count"),
        ("0.15 USD/USD", 0.15, "fraction"),
    ],
)
def test_amounts_are_read_in_base_units(text: str, number: float, kind: str) -> None:
    """An amount is a number of hours, weeks, items or money, and its kind follows from its units."""
    quantity = UNITS.quantity(text)
    assert quantity.number == pytest.approx(number, rel=1e-12)
    assert kind_of(quantity) == kind
    assert quantity.text == text


@pytest.mark.parametrize(("singular", "plural"), [("image", "images"), ("box", "boxes"), ("EU", "EUs")])
def test_singular_and_plural_are_one_unit(singular: str, plural: str) -> None:
    """`1 box` and `1 boxes` are equal, with the singular as their name."""
    assert UNITS.quantity(f"1 {plural}") == UNITS.quantity(f"1 {singular}")
    assert UNITS.quantity(f"1 {plural}").of() == singular


def test_numerator_and_denominator_are_told_apart() -> None:
    """An amount knows its currency, what it is of and what it is per."""
    price = UNITS.quantity("63 PHP/1000 boxes")
    assert (price.currency, price.of(), price.per()) == ("PHP", "PHP", "box")
    assert UNITS.quantity("5 boxes").currency is None
    assert UNITS.quantity("5 boxes").per() is None


def test_a_currency_is_no_noun_and_no_other_currency() -> None:
    """Money of two currencies differs in dimension, and a noun spelt like a code stays a noun."""
    nouns = Units({"try": "tries"})
    assert nouns.quantity("5 TRY").currency == "TRY"
    assert nouns.quantity("5 tries").of() == "try"
    assert UNITS.quantity("5 USD") != UNITS.quantity("5 EUR")


@given(st.integers(0, 10_000))
def test_percentages_are_exact(hundredths: int) -> None:
    """`95%` is 0.95 to the last digit, so that a share meets a floor of the same size."""
    assert UNITS.quantity(f"{hundredths / 100!r}%").number == hundredths / 100 / 100


def test_labour_time_and_calendar_time_do_not_cancel() -> None:
    """Hours of work in a week stay hours per week; the same time over itself is a plain number."""
    assert kind_of(UNITS.quantity("40 h/week")) == "labour/calendar"
    assert kind_of(UNITS.quantity("14 days/week")) == "fraction"
    assert UNITS.quantity("14 days/week").number == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("text", "message", "fix"),
    [
        ("12 sek/image", "does not know the unit 'sek', did you mean 'sec'?", "write `12 sec/image`"),
        ("12 s/imag", "does not know the unit 'imag', did you mean 'image'?", "write `12 s/image`"),
        ("5 UDS", "does not know the unit 'UDS', did you mean 'USD'?", "write `5 USD`"),
        ("12s", "'12s' has no space between number and unit", "write `12 s`"),
        ("1,200 USD", "'1,200 USD' has two readings: 1,200 and 1.2", "write `1_200 USD` or `1.2 USD`"),
        ("2.500 images", "'2.500 images' has two readings: 2.5 and 2,500", "write `2.5 images` or `2_500 images`"),
        ("1.234 USD", "'1.234 USD' has two readings: 1.2340 and 1,234", "write `1.2340 USD` or `1_234 USD`"),
        ("1.250M USD", "'1.250M USD' has two readings: 1.25 and 1,250", "write `1.25M USD` or `1_250M USD`"),
        ("1,234,567 USD", "'1,234,567 USD' has commas in its number", "write `1_234_567 USD`"),
        ("1.234,50 USD", "'1.234,50 USD' has a comma in its number", "write `1_234.50 USD`"),
        ("10'000 images", "'10'000 images' has apostrophes in its number", "write `10_000 images`"),
        ("10\u202f000 images", "'10\u202f000 images' has spaces in its number", "write `10_000 images`"),
        (
            "63 USD/1.000 images",
            "'63 USD/1.000 images' has separators in the number behind its '/'",
            "write `63 USD/1_000 images`",
        ),
        ("63 USD/k images", "'63 USD/k images' has no number before 'k'", "write `63 USD/1000 images`"),
        ("63 USD/dozen images", "'63 USD/dozen images' is not an amount", None),
        ("5K USD", "'5K USD' has 'K' after its number", "write `5k USD`"),
        ("\u22125 USD", "'\u22125 USD' has a typesetter's minus sign before its number", "write `-5 USD`"),
        (
            "5 carbon",
            "does not know the unit 'carbon'",
            "use a unit of time, a currency code, or a noun listed under `units:`",
        ),
        ("5-10 USD", "'5-10 USD' is not an amount", None),
        (".inf", "'.inf' is not a finite number", "write the amount, or leave the key out"),
        ("1,200.50 USD", "'1,200.50 USD' has commas in its number", "write `1_200.50 USD`"),
        ("0,5 USD", "'0,5 USD' has a comma in its number", "write `0.5 USD`"),
        ("20 000 images", "'20 000 images' has spaces in its number", "write `20_000 images`"),
        ("1 k USD", "'1 k USD' has a space before 'k'", "write `1k USD`"),
        ("$5", "'$5' has its currency before the number", None),
        ("€5/image", "'€5/image' has its currency before the number", "write `5 EUR/image`"),
        ("EUR 5/image", "'EUR 5/image' has its currency before the number", "write `5 EUR/image`"),
        ("5 €", "'€' is not a currency code", "write `5 EUR`"),
        ("5 USD per image", "'5 USD per image' has 'per' in words", "write `5 USD/image`"),
        ("nan", "'nan' is not a finite number", "write the amount, or leave the key out"),
        ("-inf USD", "'-inf USD' is not a finite number", "write the amount, or leave the key out"),
        ("9e999", "'9e999' is too large to calculate with", "write a smaller amount"),
        ("", "expects an amount, got an empty text", None),
        ("some", "'some' is not an amount", None),
        ("E0", "'E0' is not an amount", None),
        ("5//image", "'5//image' has a '/' with nothing on one side of it", "write both units, as in `12 s/image`"),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(text: str, message: str, fix: str | None) -> None:
    """Each slip in writing an amount has its own message and, where there is one, the text to type."""
    with pytest.raises(UnitError) as raised:
        UNITS.quantity(text)
    assert (str(raised.value), raised.value.fix) == (message, fix)
    typed = fix.split("`")[1] if fix is not None and fix.startswith("write `") else None
    if typed is not None:
        assert UNITS.quantity(typed).number != 0


def test_fixes_never_change_the_number() -> None:
    """The suggestion for a misspelt unit replaces the unit alone, even where its letters stand elsewhere."""
    with pytest.raises(UnitError) as raised:
        UNITS.quantity("5 images/imags")
    assert raised.value.fix == "write `5 images/images`"


@pytest.mark.parametrize(
    ("text", "own", "fix"),
    [
        ("$5,000", "USD", "write `5_000 USD` or `5 USD`"),
        ("$1,200.50 /1000 images", "CAD", "write `1_200.50 CAD/1000 images`"),
        ("40 cents/item", "USD", "write `0.40 USD/item`"),
        ("40 cents/item", "EUR", "write `0.40 EUR/item`"),
        ("40 cents/item", "VND", "use a unit of time, a currency code, or a noun listed under `units:`"),
        ("5 $", "EUR", "write its code, as in `250k USD`"),
    ],
)
def test_signs_and_coins_are_those_of_the_case(text: str, own: str, fix: str | None) -> None:
    """A sign or coin of several countries is that of the case's currency, and nobody's where the case has none of it."""
    with pytest.raises(UnitError) as raised:
        UNITS.of_currency(own).quantity(text)
    assert raised.value.fix == fix


@pytest.mark.parametrize(
    "text", ["2.5", "0.125", "0.500", "12.50", "1234.500", "1_234.500", "1.2340", "1.234e0", "-0.125"]
)
def test_numbers_with_one_reading_are_plain(text: str) -> None:
    """Only one to three digits, not beginning with 0, a point and three digits have two readings."""
    assert UNITS.quantity(f"{text} USD").number == float(text)


@pytest.mark.parametrize(
    ("code", "meant"), [("UDS", "USD"), ("USS", "USD"), ("ERU", "EUR"), ("XQZ", None), ("usd", None)]
)
def test_nearest_currency(code: str, meant: str | None) -> None:
    """A misspelt code is taken for the common currency with its letters, or with all but one."""
    assert nearest_currency(code) == meant


def test_dimensions_in_words() -> None:
    """An amount of no usual kind is still named by its units."""
    assert in_words(UNITS.quantity("5 s/image/box")) == "h per box and image"
    assert in_words(UNITS.quantity("5")) == "a number"


@given(st.floats(min_value=1e-9, max_value=1e12), st.sampled_from(sorted(CURRENCIES)), st.sampled_from(["image", "h"]))
def test_numbers_survive_writing_and_reading(number: float, currency: str, noun: str) -> None:
    """A price written with all its digits is read as the same number."""
    price = UNITS.quantity(f"{plainly(repr(number))} {currency}/{noun}")
    assert price == Quantity(number, ((currency, 1), (noun, -1)) if currency < noun else ((noun, -1), (currency, 1)))


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_a_unit_error(text: str) -> None:
    """Reading never fails with anything but a UnitError, and never gives a number that is not finite."""
    try:
        quantity = UNITS.quantity(text)
    except UnitError:
        return
    assert math.isfinite(quantity.number)
