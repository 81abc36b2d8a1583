"""Plans held: every plan printed holds when it is fixed, and the program is as it was afterwards."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import pytest
import yaml
from case_kinds import KINDS, Case, case_with
from command_line import Run
from draws import some

from allocate.answers import Answer
from allocate.api.evaluating import evaluate
from allocate.api.solving import formulate, solve
from allocate.case.load import read_case
from allocate.case.plan_file import PlanLine, half_a_digit
from allocate.cli.output import print_csv
from allocate.errors import CaseError
from allocate.record.as_json import as_json
from allocate.record.check import check_file
from allocate.record.lines import lines_of
from allocate.record.write import write_answer
from allocate.reporting.workbook.write import write_workbook
from allocate.solvers.outcome import Status
from allocate.units import Units

TIGHT: Case = {
    "case": "tight",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 3},
    "objective": "cost",
    "products": {"p": {"item": "image", "effort": "61 s/image", "demand": "3_400 images"}},
    "vendors": {
        "v": {
            "accuracy": "95%",
            "people": 2,
            "hours": "35 h/week",
            "shrinkage": "11%",
            "onboarding": "100 USD",
            "contract": {"price": "9 USD/h"},
        },
        "w": {"accuracy": "95%", "contract": {"price": "1 USD/image"}, "onboarding": "10 USD"},
    },
}
SEEDS = (3, 17, 39, 44, 55, 71, 80, 93)
HEADER = "product,vendor,workflow,period,items\n"


def drawn(seed: int) -> Case:
    """A drawn case of contracts and whole numbers whose sums are not round."""
    case = case_with(list(KINDS)[seed % len(KINDS)], seed)
    for number, product in enumerate(case["products"].values()):
        product["effort"] = f"{20 + (seed * 7 + number * 13) % 50}.{seed % 10}7 s/image"
        product["demand"]["at-least"] = f"{5 + (seed + number) % 30}.{seed % 7}31_0 images"
    return case


def files(answer: Answer, folder: Path) -> list[Path]:
    """The plan in every format that has lines a machine reads."""
    assert answer.plan is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        print_csv(answer.plan.lines)
    table, document = folder / "plan.csv", folder / "plan.json"
    table.write_text(printed.getvalue(), encoding="utf-8")
    document.write_text(json.dumps(as_json(answer)), encoding="utf-8")
    book = write_workbook(answer, folder / "plan.xlsx")
    return [table, document, Path(f"{book}#Plan")]


@pytest.mark.slow
@pytest.mark.parametrize("seed", some(SEEDS))
def test_every_plan_printed_holds_when_it_is_fixed(seed: int, tmp_path: Path) -> None:
    """Drawn cases with fees, tiers, commitments and whole numbers: the plan of each file is the plan, and breaks nothing."""
    case = read_case(drawn(seed))
    answer = solve(case)
    if answer.plan is None:
        assert answer.status is Status.INFEASIBLE
        return
    for path in files(answer, tmp_path):
        held = lines_of(case, path)
        again = solve(case, held=held)
        assert again.status is Status.OPTIMAL, path
        assert again.plan is not None
        assert again.plan.lines["items"].tolist() == answer.plan.lines["items"].tolist(), path
        assert again.objective == pytest.approx(answer.objective, rel=1e-6, abs=1e-6), path
        assert not any("digits" in note for note in again.notes)
        assert evaluate(case, held).holds, path


@pytest.mark.slow
def test_a_plan_that_makes_nothing_holds_when_it_is_fixed(tmp_path: Path) -> None:
    """Where nothing has to be made its files have no lines; a table of one's own without rows is refused as ever."""
    case = read_case(TIGHT | {"products": {"p": {**TIGHT["products"]["p"], "demand": {"at-most": "9 images"}}}})
    answer = solve(case)
    for path in files(answer, tmp_path):
        assert lines_of(case, path) == (), path
        assert solve(case, held=lines_of(case, path)).objective == answer.objective == 0.0
    (tmp_path / "own.csv").write_text(HEADER, encoding="utf-8")
    with pytest.raises(CaseError, match="has a header and no rows"):
        lines_of(case, tmp_path / "own.csv")


@pytest.mark.slow
def test_a_plan_of_tight_hours_is_printed_again_to_the_byte(run: Run, tmp_path: Path) -> None:
    """Lines that fill every hour and add up to 3,400.000000001 of 3,400 images hold, from the CSV and from the run kept."""
    case, table = tmp_path / "case.yaml", tmp_path / "plan.csv"
    tight = TIGHT | {"vendors": {**TIGHT["vendors"], "v": {**TIGHT["vendors"]["v"], "ramp": ["25%", "63%", "74%"]}}}
    case.write_text(yaml.safe_dump(tight), encoding="utf-8")
    printed = run("solve", case, "--format", "csv").out
    table.write_text(printed, encoding="utf-8")
    fixed = run("solve", case, "--fix", table, "--format", "csv")
    assert (fixed.code, fixed.out) == (0, printed)
    kept = next(line for line in run("runs").out.splitlines() if "tight" in line).split()[0]
    folder = next(line for line in run("runs", "show", kept).out.splitlines() if line.startswith("Files: ")).split()[1]
    assert run("solve", case, "--fix", folder, "--format", "csv").out == printed
    assert run("solve", case, "--fix", table, "--as-is").code == 0


