"""`allocate curve`: the families that fit a product's points."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Run

PORTFOLIO = Path(__file__).parents[2] / "cases" / "portfolio"


def test_families_come_best_first(run: Run) -> None:
    """Lane-marking's points speak for the power law; each family says what it predicts at twice the labels."""
    ran = run("curve", PORTFOLIO, "--product", "lane-marking", "--format", "json")
    assert ran.code == 0
    found = json.loads(ran.out)
    assert found["families"][0]["family"] == "power-law"
    assert found["families"][0]["held_out"] == min(one["held_out"] for one in found["families"])
    assert all(one["at_twice"] > found["points"][-1]["score"] - 1.5 for one in found["families"])


@pytest.mark.parametrize("format_", ["table", "csv", "md"])
def test_every_format_names_every_family(run: Run, format_: str) -> None:
    """A table, CSV and Markdown all list the five families."""
    ran = run("curve", PORTFOLIO, "--product", "speech", "--format", format_)
    assert ran.code == 0
    for family in ("power-law", "power-law-with-floor", "logarithmic", "exponential", "arctan"):
        assert family in ran.out


@pytest.mark.parametrize(("product", "says"), [("lanes", "there is no product 'lanes'"), ("sentiment", None)])
def test_products_without_points(run: Run, product: str, says: str | None) -> None:
    """An unknown product is a problem that names those there are."""
    ran = run("curve", PORTFOLIO, "--product", product)
    assert (ran.code == 1) == (says is not None)
    if says:
        assert says in ran.err
