"""Every rule of cleaning: what it finds, what it does, and that no second is lost."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from actuals_worlds import ONE, annotation, counts, imported, put, task
from hypothesis import given
from hypothesis import strategies as st

from allocate.actuals.cleaning import _medians, _overlaps
from allocate.actuals.work import Rows

HEAD = "_unit_id,_worker_id,_started_at,_created_at,_id\n"


def _judgments(*rows: tuple[str, str, int, int]) -> str:
    """Judgments of a day as Figure Eight writes them: unit, worker, begin and end in minutes of the day."""
    times = [(f"{a // 60:02}:{a % 60:02}:00", f"{b // 60:02}:{b % 60:02}:00") for _, _, a, b in rows]
    lines = [
        f"{unit},{who},2/1/2027 {a},2/1/2027 {b},{n}"
        for n, ((unit, who, _, _), (a, b)) in enumerate(zip(rows, times, strict=True))
    ]
    return HEAD + "\n".join(lines) + "\n"


def test_an_annotation_in_two_exports_counts_once(tmp_path: Path) -> None:
    """The January export and the one to date hold annotation 1; the version that was changed last stays."""
    old = put(tmp_path, "jan.json", [task(1, annotation(1, lead_time=10.0))])
    new = put(
        tmp_path,
        "feb.json",
        [task(1, annotation(1, lead_time=25.0, updated_at="2027-02-03T10:00:00Z")), task(2, annotation(2))],
    )
    done = imported(tmp_path, "label-studio", new, old)
    assert counts(done) == {"exported twice": (1, 10.0)}
    assert sorted(done.work["seconds"]) == [25.0, 30.0]


def test_the_same_item_again_by_the_same_person(tmp_path: Path) -> None:
    """Without a verdict in between only the last counts; after a rejection the later one is rework; or all count, if the map says so."""
    review = [{"id": 9, "created_by": 2, "created_at": "2027-02-01T12:00:00Z", "accepted": False}]
    again = annotation(2, created_at="2027-02-02T10:00:00Z", lead_time=20.0)
    plain = put(tmp_path, "plain.json", [task(1, annotation(1), again)])
    done = imported(tmp_path, "label-studio", plain)
    assert counts(done) == {"the same item again by the same person": (1, 30.0)}
    assert done.periods[["items", "hours_active", "hours_lost"]].to_numpy().tolist() == [[1.0, 20 / 3600, 30 / 3600]]
    refused = put(tmp_path, "refused.json", [task(1, annotation(1, reviews=review), again)])
    done = imported(tmp_path, "label-studio", refused)
    assert counts(done) == {"done again after it was rejected": (1, 20.0)}
    assert done.periods[["items", "reworked", "hours_lost"]].to_numpy().tolist() == [[1.0, 1.0, 0.0]]
    done = imported(tmp_path, "label-studio", plain, text=f"{ONE}repeats: all\n")
    assert done.work["role"].tolist() == ["label", "agreement"]


def test_skipped_work_is_lost_time(tmp_path: Path) -> None:
    """Two minutes at a task that was given up: no item, and time that shrinkage has to hold."""
    done = imported(
        tmp_path, "label-studio", put(tmp_path, "x.json", [task(1, annotation(1, was_cancelled=True, lead_time=120))])
    )
    assert counts(done) == {"skipped or cancelled": (1, 120.0)}
    assert done.periods[["items", "hours_active", "hours_lost"]].to_numpy().tolist() == [[0.0, 0.0, 120 / 3600]]


def test_work_without_a_time_counts_for_no_pace(tmp_path: Path) -> None:
    """Imported labels are items; a clock that was set back makes no negative time."""
    done = imported(tmp_path, "label-studio", put(tmp_path, "x.json", [task(1, annotation(1, lead_time=None))]))
    assert counts(done) == {"without a time": (1, 0.0)}
    assert done.periods["items"].tolist() == [1.0]
    done = imported(tmp_path, "appen", put(tmp_path, "x.csv", _judgments(("u", "w", 70, 60))))
    assert counts(done) == {"submitted before it was begun": (1, -600.0), "without a time": (1, 0.0)}


def test_tabs_that_are_open_together_share_their_time(tmp_path: Path) -> None:
    """One person, 10:00 to 10:30 and 10:10 to 10:20: 10 + 5 + 10 minutes and 5 minutes; another person's time is his own."""
    rows = _judgments(("a", "w", 600, 630), ("b", "w", 610, 620), ("c", "v", 600, 630))
    done = imported(tmp_path, "appen", put(tmp_path, "x.csv", rows))
    assert done.work["seconds"].tolist() == [25 * 60, 5 * 60, 30 * 60]
    assert counts(done)["open at the same time as other tasks of the same person"] == (2, 600.0)


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 700), st.integers(1, 300)), min_size=1, max_size=25))
def test_shared_time_is_the_time_anybody_was_at_work(rows: list[tuple[int, int, int]]) -> None:
    """Per person, the shares add up to the time during which at least one task was open: counted minute by minute."""
    built = Rows()
    for who, begin, long in rows:
        built.add(
            annotator=f"w{who}", seconds_kind="elapsed", started=begin, submitted=begin + long, seconds=float(long)
        )
    work = built.frame().assign(cut=0.0)
    shared = _overlaps(work).seconds
    at_work = {(who, minute) for who, begin, long in rows for minute in range(begin, begin + long)}
    assert work["seconds"].sum() == pytest.approx(len(at_work))
    assert sum(long for *_, long in rows) - shared == pytest.approx(len(at_work))
    assert work["cut"].sum() == pytest.approx(shared)


def test_a_tail_where_most_times_are_equal(tmp_path: Path) -> None:
    """Times to the full minute, most of them equal: the MAD is 0, and five medians are allowed."""
    rows = [(f"u{n}", f"w{n}", 600, 601) for n in range(9)]
    done = imported(tmp_path, "appen", put(tmp_path, "x.csv", _judgments(*rows, ("long", "w", 600, 660))))
    assert counts(done)["idle"] == (1, 3300.0)


def test_medians_of_groups_are_those_of_numpy() -> None:
    """Drawn groups of odd and even size."""
    chance = np.random.default_rng(5)
    group, values = chance.integers(0, 9, 200), chance.normal(size=200)
    right = [np.median(values[group == one]) for one in range(9)]
    assert _medians(group, values) == pytest.approx(right)
