"""The two ends of a bridge as commands name them: a case with a plan, or a run that was kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from allocate.bridge.bridge import End


def end_of(word: str, plan: Path | None, scenario: str | None, time_limit: float | None) -> End:
    """A case with its best plan or one of one's own, or a run that was kept."""
    from allocate.api.solving import solve
    from allocate.bridge.ends import of_lines, of_plan
    from allocate.case.load import read_case
    from allocate.case.plan_file import read_plan
    from allocate.errors import CaseError, Place

    if not Path(word).exists() and "/" not in word:
        return _of_run(word, plan, scenario)
    case = read_case(word, scenario)
    name = f"{case.name}, {scenario}" if scenario else case.name
    if plan is not None:
        return of_lines(f"{name} by {plan.name}", case, read_plan(case, plan))
    answer = solve(case, time_limit=time_limit)
    if answer.plan is None:
        reasons = "; ".join(reason.sentence for reason in answer.reasons) or "the search ended without one"
        fix = "give a plan of your own with `--from-plan` or `--to-plan`, or solve the case first"
        raise CaseError.of(f"{name} has no plan: {reasons}", Place(word), fix)
    return of_plan(name, case, answer.plan)


def _of_run(word: str, plan: Path | None, scenario: str | None) -> End:
    """A run that was kept, with its case as it was."""
    from allocate.bridge.ends import of_lines
    from allocate.case.load import read_case
    from allocate.case.plan_file import PlanLine
    from allocate.errors import CaseError
    from allocate.runs import store
    from allocate.runs.find import SOLVE
    from allocate.runs.sides import side

    found = side(store.home(), word)
    if plan is not None or scenario is not None:
        raise CaseError.of(
            f"'{word}' is a run, which has its plan and its scenario", None, "leave the plan and the scenario out"
        )
    if found.record["kind"] != SOLVE or found.case is None or not found.found.get("lines"):
        raise CaseError.of(
            f"run {found.name} holds no plan", None, "name a run of `allocate solve`; `allocate runs` lists them"
        )
    lines = tuple(
        PlanLine(
            one["product"],
            one["vendor"],
            one["workflow"],
            int(one["period"]),
            float(one["items"]),
            tuple(one.get("levers", ())),
        )
        for one in found.found["lines"]
    )
    return of_lines(f"run {found.name[:8]}", read_case(found.case), lines)
