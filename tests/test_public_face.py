"""The library as a notebook meets it: names, lines that say what a result is, frames with dates that are copies."""

from __future__ import annotations

import ast
import copy
import dataclasses
import datetime
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import allocate
from allocate.record.as_json import as_json

ROOT = Path(__file__).parents[1]
CASE = str(ROOT / "cases" / "vendor-comparison")
ARRAYS = re.compile(r"\b(Floats|Integers|Booleans|Bools|NDArray|DataFrame|ndarray)\b")


@cache
def solved() -> allocate.Answer:
    """A small case's answer, found by its path."""
    return allocate.solve(CASE)


@cache
def staffed() -> allocate.Answer:
    """One with a team and levers, and so with every kind of frame."""
    return allocate.solve(ROOT / "cases" / "in-house-team")


def test_the_name_alone_loads_nothing_heavy() -> None:
    """`import allocate` leaves pandas, numpy, PuLP and the solver for whoever asks for them."""
    code = "import sys, allocate; print(*({'pandas', 'numpy', 'pulp', 'highspy', 'pydantic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_every_name_is_the_same_for_type_checkers() -> None:
    """What is imported for type checkers is what is loaded, from the same modules; another name is an AttributeError."""
    tree = ast.parse((ROOT / "allocate" / "__init__.py").read_text(encoding="utf-8"))
    (typed,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    told = {one.names[0].name: one.module for one in typed.body if isinstance(one, ast.ImportFrom)}
    assert sorted(told) == allocate.__all__ == dir(allocate)
    for name, module in told.items():
        assert getattr(allocate, name) is getattr(sys.modules[str(module)], name)
    with pytest.raises(AttributeError, match="slove"):
        getattr(allocate, "slove")  # noqa: B009 - a type checker refuses the attribute


@pytest.mark.slow
def test_functions_take_a_path_a_case_or_a_mapping() -> None:
    """The same routes, program and plan come of a path and of the case that was read from it."""
    case = allocate.read_case(CASE)
    assert allocate.routes(CASE).table.equals(allocate.routes(case).table)
    assert allocate.formulate(CASE).program.column_count == allocate.formulate(case).program.column_count
    assert allocate.verify(CASE, solved().plan or pytest.fail("no plan")).holds
    first, changed = allocate.compare(case, settings=["budget=9000 USD"]).study.rows
    assert (first["variant"], changed["variant"]) == (case.name, "budget=9000 USD")
    assert allocate.frontier(CASE, "budget", [9000.0]).rows[0]["spend"] == pytest.approx(first["spend"])


@pytest.mark.slow
def test_a_scenario_of_a_case_that_is_read_is_compared_too() -> None:
    """Scenarios are laid over a case without its files, as over its path."""
    path = ROOT / "cases" / "launch-gate"
    case = allocate.read_case(path)
    scenario = next(iter(case.document.data["scenarios"]))
    by_path, by_case = (allocate.compare(one, [scenario]).study.rows for one in (path, case))
    assert by_path == by_case


def looked_back() -> list[Any]:
    """What is held against a plan once work was done, and a plan in many scenarios."""
    quarter = ROOT / "cases" / "second-quarter"
    actuals = allocate.read_actuals(quarter / "actuals" / "work")
    bills = allocate.bill(quarter), allocate.bill(quarter, actuals=actuals)
    odds = allocate.plan_odds(ROOT / "cases" / "uncertain-portfolio", scenarios=64)
    return [
        actuals, allocate.calibrate(quarter, actuals), *bills, allocate.bridge_bills(*bills), allocate.track(quarter, actuals), odds
    ]  # fmt: skip


def results() -> list[Any]:
    """One of everything a user gets to hold."""
    answer = solved()
    assert answer.plan is not None
    assert answer.verification is not None
    return [
        answer.case, answer.routes, answer, answer.plan, answer.verification, answer.certificate, allocate.formulate(CASE),
        allocate.tco(CASE, answer=answer), allocate.explain(CASE, answer=answer), allocate.bottlenecks(CASE, answer=answer),
        allocate.alternatives(CASE), allocate.frontier(CASE, "budget", [6000.0]), allocate.compare(CASE, settings=["budget=9000 USD"]),
        allocate.evaluate(CASE, []), *looked_back(),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_result_says_in_a_line_what_it_is() -> None:
    """No repr is longer than a few lines of a terminal, none shows arrays or fractions, and == never raises."""
    for one in results():
        told = repr(one)
        assert len(told) < 400, told
        assert "\n" not in told
        assert "Fraction" not in told
        assert "array(" not in told
        assert one == one
        assert (one == copy.copy(one)) in (True, False)
        table = one._repr_html_()
        assert table.startswith("<table>")
        assert len(table) < 10_000
    assert (
        repr(solved()) == "Answer(vendor-comparison, status optimal, cost 5,166.67 USD, gap 0.00%, spend 5,166.67 USD)"
    )
    assert len(repr(allocate.formulate(CASE).program)) < 100
    assert str(allocate.formulate(CASE).program).startswith("allocate:\nMINIMIZE")


def test_names_of_a_case_cannot_become_markup_in_a_notebook() -> None:
    """A vendor named like HTML stands in the table as it is written."""
    data = dict(allocate.read_case(CASE).document.data)
    data["case"] = "<b>loud</b>"
    told = allocate.read_case(data)._repr_html_()
    assert "<b>" not in told
    assert "&lt;b&gt;loud" in told


def test_frames_have_dates_beside_the_numbers_of_periods() -> None:
    """The first day of each row's period stands after its number, in JSON too."""
    answer = staffed()
    plan, starts = answer.plan, answer.case.periods.starts
    assert plan is not None
    for frame in (plan.lines, plan.staff, plan.by_period("vendor"), plan.by_period()):
        assert list(frame.columns)[list(frame.columns).index("period") + 1] == "start"
        days = [one.date() for one in frame["start"]]
        assert days == [starts[number - 1] for number in frame["period"]]
    assert isinstance(plan.mix["first"].iloc[0].date(), datetime.date)
    assert as_json(answer)["lines"][0]["start"] == starts[0].isoformat()


def test_what_is_done_to_a_frame_reaches_neither_the_plan_nor_a_run(tmp_path: Path) -> None:
    """Every frame of a plan is a copy, those of routes and costs of ownership too."""
    answer = allocate.solve(CASE)
    plan = answer.plan
    assert plan is not None
    before = as_json(answer)
    owned = allocate.tco(CASE, answer=answer)
    for give in (
        lambda: plan.lines, lambda: plan.products, lambda: plan.vendors, lambda: plan.invoice, lambda: answer.routes.table,
        lambda: owned.costs, lambda: owned.made, lambda: plan.mix,
    ):  # fmt: skip
        frame, kept = give(), give()
        frame.loc[:, frame.select_dtypes("number").columns[-1]] *= 2.0
        frame.loc[frame.index[0], frame.columns[0]] = "another"
        frame["more"] = 1
        assert give().equals(kept)
    assert as_json(answer) == before
    identity = allocate.save_run(answer, tmp_path)
    assert identity == allocate.save_run(allocate.solve(CASE), tmp_path)


def test_studies_and_comparisons_are_kept_like_answers(tmp_path: Path) -> None:
    """Each is a run of its own with its points, and is kept once."""
    study, compared = allocate.frontier(CASE, "budget", [6000.0]), allocate.compare(CASE, settings=["budget=9000 USD"])
    kept = [allocate.save_run(one, tmp_path) for one in (study, compared, study)]
    assert kept[0] == kept[2] != kept[1]
    assert {path.name for path in (tmp_path / "runs" / kept[1]).iterdir()} == {
        "case.json",
        "case-2.json",
        "study.json",
        "run.json",
    }


def test_spend_by_anything_adds_up_to_the_plan() -> None:
    """By vendor, clause or both; lines by period and by product come to their own spend."""
    plan = staffed().plan
    assert plan is not None
    for keys in (("vendor",), ("clause",), ("vendor", "clause"), ("window",)):
        assert plan.spend_by(*keys)["spend"].sum() == pytest.approx(plan.spend)
    for keys in ((), ("product",), ("vendor", "workflow")):
        assert plan.by_period(*keys)["spend"].sum() == pytest.approx(plan.lines["spend"].sum())
    assert plan.mix["items"].sum() == pytest.approx(plan.lines["items"].sum())


def test_shadow_prices_are_a_frame() -> None:
    """Limit, period with its day, unit and price, weightiest first; each is what a re-solve with one more unit comes to."""
    prices = solved().shadow_prices
    assert list(prices.columns) == ["limit", "period", "start", "unit", "price"]
    row = prices[prices["limit"] == "items of detection"].iloc[0]
    assert row["unit"] == "image"
    assert pd.isna(row["period"])
    assert pd.isna(row["start"])
    more = allocate.solve(allocate.read_case(CASE, settings={"products.detection.demand": "10_001 images"}))
    assert row["price"] == pytest.approx((more.objective or 0.0) - (solved().objective or 0.0))
    hours = staffed().shadow_prices.dropna(subset="period")
    starts = staffed().case.periods.starts
    assert [one.date() for one in hours["start"]] == [starts[number - 1] for number in hours["period"]]
    assert len(solved().limits) == len(solved().verification.checks)  # type: ignore[union-attr]


def test_an_explanation_has_frames() -> None:
    """Each part is a row for each limit or vendor, with its figures by name; one without rows is empty."""
    found = allocate.explain(CASE, answer=solved())
    assert found is not None
    offers = found.frame("offers").set_index("vendor")
    assert offers.loc["vendor-a", "share"] == 1.0
    assert offers.loc["vendor-b", "entry"] < offers.loc["vendor-b", "price"]
    assert found.frame("prices").loc[0, "limit"] == "items of detection"
    assert {"limit", "without_gain", "more_gain"} <= set(found.frame("costs").columns)
    assert len(found.frame("forced")) == len(found.forced)


@pytest.mark.slow
def test_no_dataclass_with_arrays_is_compared_by_them() -> None:
    """`==` on arrays is an array, so a dataclass that holds one leaves comparison out, or names what it compares."""
    for path in sorted((ROOT / "allocate").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            made = [ast.unparse(one) for one in getattr(node, "decorator_list", ()) if "dataclass" in ast.unparse(one)]
            if not isinstance(node, ast.ClassDef) or not made or "order=True" in made[0]:
                continue
            fields = [ast.unparse(one.annotation) for one in node.body if isinstance(one, ast.AnnAssign)]
            if any(ARRAYS.search(one) for one in fields):
                assert "eq=False" in made[0], f"{path.relative_to(ROOT)}: {node.name}"


def test_a_plan_is_changed_by_replacing_its_frames() -> None:
    """`dataclasses.replace` takes a frame, and a frame that is given is kept as it was then."""
    plan = solved().plan
    assert plan is not None
    lines = plan.lines.assign(items=1.0)
    other = dataclasses.replace(plan, lines=lines)
    lines["items"] = 2.0
    assert other.lines["items"].tolist() == [1.0]
    assert plan.lines["items"].tolist() == [10_000.0]


def test_what_holds_no_arrays_is_compared_by_what_it_holds() -> None:
    """Two readings of a case, two checks and two proofs of the same plan, and two studies are equal."""
    again = allocate.solve(CASE)
    assert allocate.read_case(CASE) == solved().case
    assert again.verification == solved().verification
    assert again.certificate == solved().certificate
    assert allocate.frontier(CASE, "budget", [6000.0]) == allocate.frontier(CASE, "budget", [6000.0])
