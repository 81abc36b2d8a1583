"""The workbook of a plan: its formulas follow the costing, in LibreOffice too, and it is read back as a case."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from draws import some
from python_calamine import CalamineWorkbook
from workbook_cases import CLAUSES, CLAUSES_PLAN, FULL

from allocate import read_case, solve
from allocate.answers import Answer
from allocate.api.evaluating import evaluate
from allocate.case.load import Case
from allocate.case.plan_file import read_plan
from allocate.case.workbook import FIRST_ROW, as_written
from allocate.errors import CaseError
from allocate.plan import Plan
from allocate.reporting.workbook.write import case_text, write_workbook
from allocate.study.assumptions import register

CASES = Path(__file__).resolve().parents[2] / "cases"
OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")
ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""


def written(name: str, folder: Path, scenario: str | None = None) -> tuple[Answer, Path]:
    """A shipped case solved, and its workbook."""
    answer = solve(read_case(CASES / name, scenario))
    return answer, write_workbook(answer, folder / f"{name}.xlsx")


def rows(path: Path, sheet: str) -> list[list[Any]]:
    """Cells of a sheet, as values."""
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def summary(path: Path) -> dict[str, Any]:
    """What the summary says now, by name."""
    return {row[0]: row[1] for row in rows(path, "Summary") if row[0]}


def with_inputs(path: Path, changes: Mapping[tuple[str, str], float], items: float = 1.0) -> Path:
    """A copy in which inputs (by what they are, and of what) are typed over, and the items of every second line."""
    inputs = rows(path, "Inputs")
    cells, quantities = {}, {}
    if items != 1.0:
        for number_, row in enumerate(rows(path, "Plan")[1::2]):
            quantities[f"F{2 * number_ + 2}"] = items * row[5]
    for (what, about), value in changes.items():
        found = [n for n, row in enumerate(inputs, start=1) if (row[0], row[1]) == (what, about)]
        assert len(found) == 1, (what, about, [row[:2] for row in inputs[FIRST_ROW:]])
        cells[f"C{found[0]}"] = value
    changed = path.with_name(f"changed-{path.name}")
    names = CalamineWorkbook.from_path(path).sheet_names

    def at(sheet: str) -> int:
        return names.index(sheet) + 1

    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            text = old.read(entry)
            typed = {
                f"xl/worksheets/sheet{at('Inputs')}.xml": cells,
                f"xl/worksheets/sheet{at('Plan')}.xml": quantities,
            }.get(entry, {})
            for cell, value in typed.items():
                pattern = rf'(<c r="{cell}"[^>]*><v>)[^<]*(</v>)'.encode()
                text, many = re.subn(pattern, rb"\g<1>" + repr(value).encode() + rb"\g<2>", text)
                assert many == 1
            new.writestr(entry, text)
    return changed


def recalculated(paths: list[Path], folder: Path) -> list[Path]:
    """Workbooks as LibreOffice saves them after working out every formula."""
    profile, out = folder / "profile", folder / "recalculated"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)
    command = [str(OFFICE), f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(out), *map(str, paths)], check=True, capture_output=True, timeout=120)
    return [out / path.name for path in paths]


def no_error_cells(path: Path) -> None:
    """No cell of any sheet shows an error."""
    with zipfile.ZipFile(path) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) >= 9
        for name in sheets:
            assert b't="e"' not in archive.read(name), name


CHANGES: dict[str, tuple[dict[tuple[str, str], float], tuple[str, ...]]] = {
    "vendor-comparison": (
        {
            ("price", "vendor-a"): 0.57,
            ("QA rate: share of items reviewed", "sampled"): 0.125,
            ("standard time", "detection"): 2.5,
            ("time of review", "sampled"): 45.0,
            ("accuracy of one pass", "vendor-a"): 0.962,
            ("wage of the review team", "review team"): 43.5,
            ("demand exactly", "detection"): 12000.0,
        },
        (
            "vendors.vendor-a.contract.price=0.57 USD/image",
            "workflows.sampled.review.share=12.5%",
            "products.detection.effort=2.5 min/image",
            "workflows.sampled.review.time=45 s/image",
            "vendors.vendor-a.accuracy=96.2%",
            "review-team.wage=43.5 USD/h",
            "products.detection.demand=12000 images",
        ),
    ),
    "portfolio": (
        {
            ("price", "manila"): 455.0,
            ("exchange rate", "PHP"): 0.0181,
            ("escalation", "manila"): 9.0,
            ("season from week 9", "bangalore"): 1.25,
            ("field per item", "document-ocr"): 11.0,
            ("complexity: dense-scenes", "image-moderation"): 1.4,
            ("price of pre-labels", "pre-labelled-boxes"): 0.008,
            ("time with pre-labels", "pre-labelled-boxes"): 0.8,
            ("accuracy of one pass", "document-ocr / manila"): 0.93,
            ("accuracy of one pass", "sentiment / crowd"): 0.85,
            ("cost of an escaped error", "document-ocr"): 1.1,
            ("price", "speech / bangalore"): 37.0,
            ("wage of the review team", "review team"): 44.0,
        },
        (
            "vendors.manila.contract.price=455 PHP/h",
            "exchange.PHP=0.0181 USD",
            "vendors.manila.escalation=9 %/year",
            "vendors.bangalore.season.0.factor=125%",
            "products.document-ocr.drivers.field=11/page",
            "products.image-moderation.complexity.dense-scenes=1.4",
            "workflows.pre-labelled-boxes.pre-label.cost=0.008 USD/image",
            "workflows.pre-labelled-boxes.pre-label.time-factor=80%",
            "rates.document-ocr.manila.accuracy=93%",
            "rates.sentiment.crowd.accuracy=85%",
            "products.document-ocr.error-cost=1.1 USD/page",
            "rates.speech.bangalore.price=PRICE",
            "review-team.wage=44 USD/h",
        ),
    ),
}


def settings_of(name: str, case: Case) -> tuple[str, ...]:
    """What `--set` says for the changes of a case; a price of a rate keeps the unit it is written in."""
    rates = [one for one in case.file.rates if (one.product, one.vendor) == ("speech", "bangalore")]
    price = rates[0].price.text.partition(" ")[2] if rates else ""
    return tuple(one.replace("PRICE", f"37 {price}") for one in CHANGES[name][1])


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CHANGES))
def test_changed_inputs_are_read_back_as_set_reads_them(name: str, tmp_path: Path) -> None:
    """A case read from a workbook with changed inputs is the library's case with the same settings."""
    answer, path = written(name, tmp_path)
    settings = settings_of(name, answer.case)
    found, wanted = read_case(with_inputs(path, CHANGES[name][0])), read_case(CASES / name, None, settings)
    assert (found.file, found.model, found.workflows) == (wanted.file, wanted.model, wanted.workflows)
    assert found.sources == wanted.sources
    assert len(found.settings) == len(settings)


