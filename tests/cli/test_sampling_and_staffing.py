"""The commands on acceptance sampling and staffing: figures, formats, and wrong usage."""

from __future__ import annotations

import csv
import io
import json

import pytest
from command_line import Run


def test_a_curve_shows_what_a_plan_lets_through_and_costs(run: Run) -> None:
    """At 1 % wrong, 80 of 1,000 with two allowed pass 95.34 %; 122.8 items are checked for 36.85 USD a lot."""
    options = ("--sample", 80, "--accept", 2, "--lot", 1000, "--cost", "0.30 USD", "--at", "1%", "--format", "csv")
    ran = run("sampling", "curve", *options)
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert ran.code == 0
    assert float(row["accepted"]) == pytest.approx(0.9534, abs=5e-5)
    assert float(row["checked_per_lot"]) == pytest.approx(80 + (1 - float(row["accepted"])) * 920)
    assert float(row["cost_per_lot_usd"]) == pytest.approx(0.3 * float(row["checked_per_lot"]))
    assert float(row["leave_wrong"]) == pytest.approx(0.01 * (1 - float(row["checked_per_lot"]) / 1000))


def test_a_plan_is_found_for_two_risks(run: Run) -> None:
    """Good lots at 1 % and bad ones at 5 % take 132 items with three allowed; the curve shows both rates."""
    ran = run("sampling", "plan", "--good", "1%", "--bad", "0.05", "--format", "json")
    found = json.loads(ran.out)
    at = {row["wrong"]: row["accepted"] for row in found["rows"]}
    assert (found["sample"], found["accept"]) == (132, 3)
    assert at[0.01] >= 0.95
    assert at[0.05] <= 0.10


def test_a_second_sample_of_what_the_first_does_not_decide(run: Run) -> None:
    """50 with one allowed, else 100 more with three in both: at 5 % wrong 29.04 % pass; a single plan of 150 with three passes 5.5 %."""
    double = ("sampling", "curve", "--sample", 50, "--accept", 1, "--second", 100, "--accept-both", 3, "--at", "5%")
    found = json.loads(run(*double, "--lot", 10_000, "--format", "json").out)
    (row,) = found["rows"]
    assert (found["reject"], found["second"], found["accept_both"]) == (4, 100, 3)
    assert row["accepted"] == pytest.approx(0.2904, abs=5e-5)
    assert row["sample_mean"] == pytest.approx(98.1, abs=5e-2)
    assert row["leave_wrong"] == pytest.approx(0.05 * (1 - row["checked_per_lot"] / 10_000))
    sooner = json.loads(run(*double, "--reject", 3, "--format", "json").out)["rows"][0]
    assert sooner["accepted"] < row["accepted"]
    assert sooner["sample_mean"] < row["sample_mean"]
    assert "reject from 4; else 100 more, accept with at most 3 in both" in run(*double).out


def test_precision_and_interval_agree(run: Run) -> None:
    """The items that give one point of precision show it when they are checked."""
    items = json.loads(run("sampling", "precision", "--accuracy", "97%", "--within", "1%", "--format", "json").out)
    count = items["rows"][0]["items"]
    right = round(0.97 * count)
    shown = json.loads(run("sampling", "interval", "--right", right, "--checked", count, "--format", "json").out)
    (row,) = shown["rows"]
    assert (row["high"] - row["low"]) / 2 <= 0.0101
    assert row["low"] < row["at_least"] < row["accuracy"]


def test_agreement_shows_an_accuracy(run: Run) -> None:
    """Two annotators right on 90 % of two classes agree on 82 %; with errors that go together 82 % show less."""
    asked = ("sampling", "agreement", "--agreeing", 820, "--pairs", 1000, "--classes", 2, "--format", "json")
    (alone,) = json.loads(run(*asked).out)["rows"]
    (together,) = json.loads(run(*asked, "--correlation", "10%").out)["rows"]
    assert alone["accuracy"] == pytest.approx(0.9)
    assert alone["low"] < alone["accuracy"] < alone["high"]
    assert together["accuracy"] < alone["accuracy"]


def test_staffing_gives_the_published_service_level(run: Run) -> None:
    """720 pieces an hour of 240 s are 48 erlang: 55 people begin 86.68 % within 20 s, and 85 % takes them all."""
    ran = run("staffing", "--arrivals", 720, "--handling", 240, "--share", "85%", "--within", 20, "--format", "json")
    found = json.loads(ran.out)
    at = {row["people"]: row["in_time"] for row in found["rows"]}
    assert found["people"] == 55
    assert at[55] == pytest.approx(0.8668, abs=5e-5)
    assert at[54] < 0.85


