"""Every platform's export becomes the same table of work, with figures that can be counted in the file."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from actuals_worlds import EXPORTS, ONE, annotation, counts, imported, put, task
from command_line import Run

from allocate.actuals.guess import guessed, kind_of
from allocate.actuals.readers import KINDS
from allocate.errors import CaseError


def test_the_idle_hour_of_label_studios_own_sample_is_cut(tmp_path: Path) -> None:
    """831.874, 46.098 and 30.079 s: the median of 46.098 with a MAD of logs of 0.427 allows 307.884 s; 523.990 s are idle."""
    done = imported(tmp_path, "label-studio", EXPORTS / "label_studio_data_obb.json")
    assert counts(done) == {"made with a draft before September 2024": (3, 908.051), "idle": (1, 523.99)}
    middle = abs(math.log(30.079 / 46.098))
    assert done.work["seconds"].tolist() == pytest.approx([46.098 * math.exp(3 * 1.4826 * middle), 46.098, 30.079])
    assert (done.work["seconds"] + done.work["cut"]).sum() == pytest.approx(831.874 + 46.098 + 30.079)


def test_times_that_versions_of_label_studio_counted_wrongly_are_told(tmp_path: Path) -> None:
    """With a draft in 2024 the time may hold it twice, in 2022 it may lack it; later ones, and those without a draft, are sound."""
    made = [("2022-10-01", None), ("2024-01-05", "2024-01-05"), ("2024-01-05", None), ("2026-01-05", "2026-01-05")]
    tasks = [
        task(n, annotation(n, created_at=f"{day}T10:00:00Z", draft_created_at=draft and f"{draft}T09:00:00Z"))
        for n, (day, draft) in enumerate(made, 1)
    ]
    found = counts(imported(tmp_path, "label-studio", put(tmp_path, "x.json", tasks)))
    assert found == {"made with a draft before September 2024": (1, 30.0), "made before August 2023": (1, 30.0)}


def test_reviews_of_label_studio_enterprise_are_rows_with_their_verdict(tmp_path: Path) -> None:
    """Two labels, both rejected by a reviewer, who is another person than the annotator; no address is in the table."""
    text = "product: {by: project, of: {1: cars}}\nvendor: {by: completed_by.email, match: {'@example': acme}}\ndrivers: {box: count of result}\n"
    done = imported(tmp_path, "label-studio", EXPORTS / "label_studio_csv_test.json", text=text)
    work = done.work
    assert work["role"].tolist() == ["label", "review", "label", "review"]
    assert set(work["outcome"]) == {"rejected"}
    assert work["seconds"].tolist()[::2] == [7.662, 35.267]
    assert work["drivers.box"].tolist()[::2] == [1.0, 2.0]
    assert len(set(work["annotator"])) == 2
    assert not work.astype(str).apply(lambda column: column.str.contains("@")).to_numpy().any()
    assert done.periods.loc[0, ["items", "accepted", "rejected"]].tolist() == [2.0, 0.0, 2.0]


def test_who_did_it_may_be_a_number(tmp_path: Path) -> None:
    """`completed_by: 1`, as the open-source edition writes it."""
    done = imported(tmp_path, "label-studio", EXPORTS / "label_studio_data_repeater.json")
    assert done.summary()["people"] == 1
    assert done.work["seconds"].tolist() == [13.042]


@pytest.mark.parametrize(
    ("made", "outcome", "role"),
    [
        (annotation(1, was_cancelled=True), "skipped", "label"),
        (annotation(1, ground_truth=True), "open", "gold"),
        (annotation(1, lead_time=None, import_id=7), "open", "pre-label"),
        (annotation(1, lead_time=None, parent_prediction=7), "open", "pre-label"),
        (annotation(1, parent_prediction=7), "open", "label"),
        (annotation(1, reviews=[{"id": 3, "created_by": 2, "created_at": "2027-02-02T10:00:00Z", "accepted": True}]), "accepted", "label"),
        (
            annotation(1, reviews=[{"id": 3, "created_by": 2, "created_at": "2027-02-02T10:00:00Z", "accepted": True, "fixed_annotation_history": 4}]),
            "fixed", "label",
        ),
    ],
)  # fmt: skip
def test_what_label_studio_says_of_an_annotation(
    tmp_path: Path, made: dict[str, object], outcome: str, role: str
) -> None:
    """Skipped, gold, imported, taken from a model, accepted, corrected: each is told apart."""
    done = imported(tmp_path, "label-studio", put(tmp_path, "x.json", [task(1, made)]))
    assert (done.work["outcome"].iloc[0], done.work["role"].iloc[0]) == (outcome, role)


def test_labelbox_of_both_exports_tells_the_same(tmp_path: Path) -> None:
    """The older export's sample: 150.908 s, ten objects, no verdict; the newer one with the same label and a review."""
    text = "product: {by: Project Name, of: {subclass_mal_project: streets}}\nvendor: acme\ndrivers: {box: count of objects}\n"
    old = imported(tmp_path, "labelbox-v1", EXPORTS / "labelbox_v1_image_export.json", text=text)
    assert old.work[["product", "seconds", "drivers.box", "outcome"]].iloc[0].tolist() == [
        "streets",
        150.908,
        10.0,
        "open",
    ]
    row = {
        "data_row": {"id": "d1"},
        "projects": {"p1": {"name": "streets", "project_details": {"workflow_status": "Done"}, "labels": [{
            "id": "l1", "label_kind": "Default", "annotations": {"objects": [{}] * 10},
            "label_details": {"created_at": "2027-02-01T10:00:00Z", "created_by": "ann@example.com"},
            "performance_details": {"seconds_to_create": 150.908, "seconds_to_review": 20, "skipped": False},
        }]}},
    }  # fmt: skip
    new = imported(
        tmp_path, "labelbox", put(tmp_path, "x.ndjson", f"{__import__('json').dumps(row)}\n\n"),
        text="product: {by: name, of: {streets: streets}}\nvendor: acme\ndrivers: {box: count of objects}\n",
    )  # fmt: skip
    assert new.work[["product", "seconds", "drivers.box", "outcome"]].iloc[0].tolist() == [
        "streets",
        150.908,
        10.0,
        "accepted",
    ]
    assert new.work["role"].tolist() == ["label", "review"]
    assert new.periods["review_hours"].tolist() == [20 / 3600]


