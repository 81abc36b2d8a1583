"""Whatever a problem offers to write, written word for word where its place marks, removes it and keeps the number."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allocate.api.solving import formulate
from allocate.case.load import read_case
from allocate.case.offers import TRIED_APART
from allocate.errors import CaseError, Place, Problem, replacements
from allocate.units import UnitError, Units

TESTS = Path(__file__).parents[1]


def mistakes(path: Path) -> list[Any]:
    """The mistakes a test module lists."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [
        pytest.param(*one, id=one[2] if len(one) == 4 else None) if type(one) is tuple else one
        for one in module.MISTAKES
    ]


ALL = [
    (f"{path.stem.removeprefix('test_').removeprefix('mistakes_in_')}: {param.id}", param.values)
    for path in sorted(one for folder in ("case/checks", "clauses", "rules") for one in (TESTS / folder).glob("*.py"))
    if "\nMISTAKES" in path.read_text(encoding="utf-8")
    for param in mistakes(path)
    if len(param.values) == 4 and isinstance(param.values[0], list) and replacements(param.values[3])
]
CASE: dict[str, Any] = {
    "case": "c",
    "currency": "USD",
    "exchange": {"EUR": "1.08 USD", "GBP": "1.25 USD"},
    "horizon": {"start": "2027-01-04", "weeks": 4},
    "objective": "cost",
    "products": {"p": {"item": "image", "effort": "10 s/image", "demand": "10 images"}},
    "vendors": {"v": {"contract": {"price": "1 USD/image"}}},
}


def with_text(folder: Path, place: Place, text: str) -> None:
    """Write a text in place of what a place marks in its file."""
    path = folder / place.file
    lines = path.read_bytes().decode().splitlines(keepends=True)
    line = lines[place.line - 1]
    lines[place.line - 1] = line[: place.column - 1] + text + line[place.column - 1 + place.width :]
    path.write_bytes("".join(lines).encode())


def problems_in(folder: Path) -> Sequence[Problem]:
    try:
        read_case(folder)
    except CaseError as error:
        return error.problems
    return ()


def digits(text: str) -> str:
    """The digits of the number a text begins with, without zeros at either end; nothing where it begins with none."""
    found = re.match(r"[^\w.,]*(?:[A-Za-z]{3} )?([\d.,'\u2019_ \u00a0\u2009\u202f]+)", text)
    return re.sub(r"\D", "", found[1]).strip("0") if found else ""


@pytest.mark.slow
@pytest.mark.parametrize(("edits", "place", "message", "fix"), [v for _, v in ALL], ids=[name for name, _ in ALL])
def test_an_offer_written_where_it_belongs_removes_the_problem(
    written: Callable[..., Path], edits: list[Any], place: str, message: str, fix: str
) -> None:
    """Each text offered for each mistake of these tests leaves nothing wrong there, and no other number."""
    folder = written(edits)
    (problem,) = [one for one in problems_in(folder) if str(one.place) == place]
    assert problem.place is not None
    if not problem.place.line:
        return  # a setting: it has no file to write into
    marked = problem.place.text[problem.place.column - 1 :][: problem.place.width].strip("'\"")
    is_name = (problem.fix or "").startswith("did you mean '")
    for text in replacements(problem.fix):
        again = written(edits)
        with_text(again, problem.place, text)
        there = [one for one in problems_in(again) if str(one.place) == place]
        assert not there or (is_name and all(one.message.split("'")[0] != message.split("'")[0] for one in there))
        if digits(marked) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}|.*[/.\-]\d{2,4}|.*20\d\d.*", marked):
            assert digits(text) == digits(marked)