@pytest.mark.parametrize("format_", ["table", "md"])
def test_tables_are_for_reading(run: Run, format_: str) -> None:
    """As a table and as Markdown the figures have a title that says what they are of."""
    said = run("staffing", "--arrivals", 720, "--handling", 240, "--within", 20, "--format", format_).out
    assert "54 people begin 0.8 of the work within 20 s" in said
    said = run("sampling", "curve", "--sample", 80, "--accept", 2, "--lot", 1000, "--format", format_).out
    assert "at worst 1.57% leave wrong" in said


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("sampling", "curve", "--sample", "5", "--accept", "9"), "from 0 to 4"),
        (("sampling", "curve", "--sample", "5", "--accept", "1", "--cost", "1 USD"), "a cost needs --lot"),
        (("sampling", "curve", "--sample", "5", "--accept", "1", "--lot", "9", "--cost", "1 h"), "write money"),
        (("sampling", "curve", "--sample", "5", "--accept", "1", "--second", "5"), "--second needs --accept-both"),
        (("sampling", "curve", "--sample", "5", "--accept", "1", "--reject", "3"), "add --second"),
        (("sampling", "curve", "--sample", "5", "--accept", "1", "--second", "5", "--accept-both", "9"), "from 2 to 6"),
        (("sampling", "plan", "--good", "5%", "--bad", "1%"), "below the bad one"),
        (("sampling", "plan", "--good", "five", "--bad", "1%"), "not a share"),
        (("sampling", "plan", "--good", "1%", "--bad", "120%"), "not between"),
        (("sampling", "precision", "--accuracy", "97%", "--within", "70%"), "half-width"),
        (("sampling", "interval", "--right", "9", "--checked", "8"), "9 of 8"),
        (("sampling", "agreement", "--agreeing", "9", "--pairs", "8"), "9 of 8"),
        (("sampling", "agreement", "--agreeing", "8", "--pairs", "8", "--correlation", "100%"), "always agree"),
        (("staffing", "--arrivals", "1", "--handling", "0", "--within", "1"), "not above 0"),
        (("staffing", "--arrivals", "1", "--handling", "1", "--within", "-1"), "below 0"),
        (("staffing", "--arrivals", "1", "--handling", "1", "--within", "1", "--share", "100%"), "below 1"),
    ],
)
def test_wrong_usage_is_said_in_words(run: Run, arguments: tuple[str, ...], says: str) -> None:
    """What cannot be asked ends with exit code 2 and a sentence, not a traceback."""
    ran = run(*arguments)
    assert ran.code == 2
    assert says in " ".join(ran.err.split())


@pytest.mark.slow
def test_staffing_where_work_comes_in_batches_or_swings(run: Run) -> None:
    """The fewest people keep the promise by the queue of the pattern, one fewer does not; deliveries by hand."""
    asked = ("staffing", "--arrivals", 720, "--handling", 240, "--share", "80%", "--within", 20, "--format", "json")
    needed = []
    for more in ((), ("--swing", "20%"), ("--batch", 10), ("--batch", 50)):
        found = json.loads(run(*asked, *more).out)
        told = {row["people"]: row["in_time"] for row in found["rows"]}
        assert told[found["people"]] >= 0.8 > told[found["people"] - 1]
        needed.append(found["people"])
    assert needed == sorted(set(needed))
    # 480 pieces every eight hours: 24 begin at once, and 24 more in each of 15 handling times: 384 of 480 in an hour.
    daily = ("staffing", "--arrivals", 60, "--handling", 240, "--within", 3600, "--every", 8, "--format", "json")
    shares = {row["people"]: row["in_time"] for row in json.loads(run(*daily).out)["rows"]}
    assert shares[24] == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize("more", [("--batch", 5, "--every", 2), ("--swing", "20%", "--work-variability", 0.5)])
def test_patterns_that_clash_are_refused(run: Run, more: tuple[object, ...]) -> None:
    """Intervals and batches, patterns and variabilities: one or the other."""
    assert run("staffing", "--arrivals", 60, "--handling", 240, "--within", 20, *more).code == 2


def test_staffing_has_shrinkage_and_a_cap_on_occupancy(run: Run) -> None:
    """100 calls in half an hour of 180 s are 10 erlang: 14 people answer 80% within 20 s, and 20 are scheduled at a shrinkage of 30%
    (the worked example of callcentrehelper.com); nobody busier than 60% needs 17, and 25 scheduled."""
    asked = ("staffing", "--arrivals", 200, "--handling", 180, "--within", 20, "--shrinkage", "30%", "--format", "json")
    found = json.loads(run(*asked).out)
    assert (found["people"], found["scheduled"], found["load"]) == (14, 20, pytest.approx(10.0))
    found = json.loads(run(*asked, "--occupancy", "60%").out)
    assert (found["people"], found["scheduled"]) == (17, 25)
    assert all(row["scheduled"] >= row["people"] / 0.7 for row in found["rows"])
    refused = run(*asked, "--occupancy", "0%")
    assert refused.code == 2
    assert "leaves nobody for the work" in refused.err