def test_cvat_counts_working_time_apart_from_items(tmp_path: Path) -> None:
    """Two slices of working time of job 5, one of them in the payload; a quality report says 45 right of 50."""
    header = (EXPORTS / "cvat_events.header.csv").read_text(encoding="utf-8").strip()
    rows = [
        "send:working_time,,,,client,2027-02-01 10:00:00,,90000,1,2,5,7,ann,ann@acme.com,,,,",
        'send:working_time,,,,client,2027-02-01 10:05:00,,0,1,2,5,7,ann,ann@acme.com,,,"{""working_time"": 30000}",',
        "create:shapes,,,,client,2027-02-01 10:06:00,4,12,1,2,5,7,ann,ann@acme.com,,,,",
    ]
    done = imported(tmp_path, "cvat-events", put(tmp_path, "e.csv", "\n".join([header, *rows])))
    assert done.periods[["items", "hours_active"]].to_numpy().tolist() == [[0.0, pytest.approx(120 / 3600)]]
    report = {
        "job_id": 5, "created_date": "2027-02-02T09:00:00Z", "assignee": {"id": 7, "username": "ann"},
        "comparison_summary": {"annotations": {"valid_count": 45, "total_count": 50, "missing_count": 3, "extra_count": 2}},
    }  # fmt: skip
    done = imported(tmp_path, "cvat-quality", put(tmp_path, "q.json", report))
    assert done.periods[["accepted", "rejected"]].to_numpy().tolist() == [[45.0, 5.0]]


def test_an_answer_of_sagemaker_has_its_time_without_pauses(tmp_path: Path) -> None:
    """Two workers' answers to one item: one label, one to measure agreement."""
    answer = {
        "acceptanceTime": "2027-02-01T10:00:00Z",
        "submissionTime": "2027-02-01T10:02:00Z",
        "timeSpentInSeconds": 40.5,
    }
    answers = [{**answer, "workerId": who, "answerContent": {"class": {"label": "cat"}}} for who in ("a", "b")]
    done = imported(tmp_path, "sagemaker", put(tmp_path, "0.json", {"answers": answers}))
    assert done.work[["role", "seconds", "answer"]].to_numpy().tolist() == [
        ["label", 40.5, "cat"],
        ["agreement", 40.5, "cat"],
    ]


