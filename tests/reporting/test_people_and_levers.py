"""What the page says of people of one's own and of levers: who leaves when, who is paid, and what a raise would do."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from allocate import explain, formulate, read_case, report, solve
from allocate.explaining.inputs import swings
from allocate.explaining.re_solve import Again
from allocate.reporting.compose import compose
from allocate.reporting.material import Material
from allocate.reporting.procurement.feedback import feedback
from allocate.reporting.sections.assumed import assumed
from allocate.reporting.sections.comparison import compared, totals
from allocate.reporting.sections.decided import people
from allocate.reporting.sections.funding import funding
from allocate.reporting.workbook.write import write_workbook
from allocate.study.assumed_changes import changes_at_hand
from allocate.study.assumptions import assumptions, register

TEAM = {"people": 3, "hours": "40 h/week", "wage": "4_000 USD/month", "release": {"notice": "1 week"}}


def case_of(**team: Any) -> dict[str, Any]:
    """Two weeks of work for a team of three whom a partner could do without, and a tool that is bought."""
    return {
        "case": "people",
        "currency": "USD",
        "horizon": {"start": "2027-02-01", "weeks": 4},
        "objective": "cost",
        "products": {"p": {"item": "image", "effort": "36 s/image", "demand": "12_000 images"}},
        "vendors": {"crew": {"team": {**TEAM, **team}}, "far": {"contract": {"price": "0.45 USD/image"}}},
        "levers": {
            "tool": {
                "title": "Two of ours check",
                "cost": "100 USD",
                "running-cost": "400 USD/month",
                "running-cost-to": "review-team",
                "bought": True,
                "effect": {"vendors": "far", "hours": "-10%"},
            }
        },
        "review-team": {"wage": "30 USD/h"},
    }


@cache
def shown(notice: str = "1 week", cost: str | None = None) -> Material:
    """What the page knows of the plan, with what moves it."""
    case = read_case(case_of(release={"notice": notice, **({"cost": cost} if cost else {})}))
    answer = solve(case)
    assert answer.plan is not None
    return Material(answer, answer.plan, None, swings(formulate(case), answer.plan))


def test_a_raise_and_a_dearer_tool_are_among_what_could_change_the_answer() -> None:
    """Salaries by the month and running costs move whole: a tenth of each is what ten per cent more changes while the plan stays."""
    m = shown()
    found = {one.input: one for one in m.swings}
    by_clause = {clause: sum(e.amount for e in m.plan.entries if e.clause == clause) for clause in ("wages", "lever")}
    assert found["wages of crew"].less.gain == pytest.approx(0.1 * by_clause["wages"])
    assert found["cost of lever tool"].more.gain == pytest.approx(-0.1 * by_clause["lever"])
    assert found["cost of lever tool"].less.gain == pytest.approx(0.1 * by_clause["lever"])
    assert "prices of crew" not in found


@pytest.mark.slow
def test_the_page_says_who_leaves_when_and_by_when_that_is_decided() -> None:
    """Three leave after a week of notice; what it costs and who is paid by the tool stands beside it."""
    m = shown(cost="50 USD")
    section = people(m)
    assert section is not None
    assert section.sentences[0] == "crew: 3 released (week 2), which costs 150.00 USD; no hour is idle."
    assert any(
        one.startswith("tool pays the review team") and one.endswith(": Two of ours check.")
        for one in section.sentences
    )
    (steps,) = [one for one in compose(m.answer).sections if one.title == "Next steps"]
    assert "Decide by the start of week 1 that 3 people of crew leave in week 2: the notice is 1 week." in steps.points


def test_a_release_that_costs_nothing_is_an_assumption() -> None:
    """What if nobody leaves is tried; where the case states a cost, even of nothing, nothing is assumed."""
    assumed = {one.figure: one for one in register(shown().case)}
    assert assumed["release of people of crew"].low == {"vendors.crew.team.release": None}
    assert "release of people of crew" not in {one.figure for one in register(shown(cost="0 USD").case)}


def test_what_a_vendor_gets_alone_leaves_out_whom_it_does_not_employ() -> None:
    """A team paid busy or not is in the total of every other vendor alone, and not in what that vendor is paid."""
    data = case_of()
    data["vendors"]["far"]["accuracy"] = "95%"
    data["vendors"]["near"] = {"contract": {"price": "0.60 USD/image"}}
    answer = solve(read_case(data))
    section = totals(Material(answer, answer.plan, None), compared(answer))  # type: ignore[arg-type]
    (table,) = section.tables
    rows = {row[0]: dict(zip(table.header, row, strict=True)) for row in table.rows}
    far, near = rows["far"], rows["near"]
    assert far["to the vendor"] == "5,400.00"
    payroll = float(far["paid to others anyway"].replace(",", ""))
    assert payroll > 2_000.0
    assert float(far["total"].replace(",", "")) == pytest.approx(5_400.0 + payroll + 100.0 + 400.0, abs=100.0)
    assert near["accuracy"].startswith("~")
    assert not far["accuracy"].startswith("~")
    assert any("is not stated: it is the cost model" in one for one in section.sentences)


def test_nothing_is_cut_for_money_where_the_hours_are_paid_anyway() -> None:
    """Which product gives up hours first is said by what its last labels return for the pay they take.

    900 labels of each are on the steep piece; the other 4,200 are of `dear`, whose last labels return 5 / 8,000 x 500 USD.
    """
    curve = {"points": [{"labels": n, "score": s} for n, s in ((100, 60), (1_000, 70), (9_000, 75))]}
    one = {
        "item": "image",
        "effort": "36 s/image",
        "value": {"curve": curve, "worth": "500 USD/point", "existing": "100 images"},
    }
    data = {
        "case": "paid anyway", "currency": "USD", "horizon": {"start": "2027-02-01", "weeks": 2}, "objective": "net-value",
        "products": {"dear": one, "cheap": {**one, "value": {"curve": curve, "worth": "90 USD/point", "existing": "100 images"}}},
        "vendors": {"crew": {"team": {"people": 1, "hours": "30 h/week", "wage": "20 USD/h"}}},
    }  # fmt: skip
    case = read_case(data)
    built = formulate(case)
    answer = solve(case, formulation=built)
    section = funding(Material(answer, answer.plan, explain(case, answer=answer, formulation=built)))  # type: ignore[arg-type]
    assert section is not None
    said = " ".join(section.sentences)
    assert "save no money here" in said
    assert "If hours have to be given up, start with dear" in said
    assert "return 1.511 USD" in said  # 0.3125 USD a label, over 1,200 USD of pay for 5,800 right ones
    assert "costs nothing." not in said


def test_a_thorough_report_says_what_each_assumed_figure_changes(tmp_path: Path) -> None:
    """Page and workbook have the register of `allocate assumptions`: its order, its changes, and the line to write."""
    answer = solve(read_case(case_of()))
    assert answer.plan is not None
    study = assumptions(answer.case)
    section = assumed(Material(answer, answer.plan, None, assumptions=study))
    assert section is not None
    (table,) = section.tables
    assert [row[0] for row in table.rows] == [row["figure"] for row in study.rows]
    assert [table.rows[0][3], table.rows[1][4]] == ["rises by 9,000.00", "rises by 1,360.00"]
    book = CalamineWorkbook.from_path(str(write_workbook(answer, tmp_path / "book.xlsx", study)))
    sheet = book.get_sheet_by_name("Assumptions").to_python()
    assert [row[0] for row in sheet[4:]] == [row["figure"] for row in study.rows]
    with ZipFile(tmp_path / "book.xlsx") as parts:
        assert b"&quot;~&quot;0.00%" in parts.read("xl/styles.xml")
    assert sheet[4][3:6] == [*table.rows[0][3:5], study.rows[0]["write"]]


def test_feedback_says_which_lines_own_people_do() -> None:
    """A bidder with the lowest price and no award is told that no bidder gets the line."""
    data = case_of()
    data["vendors"]["far"]["contract"]["price"] = "9 USD/image"
    answer = solve(read_case(data))
    assert answer.plan is not None
    (section,) = feedback(Material(answer, answer.plan, None), "far").sections
    assert section.tables[0].rows[0][-1] == "done by own people"
    assert section.sentences[-1] == "Done by own people: no bidder gets the line."


def test_a_report_says_what_the_first_assumed_figures_change(tmp_path: Path) -> None:
    """Without being thorough: what `allocate assumptions` finds for figures with most money at stake; the rest is not computed."""
    case = read_case(case_of())
    built = formulate(case)
    answer = solve(case, formulation=built)
    study, quick = assumptions(case), changes_at_hand(answer, Again(built))
    found = {row["figure"]: row for row in quick.rows}
    assert set(found) == {row["figure"] for row in study.rows}
    for row in study.rows:
        told = found[row["figure"]]
        assert [told[f"status_{side}"] for side in ("low", "high")] == [
            row[f"status_{side}"] for side in ("low", "high")
        ]
        for side in ("low", "high"):
            assert told[f"change_{side}"] == pytest.approx(row[f"change_{side}"], abs=1e-6)
    assert [row["swing"] for row in quick.rows] == sorted((row["swing"] or 0.0 for row in quick.rows), reverse=True)
    report(case, tmp_path)
    assert "rises by 9,000.00" in (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "not computed" not in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_figures_no_work_is_left_for_are_not_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """They come after those that were moved, and the page says how many they are and how to have them."""
    monkeypatch.setattr("allocate.study.assumed_changes.FIGURES", 1)
    case = read_case(case_of())
    built = formulate(case)
    answer = solve(case, formulation=built)
    assert answer.plan is not None
    quick = changes_at_hand(answer, Again(built))
    section = assumed(Material(answer, answer.plan, None, assumptions=quick))
    assert section is not None
    left = [row for row in section.tables[0].rows if "not computed" in row]
    assert left
    assert left == list(section.tables[0].rows[-len(left) :])
    assert f"{len(left)} were not computed; `--thorough` computes all." in section.sentences[0]


def test_with_less_money_people_who_are_paid_anyway_leave_what_returns_least() -> None:
    """Money is taken from what is bought, and items from what own people leave: the page says both."""
    curve, value = {"power-law": {"a": 100, "b": 0.5, "c": 5}}, {"existing": "100 images"}
    one = {"item": "image", "effort": "36 s/image"}
    data = {
        "case": "left", "currency": "USD", "horizon": {"start": "2027-02-01", "weeks": 2}, "objective": "net-value", "budget": "3_000 USD",
        "products": {
            "dear": {**one, "value": {"curve": curve, "worth": "90_000 USD/point", **value}, "demand": {"at-most": "9_000 images"}},
            "cheap": {**one, "value": {"curve": curve, "worth": "12_000 USD/point", **value}, "demand": {"at-most": "9_000 images"}},
        },
        "vendors": {
            "crew": {"team": {"people": 1, "hours": "30 h/week", "wage": "20 USD/h"}},
            "far": {},
        },
        "rates": [
            {"product": "dear", "vendor": "far", "price": "0.30 USD/image"}, {"product": "dear", "vendor": "crew"}, {"product": "cheap", "vendor": "crew"},
        ],
    }  # fmt: skip
    case = read_case(data)
    built = formulate(case)
    answer = solve(case, formulation=built)
    assert answer.plan is not None
    section = funding(Material(answer, answer.plan, explain(case, answer=answer, formulation=built)))
    assert section is not None
    said = " ".join(section.sentences)
    assert "takes it from dear (200.00)" in said
    assert "Fewer items are made: 667 of cheap. People of your own, who are paid anyway, do work that is bought" in said
    assert "start with cheap" in said