TEAM_MONEY = ("wage", "premium on overtime", "price")
"""What of a team's case can change without its people changing."""


def all_changed(path: Path, only: tuple[str, ...] = ()) -> dict[tuple[str, str], float]:
    """Every input that may be changed, a little off; only: inputs by what they are, where not all are to be."""
    found, inputs = {}, rows(path, "Inputs")[FIRST_ROW:]
    for position, row in enumerate(inputs):
        if row[9] == "cost model" or str(row[0]).startswith("demand") or (only and row[0] not in only):
            continue
        if "in a lot" in row[0] or "of a lot" in row[0]:
            found[row[0], row[1]] = row[2] + 1.0
            continue
        up = row[2] * (1.02 + 0.01 * (position % 5))
        down = 0.98 * row[2] if row[3] == "%" else float(round(0.9 * row[2]))
        found[row[0], row[1]] = down if row[3] == "%" or str(row[0]).startswith("end of") else up
    return found


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Answer, Path]]:
    """The workbook of every shipped case (of a part of them where not all is drawn), and of cases with a clause of every kind."""
    shipped = sorted(one.parent.name for one in CASES.glob("*/case.yaml"))
    typed_over = {*CHANGES, "contracts", "in-house-team"}
    names = [*typed_over, *some([one for one in shipped if one not in typed_over])]
    answers = {name: solve(read_case(CASES / name)) for name in sorted(names)}
    answers["full"] = solve(read_case(FULL))
    answers["clauses"] = solve(read_case(CLAUSES), held=CLAUSES_PLAN)
    folder = tmp_path_factory.mktemp("books")
    return {name: (one, write_workbook(one, folder / f"{name}.xlsx")) for name, one in answers.items()}


