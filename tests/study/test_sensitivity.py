"""Sensitivity: every input found, traced to its place, and each bar what separate solves say."""

from __future__ import annotations

import itertools
from decimal import Decimal
from pathlib import Path

import pytest
from study.small import small

from allocate import read_case, solve
from allocate.case.inputs import inputs
from allocate.case.load import revised
from allocate.case.paths import scaled, with_errors
from allocate.errors import CaseError
from allocate.study.sensitivity import Vary, sensitivity

PORTFOLIO = Path(__file__).resolve().parents[2] / "cases" / "portfolio"


@pytest.mark.parametrize(
    ("written", "factor", "wanted"),
    [
        ("250k USD", "1.1", "275k USD"),
        ("63 USD/1000 boxes", "0.9", "56.7 USD/1000 boxes"),
        ("1_200 h/week", "0.5", "600 h/week"),
        ("97%", "1.1", "106.7%"),
        (0.25, "2", "0.5"),
        ("week 9", "2", None),
        (True, "2", None),
    ],
)
def test_written_amounts_keep_their_unit(written: object, factor: str, wanted: str | None) -> None:
    """The number grows, what stands behind it stays; what is no amount is left alone."""
    assert scaled(written, Decimal(factor)) == wanted


def test_of_an_accuracy_the_errors_grow() -> None:
    """A tenth more errors of 95% is 94.5%; nothing comes out below zero."""
    assert with_errors("95%", Decimal("1.1")) == "94.5%"
    assert with_errors("0.98", Decimal("0.5")) == "0.99"
    assert with_errors("10%", Decimal(2)) is None


def test_inputs_are_found_and_traced_to_their_places() -> None:
    """Prices and errors by vendor from the rate card, demand, worth, exchange, wages: each with file and line."""
    found = {one.name: one for one in inputs(read_case(PORTFOLIO))}
    for name in ("budget", "hurdle", "exchange rate of PHP", "wage of the review team", "capacity of manila"):
        assert found[name].place.startswith("case.yaml:")
    assert found["errors of manila"].place.startswith("rates.csv:")
    assert "and" in found["errors of manila"].place
    assert {path for path, _ in found["demand for speech"].values} == {
        "products.speech.demand.at-least",
        "products.speech.demand.at-most",
    }


@pytest.mark.slow
def test_every_bar_is_what_separate_solves_say() -> None:
    """Each end of each bar is recomputed by a solve of its own; the longest bar comes first."""
    case = read_case(small())
    study = sensitivity(case, 0.2)
    before = solve(case).objective
    rows = {row["input"]: row for row in study.rows}
    assert len(rows) >= 9
    for point in study.points[1:]:
        answer = solve(revised(case, point.settings))
        row, side = rows[point.at["input"]], point.at["side"]
        assert row[f"status_{side}"] == answer.status.value
        if answer.plan is not None:
            assert row[f"change_{side}"] == pytest.approx(answer.objective - before, abs=1e-6)
    swings = [row["swing"] for row in study.rows if row["swing"] is not None]
    assert swings == sorted(swings, reverse=True)
    assert study.rows[0]["input"] in study.notes[-1] or study.rows[0]["swing"] is None


def test_named_values_only() -> None:
    """With paths named, those are varied and nothing else."""
    study = sensitivity(read_case(small()), 0.1, [Vary("vendors.acme.contract.price")])
    assert [row["input"] for row in study.rows] == ["vendors.acme.contract.price"]
    assert study.rows[0]["set_high"] == "vendors.acme.contract.price=16.5 USD/h"


def test_a_path_without_an_amount_is_a_mistake() -> None:
    """What cannot be made larger by a share has to be given in values."""
    with pytest.raises(CaseError, match="no amount"):
        sensitivity(read_case(small()), 0.1, [Vary("vendors.acme.lead")])


def test_two_lists_give_every_pair() -> None:
    """A two-way table holds the solve of every pair of values."""
    case = read_case(small())
    budgets, hurdles = ("200 USD", "400 USD"), ("1", "1.5")
    study = sensitivity(case, vary=[Vary("budget", budgets), Vary("hurdle", hurdles)])
    for row, (budget, hurdle) in zip(study.rows, itertools.product(budgets, hurdles), strict=True):
        assert (row["budget"], row["hurdle"]) == (budget, hurdle)
        answer = solve(revised(case, {"budget": budget, "hurdle": hurdle}))
        assert row["objective"] == pytest.approx(answer.objective, abs=1e-6)


def test_values_the_case_cannot_take_are_mistakes() -> None:
    """A list is checked before anything is solved."""
    with pytest.raises(CaseError, match=r"vendors\.acme\.capacity"):
        sensitivity(read_case(small()), vary=[Vary("vendors.acme.capacity", ("9 h/week", "9 USD"))])
