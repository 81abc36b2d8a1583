"""Plans as options name them: a file, or a run that was kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.plan import Plan


def plan_named(case: Case, named: str) -> Plan:
    """A plan file, or the plan of a kept run."""
    from allocate.api.evaluating import evaluate
    from allocate.record.lines import lines_of

    return evaluate(case, lines_of(case, _path_of(named))).plan


def _path_of(named: str) -> Path:
    """A file, or the folder of a kept run."""
    from allocate.runs.find import find
    from allocate.runs.store import home

    path = Path(named)
    if path.exists() or path.suffix:
        return path
    return home() / "runs" / find(home(), named, with_plan=True).id


def earlier(case: Case, case_path: Path, named: str | None) -> tuple[Case, Plan]:
    """The case a plan was made of, as far as its file or run says so, and the plan, people included.

    A kept run holds its case; a file of `solve --out` says its scenario and settings; any other is a plan of the case as it is.
    Named by nothing it is the best plan of the case.
    """
    if named is None:
        return case, _best(case)
    from allocate.api.evaluating import evaluate
    from allocate.record.lines import RUN_FILE, lines_of
    from allocate.record.text import read_json

    path = _path_of(named)
    is_run = path.is_dir()
    text = read_json(path / RUN_FILE if is_run else path).data if is_run or path.suffix.lower() == ".json" else {}
    then = _of_run(case, path) if is_run else _of_file(case, case_path, text)
    staff = _staff(then, text.get("staff")) if isinstance(text, dict) and text.get("staff") else None
    return then, evaluate(then, lines_of(then, path), staff).plan


def _best(case: Case) -> Plan:
    from allocate.api.solving import solve

    return solve(case).plan_or("name the plan that was worked with `--plan`")


def _of_run(case: Case, folder: Path) -> Case:
    """The case as a run keeps it."""
    from dataclasses import replace

    from allocate.case.load import read_case
    from allocate.runs.save import CASE
    from allocate.runs.store import content

    written = content(folder, CASE)
    return (
        replace(read_case(written), folder=case.folder, allow_paths=case.allow_paths)
        if isinstance(written, dict)
        else case
    )


def _of_file(case: Case, case_path: Path, data: Any) -> Case:
    """The case with the scenario and the settings a plan file says; as it is where these cannot be laid over it."""
    from allocate.case.load import read_case
    from allocate.errors import CaseError

    run = data.get("run") if isinstance(data, dict) else None
    if not isinstance(run, dict):
        return case
    settings = [str(one) for one in run.get("settings", ()) if not str(one).startswith("done=")]
    try:
        return read_case(case_path, run.get("scenario"), settings)
    except CaseError:
        return case


def _staff(case: Case, rows: Any) -> Any:
    """What a plan file decides about teams; None where it cannot be read."""
    from allocate.costing.supply.teams import Staff
    from allocate.tables.table import Table
    from allocate.verification.teams import read_staff

    columns = ("team", "period", "hired", "released", "overtime")
    try:
        table = Table.from_rows(columns, [[row.get(name) for name in columns] for row in rows])
        decided, problems = read_staff(case, table)
    except (AttributeError, TypeError, ValueError, KeyError):
        return None
    return None if problems else Staff(decided.hired, decided.released, decided.overtime)
