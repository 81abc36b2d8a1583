"""Runs on the disk: whole or not there, whatever happens to the processes that write them."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from allocate.errors import CaseError
from allocate.runs import index, store
from allocate.runs.find import find

WRITER = """
import itertools, sys
from pathlib import Path
from allocate.runs import index, store
place, seed = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
for number in itertools.count():
    if number == int(sys.argv[3]):
        break
    files = {"plan.json": b"[" + b"1," * 40_000 + b"1]", "case.json": str(number).encode()}
    store.put(place, store.identity(seed, number), {"kind": "solve"}, files)
    index.entries(place)
"""


STUDIES = """
import itertools, sys
from pathlib import Path
from allocate import read_case
from allocate.runs.save import save_study
from allocate.study.frontier import frontier
case = read_case(sys.argv[2])
study = frontier(case, "accuracy", [0.95, 0.97], products=["detection"]).as_object()
print("ready", flush=True)
for number in itertools.count():
    save_study(study, [case], {"number": number}, Path(sys.argv[1]))
"""


def writer(place: Path, seed: object, count: int = -1) -> subprocess.Popen[bytes]:
    """A process that keeps runs, one after another, and reads the index after each."""
    command = [sys.executable, "-c", WRITER, str(place), str(seed), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def kept(place: Path, *parts: object, content: bytes = b"{}") -> str:
    """A small run of some content."""
    id_ = store.identity(*parts)
    store.put(place, id_, {"kind": "solve"}, {"plan.json": content})
    return id_


@pytest.mark.slow
def test_a_process_killed_at_any_moment_leaves_no_half_run(tmp_path: Path) -> None:
    """After kill -9 at random moments every run that is listed is whole, and the index agrees with the folders."""
    chance = random.Random(6)
    for number in range(12):
        process = writer(tmp_path, number)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0.0, 0.12))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        found = index.entries(tmp_path)
        assert [one.id for one in found if one.damage is not None] == []
        assert sorted(one.id for one in found) == store.names(tmp_path)
    assert found
    assert all(store.damage(tmp_path / "runs" / one.id) is None for one in found)
    assert index.rebuild(tmp_path) == found


@pytest.mark.slow
def test_a_study_killed_while_it_is_kept_leaves_no_half_run(tmp_path: Path) -> None:
    """The same of studies: whatever is listed after kill -9 is whole, points and all."""
    case = Path(__file__).resolve().parents[2] / "cases" / "vendor-comparison"
    command = [sys.executable, "-c", STUDIES, str(tmp_path), str(case)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    found = index.rebuild(tmp_path)
    assert found
    assert [one.damage for one in found if one.damage is not None] == []
    for one in found:
        assert len(store.content(tmp_path / "runs" / one.id, "study.json")["points"]) == 2


@pytest.mark.slow
def test_processes_keep_runs_side_by_side(tmp_path: Path) -> None:
    """Two processes that keep the same runs and two that keep others all end well, and every run is there once."""
    processes = [writer(tmp_path, seed, 15) for seed in ("same", "same", "one", "other")]
    errors = [process.communicate()[1].decode() for process in processes]
    assert errors == [""] * 4
    found = index.entries(tmp_path)
    assert len(found) == 45
    assert all(one.damage is None for one in found)


def test_the_index_is_made_anew_where_it_is_gone_broken_or_wrong(tmp_path: Path) -> None:
    """Without the index, with one that is no database, and with runs it does not know, the list is the same."""
    kept(tmp_path, 1)
    kept(tmp_path, 2)
    listed = index.entries(tmp_path)
    (tmp_path / index.FILE).unlink()
    assert index.entries(tmp_path) == listed
    (tmp_path / index.FILE).write_bytes(b"not a database" * 500)
    assert index.entries(tmp_path) == listed
    gone, new = listed[0].id, kept(tmp_path, 3)
    store.discard(tmp_path / "runs" / gone)
    assert [one.id for one in index.entries(tmp_path)] == [new, listed[1].id]


def test_runs_are_listed_where_the_index_cannot_be_written(tmp_path: Path) -> None:
    """What stands in the way of the index does not stand in the way of the list."""
    id_ = kept(tmp_path, 1)
    (tmp_path / index.FILE).mkdir()
    assert [one.id for one in index.entries(tmp_path)] == [id_]


def test_the_same_content_is_kept_once_and_moves_to_the_top(tmp_path: Path) -> None:
    """A run made again is the same run, now the latest; the files of the first stay."""
    first = kept(tmp_path, 1)
    os.utime(tmp_path / "runs" / first / store.RECORD, ns=(1, 1))
    second = kept(tmp_path, 2)
    os.utime(tmp_path / "runs" / second / store.RECORD, ns=(2, 2))
    assert [one.id for one in index.entries(tmp_path)] == [second, first]
    assert kept(tmp_path, 1, content=b"later") == first
    assert [one.id for one in index.entries(tmp_path)] == [first, second]
    assert (tmp_path / "runs" / first / "plan.json").read_bytes() == b"{}"


@pytest.mark.parametrize(
    ("file", "content", "says"),
    [
        ("plan.json", b"{ }", "its plan.json was changed after it was written"),
        ("plan.json", None, "its plan.json cannot be read"),
        (store.RECORD, b"half a rec", "its run.json is not the record of a run"),
        (store.RECORD, b"[]", "its run.json is not the record of a run"),
        (store.RECORD, b'{"id": "0"}', "its run.json is that of 0"),
    ],
)
def test_a_damaged_run_is_named_and_repaired_by_keeping_it_again(
    tmp_path: Path, file: str, content: bytes | None, says: str
) -> None:
    """A run whose files were touched says so, is not found by its id, and is whole once it is made again."""
    id_ = kept(tmp_path, 1)
    path = tmp_path / "runs" / id_ / file
    path.unlink() if content is None else path.write_bytes(content)
    (listed,) = index.rebuild(tmp_path)
    assert listed.damage is not None
    assert listed.damage.startswith(says)
    with pytest.raises(CaseError):
        find(tmp_path, id_)
    assert kept(tmp_path, 1) == id_
    assert [one.damage for one in index.entries(tmp_path)] == [None]


def test_a_run_is_found_by_the_beginning_of_its_id(tmp_path: Path) -> None:
    """Enough of an id finds its run, too little names those it could be, and no text leads out of the folder."""
    ids = [kept(tmp_path, number) for number in range(40)]
    assert find(tmp_path, ids[0]).id == ids[0]
    shared = next(a[0] for a in ids if sum(b[0] == a[0] for b in ids) > 1)
    with pytest.raises(CaseError, match="several runs begin with"):
        find(tmp_path, shared)
    for word in ("", "../runs", "zz", "*"):
        with pytest.raises(CaseError, match="there is no run"):
            find(tmp_path, word)


def test_what_dead_processes_left_is_cleared_away_once_it_is_old(tmp_path: Path) -> None:
    """`rebuild` removes folders that were begun over an hour ago, and none that may still be written."""
    kept(tmp_path, 1)
    young, old = tmp_path / "runs" / ".new-a", tmp_path / "runs" / ".gone-b"
    young.mkdir()
    old.mkdir()
    os.utime(old, (1, 1))
    index.rebuild(tmp_path)
    assert young.exists()
    assert not old.exists()


def test_version_control_leaves_runs_alone(tmp_path: Path) -> None:
    """The folder of runs tells git to look away."""
    place = tmp_path / "runs-of-mine"
    kept(place, 1)
    assert (place / ".gitignore").read_text(encoding="utf-8") == "*\n"