def figures(path: Path) -> dict[tuple[str, int, int], Any]:
    """Every cell with a figure, by sheet, row and column."""
    book = CalamineWorkbook.from_path(path)
    return {
        (sheet, row, column): value
        for sheet in book.sheet_names
        for row, cells in enumerate(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
        for column, value in enumerate(cells)
        if isinstance(value, (int, float))
    }


def formulas(path: Path) -> list[str]:
    """Every formula of a workbook."""
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    return [html.unescape(one.decode()) for sheet in sheets for one in re.findall(rb"<f>(.*?)</f>", sheet)]


@pytest.mark.slow
@needs_office
def test_libreoffice_comes_to_the_librarys_figures(books: dict[str, tuple[Answer, Path]], tmp_path: Path) -> None:
    """One run of LibreOffice for all: every cell of every shipped case stays as it was written, none is an error; with inputs
    changed, totals are those of a fresh evaluation. No formula is longer than a reader takes in."""
    made = {name: (one, Path(shutil.copy(path, tmp_path))) for name, (one, path) in books.items()}
    changed: dict[str, Path] = {}
    for name in (*sorted(CHANGES), "contracts", "in-house-team", "full", "clauses"):
        path = made[name][1]
        changes = (
            CHANGES[name][0] if name in CHANGES else all_changed(path, TEAM_MONEY if name == "in-house-team" else ())
        )
        changed[name] = with_inputs(path, changes, 1.2 if name == "clauses" else 1.0)
    slow = shutil.copy(made["in-house-team"][1], tmp_path / "slow.xlsx")
    paths = [with_inputs(slow, {("standard time", "frames"): 45.0}), *(path for _, path in made.values())]
    done = {one.name: one for one in recalculated([*paths, *changed.values()], tmp_path)}
    # More work than the people of the plan can do is for a new plan to solve, and the check says so.
    assert str(summary(done["changed-slow.xlsx"])["Check"]).startswith("TOO FEW HOURS")
    for name, (answer, path) in made.items():
        assert answer.plan is not None
        no_error_cells(done[path.name])
        assert summary(done[path.name])["Check"] == "agrees with the plan", name
        assert figures(done[path.name]) == pytest.approx(figures(path), rel=1e-9, abs=1e-9), name
        assert max(map(len, formulas(path))) < 700, name
        said = next(one for one in formulas(path) if "agrees with the plan" in one)
        assert f"SUM(Inputs!$G$5:$G${len(rows(path, 'Inputs'))})" in said, name
    for name, path in changed.items():
        answer = made[name][0]
        assert answer.plan is not None
        no_error_cells(done[path.name])
        said = summary(done[path.name])
        assert not any(str(words).startswith("Written as figures") for words in said), name
        case = read_case(path)
        fresh = evaluate(case, read_plan(case, Path(f"{path}#Plan"))).plan
        assert abs(fresh.spend - answer.plan.spend) > 100
        moved_as_the_library(said, fresh, name)


def moved_as_the_library(said: Mapping[str, Any], fresh: Plan, name: str) -> None:
    """The totals of a changed workbook are those of the plan priced afresh."""
    right = float((fresh.lines["items"] * fresh.lines["accuracy"]).sum())
    assert said["Spend"] == pytest.approx(fresh.spend, rel=1e-6), name
    assert said["Spend by the invoice"] == pytest.approx(fresh.spend, rel=1e-6), name
    assert said["Hours of vendors"] == pytest.approx(fresh.lines["hours"].sum(), rel=1e-6), name
    assert said["Hours of review"] == pytest.approx(fresh.lines["review_hours"].sum(), rel=1e-6), name
    assert said["Items that are right"] == pytest.approx(right, rel=1e-6), name
    assert said["Escaped errors (not spent)"] == pytest.approx(fresh.escaped_error_cost, rel=1e-6), name
    assert said["Check"].lower().startswith("inputs changed"), name


@pytest.mark.slow
def test_every_workbook_reads_back(books: dict[str, tuple[Answer, Path]]) -> None:
    """Figures a reader without recalculation sees are the plan's, and the case read back is the same."""
    for name, (answer, path) in books.items():
        assert answer.plan is not None
        said, again = summary(path), read_case(path)
        assert said["Spend"] == pytest.approx(answer.plan.spend, rel=1e-9), name
        assert said["Spend by the invoice"] == pytest.approx(answer.plan.spend, rel=1e-9), name
        assert (again.file, again.workflows, again.settings) == (answer.case.file, answer.case.workflows, ()), name
        held = evaluate(again, read_plan(again, Path(f"{path}#Plan")))
        assert held.plan.spend == pytest.approx(answer.plan.spend, rel=1e-9), name


def test_what_no_formula_follows_is_said(tmp_path: Path) -> None:
    """How far surplus goes that capacity limits has no formula: its prices are figures, and the sheet says so."""
    steps = [{"price": "0.5 USD/image", "up-to": "1_000 images"}, {"price": "0.3 USD/image"}]
    contract = {"tiers": {"kind": "all-unit", "surplus": "allowed", "steps": steps}}
    case = {
        "case": "made", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-04", "weeks": 2},
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": {"exactly": "900 images"}}},
        "vendors": {"v": {"contract": contract, "capacity": "480 images/week"}}, "workflows": {"plain": {}},
    }  # fmt: skip
    answer = solve(read_case(case))
    path = write_workbook(answer, tmp_path / "made.xlsx")
    told = next(text for text in map(str, summary(path)) if text.startswith("Written as figures"))
    assert "prices of lines" in told
    assert "tiers" in told
    assert answer.plan is not None
    assert summary(path)["Spend"] == pytest.approx(answer.plan.spend, rel=1e-9)


@pytest.mark.slow
def test_a_condition_that_turns_is_told(tmp_path: Path) -> None:
    """Forty-five images of 900 stay with the incumbent, which saves the cost of switching: the sheet of checks holds that in cells."""
    contracts = {"old": "2 USD/image", "new": "1 USD/image"}
    case: dict[str, Any] = {
        "case": "left", "currency": "USD", "objective": "cost", "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {
            "p": {"item": "image", "effort": "36 s/image", "demand": "900 images", "incumbent": {"vendor": "old", "switching": "50 USD"}}
        },
        "vendors": {name: {"contract": {"price": price}, "capacity": "2_000 images/week"} for name, price in contracts.items()},
        "workflows": {"plain": {}},
    }  # fmt: skip
    answer = solve(read_case(case))
    path = write_workbook(answer, tmp_path / "left.xlsx")
    checks = [row for row in rows(path, "Checks")[3:] if row[0]]
    assert [(row[2], row[4]) for row in checks] == [("not <", 1.0)]
    assert checks[0][1] == pytest.approx(45)
    assert any("Checks!$E$4" in one and "a clause now works in a way" in one for one in formulas(path))
    # Left, the cost of switching goes to none of the vendors, and is spent all the same.
    case["products"]["p"]["incumbent"]["below"] = "50%"
    answer = solve(read_case(case))
    path = write_workbook(answer, tmp_path / "left.xlsx")
    assert answer.plan is not None
    assert summary(path)["Spend"] == pytest.approx(answer.plan.spend)
    assert summary(path)["Fees, rebates and what belongs to no line"] == pytest.approx(50)


