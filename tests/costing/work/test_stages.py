"""Stages with leads: hours in the period each begins in, items that wait, and limits on them."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from allocate import read_case, routes, solve, verify
from allocate.api.explaining import bottlenecks
from allocate.cli import cli
from allocate.costing.bill.lines import Lines
from allocate.costing.work.stages import STAGES

REVIEW = {"share": "100%", "catch": "80%", "accuracy": "99%", "time": "3.6 s/image", "rework": "vendor"}


def written(leads: dict[str, str] | None, product: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """Images of 36 s (100 an hour), all of them checked at 1,000 an hour, by a vendor that delivers a week later."""
    workflow = {"review": REVIEW, **({"leads": leads} if leads else {})}
    frames = {"item": "image", "effort": "36 s/image", "demand": "10_000 images", **(product or {})}
    return {
        "case": "stages",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 6},
        "products": {"frames": frames},
        "vendors": {
            "crew": {"capacity": "60 h/week", "lead": "1 week", "accuracy": "90%", "contract": {"price": "1 USD/image"}}
        },
        "review-team": {"wage": "40 USD/h", "capacity": "20 h/week"},
        "workflows": {"checked": workflow},
        **more,
    }


def test_hours_fall_in_the_period_their_stage_begins_in() -> None:
    """Of 1,000 images begun in week 1, 72 are sent back: 10 h in week 1, 0.776 h in week 3; checks in week 2, then 3.

    Each image is done 1 / (1 - 0.1 x 0.8) = 1.087 times: 1,087 passes of 36 s, 1,000 of them at first, and as many checks.
    """
    case = read_case(written({"review": "5 days", "rework": "2 days"}))
    ways, one = routes(case), np.array([0], dtype=np.int32)
    assert ways.lead.tolist() == [2]
    hours = Lines(case, ways, one, one, np.array([1000.0])).vendor_hours[0]
    np.testing.assert_allclose(hours, [10.0, 0.0, 10 * (1 / 0.92 - 1), 0, 0, 0])
    checks = np.zeros(6)
    for begins, each in ways.parts(review=True):
        assert not isinstance(begins, int)
        checks[begins[0]] += 1000 * each[0]
    np.testing.assert_allclose(checks, [0.0, 1.0, 1 / 0.92 - 1, 0, 0, 0])


def test_times_add_up_before_they_are_rounded() -> None:
    """A week of the vendor's, 3 days and 4 days are two weeks, not three; 3 and 5 days begin a third."""
    for days, lead in (("4 days", 2), ("5 days", 3)):
        ways = routes(read_case(written({"review": "3 days", "rework": days})))
        assert ways.lead.tolist() == [lead]
        assert ways.stages is not None
        assert ways.stages.begins.tolist() == [[0, 1, 1, 2]]


def test_stages_take_together_what_the_item_takes() -> None:
    """Hours of the stages add up to the route's, of the vendor and of the review team, for every workflow there is."""
    menu = {
        "plain": {},
        "pair": {
            "passes": 2,
            "adjudicate": {"accuracy": "99%", "time": "9 s/image"},
            "leads": {"adjudicate": "1 week"},
        },
        "corrected": {"review": {**REVIEW, "rework": "reviewer", "false-reject": "3%"}, "leads": {"label": "2 days"}},
        "back": {"review": {**REVIEW, "false-reject": "3%"}, "gold": {"share": "2%"}, "leads": {"rework": "1 week"}},
    }
    ways = routes(read_case(written(None, workflows=menu)))
    assert ways.stages is not None
    np.testing.assert_allclose(ways.stages.hours.sum(axis=1), ways.hours, rtol=1e-12)
    np.testing.assert_allclose(ways.stages.review_hours.sum(axis=1), ways.review_hours, rtol=1e-12)
    assert (ways.stages.hours >= 0).all()
    assert (ways.stages.review_hours >= 0).all()


def test_nothing_changes_without_leads() -> None:
    """A workflow without leads is worked and checked in one period, as if stages were not told apart."""
    ways = routes(read_case(written(None)))
    assert ways.stages is None
    assert ways.lead.tolist() == [1]
    answer = solve(read_case(written(None)))
    assert answer.plan is not None
    assert answer.plan.pipeline.empty


def test_checks_wait_for_reviewers_who_are_away() -> None:
    """Who reviews in the week after the work is away in week 2: nothing is begun in week 1, though the vendor is free."""
    team = {"wage": "40 USD/h", "capacity": "20 h/week", "holidays": [f"2027-01-{day}" for day in (11, 12, 13, 14, 15)]}
    later = solve(read_case(written({"review": "5 days"}, **{"review-team": team})))
    at_once = solve(read_case(written(None, **{"review-team": team})))
    assert later.plan is not None
    assert at_once.plan is not None
    assert 1 not in later.plan.lines["period"].tolist()
    assert 2 not in at_once.plan.lines["period"].tolist()


