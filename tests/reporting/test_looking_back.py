"""A report that looks back: the plan against what was done, and why it costs more than before."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Run

from allocate.actuals.reading import read_actuals
from allocate.api.solving import solve
from allocate.case.load import read_case
from allocate.reporting.report import report

CASE = Path(__file__).parent.parent.parent / "cases" / "second-quarter"
DONE = [CASE / "actuals" / name for name in ("work", "paid", "billed")]


@pytest.mark.slow
def test_a_quarter_that_is_over(tmp_path: Path, run: Run) -> None:
    """The page of the second quarter: 11,788.74 planned, 13,060.80 billed, pace 287.66, idle 837.20, 147.20 beyond the contract; and the
    bridge from the first quarter, 2,713.70."""
    given = [word for folder in DONE for word in ("--actuals", folder)]
    options = ["--from", CASE, "--from-scenario", "first-quarter", "--no-workbook", "--no-save"]
    done = run("report", CASE, "--out", tmp_path / "out", *given, *options)
    assert done.code == 0, done.err
    text = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    for told in (
        "By week 13 work worth 11,788.74 USD is accepted, as planned. It cost 12,913.60, 1,124.86 more than planned for that work.",
        "Billed so far: 13,060.80 USD.",
        "What was done costs 1,272.06 USD more than the plan (+10.8%)",
        "second-quarter costs 2,713.70 USD more than second-quarter, first-quarter",
        "+837.20",
        "+147.20",
    ):
        assert told in text, told
    assert "It will come to" not in text, "nothing is left to be done"


@pytest.mark.slow
def test_a_plan_under_way(tmp_path: Path) -> None:
    """Frames of six weeks alone: what is left is forecast three ways, and by the case's spreads where it has some."""
    case = read_case(CASE, settings=["rates.frames.cebu.pace=100 .. 108 .. 112 frames/h"])
    actuals = read_actuals(DONE[:2])
    early = actuals.periods[actuals.periods["period"].astype(str) < "2027-05-17"]
    answer = solve(case)
    object.__setattr__(actuals, "periods", early)
    report(case, tmp_path / "out", answer=answer, actuals=actuals, planned=answer.plan, workbook=False)
    text = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "By week 6 work worth" in text
    assert "It will come to" in text
    assert "in 8 of 10 scenarios" in text
    assert "EV, P10" in text


def test_options_that_go_together(run: Run, tmp_path: Path) -> None:
    """A plan that was carried out needs actuals, a scenario of an earlier case that case; both are said before anything is planned."""
    for words in (["--plan", "latest"], ["--from-scenario", "first-quarter"]):
        done = run("report", CASE, "--out", tmp_path / "out", *words)
        assert (done.code, "--plan goes with --actuals" in done.err) == (2, True)
        assert not (tmp_path / "out").exists()