@pytest.mark.slow
def test_sheets_without_content_are_hidden_and_not_explained(tmp_path: Path) -> None:
    """A plan whose clauses follow every input has no sheet of checks to look at; one with a condition has."""
    _, path = written("contracts", tmp_path)
    with zipfile.ZipFile(path) as archive:
        sheets = archive.read("xl/workbook.xml").decode()
    assert re.search(r'name="Checks"[^>]*state="hidden"', sheets)
    # For formulas and for `allocate`: there, and not in the way.
    assert all(re.search(rf'name="{name}"[^>]*state="hidden"', sheets) for name in ("Workings", "Case"))
    guide = [row[0] for row in rows(path, "Guide")]
    assert ("Workings" in guide, "Checks" in guide, "commitment" in guide) == (True, False, True)


def test_vendors_stand_side_by_side(tmp_path: Path) -> None:
    """What an item costs with each vendor, and one that is right, is what the routes table says; items are the plan's."""
    answer, path = written("vendor-comparison", tmp_path)
    head, *found = rows(path, "Vendors")[3:]
    assert head == ["product", "workflow", "levers", *("vendor-a", "vendor-b") * 3]
    by_way = {(row[0], row[1]): row[3:] for row in found}
    for route in answer.routes.table.to_dict("records"):
        cells, at = by_way[route["product"], route["workflow"]], ["vendor-a", "vendor-b"].index(route["vendor"])
        assert (cells[at], cells[2 + at]) == pytest.approx((route["unit_cost"], route["unit_cost_per_accurate_item"]))
    assert by_way["detection", "sampled"][4:] == [10_000.0, ""]


