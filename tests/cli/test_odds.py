"""`allocate odds` on the command line: plans of one's own, formats, what is assumed, and what is refused."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from allocate.cli import cli

ROOT = Path(__file__).parents[2]
CASE = str(ROOT / "cases/uncertain-portfolio")


def run(*words: str) -> Result:
    """The command with 16 scenarios."""
    return CliRunner().invoke(cli, ["odds", CASE, "--scenarios", "16", *words])


@pytest.mark.slow
def test_csv_has_a_row_a_scenario_with_all_that_was_drawn() -> None:
    """Every amount, cause and luck stands beside what came of it, so that each row can be worked out again."""
    rows = list(csv.DictReader(io.StringIO(run("--format", "csv").stdout)))
    assert [row["scenario"] for row in rows] == [str(n) for n in range(1, 17)]
    assert {"products.scans.effort", "strike", "luck with street", "spend", "budget: kept", "all_kept"} <= rows[
        0
    ].keys()
    for row in rows:
        if float(row["products.scans.effort"]) < 150:  # all is made
            assert float(row["budget limit 'scans'"]) == pytest.approx(40_000 * float(row["rates.scans.atelier.price"]))
        street = 3_600 * 8 * float(row["vendors.manila.capacity"]) / 60_000
        assert (float(row["products.street.effort"]) <= street) == (row["deadline of street: kept"] == "True")


@pytest.mark.slow
def test_json_has_every_figure_with_its_error() -> None:
    """Limits, money, products and drivers, each with half of its 95 % interval; the same bytes every time."""
    first, again = run("--format", "json").stdout, run("--format", "json").stdout
    assert first == again
    found: dict[str, Any] = json.loads(first)
    assert (found["scenarios"], found["seed"], found["policy"]) == (16, 1, "carry-over")
    assert [one["limit"] for one in found["limits"]][:3] == ["budget", "budget limit 'scans'", "deadline of scans"]
    for one in found["limits"]:
        assert {"odds", "odds_error", "p10", "p10_error", "p50", "p90", "missed_by", "owner", "planned"} <= one.keys()
    assert found["drivers"][0].keys() >= {"amount", "share", "error", "worth_knowing"}


@pytest.mark.slow
def test_a_plan_of_ones_own_is_tried(tmp_path: Path) -> None:
    """All street images with cebu, in seven weeks: its room decides, not manila's."""
    plan = tmp_path / "plan.csv"
    lines = ["product,vendor,workflow,period,items", *(f"scans,atelier,single-pass,{w},4000" for w in range(1, 11))]
    plan.write_text("\n".join([*lines, *(f"street,cebu,single-pass,{w},7000" for w in range(1, 9))]) + "\n")
    found = json.loads(run("--plan", str(plan), "--format", "json").stdout)
    (street,) = [one for one in found["products"] if one["product"] == "street"]
    assert street["planned"] == 56_000
    assert next(one for one in found["limits"] if one["limit"] == "deadline of street")["odds"] == 0.0


@pytest.mark.slow
def test_what_is_assumed_is_said() -> None:
    """`--spread` and `--speeds` name what they take for granted, on stderr."""
    result = run("--spread", "10%")
    assert "assumed: P10 and P90 10% from P50 for 1 input without a spread: capacity of atelier" in result.stderr


@pytest.mark.parametrize(
    ("words", "said", "status"),
    [
        (["--scenarios", "100"], "ask for 96", 1),
        (["--within", "lots"], "write it in points", 2),
        (["--spread", "0%"], "not above 0%", 2),
        (["--plan", "nosuch.csv"], "nosuch.csv", 1),
    ],
)
def test_what_cannot_be_is_refused_with_a_fix(words: list[str], said: str, status: int) -> None:
    """Numbers of scenarios, precisions, widths and plans that are none."""
    result = run(*words)
    text = (
        result.output
        if status == 2
        else "".join(str(one) for one in getattr(result.exception, "problems", [result.exception]))
    )
    assert said in text
    assert result.exit_code in (status, 1)
