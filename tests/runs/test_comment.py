"""What a change of a case does to its plan, short enough for a pull request."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from allocate.api.solving import solve
from allocate.case.load import read_case
from allocate.record.write import write_answer
from allocate.runs.comment import INPUTS, PARTS, headline, rise, tables
from allocate.runs.differences import differences
from allocate.runs.sides import Side, of_answer, of_file

MOST = 60
"""Lines of a comment."""

ROOT = Path(__file__).parent.parent.parent
CASE = ROOT / "cases" / "vendor-comparison"


def _changed(folder: Path, old: str, new: str) -> Path:
    shutil.copytree(CASE, folder)
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "case.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def _side(name: str, **changed: Any) -> Side:
    """Eight products and vendors, each cheaper for its own product."""
    names = [f"p{n}" for n in range(8)]
    case = {
        "case": name, "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 4}, "objective": "cost",
        "products": {one: {"item": "page", "effort": "36 s/page", "demand": "100 pages"} for one in names},
        "vendors": {f"v{n}": {"capacity": "0.28 h/week", "accuracy": "99%", "contract": {"price": f"{10 + n} USD/h"}} for n in range(8)},
        "workflows": ["single-pass"], **changed,
    }  # fmt: skip
    return of_answer(name, solve(read_case(case)))


def test_a_dearer_vendor(tmp_path: Path, run: Run) -> None:
    """A price of 0.50 raised to 0.60: the spend, the input and the vendors are told, with the change; the exit status is 0."""
    head = _changed(tmp_path / "head", "0.50 USD/image", "0.60 USD/image")
    done = run("diff", CASE, head)
    assert done.code == 0, done.err
    before, after = (solve(read_case(folder)).plan for folder in (CASE, head))
    assert before is not None
    assert after is not None
    lines = done.out.splitlines()
    assert lines[0].startswith(f"Spend rises by {after.spend - before.spend:,.2f} to {after.spend:,.2f} USD")
    assert "| vendors.vendor-a.contract.price | 0.50 USD/image | 0.60 USD/image |" in lines
    assert len(lines) <= MOST


@pytest.mark.slow
def test_a_rise_beyond_what_is_allowed_fails(tmp_path: Path, run: Run) -> None:
    """--fail-over gives status 6 where the spend rises by more, 0 where it rises by less or falls."""
    head = _changed(tmp_path / "head", "0.50 USD/image", "0.60 USD/image")
    share = rise(*(of_answer(str(one), solve(read_case(one))) for one in (CASE, head)))
    assert share is not None
    over = run("diff", CASE, head, "--fail-over", f"{100 * share - 0.01:.4f}%")
    assert (over.code, "the spend rises by" in over.err) == (6, True)
    assert run("diff", CASE, head, "--fail-over", f"{100 * share + 0.01:.4f}%").code == 0
    assert run("diff", head, CASE, "--fail-over", "0%").code == 0


def test_plan_files_and_cases_are_compared(tmp_path: Path, run: Run) -> None:
    """A plan file against the case it came from differs in nothing; a scenario cannot be laid over a file."""
    write_answer(solve(read_case(CASE)), tmp_path / "plan.json")
    assert run("diff", tmp_path / "plan.json", CASE).out.strip() == "The plan is the same."
    done = run("diff", tmp_path / "plan.json", CASE, "--set", "budget=9k USD")
    assert (done.code, "planned already" in done.err) == (1, True)
    assert json.loads(run("diff", CASE, CASE, "--format", "json").out)["rise"] == 0.0


def test_no_difference_is_longer_than_sixty_lines() -> None:
    """Everything changed at once: each table has its first rows and says how many more there are."""
    one = _side("one")
    other = _side(
        "other",
        products={f"q{n}": {"item": "page", "effort": "40 s/page", "demand": "120 pages"} for n in range(8)},
        vendors={f"w{n}": {"capacity": "0.36 h/week", "accuracy": "99%", "contract": {"price": f"{12 + n} USD/h"}} for n in range(8)},
    )  # fmt: skip
    shown = tables(one, other, differences(one, other))
    lines = 2 + sum(5 + len(table.rows) for table in shown)
    assert lines <= MOST
    sizes = {table.title.split(" (")[0]: len(table.rows) for table in shown}
    assert sizes["Inputs"] == INPUTS + 1
    assert sizes["Products"] == sizes["Vendors"] == PARTS + 1
    assert any(row[0].startswith("… and ") for table in shown for row in table.rows)


def test_limits_of_several_periods_are_one_row() -> None:
    """A vendor that is full in some weeks of one plan only is one row, with these weeks."""
    full = {
        f"v{n}": {"capacity": "0.5 h/week", "accuracy": "99%", "contract": {"price": f"{10 + n} USD/h"}}
        for n in range(8)
    }
    one, other = _side("one"), _side("other", vendors=full)
    limits = next(table for table in tables(one, other, differences(one, other)) if table.title.startswith("Limits"))
    assert any(" in weeks 1, 2, 3, 4" in row[0] for row in limits.rows)


@pytest.mark.slow
def test_what_cannot_be_compared_is_said() -> None:
    """Two currencies, or a case without a plan: the headline says so, and nobody says by how much the spend rises."""
    euros = _side("euros", currency="EUR", exchange={"USD": "0.9 EUR"})
    none = _side("none", budget="1 USD")
    one = _side("one")
    assert "amounts are not compared" in headline(one, euros)
    assert "there are not two plans to compare" in headline(one, none)
    assert rise(one, euros) is rise(one, none) is None


@pytest.mark.slow
def test_the_action_runs_here(tmp_path: Path) -> None:
    """The script of the composite action, run as GitHub runs it: the summary, the file and the exit status."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    _changed(tmp_path / "base" / "case", "0.50 USD/image", "0.40 USD/image")
    shutil.copytree(CASE, tmp_path / "head" / "case")
    out, summary, output = (tmp_path / name for name in ("out.md", "summary.md", "output"))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    given = {"CASE": "case", "BASE": str(tmp_path / "base"), "FAIL_OVER": "1%", "OUT": str(out), "PATH": path}
    given |= {"GITHUB_STEP_SUMMARY": str(summary), "GITHUB_OUTPUT": str(output)}
    script = ROOT / ".github" / "actions" / "plan-diff" / "plan-diff"
    done = subprocess.run(
        [bash, str(script)],
        cwd=tmp_path / "head",
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 6, done.stderr
    assert done.stdout == out.read_text(encoding="utf-8") == summary.read_text(encoding="utf-8")
    assert output.read_text(encoding="utf-8") == f"markdown={out}\n"
    assert "Spend rises by" in done.stdout


def test_money_of_products_and_vendors_adds_up_to_the_spend(tmp_path: Path) -> None:
    """A volume discount begins with 1,000 pages: 600 at 1 USD before, 1,000 less 10% after; both by answer and by file."""
    case = {
        "case": "steps", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 4}, "objective": "cost",
        "products": {"p": {"item": "page", "effort": "36 s/page", "demand": "600 pages"}},
        "vendors": {"v": {"contract": {
            "price": "1 USD/page", "fees": {"onboarding": "20 USD"}, "volume-discount": {"steps": [{"from": "1_000 items", "off": "10%"}]},
        }}},
        "workflows": ["single-pass"],
    }  # fmt: skip
    few, many = read_case(case), read_case(case, settings={"products.p.demand": "1_000 pages"})
    write_answer(solve(few), tmp_path / "few.json")
    for before in (of_answer("few", solve(few)), of_file(tmp_path / "few.json")):
        found = differences(before, of_answer("many", solve(many)))
        assert [one.spend for one in found.products] == [pytest.approx((620.0, 920.0))]
        assert [one.spend for one in found.vendors] == [pytest.approx((620.0, 920.0))]
