"""The study commands as typed: what they print, refuse, and leave behind when interrupted."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from study.small import small

from allocate.cli import cli
from allocate.study import points

CASES = Path(__file__).resolve().parents[2] / "cases"
VIDEO = str(CASES / "video-throughput")


@pytest.fixture
def case(tmp_path: Path) -> str:
    """The small case as a file."""
    path = tmp_path / "case.yaml"
    path.write_text(json.dumps(small()))
    return str(path)


def ran(*arguments: str, code: int = 0) -> str:
    """What a command prints."""
    result = CliRunner().invoke(cli, list(arguments))
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.mark.slow
def test_what_does_not_change_is_said_to_be_as_before() -> None:
    """A rule that costs nothing: no figure reads plus or minus nought, in the sentence or in the tables."""
    told = ran("compare", str(CASES / "contracts"), "--scenario", "no-share")
    assert "net value" not in told  # nothing has a value there
    assert "no-share: spend as before." in told
    assert "+0.00" not in told
    assert "-0.00" not in told


@pytest.mark.slow
def test_frontier_prints_every_format(case: str) -> None:
    """Table, Markdown, CSV and JSON hold the same points; the table says where money stops paying."""
    arguments = ["frontier", case, "--budget", "200:900:3"]
    rows = list(csv.DictReader(io.StringIO(ran(*arguments, "--format", "csv"))))
    found = json.loads(ran(*arguments, "--format", "json"))
    assert [float(row["objective"]) for row in rows] == pytest.approx([row["objective"] for row in found["rows"]])
    assert found["points"][0] == {"at": {"budget": 200.0}, "settings": {"budget": "200.0 USD"}}
    assert "More money stops paying off" in ran(*arguments)
    assert ran(*arguments, "--format", "md").startswith("## Best net value by budget (USD)")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["frontier", "CASE"], "Say what moves"),
        (["frontier", "CASE", "--budget", "5:3:4"], "does not rise"),
        (["frontier", "CASE", "--budget", "1:3"], "FROM:TO:POINTS"),
        (["frontier", "CASE", "--budget", "1 EUR:3 EUR:3"], "not in USD"),
        (["frontier", "CASE", "--budget", "-5:3:3"], "below 0"),
        (["frontier", "CASE", "--deadline", "2:9"], "1 to 4"),
        (["frontier", "CASE", "--budget", "1:3:3", "--product", "cats"], "for all products"),
        (["frontier", "CASE", "--budget", "1:3:3", "--workers", "2", "--cluster", "tcp://x"], "one of them"),
        (["frontier", "CASE", "--budget", "1:3:3", "--patience", "5"], "--patience is for workers"),
        (["frontier", "CASE", "--budget", "1:3:3", "--cluster", "nothing://x"], "no Dask scheduler"),
        (["sensitivity", "CASE", "--vary", "a=1,2", "--vary", "b"], "one list of values, or two"),
        (["sensitivity", "CASE", "--vary", "a=1,"], "not PATH or PATH=A,B,C"),
        (["sensitivity", "CASE", "--by", "0"], "a change of 0% moves nothing"),
        (["scale", "CASE", "--product", "cats", "--factors", "1,b"], "list of factors"),
        (["compare", "CASE"], "nothing to compare"),
    ],
)
def test_wrong_usage_is_said(case: str, arguments: list[str], words: str) -> None:
    """Each mistake on the command line ends with what is wrong and no traceback."""
    result = CliRunner().invoke(cli, [case if part == "CASE" else part for part in arguments])
    assert result.exit_code == 2
    assert words in result.stderr


@pytest.mark.slow
def test_compare_takes_scenarios_settings_and_cases(case: str) -> None:
    """The case as written comes first; a variant may change several values."""
    shown = ran("compare", case, "--scenario", "slow", "--set", "budget=800 USD; hurdle=1", "--format", "json")
    found = json.loads(shown)
    assert [row["variant"] for row in found["rows"]] == ["small", "slow", "budget=800 USD; hurdle=1"]
    assert {row["vendor"] for row in found["vendors"]} == {"acme", "bolt"}
    assert "Spend by vendor" in ran("compare", case, "--scenario", "rich")
    assert "rich:" in ran("compare", case, "--scenario", "rich", "--format", "md")


@pytest.mark.slow
def test_scale_mix_and_sensitivity_print(case: str) -> None:
    """Each says in a sentence what it found."""
    assert "An item of dogs goes from" in ran("scale", case, "--product", "dogs", "--factors", "0.5,1")
    assert "In the best plan acme has" in ran("mix", case, "--from", "acme", "--to", "bolt", "--steps", "2")
    assert "What matters most: " in ran("sensitivity", case, "--by", "5%")
    assert "Net value (USD) by budget (down)" in ran(
        "sensitivity", case, "--vary", "budget=200 USD,300 USD", "--vary", "hurdle=1,2"
    )


@pytest.mark.slow
def test_no_plan_anywhere_is_status_3() -> None:
    """Where no point has a plan the table says why, and the exit status is that of no plan."""
    assert "needed" in ran("frontier", VIDEO, "--deadline", "2:3", code=3)


def test_ctrl_c_keeps_the_points_done(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Interrupted in its third point, the command prints what it has, marks the rest, and ends with status 4."""
    solve, calls = points.solve, []

    def pressed(*arguments: object, **options: object) -> object:
        calls.append(arguments)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return solve(*arguments, **options)

    monkeypatch.setattr(points, "solve", pressed)
    result = CliRunner().invoke(cli, ["frontier", case, "--accuracy", "90%:94%:5", "--format", "csv"])
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert result.exit_code == 4
    assert [row["status"] for row in rows] == ["optimal", "optimal", "not done", "not done", "not done"]
    assert "ended early, 2 of 5 points done" in result.stderr
