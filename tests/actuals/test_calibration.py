"""What a case should say by what was recorded: ranges that hold the truth, an overlay that a case takes as it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from actuals_worlds import CASE, EXPORTS, put, timesheet, world
from command_line import Run

from allocate import replan, verify
from allocate.actuals.calibration import Calibration, calibrate
from allocate.actuals.importing import write_actuals
from allocate.actuals.overlay import overlay
from allocate.actuals.reading import Actuals, read_actuals
from allocate.api.solving import solve
from allocate.bridge.bridge import bridge_bills
from allocate.bridge.ends import of_actuals, of_plan
from allocate.case.load import Case, read_case, revised
from allocate.costing.routes import routes
from allocate.errors import CaseError

VIDEO = "product: scans\nvendor: ada\ncolumns: {answer: selected_answer}\n"


def _video(tmp_path: Path, **changed: object) -> Calibration:
    """1,000 judgments of 28 people as work of ada on scans, held against a case."""
    if not (tmp_path / "act").exists():
        write_actuals(
            [EXPORTS / "figure_eight_person_video.csv"], "appen", put(tmp_path, "map.yaml", VIDEO), tmp_path / "act"
        )
    return calibrate(read_case({**CASE, **changed}), read_actuals([tmp_path / "act"]))


@pytest.mark.slow
def test_ranges_hold_the_truth(tmp_path: Path) -> None:
    """6 worlds of 16 figures with a known truth, through import and calibrate: P10 to P90 holds 72 to 88 of 100 of them.

    `python -m tests.bench.calibration` does 200.
    """
    held = []
    for number in range(6):
        folders, truth = world(tmp_path / str(number), number)
        found = {one.path: one.estimate for one in calibrate(read_case(CASE), read_actuals(folders)).figures}
        assert set(truth) <= set(found)
        held += [found[path].low <= right <= found[path].high for path, right in truth.items()]
    assert 0.72 <= sum(held) / len(held) <= 0.88


@pytest.mark.slow
def test_pace_and_shrinkage_give_back_the_hours_paid(tmp_path: Path) -> None:
    """Labels made / pace / (1 - shrinkage) are the hours of the timesheet, vendor by vendor, where nothing is drawn together."""
    folders, _ = world(tmp_path / "w", 3)
    actuals = read_actuals(folders)
    only = {"ada": CASE["vendors"]["ada"], "bo": CASE["vendors"]["bo"]}
    case = read_case({**CASE, "vendors": only, "rates": CASE["rates"][:2]})
    found = {one.path: one.estimate.value for one in calibrate(case, actuals).figures}
    for vendor in only:
        made = actuals.periods.loc[actuals.periods["vendor"] == vendor, "items"].sum()
        paid = actuals.periods.loc[actuals.periods["vendor"] == vendor, "hours_paid"].sum()
        hours = made / found[f"rates.scans.{vendor}.pace"] / (1.0 - found[f"vendors.{vendor}.shrinkage"])
        assert hours == pytest.approx(paid, rel=1e-4)


@pytest.mark.slow
def test_published_judgments(tmp_path: Path) -> None:
    """Person-video: 1,000 labels in 22,245 s after cleaning (161.8 an hour), accuracy 93 % by agreement, 93.9 % a doubling."""
    found = {one.figure: one for one in _video(tmp_path).figures}
    pace = found["pace of ada on scans"]
    assert pace.estimate.value == pytest.approx(
        1000 / read_actuals([tmp_path / "act"]).periods["hours_active"].sum(), rel=1e-4
    )
    assert (pace.estimate.n, pace.estimate.people) == (1000, 28)
    assert found["accuracy of ada on scans"].estimate.value == pytest.approx(0.93, abs=0.005)
    rate = found["learning rate of ada on scans"]
    assert rate.estimate.value == pytest.approx(0.935, abs=0.01), "93.5% with another way of cutting idle times"
    assert rate.written is False


@pytest.mark.slow
def test_the_overlay_is_a_case_that_solves(tmp_path: Path, run: Run) -> None:
    """`calibrate --out` writes what `--set @` takes: the plan counts the measured middle, sources and ranges stay."""
    _video(tmp_path)
    case = put(tmp_path, "case.yaml", json.dumps(CASE))
    out = tmp_path / "measured.yaml"
    assert run("calibrate", case, "--actuals", tmp_path / "act", "--out", out).code == 0
    text = out.read_text(encoding="utf-8")
    assert text == overlay(_video(tmp_path))
    assert run("solve", case, "--set", f"@{out}", "--no-save").code == 0
    measured = read_case(case, settings=[f"@{out}"])
    assert measured.spreads.amounts["rates.scans.ada.pace"].source is not None
    hand = solve(
        revised(read_case(CASE), {"rates.scans.ada.pace": measured.spreads.amounts["rates.scans.ada.pace"].text})
    )
    planned = solve(measured)
    assert planned.plan is not None
    assert hand.plan is not None
    assert planned.plan.spend == pytest.approx(hand.plan.spend)
    assert any("measured.yaml" in str(spread.place) for spread in measured.spreads.amounts.values())


@pytest.mark.slow
def test_a_pace_without_a_rate_card_is_a_productivity(tmp_path: Path) -> None:
    """Without rates a vendor's hours follow from the standard time: with drivers and productivity measured they are the pace's."""
    folders, _ = world(tmp_path / "w", 1)
    actuals = read_actuals(folders)
    case = read_case({key: value for key, value in CASE.items() if key != "rates"})
    found = calibrate(case, actuals)
    file = put(tmp_path, "m.yaml", found.overlay)
    table = routes(revised(case, [f"@{file}"]))
    paces = {one.figure: one.estimate.value for one in found.figures}
    for hours, vendor in zip(table.hours.tolist(), table.vendors, strict=True):
        assert 1.0 / hours == pytest.approx(paces[f"pace of {vendor} on scans"], rel=1e-3)
    assert not any("rates" in one.path for one in found.figures)


TWO_WAYS = {
    "workflows": {"single": {}, "double": {"passes": 2, "adjudicate": {"accuracy": "99%", "time": "10 s/page"}}},
    "review-team": {"wage": "30 USD/h"},
    "products": {name: {"item": "page", "effort": "36 s/page", "demand": "480 pages"} for name in ("p", "q")},
    "vendors": {"v": {"capacity": "60 h/week", "accuracy": "95%", "contract": {"price": "20 USD/h"}}},
}
"""One vendor, two products, two workflows."""


def _two_ways(tmp_path: Path, rates: list[dict[str, str]]) -> tuple[Case, Actuals]:
    """100 pages each by five people: p in 40 s once and 90 s finished in the double workflow, q in 60 s."""
    rows = ["product,workflow,item,who,at,s"]
    for n in range(100):
        at = f"2027-01-{4 + n % 5:02}T{8 + n % 8:02}:00:00Z"
        for product, way, seconds in (("p", "single", 40), ("p", "double", 90), ("q", "single", 60)):
            rows.append(f"{product},{way},{way}{n},w{n % 5},{at},{seconds * (0.9 + n % 5 * 0.05)}")
    named = "product: {by: product, of: {p: p, q: q}}\nvendor: v\nworkflow: {by: workflow, of: {single: single, double: double}}\n"
    columns = "columns: {item: item, annotator: who, submitted: at, seconds: s}\ntimes: s\n"
    file, map_ = put(tmp_path, "w.csv", "\n".join(rows)), put(tmp_path, "m.yaml", named + columns)
    write_actuals([file], "table", map_, tmp_path / "act")
    rest = {key: value for key, value in CASE.items() if key not in ("rates", *TWO_WAYS)}
    case = read_case({**rest, **TWO_WAYS, **({"rates": rates} if rates else {})})
    return case, read_actuals([tmp_path / "act"])


def test_lines_for_a_workflow_get_the_pace_of_their_finished_items(tmp_path: Path) -> None:
    """p by the single line 90 an hour, finished by the double line 40, q by its line for all 60: each by its own records."""
    lines = [{"workflow": "single", "pace": "100 pages/h"}, {"workflow": "double", "pace": "45 pages/h"}]
    rates = [{"product": "p", "vendor": "v", **line} for line in lines] + [{"product": "q", "vendor": "v"}]
    found = {one.path: one.estimate.value for one in calibrate(*_two_ways(tmp_path, rates)).figures if one.written}
    assert {path: value for path, value in found.items() if path.endswith("pace")} == pytest.approx(
        {"rates.p.v.single.pace": 90.0, "rates.p.v.double.pace": 40.0, "rates.q.v.pace": 60.0}
    )


def test_without_a_rate_card_products_and_workflows_have_a_productivity_each(tmp_path: Path) -> None:
    """A page of 36 s: 0.9 for p once, 0.4 doubly, 0.6 for q. The overlay is a card of every pair, whose hours are those recorded."""
    case, actuals = _two_ways(tmp_path, [])
    found = calibrate(case, actuals)
    measured = revised(case, [f"@{put(tmp_path, 'm.yaml', found.overlay)}"])
    of = {(rate.product, rate.workflow): rate.productivity for rate in measured.file.rates}
    assert of == pytest.approx(
        {("p", None): 36 / 65, ("p", "single"): 0.9, ("p", "double"): 0.4, ("q", None): 0.6}, rel=1e-3
    )
    table = routes(measured)
    ways = zip(table.product.tolist(), table.workflow.tolist(), table.hours.tolist(), strict=True)
    hours = {(table.products[p], table.workflows[w]): one for p, w, one in ways}
    assert hours["p", "single"] == pytest.approx(40 / 3600, rel=1e-3)
    assert hours["q", "single"] == pytest.approx(60 / 3600, rel=1e-3)


def test_without_a_rate_card_products_have_an_accuracy_each(tmp_path: Path) -> None:
    """Of p 36 of 40 gold pages are right, of q 20 of 40: a card with both, no key twice; what was done has them, and so has a re-plan."""
    rows = ["product,item,who,at,s,answer,gold"]
    for product, right in (("p", 36), ("q", 20)):
        for n in range(40):
            answer = "a" if n < right else "b"
            rows.append(f"{product},{product}{n},w{n % 5},2027-01-{4 + n % 5:02}T{8 + n % 8:02}:00:00Z,36,{answer},a")
    columns = "{item: item, annotator: who, submitted: at, seconds: s, answer: answer, gold: gold}"
    map_ = f"product: {{by: product, of: {{p: p, q: q}}}}\nvendor: v\nworkflow: single\ntimes: s\ncolumns: {columns}\n"
    write_actuals([put(tmp_path, "w.csv", "\n".join(rows))], "table", put(tmp_path, "m.yaml", map_), tmp_path / "act")
    rest = {key: value for key, value in CASE.items() if key not in ("rates", *TWO_WAYS)}
    case, actuals = read_case({**rest, **TWO_WAYS}), read_actuals([tmp_path / "act"])
    measured = revised(case, [f"@{put(tmp_path, 'o.yaml', calibrate(case, actuals).overlay)}"])
    assert [(rate.product, rate.accuracy) for rate in measured.file.rates] == [
        ("p", pytest.approx(0.9, abs=0.005)),
        ("q", 0.5),
    ]
    plan = solve(case).plan
    assert plan is not None
    done = of_actuals("done", case, actuals, of_plan("plan", case, plan))
    assert [rate.accuracy for rate in done.case.file.rates] == pytest.approx([0.9, 0.5])
    again = replan(case, plan, actuals, "week 2")
    assert again.answer.plan is not None
    assert verify(again.case, again.answer.plan).holds
    lines = again.answer.plan.lines
    assert lines[lines["period"] == 1].groupby("product")["accuracy"].mean().to_dict() == pytest.approx(
        {"p": 0.9, "q": 0.5}
    )
    assert lines[lines["period"] > 1]["accuracy"].min() == pytest.approx(0.95)


def test_bills_have_the_hours_of_each_way_of_making_things(tmp_path: Path) -> None:
    """With lines for workflows, and with none at all, what was done has the hours recorded, product by product."""
    lines = [{"workflow": "single", "pace": "100 pages/h"}, {"workflow": "double", "pace": "45 pages/h"}]
    rates = [{"product": "p", "vendor": "v", **line} for line in lines] + [{"product": "q", "vendor": "v"}]
    for number, card in enumerate((rates, [])):
        folder = tmp_path / str(number)
        folder.mkdir()
        case, actuals = _two_ways(folder, card)
        plan = solve(case).plan
        assert plan is not None
        done = of_actuals("done", case, actuals, of_plan("plan", case, plan))
        hours = done.plan.lines.groupby("product")["hours"].sum().to_dict()
        assert hours == pytest.approx({"p": 100 * 130 / 3600, "q": 100 * 60 / 3600}, rel=1e-5)
        found = bridge_bills(of_plan("plan", case, plan), done)
        assert round(sum(found.of(cause) for cause in found.parts), 2) == found.change
        assert "idle" not in found.parts


def test_work_on_gold_items_is_paid_and_makes_nothing(tmp_path: Path) -> None:
    """40 pages of 90 s, one in five on gold: 0.8 h make 32 items, so that pace and shrinkage give back the 1.25 h that were paid."""
    rows = ["item,who,at,s,role,outcome"]
    rows += [
        f"i{n},w{n % 4},2027-01-{4 + n % 4:02}T09:{n:02}:00Z,90,{'gold,accepted' if n % 5 == 0 else 'label,'}"
        for n in range(40)
    ]
    columns = (
        "columns: {item: item, annotator: who, submitted: at, seconds: s, role: role, outcome: outcome}\ntimes: s\n"
    )
    map_ = put(tmp_path, "m.yaml", f"product: scans\nvendor: ada\n{columns}")
    write_actuals([put(tmp_path, "w.csv", "\n".join(rows))], "table", map_, tmp_path / "act")
    put(tmp_path, "sheet.yaml", "product: ''\nvendor: {by: vendor, of: {ada: ada}}\n")
    sheet = timesheet(tmp_path, ["date,person,vendor,hours", "2027-01-04,,ada,1.25"])
    found = {
        one.path: one.estimate.value
        for one in calibrate(read_case(CASE), read_actuals([tmp_path / "act", sheet])).figures
    }
    assert found["rates.scans.ada.pace"] == pytest.approx(40.0)
    assert 32 / 40.0 / (1.0 - found["vendors.ada.shrinkage"]) == pytest.approx(1.25)


@pytest.mark.slow
def test_a_pace_that_the_rate_card_leaves_out_is_told(tmp_path: Path) -> None:
    """bo has work on scans and no line in the card: nothing is written for it, and a note says so."""
    folders, _ = world(tmp_path / "w", 1)
    found = calibrate(read_case({**CASE, "rates": [CASE["rates"][0]]}), read_actuals(folders))
    assert any("none of scans with bo" in note for note in found.notes)
    assert not any("productivity" in one.figure for one in found.figures)


@pytest.mark.slow
def test_ranges_of_the_case_are_judged_and_used(tmp_path: Path) -> None:
    """A range that was wrong is told, with the stretch that would have held; the overlay holds both together, between the two."""
    rates = [{**CASE["rates"][0], "pace": "98 .. 100 .. 102 pages/h", "accuracy": "90 of 100"}, *CASE["rates"][1:]]
    plain = {one.figure: one.estimate.value for one in _video(tmp_path).figures}
    found = _video(tmp_path, rates=rates)
    pace = next(one for one in found.figures if one.figure.startswith("pace"))
    assert pace.held is False
    assert 100.0 < pace.estimate.value < plain["pace of ada on scans"]
    assert any("held 1 of 2 figures" in line for line in found.notes)
    assert any("Half that range takes 112 people in place of 28" in line for line in found.notes)


@pytest.mark.slow
def test_gold_is_counted_and_vendors_of_a_product_help_one_another(tmp_path: Path) -> None:
    """Five vendors with gold items: each accuracy lies between its own share and that of all."""
    folders, _ = world(tmp_path / "w", 5)
    actuals = read_actuals(folders)
    gold = actuals.work[actuals.work["gold"] == "a"]
    own = (gold["answer"].astype(str) == "a").groupby(gold["vendor"].astype(str)).mean()
    every = float((gold["answer"].astype(str) == "a").mean())
    for one in calibrate(read_case(CASE), actuals).figures:
        if one.figure.startswith("accuracy"):
            share = own[one.figure.split()[2]]
            assert min(share, every) - 1e-9 <= one.estimate.value <= max(share, every) + 1e-9


def test_what_the_case_does_not_have_is_told(tmp_path: Path) -> None:
    """Work of an unknown vendor is left out with a note, and so are figures without a place in the case."""
    found = _video(tmp_path, vendors={"bo": CASE["vendors"]["bo"]}, rates=[CASE["rates"][1]])
    assert found.figures == ()
    assert "the case has no vendor 'ada': its work is left out." in found.notes


@pytest.mark.slow
def test_mistakes(tmp_path: Path, run: Run) -> None:
    """No actuals, a table that was changed, an overlay that is not there: a message with place and fix, and no traceback."""
    case = put(tmp_path, "case.yaml", json.dumps(CASE))
    assert "holds no actuals" in run("calibrate", case, "--actuals", tmp_path).err
    _video(tmp_path)
    labels = tmp_path / "act" / "labels.csv"
    labels.write_text(labels.read_text(encoding="utf-8").replace("seconds,cut", "tempo,cut"), encoding="utf-8")
    left = run("calibrate", case, "--actuals", tmp_path / "act")
    assert (left.code, "it has no column 'seconds'" in left.err) == (1, True)
    assert run("solve", case, "--set", "@nowhere.yaml", "--no-save").code == 1
    put(tmp_path, "bad.yaml", "rates.scans.adda.pace: 3 pages/h\n")
    with pytest.raises(CaseError) as caught:
        read_case(case, settings=[f"@{tmp_path}/bad.yaml"])
    assert caught.value.problems[0].place is not None
    assert "bad.yaml" in caught.value.problems[0].place.file
