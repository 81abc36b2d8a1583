"""The notebook page is typed; that its blocks run and print what it shows is tested with all pages."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from pages import ROOT, blocks

PAGE = ROOT / "docs" / "tutorials" / "notebook.md"
WITHOUT_MYPY = "mypy is not installed; it comes with the extra `quality`"


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
    code = "\n".join(one["body"] for one in blocks(PAGE.read_text(encoding="utf-8")) if one["kind"] == "python")
    status, told = checked(f"{code}\nallocate.slove(case)\n", tmp_path)
    assert status == 1
    assert told.count("error:") == 1, told
    assert f'notebook.py:{len(code.splitlines()) + 2}: error: Module has no attribute "slove"' in told
