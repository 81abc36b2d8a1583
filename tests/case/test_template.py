"""The starter case: it solves as it is written, and it is written whole or not at all."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from allocate import CaseError, read_case, solve
from allocate.case import template
from allocate.case.json_schema import case_schema
from allocate.case.template import STARTER, write_template


def _names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_all_files_are_written_and_named(tmp_path: Path) -> None:
    """Every file of the starter and the schema are written; what is returned is what is there, case.yaml first."""
    folder = tmp_path / "new"
    written = write_template(folder)
    assert written[0] == folder / "case.yaml"
    assert sorted(str(path.relative_to(folder)) for path in written) == _names(folder)
    assert _names(folder) == sorted([*_names(STARTER), "case.schema.json"])
    assert _names(tmp_path) == [f"new/{name}" for name in _names(folder)]


@pytest.mark.slow
def test_the_schema_is_todays(tmp_path: Path) -> None:
    """case.schema.json holds the schema of this version, and case.yaml's first line points an editor to it."""
    write_template(tmp_path / "new")
    schema = json.loads((tmp_path / "new" / "case.schema.json").read_text(encoding="utf-8"))
    assert schema == json.loads(json.dumps(case_schema()))
    first = (tmp_path / "new" / "case.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=case.schema.json"


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [None, "half-the-budget", "studio-slips"])
def test_the_starter_solves(tmp_path: Path, scenario: str | None) -> None:
    """The case and each of its scenarios have an optimal plan in which two products and several vendors work."""
    write_template(tmp_path / "new")
    case = read_case(tmp_path / "new", scenario)
    answer = solve(case)
    assert answer.status.value == "optimal"
    assert answer.plan is not None
    assert set(answer.plan.lines["product"]) == {"photos", "reviews"}
    assert answer.plan.lines["vendor"].nunique() >= 2


@pytest.mark.slow
def test_its_scenarios_are_those_tested(tmp_path: Path) -> None:
    """No scenario of the starter is left unsolved by the test above."""
    write_template(tmp_path / "new")
    assert set(read_case(tmp_path / "new").file.scenarios) == {"half-the-budget", "studio-slips"}


def test_its_page_names_every_file_and_scenarios_that_are_there() -> None:
    """The starter's README lists each file, and the scenario it shows exists."""
    text = (STARTER / "README.md").read_text(encoding="utf-8")
    assert [name for name in [*_names(STARTER), "case.schema.json"] if name != "README.md" and name not in text] == []
    assert set(re.findall(r"--scenario (\S+)", text)) <= set(read_case(STARTER).file.scenarios)


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    """A folder that is there and empty keeps its identity and gets the files."""
    before = tmp_path.stat().st_ino
    write_template(tmp_path)
    assert tmp_path.stat().st_ino == before
    assert read_case(tmp_path).name == "my-case"


def test_missing_parents_are_made(tmp_path: Path) -> None:
    """A folder several levels down is made with its parents."""
    write_template(tmp_path / "a" / "b" / "c")
    assert (tmp_path / "a" / "b" / "c" / "case.yaml").is_file()


def test_a_relative_name_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named as the folder was."""
    monkeypatch.chdir(tmp_path)
    assert write_template(Path("mine"))[0] == Path("mine/case.yaml")


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    """A folder that is not empty is refused, hidden files counted, with what it holds and a way out."""
    (tmp_path / ".notes").write_text("mine", encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        write_template(tmp_path)
    problem = caught.value.problems[0]
    assert "not empty (it has .notes)" in problem.message
    assert problem.fix is not None
    assert _names(tmp_path) == [".notes"]


def test_a_file_is_not_overwritten(tmp_path: Path) -> None:
    """A file where the folder should be is refused and keeps its text; so is a folder below a file."""
    path = tmp_path / "case"
    path.write_text("mine", encoding="utf-8")
    for target in (path, path / "below"):
        with pytest.raises(CaseError):
            write_template(target)
    assert path.read_text(encoding="utf-8") == "mine"
    assert _names(tmp_path) == ["case"]


def test_a_link_to_nowhere_is_refused(tmp_path: Path) -> None:
    """A dangling link is neither followed nor replaced."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(CaseError):
        write_template(link)
    assert link.is_symlink()
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("there", [True, False], ids=["into-an-empty-folder", "into-a-new-one"])
@pytest.mark.parametrize("step", ["_fill", "_move"])
def test_a_failure_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool, step: str
) -> None:
    """When a file cannot be written, no half folder, no parents and no staging folder remain; the error says so."""
    root = tmp_path / "root"
    root.mkdir()
    folder = root / "deep" / "new"
    if there:
        folder.mkdir(parents=True)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(template, step, full)
    with pytest.raises(CaseError, match="No space left on device"):
        write_template(folder)
    assert _names(root) == []
    assert sorted(str(path.relative_to(root)) for path in root.rglob("*")) == (["deep", "deep/new"] if there else [])


def test_a_move_that_fails_half_way_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Into an empty folder files are moved one by one; when one cannot be moved, those before it are taken out again."""
    folder = tmp_path / "mine"
    folder.mkdir()
    rename = Path.rename

    def once(self: Path, target: Path) -> Path:
        if self.name == "rates.csv":
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(CaseError, match="Input/output error"):
        write_template(folder)
    assert _names(tmp_path) == []
    assert folder.is_dir()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not bind here")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    """No permission ends in a problem with a fix, not in a traceback."""
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    with pytest.raises(CaseError, match="Permission denied"):
        write_template(locked / "new")