def test_quantities_rounded_to_decimals_are_held_within_their_last_digit(tmp_path: Path) -> None:
    """Where the rounded quantities miss the demand, the plan is within half a unit of the last decimal, and a note says so."""
    case = read_case(TIGHT | {"products": {"p": {**TIGHT["products"]["p"], "demand": "3_400.014 images"}}})
    (tmp_path / "plan.csv").write_text(
        f"{HEADER}p,v,single-pass,1,3_000.01\np,v,single-pass,2,400.00\n", encoding="utf-8"
    )
    held = lines_of(case, tmp_path / "plan.csv")
    answer = solve(case, held=held)
    assert answer.plan is not None
    assert float(answer.plan.lines["items"].sum()) == pytest.approx(3400.014)
    assert (abs(answer.plan.lines["items"] - [3000.01, 400.0]) <= 0.005).all()
    assert any("the digits written leave open: at most 0.00" in note for note in answer.notes)
    write_answer(answer, tmp_path / "plan.json")
    (tmp_path / "case.yaml").write_text(yaml.safe_dump(dict(case.document.data)), encoding="utf-8")
    assert not check_file(tmp_path / "plan.json", tmp_path / "case.yaml", fix=tmp_path / "plan.csv").objections


def test_quantities_that_hold_are_not_moved(tmp_path: Path) -> None:
    """Decimals of a quantity leave nothing open where a plan with the very quantity there is."""
    case = read_case(TIGHT)
    answer = solve(case, held=[PlanLine("p", "w", "single-pass", 1, 1000.5, (), 0.05)])
    assert answer.plan is not None
    lines = answer.plan.lines.set_index("vendor")["items"]
    assert lines["w"] == 1000.5
    assert not any("digits" in note for note in answer.notes)


def test_whole_numbers_are_held_as_written() -> None:
    """A whole number leaves nothing open: one image short of the demand stays one image short."""
    case = read_case(TIGHT)
    lines = [PlanLine("p", "v", "single-pass", 1, 3000.0), PlanLine("p", "v", "single-pass", 2, 399.0)]
    lines += [PlanLine("p", "w", "single-pass", week, 0.0) for week in (1, 2, 3)]
    lines += [PlanLine("p", "v", "single-pass", 3, 0.0)]
    assert solve(case, held=lines).status is Status.INFEASIBLE


@pytest.mark.parametrize(
    ("text", "open_"),
    [("12_000", 0.0), ("12_000 images", 0.0), ("919.18", 0.005), ("1.25k images", 5.0), ("1.5e3", 50.0), (".5", 0.05)],
)
def test_what_digits_leave_open(text: str, open_: float) -> None:
    """Half a unit of the last decimal, scaled as the amount is; nothing for a whole number."""
    assert half_a_digit(text, Units({"image": "images"})) == pytest.approx(open_)


def test_the_next_solve_of_a_formulation_is_free_of_lines_held_before() -> None:
    """Lines held in one solve of a formulation do not bind the next."""
    case = read_case(TIGHT)
    built = formulate(case)
    before = built.program.arrays()
    free = solve(case, formulation=built)
    held = solve(case, formulation=built, held=[PlanLine("p", "w", "single-pass", 1, 3000.0)])
    assert held.objective is not None
    assert free.objective is not None
    assert held.objective > free.objective + 1
    assert solve(case, formulation=built).objective == free.objective
    after = built.program.arrays()
    assert (after.lower == before.lower).all()
    assert (after.upper == before.upper).all()


def test_json_without_lines_says_so(tmp_path: Path) -> None:
    """A JSON file that is not a plan, and lines in it that are none, are named with their place."""
    case, path = read_case(TIGHT), tmp_path / "plan.json"
    path.write_text('{"status": "optimal"}', encoding="utf-8")
    with pytest.raises(CaseError, match="has no list of lines"):
        lines_of(case, path)
    path.write_text('{"lines": [7,\n {"product": "q", "vendor": "v", "period": 9, "items": -1}]}', encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        lines_of(case, path)
    text = str(caught.value)
    assert "line 1 is not an object" in text
    assert "there is no product 'q'" in text
    assert {problem.place.line for problem in caught.value.problems if problem.place is not None} == {1, 2}
