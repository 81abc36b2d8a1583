"""Writing a report into a folder, each file whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from importlib.util import find_spec
from pathlib import Path

from allocate.api import Answer
from allocate.errors import CaseError, Problem
from allocate.report.document import Report

NEEDS = {"altair": "altair", "vl_convert": "vl-convert-python", "jinja2": "jinja2", "xlsxwriter": "XlsxWriter"}
"""Modules a report needs, and the packages they come in."""


def check_extra() -> None:
    """Refuse early where what a report needs is not installed: in a clone it is `.[report]`, elsewhere `allocate[report]`.

    Raises CaseError with how to install it.
    """
    missing = [package for module, package in NEEDS.items() if find_spec(module) is None]
    if missing:
        message = f"a report needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed"
        raise CaseError(
            [
                Problem(
                    message,
                    None,
                    "pip install '.[report]' in a clone of the repository, else pip install 'allocate[report]'",
                )
            ]
        )


def write_report(report: Report, folder: Path, name: str = "report") -> tuple[Path, ...]:
    """Write a page and its Markdown, `report.html` and `report.md`, into a folder, which is made where it is not there.

    Raises CaseError where the folder cannot be written.
    """
    from allocate.report.markdown import markdown
    from allocate.report.page import page

    texts = {f"{name}.html": page(report), f"{name}.md": markdown(report)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_write(folder / file, text) for file, text in texts.items())
    except OSError as error:
        message = f"cannot write to '{folder}': {error.strerror or error}"
        raise CaseError([Problem(message, None, "name another folder with --out")]) from None


def write_book(answer: Answer, folder: Path) -> Path:
    """Write the workbook of a plan into a folder that is there, named after its case.

    Raises CaseError where it cannot be written.
    """
    from allocate.report.workbook.write import write_workbook

    name = re.sub(r"[^\w.-]+", "-", answer.case.name).strip(".-")[:80] or "plan"
    try:
        return write_workbook(answer, folder / f"{name}.xlsx")
    except OSError as error:
        message = f"cannot write to '{folder}': {error.strerror or error}"
        raise CaseError([Problem(message, None, "name another folder with --out")]) from None


def _write(path: Path, text: str) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
