"""Writing a report into a folder, each file whole or not at all."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from allocate.answers import Answer
from allocate.case.load import Case
from allocate.errors import CaseError
from allocate.reporting.document import Report
from allocate.study.study import Study
from allocate.writing import check_can_fill, make_folder, write_whole

NEEDS = {"vl_convert": "vl-convert-python", "jinja2": "jinja2", "xlsxwriter": "XlsxWriter"}
"""Modules a report needs, and the packages they come in."""


def check_extra() -> None:
    """Refuse early where what a report needs is not installed: in a clone it is `.[report]`, elsewhere `allocate[report]`.

    Raises CaseError with how to install it.
    """
    missing = [package for module, package in NEEDS.items() if find_spec(module) is None]
    if missing:
        message = f"a report needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed"
        raise CaseError.of(
            message,
            None,
            "pip install '.[report]' in a clone of the repository, else pip install 'allocate[report]'",
            code="E-extra",
        )


def write_report(report: Report, folder: Path, name: str = "report") -> tuple[Path, ...]:
    """Write a page and its Markdown, `report.html` and `report.md`, into a folder, which is made where it is not there.

    Raises CaseError where the folder cannot be written.
    """
    from allocate.reporting.markdown import markdown
    from allocate.reporting.page import page

    texts = {folder / f"{name}.html": page(report), folder / f"{name}.md": markdown(report)}
    check_can_fill(folder, [path.name for path in texts])
    make_folder(folder)
    return tuple(write_whole(path, text) for path, text in texts.items())


def write_book(answer: Answer, folder: Path, assumptions: Study | None = None) -> Path:
    """Write the workbook of a plan into a folder that is there, named after its case; assumptions: what each assumed figure changes.

    Raises CaseError where it cannot be written.
    """
    from allocate.reporting.workbook.write import write_workbook

    return write_workbook(answer, folder / book_name(answer.case), assumptions)


def check_folder(folder: Path, case: Case, workbook: bool) -> None:
    """Raise CaseError where the files of a report cannot be written, before anything is planned."""
    check_can_fill(folder, ["report.html", "report.md", *([book_name(case)] if workbook else [])])


def book_name(case: Case) -> str:
    """The name of a case's workbook: its own in letters, digits and `-`, 80 characters and 200 bytes at most."""
    plain = re.sub(r"[^\w.-]+", "-", case.name).strip(".-")[:80]
    return f"{plain.encode()[:200].decode(errors='ignore') or 'plan'}.xlsx"