def test_mturk_without_work_times_counts_from_begin_to_end(tmp_path: Path) -> None:
    """The published sample (27 assignments, PST): 9:48:10 to 9:51:16 are 186 s; a tab open for 2,436 s shared its time with others."""
    done = imported(tmp_path, "mturk", EXPORTS / "mturk_amt_like.csv")
    first = done.work.iloc[0]
    assert (first["seconds"], first["seconds_kind"], first["date"]) == (186.0, "elapsed", "2018-01-24")
    assert counts(done)["open at the same time as other tasks of the same person"] == (4, 721.0)
    assert done.summary()["labels"] == 27


def test_mturk_batch_results_have_verdicts_and_rewards(tmp_path: Path) -> None:
    """The header that the batch page writes, with two rows: 0.05 USD each, one approved, one rejected, in California's time."""
    names = (EXPORTS / "mturk_batch_results.header.txt").read_text(encoding="utf-8").split(",")
    names = [name.replace("<name>...", "x").strip() for name in names]
    base = dict.fromkeys(names, "")
    rows = [
        {**base, "HITId": "h", "AssignmentId": str(n), "WorkerId": "w", "AssignmentStatus": status, "Reward": "$0.05",
         "AcceptTime": "Wed Jul 24 09:48:10 PDT 2026", "SubmitTime": "Wed Jul 24 09:49:10 PDT 2026", "WorkTimeInSeconds": "60"}
        for n, status in enumerate(("Approved", "Rejected"))
    ]  # fmt: skip
    text = "\n".join([",".join(names), *(",".join(row.values()) for row in rows)])
    done = imported(tmp_path, "mturk", put(tmp_path, "b.csv", text), text=f"{ONE}repeats: all\n")
    assert done.work["submitted"].iloc[0] == 1784911750.0
    assert done.work["outcome"].tolist() == ["accepted", "rejected"]
    assert done.summary()["spend"] == {"USD": pytest.approx(0.10)}


def test_figure_eight_judgments(tmp_path: Path) -> None:
    """1,000 judgments of 50 units by 28 people, as the sample's note says; the driver of event-text is in its column."""
    done = imported(
        tmp_path,
        "appen",
        EXPORTS / "figure_eight_person_video.csv",
        text=f"{ONE}columns: {{answer: selected_answer}}\n",
    )
    told = done.summary()
    assert (told["labels"], told["items"], told["people"]) == (1000, 50.0, 28)
    assert set(done.work["answer"]) == {"yes", "No"}
    text = f"{ONE}drivers: {{event: events_count, tagged: count of tagged_events}}\n"
    done = imported(tmp_path, "appen", EXPORTS / "figure_eight_event_text.csv", text=text)
    assert done.summary()["people"] == 59
    assert done.work[["drivers.event", "drivers.tagged"]].iloc[2].tolist() == [4.0, 1.0]


def test_tasks_of_one_page_share_its_time(tmp_path: Path) -> None:
    """Toloka: three tasks of one page, begun and submitted together within 90 s, take 30 s each."""
    head = "ASSIGNMENT:task_id\tASSIGNMENT:worker_id\tASSIGNMENT:status\tASSIGNMENT:started\tASSIGNMENT:submitted"
    rows = [f"t{n}\tw\tACCEPTED\t2027-02-01T10:00:00\t2027-02-01T10:01:30" for n in range(3)]
    done = imported(tmp_path, "toloka", put(tmp_path, "t.tsv", "\n".join([head, *rows])))
    assert done.work["seconds"].tolist() == [30.0] * 3
    assert done.work["outcome"].tolist() == ["accepted"] * 3


