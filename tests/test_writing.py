"""Files are written whole or not at all, and never in place of a link, a device, a pipe or a folder."""

from __future__ import annotations

import errno
import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from allocate.errors import CaseError
from allocate.writing import check_can_fill, check_can_write, make_folder, write_whole, written_whole

CASE = Path(__file__).resolve().parents[1] / "cases" / "vendor-comparison"


def a_socket(path: Path) -> None:
    """A socket under a name; its file stays when it is closed."""
    home = Path.cwd()
    os.chdir(path.parent)  # names of sockets are short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(home)


SPECIAL: dict[str, tuple[Callable[[Path], Any], str]] = {
    "link to a file": (
        lambda path: (path.with_name("file").write_text("as it was"), path.symlink_to("file")),
        "a link",
    ),
    "link to nothing": (lambda path: path.symlink_to("nothing"), "a link"),
    "link to a device": (lambda path: path.symlink_to("/dev/null"), "a link"),
    "pipe": (os.mkfifo, "a named pipe"),
    "folder": (Path.mkdir, "a folder"),
    "socket": (a_socket, "a socket"),
}


@pytest.mark.parametrize("kind", SPECIAL)
def test_only_a_regular_file_is_replaced(tmp_path: Path, kind: str) -> None:
    """What is no regular file stays as it is, and the problem says what it is."""
    make, name = SPECIAL[kind]
    path = tmp_path / "out.json"
    make(path)
    before = path.lstat()
    for write in (check_can_write, lambda path: write_whole(path, "new")):
        with pytest.raises(CaseError, match=f"it is {name}"):
            write(path)
    after = path.lstat()
    assert (before.st_ino, before.st_mode) == (after.st_ino, after.st_mode)
    if kind == "link to a file":
        assert path.read_text() == "as it was"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".allocate")] == []


def test_a_device_is_not_replaced() -> None:
    """`/dev/null` is refused before anything is made beside it."""
    with pytest.raises(CaseError, match="it is a device"):
        write_whole(Path("/dev/null"), "new")
    assert stat.S_ISCHR(Path("/dev/null").lstat().st_mode)


@pytest.mark.parametrize(
    ("name", "says"),
    [("x" * 300, "too long"), ("none/out.json", "there is no folder"), ("a\0b", "not the name of a file"), ("\ud800", "not the name")],
)  # fmt: skip
def test_a_name_that_cannot_be_written_is_known_before_any_work(tmp_path: Path, name: str, says: str) -> None:
    """Names of 300 characters, in folders that are not there, or with characters no file system takes, are problems."""
    with pytest.raises(CaseError, match=says):
        check_can_write(tmp_path / name)
    with pytest.raises(CaseError):
        write_whole(tmp_path / name, "new")
    assert list(tmp_path.iterdir()) == []


def test_a_name_as_long_as_the_system_allows_is_written(tmp_path: Path) -> None:
    """The file that is filled first has a name of its own, so 255 characters are not too many."""
    path = tmp_path / ("x" * 255)
    assert write_whole(path, "new").read_text() == "new"


@pytest.mark.parametrize("call", ["fsync", "replace", "write"])
@pytest.mark.parametrize("there", [True, False])
def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, there: bool
) -> None:
    """Whatever step finds the disk full, the old file stays, no new one appears, and the problem names the file."""
    path = tmp_path / "out.json"
    if there:
        path.write_text("as it was")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    owner, name = {"fsync": (os, "fsync"), "replace": (Path, "replace"), "write": (Path, "write_bytes")}[call]
    monkeypatch.setattr(owner, name, full)
    with pytest.raises(CaseError, match=r"cannot write .*out\.json: no space left on device"):
        write_whole(path, "new")
    assert [one.name for one in tmp_path.iterdir()] == (["out.json"] if there else [])
    assert not there or path.read_text() == "as it was"


def test_a_file_keeps_its_permissions_and_a_protected_one_its_content(tmp_path: Path) -> None:
    """A file that is replaced has the permissions it had; any other error in the block leaves it alone."""
    path = tmp_path / "out.json"
    path.write_text("as it was")
    path.chmod(0o640)
    write_whole(path, "new")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == ("new", 0o640)
    with pytest.raises(RuntimeError), written_whole(path):
        raise RuntimeError
    assert path.read_text() == "new"
    assert [one.name for one in tmp_path.iterdir()] == ["out.json"]


def test_a_folder_is_looked_into_before_it_is_made(tmp_path: Path) -> None:
    """A folder below a file, or one with a pipe where a file would go, is refused; a new one is not made by looking."""
    (tmp_path / "file").write_text("")
    with pytest.raises(CaseError, match="is not a folder"):
        check_can_fill(tmp_path / "file" / "deep", ["report.html"])
    with pytest.raises(CaseError, match="cannot write"):
        make_folder(tmp_path / "file" / "deep")
    check_can_fill(tmp_path / "new" / "deep", ["report.html"])
    assert not (tmp_path / "new").exists()
    os.mkfifo(tmp_path / "report.md")
    with pytest.raises(CaseError, match="it is a named pipe"):
        check_can_fill(tmp_path, ["report.html", "report.md"])


@pytest.mark.parametrize(
    "words", [("solve", CASE, "--out"), ("export", CASE, "--format", "lp", "--out")], ids=lambda words: words[0]
)
def test_commands_refuse_links_before_they_plan(run: Run, tmp_path: Path, words: tuple[object, ...]) -> None:
    """`--out` with a link or a pipe ends with its name and what it is."""
    (tmp_path / "file").write_text("as it was")
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    link.symlink_to("file")
    os.mkfifo(pipe)
    for path, kind in ((link, "a link"), (pipe, "a named pipe")):
        ran = run(*words, path)
        assert (ran.code, ran.out) == (1, "")
        assert f"it is {kind}" in ran.err
    assert (tmp_path / "file").read_text() == "as it was"


def test_a_comparison_refuses_links_before_it_plans(run: Run, tmp_path: Path) -> None:
    """Where the page's name is a pipe, nothing is planned and nothing written."""
    os.mkfifo(tmp_path / "compare.md")
    ran = run("compare", CASE, "--set", "budget=90k USD", "--out", tmp_path, "--no-save")
    assert (ran.code, ran.out) == (1, "")
    assert "it is a named pipe" in ran.err
    assert [one.name for one in tmp_path.iterdir()] == ["compare.md"]


def test_a_report_refuses_links_before_it_plans(run: Run, tmp_path: Path) -> None:
    """Where the workbook's name is a link, nothing of the report is written."""
    (tmp_path / "vendor-comparison.xlsx").symlink_to("elsewhere")
    ran = run("report", CASE, "--out", tmp_path)
    assert ran.code == 1
    assert "it is a link" in ran.err
    assert [one.name for one in tmp_path.iterdir()] == ["vendor-comparison.xlsx"]