def test_at_least_is_not_answered_with_at_most(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    """A key that means the opposite is no near miss: the keys there are stand in its place."""
    problems = problems_of([("case.yaml", "at-most: 90k USD", "at-least: 90k USD")])
    assert [(one.message, one.fix) for one in problems] == [
        ("an entry of budget.limits needs the key 'at-most'", "add `at-most: …`"),
        (
            "unknown key 'at-least' in budget.limits.\"boxes\"",
            "known keys: name, at-most, products, vendors, from, to",
        ),
    ]


def test_many_offers_are_tried_together(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    """Where more problems than are tried one by one have a fix, each still has the one that holds."""
    many = TRIED_APART + 6
    rules = "".join(
        f"  - {{name: r{n}, owner: o, share: {{vendor: acme, of: spend, at-most: '8{n % 10},5%'}}}}\n"
        for n in range(many)
    )
    problems = problems_of([("case.yaml", "rules:\n", f"rules:\n{rules}")])
    assert len(problems) == many
    assert [one.fix for one in problems] == [f"write `8{n % 10}.5%`" for n in range(many)]


NOTATIONS = [
    (".", ","),
    (",", "."),
    ("'", "."),
    ("\u2019", ","),
    (" ", ","),
    ("\u00a0", ","),
    ("\u202f", "."),
    ("_", "."),
]
BEFORE = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "USD ": "USD", "EUR": "EUR"}
BEHIND = {
    " USD": "USD",
    "USD": "USD",
    " $": "USD",
    "€": "EUR",
    " usd": "USD",
    " UDS": "USD",
    " cents": "USD",
    " pence": "GBP",
}


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(
    st.decimals(0, 2_000_000, places=4, allow_nan=False, allow_infinity=False),
    st.integers(0, 4),
    st.sampled_from(NOTATIONS),
    st.one_of(
        st.sampled_from(sorted(BEFORE)).map(lambda one: (one, "")),
        st.sampled_from(sorted(BEHIND)).map(lambda one: ("", one)),
    ),
    st.sampled_from(["", "k", " k", "K", " million"]),
)
def test_money_in_any_notation_is_read_or_offered_as_it_was_meant(
    number: Decimal, places: int, notation: tuple[str, str], signs: tuple[str, str], scale: str
) -> None:
    """An amount of money, however written, is read as meant, or refused; what is offered then has what was meant in it."""
    thousands, decimal = notation
    rounded = number.quantize(Decimal(1).scaleb(-places))
    text = f"{rounded:,f}".translate(str.maketrans({",": thousands, ".": decimal}))
    before, behind = signs
    written = f"{before}{text}{scale}{behind}"
    code = BEFORE.get(before) or BEHIND[behind]
    factor = {"": 1, "k": 1000, "K": 1000, "million": 10**6}[scale.strip()]
    meant = rounded * factor / (100 if "cents" in behind or "pence" in behind else 1)
    units = Units().of_currency("USD")
    try:
        found = [units.quantity(written)]
    except UnitError as error:
        found = [units.quantity(one) for one in replacements(error.fix)]
        if not found:
            return
    matching = [one for one in found if one.currency == code and one.number == pytest.approx(float(meant), rel=1e-9)]
    assert matching, (written, found)
    if len(found) > 1:
        assert len(found) == 2
        assert found[0].number != found[1].number
    settings_ = {**CASE, "budget": written}
    try:
        assert read_case(settings_).file.budget.total == found[0]
    except CaseError as error:
        (problem,) = error.problems
        assert [units.quantity(text) for text in replacements(problem.fix)] == found


@pytest.mark.parametrize(
    ("override", "message", "whole"),
    [
        ("vendors.acme.leed: 1 week", "unknown key 'leed' in vendors.acme, did you mean 'lead'?", "vendors.acme.lead"),
        (
            "vendors.acmee.capacity: 700 h/week",
            "the override is for a vendor that is not there: 'acmee'",
            "vendors.acme.capacity",
        ),
        (
            "rates.moderation.acne.price: 1 USD/image",
            "the rate is for a vendor that is not there: 'acne'",
            "rates.moderation.acme.price",
        ),
    ],
)
def test_an_override_of_a_scenario_is_offered_as_a_whole(
    written: Callable[..., Path], override: str, message: str, whole: str
) -> None:
    """What is wrong in the path of an override is answered with the whole path, which stands at the place marked."""
    edits = [("case.yaml", "{vendors.acme.capacity: 700 h/week}", f"{{{override}}}")]
    with pytest.raises(CaseError) as raised:
        read_case(written(edits), "late")
    (problem,) = raised.value.problems
    assert (problem.message, problem.fix) == (message, f"write `{whole}`")
    assert problem.place is not None
    folder = written(edits)
    with_text(folder, problem.place, whole)
    read_case(folder, "late")


@pytest.mark.parametrize(
    ("value", "message", "fix"),
    [
        (
            "{curve: {power-law: {a: 60, b: 0.3}}, worth: 18k USD/point}",
            "products.moderation.value: a power law says nothing below one label, got 0: set `existing` to the labels "
            "there already, at least 1",
            None,
        ),
        (
            "{curve: {points: [{labels: 20_000, score: 71}, {labels: 9e4, score: 84}]}, worth: 1k USD/point}",
            "products.moderation.value: the curve starts at 20000 labels and says nothing below: add a point for fewer "
            "labels, or raise `existing`",
            "correct the curve's points",
        ),
    ],
)
def test_a_curve_that_cannot_be_used_is_not_answered_with_one_that_cannot(
    written: Callable[..., Path], value: str, message: str, fix: str | None
) -> None:
    """A fitted family is offered in place of points only where it gives a curve that can be used."""
    before = "{curve: moderation.csv, worth: 18k USD/point, existing: 50_000 images}"
    with pytest.raises(CaseError) as raised:
        formulate(read_case(written([("case.yaml", before, value)])))
    assert [(one.message, one.fix) for one in raised.value.problems] == [(message, fix)]
