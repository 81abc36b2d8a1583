"""The notebook page: every block runs, prints what the page shows, and is typed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from notebook_page import PAGE, ROOT, printed, script, with_outputs

WITHOUT_MYPY = "mypy is not installed; it comes with the extra `quality`"


@pytest.mark.slow
def test_the_page_runs_as_one_script_and_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read, plan, tables, picture, run: as a newcomer runs them, from a folder that has the cases."""
    pytest.importorskip("altair", reason="the picture needs altair, of the extra `report`")
    (tmp_path / "cases").symlink_to(ROOT / "cases")
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    renewed = with_outputs(page, printed(page))
    if os.environ.get("REGENERATE"):
        PAGE.write_text(renewed, encoding="utf-8")
    assert renewed == page
    assert "<svg" in Path("frontier.svg").read_text(encoding="utf-8")


def checked(code: str, folder: Path) -> tuple[int, str]:
    """Exit status and words of `mypy --strict` on a script of somebody who installed the library."""
    (folder / "notebook.py").write_text(code, encoding="utf-8")
    # What mypy knows of pandas and the library is kept beside its own cache, or this takes a quarter of a minute each time.
    kept = ROOT / ".mypy_cache" / "notebook"
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", f"--cache-dir={kept}", "notebook.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.skipif(find_spec("mypy") is None, reason=WITHOUT_MYPY)
def test_strict_types_take_the_page_and_refuse_a_name_that_is_not_there(tmp_path: Path) -> None:
    """One run over the page's script and a misspelt function: only that is refused, by its name."""
    code = script(PAGE.read_text(encoding="utf-8"))
    status, told = checked(f"{code}\nallocate.slove(case)\n", tmp_path)
    assert status == 1
    assert told.count("error:") == 1, told
    assert f'notebook.py:{len(code.splitlines()) + 2}: error: Module has no attribute "slove"' in told