@pytest.mark.slow
def test_assumptions_are_a_sheet(tmp_path: Path) -> None:
    """Every row of the register of assumptions is a row of the sheet, what is not stated first."""
    answer, path = written("contracts", tmp_path)
    found = rows(path, "Assumptions")[4:]
    assert sorted(row[0] for row in found) == sorted(one.figure for one in register(answer.case, answer))
    assert found[0][2] == "not stated"


@pytest.mark.slow
@needs_office
def test_the_workbook_prints_on_few_pages(tmp_path: Path) -> None:
    """Every sheet of the contracts that is shown prints on one page."""
    _, path = written("contracts", tmp_path)
    with zipfile.ZipFile(path) as archive:
        shown = re.findall(r"<sheet (?![^>]*hidden)", archive.read("xl/workbook.xml").decode())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    printed = path.with_suffix(".pdf").read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == len(shown)


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    """Names that look like formulas, markup or links are text in every sheet, and are read back."""
    names = ["=HYPERLINK(1)", "<script>alert(1)</script>", "+1-1", "https://example.org/x", "n" * 500, "_x0041_"]
    products = {
        name: {"item": "image", "effort": "30 s/image", "demand": f"{100 + at} images"} for at, name in enumerate(names)
    }
    vendors = {"@SUM(A1)": {"contract": {"price": "0.10 USD/image"}, "accuracy": "95%", "capacity": "100 h/week"}}
    body = {
        "case": "=1+1", "currency": "USD", "horizon": {"start": "2027-01-04", "weeks": 2}, "objective": "cost",
        "products": products, "vendors": vendors, "workflows": ["single-pass"],
    }  # fmt: skip
    answer = solve(read_case(body))
    path = write_workbook(answer, tmp_path / "hostile.xlsx")
    with zipfile.ZipFile(path) as archive:
        text = b"".join(archive.read(name) for name in archive.namelist() if name.endswith((".xml", ".rels")))
    assert b"<script" not in text
    assert b"<hyperlink" not in text
    assert all(b"HYPERLINK" not in formula for formula in re.findall(rb"<f>(.*?)</f>", text))
    assert read_case(path).file == answer.case.file
    assert {row[0] for row in rows(path, "Plan")[1:]} == set(names)


@pytest.mark.slow
def test_mistakes_in_a_workbook_are_told_with_their_cell(tmp_path: Path) -> None:
    """Figures of the cost model, words in place of numbers and other workbooks are refused by name."""
    _, path = written("portfolio", tmp_path)
    model = next(row for row in rows(path, "Inputs")[FIRST_ROW:] if row[9] == "cost model" and row[2] > 0)
    with pytest.raises(CaseError) as found:
        read_case(with_inputs(path, {(model[0], model[1]): model[2] * 1.5}))
    assert "figure of the cost model" in found.value.problems[0].message
    assert "Inputs, cell C" in str(found.value.problems[0].place)
    other = tmp_path / "other.xlsx"
    other.write_bytes(b"no workbook")
    with pytest.raises(CaseError, match="not a readable"):
        read_case(other)


def test_a_plan_that_is_not_there_has_no_workbook(tmp_path: Path) -> None:
    """Without a plan nothing is written."""
    answer = solve(read_case(CASES / "vendor-comparison", settings=("budget=1 USD",)))
    assert answer.plan is None
    with pytest.raises(ValueError, match="no plan"):
        write_workbook(answer, tmp_path / "none.xlsx")
    assert not list(tmp_path.iterdir())


def test_figures_are_written_as_a_case_writes_them() -> None:
    """A percentage is exact in decimal digits, an amount keeps its unit."""
    assert as_written(0.07, "%") == "7.00%"
    assert as_written(0.125, "%") == "12.5%"
    assert as_written(63.0, "USD/1000 boxes") == "63 USD/1000 boxes"
    assert as_written(-0.4, "points") == "-0.4 points"


def test_the_case_is_whole_in_its_text() -> None:
    """The text holds tables, settings and sources of the case."""
    case = read_case(CASES / "portfolio", None, ["budget=123k USD"])
    text = case_text(case)
    assert '"budget": "123k USD"' in text
    assert "Label Your Data" in text
    assert "Snapper" in text
