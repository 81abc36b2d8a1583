"""Plans as options name them: a file, or a run that was kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.plan import Plan


def plan_named(case: Case, named: str) -> Plan:
    """A plan file, or the plan of a kept run."""
    from allocate.api.evaluating import evaluate
    from allocate.record.lines import lines_of
    from allocate.runs.find import find
    from allocate.runs.store import home

    path = Path(named)
    if not path.exists() and not path.suffix:
        place = home()
        path = place / "runs" / find(place, named, with_plan=True).id
    return evaluate(case, lines_of(case, path)).plan