def test_a_pipeline_is_what_items_followed_one_by_one_leave_in_it() -> None:
    """Of forty batches begun at random, the items of each stage at the end of each week are counted batch by batch."""
    menu = {
        "fast": {"review": REVIEW, "leads": {"review": "1 day"}},
        "slow": {"review": REVIEW, "leads": {"label": "3 days", "review": "10 days", "rework": "1 week"}},
        "plain": {},
    }
    case = read_case(written(None, workflows=menu))
    ways = routes(case)
    assert ways.stages is not None
    random = np.random.default_rng(5)
    route = random.integers(0, ways.count, 40).astype(np.int32)
    period = random.integers(0, 6 - 4, 40).astype(np.int32)
    items = random.uniform(1, 100, 40)
    counted = np.zeros((1, len(STAGES), 6))
    for r, t, many in zip(route.tolist(), period.tolist(), items.tolist(), strict=True):
        begins, end = ways.stages.begins[r].tolist(), t + int(ways.lead[r])
        for week in range(t, min(end, 6)):
            counted[0, max(s for s in range(4) if t + begins[s] <= week), week] += many
    found = Lines(case, ways, route, period, items).pipeline
    np.testing.assert_allclose(found, counted, atol=1e-9)
    # Little's law (Operations Research, 1961): items that wait, summed over the weeks, are items times the weeks they wait.
    assert found.sum() == pytest.approx(float(items @ ways.lead[route]))


def test_work_in_progress_is_limited() -> None:
    """Two weeks from work to delivery and 4,000 images at a time: by Little's law 2,000 a week, 8,000 in four weeks of work."""
    limited = {"work-in-progress": "4_000 images", "demand": {"at-most": "12_000 images"}}
    case = read_case(written({"review": "1 week"}, {**limited, "value": VALUE}, objective="value", budget="100k USD"))
    answer = solve(case)
    assert answer.plan is not None
    assert answer.plan.lines["items"].sum() == pytest.approx(8000)
    together = answer.plan.pipeline.groupby("period")["items"].sum()
    assert together.max() <= 4000 * (1 + 1e-9)
    assert answer.plan.pipeline["stage"].unique().tolist() == ["label", "review"]
    named = [stage.name for stage in bottlenecks(case, answer=answer).stages]
    assert "work in progress of frames" in named


VALUE = {"curve": [{"labels": 0, "score": 0}, {"labels": 20_000, "score": 20}], "worth": "1k USD/point"}


def test_a_plan_that_begins_too_much_is_found_out() -> None:
    """The check follows each line by itself: a limit lowered below the plan, and a pipeline told otherwise."""
    case = read_case(written({"review": "1 week"}, {"work-in-progress": "6_000 images"}))
    answer = solve(case)
    assert answer.plan is not None
    assert verify(case, answer.plan).holds
    tighter = read_case(written({"review": "1 week"}, {"work-in-progress": "4_000 images"}))
    assert any("work in progress of frames" in words for words in verify(tighter, answer.plan).violations)
    wrong = answer.plan.pipeline.assign(items=answer.plan.pipeline["items"] + 1)
    told = verify(case, dataclasses.replace(answer.plan, pipeline=wrong)).violations
    assert told
    assert all("pipeline" in words for words in told)


def test_too_little_room_is_explained() -> None:
    """A limit no demand fits in is named as what contradicts it."""
    answer = solve(read_case(written({"review": "1 week"}, {"work-in-progress": "400 images"})))
    assert answer.plan is None
    assert any("work in progress of frames" in reason.sentence for reason in answer.reasons)


@pytest.mark.slow
def test_commands_show_the_pipeline(tmp_path: Path) -> None:
    """`solve` and `bottlenecks` have a table of it, and every row in JSON."""
    path = tmp_path / "case.yaml"
    path.write_text(json.dumps(written({"review": "1 week"})), encoding="utf-8")
    for command in (["solve", str(path), "--no-save"], ["bottlenecks", str(path)]):
        shown = CliRunner().invoke(cli, command)
        assert shown.exit_code == 0
        assert "In the pipeline: items begun and not delivered" in shown.stdout
        rows = json.loads(CliRunner().invoke(cli, [*command, "--format", "json"]).stdout)["pipeline"]
        assert {row["stage"] for row in rows} == {"label", "review"}


def test_a_lead_of_any_length_is_read() -> None:
    """Work that takes a thousand million quarters to come is delivered to nobody; it is no error."""
    case = written(None)
    case["vendors"]["far"] = {"lead": "1e9 quarters", "contract": {"price": "1 USD/item"}}
    found = routes(read_case(case))
    assert found.lead[found.vendor == found.vendors.index("far")].min() > 10**8
