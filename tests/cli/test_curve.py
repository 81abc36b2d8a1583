"""`allocate curve`: the families that fit a product's points."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from allocate.cli import main

PORTFOLIO = Path(__file__).parents[2] / "cases" / "portfolio"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run `allocate curve` on the portfolio in this process."""
    monkeypatch.setattr(sys, "argv", ["allocate", "curve", str(PORTFOLIO), *arguments])
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_families_come_best_first(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Lane-marking's points speak for the power law; each family says what it foretells at twice the labels."""
    assert run(monkeypatch, "--product", "lane-marking", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["families"][0]["family"] == "power-law"
    assert found["families"][0]["held_out"] == min(one["held_out"] for one in found["families"])
    assert all(one["at_twice"] > found["points"][-1]["score"] - 1.5 for one in found["families"])


@pytest.mark.parametrize("format_", ["table", "csv", "md"])
def test_every_format_names_every_family(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], format_: str
) -> None:
    """A table, CSV and Markdown all list the five families."""
    assert run(monkeypatch, "--product", "speech", "--format", format_) == 0
    out = capsys.readouterr().out
    for family in ("power-law", "power-law-with-floor", "logarithmic", "exponential", "arctan"):
        assert family in out


@pytest.mark.parametrize(("product", "says"), [("lanes", "there is no product 'lanes'"), ("sentiment", None)])
def test_products_without_points(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], product: str, says: str | None
) -> None:
    """An unknown product is a problem that names those there are."""
    code = run(monkeypatch, "--product", product)
    assert (code == 1) == (says is not None)
    if says:
        assert says in capsys.readouterr().err
