"""Output that cannot be written ends a command with one line and a status, never with a traceback; the run is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from allocate.runs import index

pytestmark = pytest.mark.slow

CASE = Path(__file__).resolve().parents[2] / "cases" / "vendor-comparison"
ALLOCATE = f"{sys.executable} -m allocate"


def shell(line: str, home: Path) -> subprocess.CompletedProcess[str]:
    """A line for the shell, in a folder of its own; the status is that of `allocate`."""
    environment = {**os.environ, "ALLOCATE_HOME": str(home)}
    command = ["bash", "-c", f"set -o pipefail; {line}"]
    return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=home.parent, check=False)


def test_a_reader_that_goes_away_does_not_lose_the_run(tmp_path: Path) -> None:
    """`solve | head -1` and a study read by nobody end with status 141, without a word, and their runs are kept."""
    home = tmp_path / "home"
    read = shell(f"{ALLOCATE} solve {CASE} | head -1", home)
    assert (read.returncode, read.stderr) == (141, "")
    assert read.stdout.count("\n") == 1
    study = shell(f"{ALLOCATE} scale {CASE} --product detection --factors 1,2 | true", home)
    assert (study.returncode, study.stderr) == (141, "")
    assert sorted(one.record["kind"] for one in index.entries(home)) == ["scale", "solve"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [f"solve {CASE}", "--help", "solve nothing-there"])
def test_a_full_disk_below_the_output_is_one_line(tmp_path: Path, words: str) -> None:
    """Where standard output is full the command says so and ends with status 1; a run is kept all the same."""
    ran = shell(f"{ALLOCATE} {words} > /dev/full", tmp_path / "home")
    said = "error: cannot write the output: no space left on device\n"
    assert ran.returncode == 1
    assert ran.stderr == said if "nothing" not in words else ran.stderr.startswith("error: cannot read nothing-there")
    assert len(index.entries(tmp_path / "home")) == ("cases" in words)
    both = shell(f"{ALLOCATE} {words} > /dev/full 2> /dev/full", tmp_path / "home")
    assert (both.returncode, both.stderr) == (1, "")


def test_closed_streams_spoil_no_file(tmp_path: Path) -> None:
    """With standard output closed the command says so before it plans; with the others closed it answers as ever."""
    ran = shell(f"{ALLOCATE} solve {CASE} --out plan.json >&-", tmp_path / "home")
    assert ran.returncode == 1
    assert ran.stderr.startswith("error: standard output is closed")
    assert not (tmp_path / "plan.json").exists()
    silent = shell(f"{ALLOCATE} solve {CASE} --out plan.json >&- 2>&- <&-", tmp_path / "home")
    assert (silent.returncode, silent.stdout, silent.stderr) == (1, "", "")
    answer = shell(f"{ALLOCATE} solve {CASE} --out plan.json 2>&- <&-", tmp_path / "home")
    assert answer.returncode == 0
    assert "Verified" in answer.stdout
    assert (tmp_path / "plan.json").read_text(encoding="utf-8").startswith("{\n")