def test_reports_by_person_and_period(tmp_path: Path) -> None:
    """V7 counts many items in a row, Encord an item in several rows: items are counted once, times all."""
    names = (EXPORTS / "darwin_annotators_report.header.csv").read_text(encoding="utf-8").strip().split(",")
    row = {
        **dict.fromkeys(names, ""),
        "timestamp": "2027-02-01",
        "actor_email": "ann@acme.com",
        "active_time": "01:30:00",
        "total_items_annotated": "60",
    }
    text = "\n".join([",".join(names), ",".join(row.values())])
    done = imported(tmp_path, "v7", put(tmp_path, "v.csv", text), text=f"{ONE}times: s\n")
    assert done.periods[["items", "hours_active"]].to_numpy().tolist() == [[60.0, 1.5]]
    head = "user_email,time_spent_seconds,period_start_time,period_end_time,workflow_stage,data_uuid"
    rows = [f"ann@acme.com,{n},2027-02-0{n}T10:00:00Z,2027-02-0{n}T11:00:00Z,Annotate,d1" for n in (1, 2)]
    done = imported(
        tmp_path, "encord", put(tmp_path, "e.csv", "\n".join([head, *rows])), text=f"{ONE}roles: {{Annotate: label}}\n"
    )
    assert (done.periods["items"].sum(), done.work["seconds"].sum()) == (1.0, 3.0)


def test_timesheets_and_invoices_stand_beside_the_work(tmp_path: Path) -> None:
    """Eight paid hours of acme, 120.50 EUR billed: columns of the same periods."""
    sheet = imported(tmp_path, "timesheet", put(tmp_path, "t.csv", "date,person,vendor,hours\n2027-02-01,ann,acme,8\n"))
    assert sheet.periods[["hours_paid", "items"]].to_numpy().tolist() == [[8.0, 0.0]]
    bill = imported(
        tmp_path,
        "invoice",
        put(tmp_path, "i.csv", 'date,vendor,product,amount,currency\n2027-02-01,a,p,"1,120.50",EUR\n'),
    )
    assert bill.periods[["spend", "currency"]].to_numpy().tolist() == [[1120.5, "EUR"]]


def test_any_other_table_is_read_by_its_map(tmp_path: Path) -> None:
    """Columns, unit of times, how dates are written, and what outcomes are called: the map says all of it."""
    text = (
        f"{ONE}columns: {{item: Bild, annotator: Wer, submitted: Fertig, seconds: Minuten, outcome: Urteil}}\ntimes: min\n"
        "dates: '%d.%m.%Y %H:%M'\ntime-zone: Europe/Berlin\noutcomes: {ok: accepted, falsch: rejected}\n"
    )
    rows = "Bild,Wer,Fertig,Minuten,Urteil\n1,a,01.02.2027 00:30,2,ok\n2,a,01.02.2027 10:05,1.5,falsch\n"
    done = imported(tmp_path, "table", put(tmp_path, "t.csv", rows), text=text)
    assert done.work["seconds"].tolist() == [120.0, 90.0]
    assert done.work["date"].tolist() == ["2027-02-01", "2027-02-01"], (
        "the day in Berlin, though it is still January in UTC"
    )
    assert done.work["submitted"].iloc[0] % 86400 == 23.5 * 3600


def test_a_list_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the blocks a file is read in, every entry and its line are the same."""
    tasks = [task(n, annotation(n, result=[{"type": "x" * (n % 7)}])) for n in range(40)]
    file = put(tmp_path, "x.json", __import__("json").dumps(tasks, indent=1))
    whole = imported(tmp_path, "label-studio", file).work
    monkeypatch.setattr("allocate.actuals.json_stream._BLOCK", 7)
    pieces = imported(tmp_path, "label-studio", file).work
    assert whole.equals(pieces)
    assert np.all(np.diff(whole["row"]) > 0)


@pytest.mark.parametrize("file", sorted(EXPORTS.glob("*.[cj]s*")), ids=lambda file: file.name)
def test_the_kind_of_a_file_is_told_and_a_first_map_written(file: Path, tmp_path: Path, run: Run) -> None:
    """`--guess` needs no kind; its map imports the file once names stand where it asks for them."""
    kind = kind_of(file)
    assert kind.name.split("-")[0] in {"label", "labelbox", "appen", "mturk", "cvat", "v7"}
    text = guessed(file, kind)
    assert "FILL-IN" in text
    assert "@" not in text.replace("'@example", "")
    left = run("actuals", "import", file, "--map", put(tmp_path, "map.yaml", text), "--out", tmp_path / "out")
    assert left.code == 1
    assert "a name of the case is missing here" in left.err
    assert not (tmp_path / "out" / "labels.csv").exists()
    if "header" not in file.name:
        assert len(imported(tmp_path, kind.name, file, text=text.replace("FILL-IN", "own")).work) > 0


def test_a_period_of_encord_counts_in_the_day_it_begins_in(tmp_path: Path) -> None:
    """A day's time ends at midnight, which is the day after, and of a Sunday the week after."""
    head = "user_email,time_spent_seconds,period_start_time,period_end_time,workflow_stage,data_uuid"
    row = "a@x.example,5,2027-02-07 00:00:00+00:00,2027-02-08 00:00:00+00:00,label,d"
    done = imported(tmp_path, "encord", put(tmp_path, "e.csv", f"{head}\n{row}\n"))
    assert done.work["date"].tolist() == ["2027-02-07"]
    assert done.periods["period"].astype(str).tolist() == ["2027-02-01"]


