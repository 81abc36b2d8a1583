"""`allocate explain` where there is no plan, and its alternatives where there is one: output, exit codes, commands."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from allocate.cli import cli

CASE = """\
case: small
currency: USD
horizon: {start: 2027-01-04, weeks: 4}
objective: cost
budget: 1_250 USD
products:
  cats: {item: image, effort: 36 s/image, demand: 10_000 images}
vendors:
  good: {people: 1, hours: 20 h/week, contract: {price: 12 USD/h}}
  dear: {capacity: 5_000 images, contract: {price: 0.20 USD/image}}
scenarios:
  more: {products.cats.demand: 12_000 images}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case folder in which 8,000 cats cost 960 USD and 2,000 more 400 USD; there are 1,250."""
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    return tmp_path


def run(*arguments: object) -> Result:
    """Run `allocate` in this process."""
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def answer(*arguments: object) -> Any:
    """What a command prints as JSON."""
    return json.loads(run(*arguments, "--format", "json").stdout)


@pytest.mark.slow
def test_explain_names_lines_and_commands_that_work(case: Path) -> None:
    """The limits stand with their lines; every command printed gives a plan when it is run."""
    ran = run("explain", case)
    assert ran.exit_code == 3
    assert "case.yaml:7:51  demand of cats: exactly 10,000 images" in ran.stdout
    assert "people of good: 2 people instead of 1 person (1 person more)" in ran.stdout
    assert "budget: 1,360 USD instead of 1,250 USD (110 USD more)" in ran.stdout
    commands = re.findall(r"^ +allocate (solve .*)$", ran.stdout, re.MULTILINE)
    assert len(commands) >= 3
    assert [run(*shlex.split(command)).exit_code for command in commands] == [0] * len(commands)


@pytest.mark.slow
def test_commands_keep_the_scenario_and_the_settings(case: Path) -> None:
    """A repair of a scenario is tried with the scenario and the settings it was found for."""
    ran = run("explain", case, "--scenario", "more", "--set", "budget=1_000 USD")
    commands = re.findall(r"^ +allocate (solve .*)$", ran.stdout, re.MULTILINE)
    assert commands
    assert all("--scenario more --set 'budget=1_000 USD'" in command for command in commands)
    assert [run(*shlex.split(command)).exit_code for command in commands] == [0] * len(commands)


@pytest.mark.slow
def test_the_json_has_conflicts_and_repairs_as_settings(case: Path) -> None:
    """Programs get each limit with file, line and path, and each repair with its settings and its size."""
    found = answer("explain", case)
    assert found["status"] == "infeasible"
    assert {(one["limit"], one["file"], one["line"]) for one in found["conflicts"][0]} == {
        ("demand of cats", "case.yaml", 7),
        ("people of good", "case.yaml", 9),
        ("budget", "case.yaml", 5),
    }
    sizes = [repair["size"] for repair in found["repairs"]]
    assert sizes == sorted(sizes)
    assert {"budget": "1_360 USD"} in [repair["settings"] for repair in found["repairs"]]
    assert found["unknown"] == ""


@pytest.mark.slow
def test_pins_hold(case: Path) -> None:
    """What is pinned is printed and not moved."""
    found = answer("explain", case, "--pin", "budget", "--pin", "products.cats")
    assert found["pinned"] == ["budget", "demand of cats", "work on cats"]
    assert found["repairs"]
    assert not {"budget", "products.cats.demand"} & {path for one in found["repairs"] for path in one["settings"]}


def test_a_search_cut_short_says_so(case: Path) -> None:
    """With no time, what is not known is said, and nothing else is claimed."""
    ran = run("explain", case, "--time-limit", "0.000001")
    assert ran.exit_code == 3
    assert "The search ended early, so it is not known which limits contradict one another" in ran.stdout


def test_solve_points_to_explain(case: Path) -> None:
    """The short form of `solve` says where the long one is."""
    ran = run("solve", case)
    assert ran.exit_code == 3
    assert "budget: 1,360.00 USD needed, 1,250.00 USD there (110.00 short)" in ran.stdout
    assert f"`allocate explain {case}`" in ran.stderr


def test_alternatives_are_printed_with_their_cost(case: Path) -> None:
    """Fewest vendors and most even mix stand beside the best plan; JSON has their lines."""
    plan = ("--set", "budget=2k USD", "--alternatives")
    ran = run("explain", case, *plan)
    assert ran.exit_code == 0
    assert "Plans within 1 % of the best (cost, USD)" in ran.stdout
    assert "Verified: all 3 plans keep every limit of the case." in ran.stdout
    found = answer("explain", case, *plan, "--within", "10%")
    even = next(one for one in found["plans"] if one["name"] == "most even mix")
    assert even["costs"] == pytest.approx(136)
    assert sum(line["spend"] for line in even["lines"]) == pytest.approx(1496)


def test_the_plan_nearest_to_an_earlier_one(case: Path) -> None:
    """`--from` takes the CSV that `solve` writes: within all of the cost nothing has to change."""
    richer = ("--set", "budget=2k USD")
    (case / "before.csv").write_text(run("solve", case, *richer, "--format", "csv").stdout, encoding="utf-8")
    more = ("--set", "budget=3k USD", "--set", "vendors.dear.contract.price=0.05 USD/image", "--alternatives")
    found = answer("explain", case, *more, "--from", case / "before.csv", "--within", "100%")
    nearest = next(one for one in found["plans"] if one["name"] == "least change")
    assert nearest["here"] == pytest.approx(0, abs=1e-6)
    assert nearest["in_best_plan"] > 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--alternatives", "--within", "much"), "'much' is not a share; write 5% or 0.05"),
        (("--alternatives", "--within", "300%"), "'300%' is not between 0% and 100%"),
        (("--from", "before.csv"), "--from is for alternatives: add --alternatives."),
    ],
)
def test_wrong_usage_is_explained(case: Path, arguments: tuple[str, ...], says: str) -> None:
    """Options that make no sense end with status 2 and a sentence."""
    ran = run("explain", case, *arguments)
    assert ran.exit_code == 2
    assert says in ran.stderr
