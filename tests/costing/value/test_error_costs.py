"""What errors cost on a route: what escapes, what noise takes from training, and what a label that trains costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from allocate import read_case, routes
from allocate.cli import cli
from allocate.costing.value.error_costs import error_table, value_of_label
from allocate.costing.value.values import product_values
from allocate.tables.column import names
from allocate.tables.routes import ERRORS

CASE = Path(__file__).parents[3] / "cases" / "launch-gate"
POINTS = [{"labels": 0, "score": 0}, {"labels": 1000, "score": 10}, {"labels": 4000, "score": 20}]


def case_of(value: dict[str, Any] | None) -> dict[str, Any]:
    """Two classes, an escaped error at 2 USD, a vendor right on 90 % at 0.60 USD."""
    product: dict[str, Any] = {"item": "image", "effort": "36 s/image", "classes": 2, "error-cost": "2 USD/image"}
    product |= {"value": value} if value is not None else {"demand": "100 images"}
    vendor = {"accuracy": "90%", "contract": {"price": "0.60 USD/image"}}
    base = {"case": "one", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 1}, "budget": "5000 USD"}
    base["objective"] = "cost"
    return {**base, "products": {"p": product}, "vendors": {"v": vendor}, "workflows": ["single-pass"]}


def test_the_parts_by_hand() -> None:
    """0.10 x 2 USD escape; of (1 - 0.2)^2 = 0.64 labels 0.36 are lost, at 10 points / 1,000 labels x 50 USD each."""
    case = read_case(case_of({"curve": POINTS, "worth": "50 USD/point"}))
    ways = routes(case)
    row = error_table(ways, product_values(case, ways)).iloc[0]
    assert row["error_cost"] == pytest.approx(0.20)
    assert (row["effective_labels"], row["labels_lost"]) == (pytest.approx(0.64), pytest.approx(0.36))
    assert row["value_of_label"] == pytest.approx(0.5)
    assert row["lost_value"] == pytest.approx(0.18)
    assert row["cost_with_errors"] == pytest.approx(0.60 + 0.20 + 0.18)
    assert row["cost_per_effective_label"] == pytest.approx(0.60 / 0.64)


def test_a_gate_is_shared_out_over_its_labels() -> None:
    """2,500 labels reach 15 points: 750 USD of points and 1,750 USD at the gate are 1 USD a label."""
    value = {"curve": POINTS, "worth": "50 USD/point", "gates": {"score-at-least": "15 points", "worth": "1750 USD"}}
    case = read_case(case_of(value))
    assert value_of_label(product_values(case, routes(case))[0]) == pytest.approx(1.0)


def test_a_gate_that_cannot_be_bought_is_worth_nothing() -> None:
    """With money for 800 labels only, the next label is worth its points."""
    value = {"curve": POINTS, "worth": "50 USD/point", "gates": {"score-at-least": "15 points", "worth": "9k USD"}}
    case = read_case({**case_of(value), "budget": "750 USD"})
    assert value_of_label(product_values(case, routes(case))[0]) == pytest.approx(0.5)


def test_without_a_value_only_what_escapes_counts() -> None:
    """A product without a value has no value of labels; its errors still cost."""
    case = read_case(case_of(None))
    row = error_table(routes(case), {}).iloc[0]
    assert np.isnan(row["value_of_label"])
    assert np.isnan(row["lost_value"])
    assert row["cost_with_errors"] == pytest.approx(0.80)


def test_cheap_and_bad_is_dear() -> None:
    """In the case of the launch the cheap vendor asks less for every image, and costs more with its errors."""
    case = read_case(CASE)
    ways = routes(case)
    table = error_table(ways, product_values(case, ways)).set_index(["product", "vendor"])
    for product in case.products:
        careful, cheap = table.loc[(product, "careful")], table.loc[(product, "cheap")]
        assert cheap["unit_cost"] < careful["unit_cost"]
        assert cheap["cost_with_errors"] > careful["cost_with_errors"]
        assert cheap["cost_per_effective_label"] > careful["cost_per_effective_label"]


def test_every_column_is_explained() -> None:
    """The table's columns are those of the legend, with units in the case's currency, in JSON as well."""
    result = CliRunner().invoke(cli, ["costs", str(CASE), "--errors", "--format", "json"])
    answer = json.loads(result.stdout)
    assert list(answer["columns"]) == names(ERRORS) == list(answer["routes"][0])
    assert answer["columns"]["lost_value"]["unit"] == "USD/item"
