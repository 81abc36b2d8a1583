"""Mistakes in value: gates no plan can reach, gates twice, nothing that is worth anything."""

from __future__ import annotations

import pytest
from mistakes import told_once_each

WORTH = "worth: 18k USD/point"


def gates(text: str, fit: bool = False) -> list[tuple[str, str, str]]:
    """The case with gates beside the worth of a point, on its table or on a fit of it."""
    curve = "{points: moderation.csv, fit: power-law}" if fit else "moderation.csv"
    return [("case.yaml", f"moderation.csv, {WORTH}", f"{curve}, {WORTH}, gates: {text}")]


MISTAKES = [
    pytest.param(
        gates("[{score-at-least: 80 points, worth: 5k USD}, {score-at-least: 85 points, worth: 5k USD}]"),
        "case.yaml:19:127",
        "no plan reaches the gate at 85 points: its table of points ends at 84 points",
        "lower the gate, or fit the points, as in `fit: best`",
        id="a gate beyond the table",
    ),
    pytest.param(
        gates("{score-at-least: 101 points, worth: 5k USD}", fit=True),
        "case.yaml:19:108",
        "no plan reaches the gate at 101 points: its curve never passes 100 points",
        "lower the gate",
        id="a gate above the ceiling",
    ),
    pytest.param(
        gates("[{score-at-least: 80 points, worth: 5k USD}, {score-at-least: 80 points, worth: 7k USD}]"),
        "case.yaml:19:127",
        "two gates stand at 80 points",
        "add their worth up in one gate",
        id="a gate twice",
    ),
    pytest.param(
        gates("{score-at-least: 80, worth: 5k USD}"),
        "case.yaml:19:82",
        "products.moderation.value.gates.score-at-least expects score points, got a number without a unit ('80')",
        "write it as in `78 points`",
        id="a gate without unit",
    ),
    pytest.param(
        gates("[{score-at-least: 80 points, worth: 5k EUR}]"),
        "case.yaml:19:101",
        "there is no exchange rate for EUR ('5k EUR')",
        "add `exchange: {EUR: … USD}` with what one EUR is worth, or write the amount in USD",
        id="a gate in a currency without rate",
    ),
    pytest.param(
        [("case.yaml", f", {WORTH}", "")],
        "case.yaml:19:12",
        "products.moderation.value: a value has neither worth nor gates",
        "add `worth: 18k USD/point`",
        id="no worth at all",
    ),
]


test_mistakes = told_once_each(MISTAKES)