def test_other_exports_of_label_studio_are_told_for_what_they_are(tmp_path: Path) -> None:
    """JSON-MIN has no annotations: the message names the field and the format to export, not a table."""
    file = put(tmp_path, "x.json", [{"id": 1, "label": "a", "annotator": 1, "lead_time": 3.1}])
    assert kind_of(file).name == "label-studio"
    with pytest.raises(CaseError, match="has no field 'annotations'") as caught:
        imported(tmp_path, "label-studio", file)
    assert "not JSON-MIN" in str(caught.value.problems[0].fix)
    with pytest.raises(CaseError, match="is not an export of a known kind"):
        kind_of(put(tmp_path, "y.json", [{"a": 1, "b": 2}]))


def test_counts_are_guessed_of_a_workbook_too(tmp_path: Path) -> None:
    """The sheet's cells are looked at as those of a CSV are."""
    rows: list[list[object]] = [["date", "worker", "images", "seconds"], ["2027-01-04", "ann", 120, 600]]
    file = _booked(tmp_path / "work.xlsx", rows)
    assert "  items: images\n" in guessed(file, kind_of(file))


def test_kinds_are_named_in_the_help(run: Run) -> None:
    """`actuals import --help` lists every kind there is."""
    out = " ".join(run("actuals", "import", "--help").out.split())
    assert all(name in out for name in KINDS)


def _booked(path: Path, rows: list[list[object]]) -> Path:
    """Rows as the first sheet of a workbook."""
    from xlsxwriter import Workbook

    with Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return path


def test_a_workbook_is_read_as_its_table(tmp_path: Path) -> None:
    """A timesheet with a title above its header, dates as dates and an empty row: the same hours as from CSV."""
    rows: list[list[object]] = [
        ["Hours of January"], ["date", "person", "vendor", "hours"], [datetime(2027, 1, 4), "ann", "acme", 7.5], [],
        [datetime(2027, 1, 5), "bo", "acme", 8],
    ]  # fmt: skip
    text = "date,person,vendor,hours\n2027-01-04,ann,acme,7.5\n2027-01-05,bo,acme,8\n"
    map_ = "product: scans\nvendor: {by: vendor, of: {acme: acme}}\n"
    booked = imported(tmp_path, "timesheet", _booked(tmp_path / "sheet.xlsx", rows), text=map_)
    plain = imported(tmp_path, "timesheet", put(tmp_path, "sheet.csv", text), text=map_)
    assert booked.periods.drop(columns="source").equals(plain.periods.drop(columns="source"))
    assert booked.work["row"].tolist() == [3, 5]


def test_what_is_wrong_in_a_workbook_has_its_line(tmp_path: Path) -> None:
    """A word among the hours of a sheet, a row that is too long, and a file that is no workbook: each with its place."""
    map_ = "product: scans\nvendor: acme\n"
    wrong = _booked(tmp_path / "a.xlsx", [["date", "person", "hours"], ["2027-01-04", "ann", "many"]])
    with pytest.raises(CaseError, match="'many' in the column for hours") as caught:
        imported(tmp_path, "timesheet", wrong, text=map_)
    assert str(caught.value.problems[0].place).startswith("a.xlsx:2")
    long = _booked(tmp_path / "b.xlsx", [["date", "person", "hours"], ["2027-01-04", "ann", 3, "so"]])
    with pytest.raises(CaseError, match="has 4 cells, its header 3"):
        imported(tmp_path, "timesheet", long, text=map_)
    with pytest.raises(CaseError, match=r"is not a readable \.xlsx"):
        imported(tmp_path, "timesheet", put(tmp_path, "c.xlsx", "date,hours"), text=map_)
