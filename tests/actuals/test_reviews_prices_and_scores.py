"""What calibration says of reviewers, of prices paid, and of models trained since."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from actuals_worlds import CASE, QUARTER, more, pages, put
from command_line import Run

from allocate.actuals.calibration import Calibration, calibrate
from allocate.actuals.estimators import share
from allocate.actuals.importing import write_actuals
from allocate.actuals.reading import read_actuals
from allocate.actuals.scores import read_scores
from allocate.actuals.stated import Measured
from allocate.case.load import read_case
from allocate.errors import CaseError

REVIEWED = {
    **CASE,
    "review-team": {"wage": "14 USD/h"},
    "workflows": {"checked": {"review": {"share": "100%", "time": "10 s/page", "catch": "70%", "accuracy": "99%", "rework": "vendor"}}},
    "vendors": {name: {**vendor, "accuracy": "90%"} for name, vendor in CASE["vendors"].items()},
}  # fmt: skip
MAP = """product: scans
vendor: ada
columns: {item: item, annotator: who, submitted: at, seconds: s, answer: answer, gold: gold, outcome: outcome, role: role}
times: s
"""


def _recorded(folder: Path, rows: list[str]) -> Path:
    folder.mkdir(exist_ok=True)
    lines = "\n".join(["item,who,at,s,answer,gold,outcome,role", *rows])
    write_actuals([put(folder, "w.csv", lines)], "table", put(folder, "m.yaml", MAP), folder / "work")
    return folder / "work"


def _figures(found: Calibration) -> dict[str, Measured]:
    return {one.figure: one for one in found.figures}


def _label(n: int, answer: str, gold: str, outcome: str) -> str:
    return f"i{n},p{n % 7},2027-01-05T10:00:00Z,30,{answer},{gold},{outcome},label"


def test_a_catch_is_counted_by_gold(tmp_path: Path) -> None:
    """Of 40 labels wrong by gold 30 were sent back, of 60 right ones 3: catch 75 %, false-reject 5 %, rework 33 of 100."""
    rows = [_label(n, "b", "a", "rejected" if n < 30 else "accepted") for n in range(40)]
    rows += [_label(n, "a", "a", "fixed" if n < 43 else "accepted") for n in range(40, 100)]
    found = _figures(calibrate(read_case(REVIEWED), read_actuals([_recorded(tmp_path / "a", rows)])))
    catch, reject = found["catch of review in checked"], found["false-reject of review in checked"]
    assert (catch.path, catch.counted, catch.written) == ("workflows.checked.review.catch", (30.0, 40.0), True)
    assert (catch.estimate, catch.stated) == (share(30, 40), "70%")
    assert (reject.counted, reject.written) == ((3.0, 60.0), False), "the case does not write false-reject"
    back = found["rework of ada on scans"]
    assert (back.estimate, back.path) == (share(33, 100), "")


@pytest.mark.slow
@pytest.mark.parametrize(("catch", "other"), [(0.8, 0.8), (0.6, 0.9)])
def test_two_reviewers_test_each_other(tmp_path: Path, catch: float, other: float) -> None:
    """3,000 items, 3 of 10 wrong, seen by two reviewers who find errors independently: the mean of both catches, weighted by what they find."""
    chance = np.random.default_rng(3)
    rows = []
    for n in range(3_000):
        wrong = chance.random() < 0.3
        for who, rate in (("r1", catch), ("r2", other)):
            outcome = "rejected" if wrong and chance.random() < rate else "accepted"
            rows.append(f"i{n},{who},2027-01-05T10:00:00Z,9,,,{outcome},review")
    one = _figures(calibrate(read_case(REVIEWED), read_actuals([_recorded(tmp_path / "a", rows)])))[
        "catch of review in checked"
    ]
    right = 2.0 * catch * other / (catch + other)
    assert one.estimate.value == pytest.approx(right, abs=0.04)


def test_nothing_is_said_where_several_workflows_have_a_review(tmp_path: Path) -> None:
    """Rows that name no workflow tell of no review where the case has two with one."""
    two = {
        **REVIEWED["workflows"],
        "twice": {
            "review": {"share": "50%", "time": "10 s/page", "catch": "60%", "accuracy": "99%", "rework": "vendor"}
        },
    }
    rows = [_label(n, "b", "a", "rejected") for n in range(40)]
    found = _figures(
        calibrate(read_case({**REVIEWED, "workflows": two}), read_actuals([_recorded(tmp_path / "a", rows)]))
    )
    assert not any("review" in name for name in found)


@pytest.mark.slow
def test_a_price_paid_is_a_finding(tmp_path: Path) -> None:
    """400 pages in 5 h of work, 6 h on the timesheet, billed 132 USD: 22 USD an hour paid where the contract says 20; nothing is written."""
    folders = [
        pages(tmp_path / "w"), more(tmp_path / "t", "timesheet", "date,product,hours\n2027-01-05,scans,6\n"),
        more(tmp_path / "i", "invoice", "date,product,amount,currency\n2027-01-08,scans,132,USD\n"),
    ]  # fmt: skip
    one = _figures(calibrate(read_case(QUARTER), read_actuals(folders)))["price paid to acme"]
    assert (one.estimate.value, one.stated, one.written, one.unit) == (22.0, "20 USD/h", False, "USD/h")
    assert one.change == pytest.approx(0.1)
    assert "billed 132.00 USD over 6.0 h paid" in one.method


@pytest.mark.slow
@pytest.mark.parametrize(("currency", "paid"), [("USD", 0.33), ("EUR", None)])
def test_a_price_by_the_item(tmp_path: Path, currency: str, paid: float | None) -> None:
    """132 billed for 400 pages is 0.33 a page; bills in another currency than the price are left to the bridge."""
    case: dict[str, Any] = {**QUARTER, "exchange": {"EUR": "1.1 USD"}}
    contract = {"per": "page", "price": "0.30 USD/page"}
    case["vendors"] = {"acme": {"accuracy": "100%", "capacity": "10 h/week", "contract": contract}}
    bill = f"date,product,amount,currency\n2027-01-08,scans,132,{currency}\n"
    folders = [pages(tmp_path / "w"), more(tmp_path / "i", "invoice", bill)]
    found = _figures(calibrate(read_case(case), read_actuals(folders)))
    if paid is None:
        assert "price paid to acme" not in found
    else:
        assert found["price paid to acme"].estimate.value == pytest.approx(paid)


def _valued(fit: str) -> dict[str, Any]:
    points = [
        {"labels": "1_000", "score": "70"},
        {"labels": "2_000", "score": "75"},
        {"labels": "4_000", "score": "79"},
        {"labels": "8_000", "score": "82"},
    ]
    product = {
        **CASE["products"]["scans"],
        "value": {"curve": {"points": points, "fit": fit}, "worth": "1k USD/point", "existing": "8_000 pages"},
    }
    return {**CASE, "objective": "value", "budget": "2k USD", "products": {"scans": product}}


@pytest.mark.slow
def test_a_new_point_stands_beside_what_was_predicted(tmp_path: Path, run: Run) -> None:
    """A model trained on 16,000 labels: its score is held against the fan, and the overlay has the curve with all five points."""
    case = put(tmp_path, "case.yaml", json.dumps(_valued("fan")))
    table = put(tmp_path, "scores.csv", "product,labels,score,runs,sd,source\nscans,16_000,84.1,3,0.6,model of June\n")
    rows = [_label(n, "a", "a", "accepted") for n in range(40)]
    folder, out = _recorded(tmp_path / "a", rows), tmp_path / "measured.yaml"
    done = run("calibrate", case, "--actuals", folder, "--scores", table, "--out", out, "--format", "json")
    assert done.code == 0, done.err
    told = {one["figure"]: one for one in json.loads(done.out)["figures"]}["score of scans at 16,000 labels"]
    assert (told["measured"], told["held"]) == (84.1, "yes")
    assert told["low"] == pytest.approx(84.1 - 1.2815515655446004 * 0.6 / 3**0.5)
    after = read_case(case, settings=[f"@{out}"])
    value = after.products["scans"].value
    assert value is not None
    assert [float(point.labels) for point in value.curve.own] == [1_000, 2_000, 4_000, 8_000, 16_000]
    assert value.curve.own[-1].source == "model of June"
    assert run("solve", case, "--set", f"@{out}", "--no-save").code == 0


@pytest.mark.parametrize("fit", ["table", "power-law", "fan"])
def test_a_score_below_what_was_predicted(tmp_path: Path, fit: str) -> None:
    """A score far below the curve is told as one, whatever the curve; only a fan has a range that fails to hold it."""
    case = read_case(_valued(fit))
    scores = read_scores(case, put(tmp_path, "s.csv", "product,labels,error\nscans,16_000,19\n"))
    found = calibrate(
        case, read_actuals([_recorded(tmp_path / "a", [_label(n, "a", "a", "accepted") for n in range(40)])]), scores
    )
    one = _figures(found)["score of scans at 16,000 labels"]
    assert one.estimate.value == pytest.approx(81.0)
    assert one.held is (False if fit == "fan" else None)
    assert any("twice the most measured" in note for note in found.notes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("product,labels,score\nscan,16000,84\n", "no product 'scan'"),
        ("product,labels,score\n", "no rows"),
        ("product,labels,score\nscans,many,84\n", "many"),
        ("product,labels\nscans,16000\n", "either a score or an error"),
        ("product,labels,score,error\nscans,16000,84,16\n", "either a score or an error"),
    ],
)  # fmt: skip
def test_mistakes_in_scores(tmp_path: Path, run: Run, text: str, told: str) -> None:
    """A table of scores that cannot be used: what is wrong and how to fix it, and no traceback."""
    case = put(tmp_path, "case.yaml", json.dumps(_valued("fan")))
    folder = _recorded(tmp_path / "a", [_label(n, "a", "a", "accepted") for n in range(40)])
    done = run("calibrate", case, "--actuals", folder, "--scores", put(tmp_path, "s.csv", text))
    assert (done.code, told in done.err) == (1, True), done.err
    assert "Traceback" not in done.err


def test_a_product_without_a_curve_takes_no_score(tmp_path: Path) -> None:
    """A score for a product without measured points is refused, with what to write."""
    with pytest.raises(CaseError, match="no curve of measured points"):
        read_scores(read_case(CASE), put(tmp_path, "s.csv", "product,labels,score\nscans,16000,84\n"))
