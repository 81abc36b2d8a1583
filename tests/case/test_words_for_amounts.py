"""Any amount of a case can be named by words: its keys, and whose it is."""

import typing
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from allocate import CaseError, read_case
from allocate.case.reading import Reader
from allocate.case.schema.case_file import CaseFile
from allocate.case.spreads.fields import _forms
from allocate.case.spreads.words import APART, leaves, meant

NAME = "acme"


def amounts(form: Any, path: tuple[Any, ...] = (), within: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Paths of the schema at which an amount may have a spread; things with names are called `NAME`, lists have one entry."""
    if isinstance(form, Reader):
        yield from [path] if form.spread else []
    elif isinstance(form, type) and issubclass(form, BaseModel):
        for name, field in form.model_fields.items() if form not in within else ():
            for one in _forms(field.annotation, field.metadata):
                yield from amounts(one, (*path, field.alias or name), (*within, form))
    elif typing.get_origin(form) in (tuple, list, dict):
        step, below = (NAME, 1) if typing.get_origin(form) is dict else (0, 0)
        for one in _forms(typing.get_args(form)[below]):
            yield from amounts(one, (*path, step), within)


def written(path: tuple[Any, ...], below: Any = 1) -> Any:
    """Data in which something stands at a path; entries of lists have a name."""
    for step in reversed(path):
        below = [({"name": "first"} | below) if isinstance(below, dict) else below] if step == 0 else {step: below}
    return below


def test_every_amount_of_the_schema_has_words_that_name_it() -> None:
    """Whatever may have a spread is named by its own words, and by nothing that names another kind of amount."""
    paths = {path for path in amounts(CaseFile) if path[0] not in APART}
    assert len(paths) > 200
    for path in paths:
        there = [one for one in leaves(written(path)) if one.path == path]
        assert len(there) == 1, path
        for exactly in (False, True):
            assert meant(there[0].words(exactly), there) == there, path


def _case(*of: str) -> dict[str, Any]:
    contract = {
        "price": "0.50 USD/image", "commitment": {"at-least": "1_000 USD", "shortfall": "50%"},
        "early-payment": {"discount": "2%", "within": "10 days"}, "payment": "30 days",
        "volume-discount": {"steps": [{"from": "1_000 images", "off": "5%"}, {"from": "4_000 images", "off": "8%"}]},
    }  # fmt: skip
    return {
        "case": "named", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-04", "weeks": 6},
        "products": {"scans": {"item": "image", "effort": "30 s/image", "demand": "5_000 images"}},
        "vendors": {"acme": {"capacity": "400 h/week", "accuracy": "95%", "contract": contract}},
        "uncertain": {"factors": {"market": {"low": "90%", "high": "120%", "of": list(of)}}},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        ("commitment of acme", ["commitment.at-least"]),
        ("commitment shortfall of acme", ["commitment.shortfall"]),
        ("shortfall of vendor acme", ["commitment.shortfall"]),
        ("early payment discount of acme", ["early-payment.discount"]),
        ("volume discount of acme", ["volume-discount.steps.0.off", "volume-discount.steps.1.off"]),
    ],
)
def test_words_name_commitments_and_discounts(words: str, paths: list[str]) -> None:
    """A factor on a block is one on its amount, or on what its steps take off."""
    case = read_case(_case(words))
    assert list(case.spreads.factors[0].of) == [f"vendors.acme.contract.{path}" for path in paths]


def test_words_for_several_kinds_of_amounts_say_which_there_are() -> None:
    """A discount for early payment and one for volume are not the same."""
    with pytest.raises(CaseError) as told:
        read_case(_case("discount of acme"))
    (problem,) = told.value.problems
    assert problem.message == "'discount of acme' may be one amount or another"
    each = "'early payment discount of acme', 'volume discount from of acme', 'volume discount off of acme'"
    assert problem.fix == f"write one of {each}"


def test_a_slip_in_the_words_gets_the_nearest_ones() -> None:
    """A misspelt block is told with the words that are meant."""
    with pytest.raises(CaseError) as told:
        read_case(_case("shortfal of acme"))
    assert "shortfall" in str(told.value.problems[0].fix)
