"""The report of a case: planned, explained and written down for people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from allocate.actuals.reading import Actuals
from allocate.answers import Answer
from allocate.api.explaining import explain_and_move
from allocate.api.solving import formulate, solve
from allocate.bridge.bridge import Bridge, End, bridge_bills
from allocate.bridge.ends import bill
from allocate.case.load import Case, CaseLike, as_case
from allocate.errors import CaseError
from allocate.explaining.by_hand import by_hand
from allocate.explaining.explanation import Explanation
from allocate.explaining.inputs import Swing
from allocate.explaining.re_solve import Again, Tell
from allocate.odds.odds import Odds, plan_odds
from allocate.odds.pilots import Pilots, pilots
from allocate.odds.priced import priced
from allocate.plan import Plan
from allocate.program.build import Built
from allocate.reporting import LARGE
from allocate.reporting.compose import compose
from allocate.reporting.material import Material
from allocate.reporting.procurement.write import check_folders, write_sheets
from allocate.reporting.write import check_extra, check_folder, write_book, write_report
from allocate.study.assumed_changes import changes_at_hand
from allocate.study.assumptions import assumptions
from allocate.study.compare import Comparison, compare
from allocate.study.study import Study
from allocate.tracking.track import Tracked, track

SURE = 0.9
"""Odds whose price a thorough report tells."""
EXPLAINED = 60.0
"""Seconds for finding out why the plan is as it is, and again for what inputs change; less where the time limit is less."""
PILOTED = 256
"""Scenarios in which pilots are weighed for a page."""


def report(
    case: CaseLike,
    folder: str | Path,
    *,
    answer: Answer | None = None,
    formulation: Built | None = None,
    thorough: bool = False,
    workbook: bool = True,
    award: bool = False,
    actuals: Actuals | None = None,
    planned: Plan | None = None,
    since: End | None = None,
    time_limit: float | None = None,
    tell: Tell | None = None,
) -> tuple[Path, ...]:
    """Write a page, the same as Markdown, and a workbook into a folder, made where it is not there; their paths.

    answer: that of `solve`, where it is there already; formulation: the program it was solved with. thorough: plan again
    without each limit, with each input moved and at both ends of each assumed figure's range, however large the case. award: also what procurement needs, the buyer's page,
    award sheets and feedback sheets (`allocate.reporting.procurement`). actuals: what was done, held against `planned`, or against the
    plan of the answer; since: an earlier bill, which this plan is compared with. time_limit: s, for each search. tell: told what is looked into next.
    With lines held in the answer, or rules added to the formulation by hand, what plans the case again without them is left out
    (scenarios, vendors alone, what assumed figures change, what surer promises cost), and the page says so.

    Raises CaseError where a file cannot be written or what a report needs is not installed.
    """
    check_extra()
    case, folder = as_case(case), Path(folder)
    _check_folders(case, folder, workbook, award)
    built = formulation or formulate(case)
    answer = answer or solve(case, formulation=built, time_limit=time_limit, moved=False)
    as_written = not answer.run["options"]["held"] and (formulation is None or by_hand(built) is None)
    changes: list[Study] = []
    asked = (lambda again: changes.append(changes_at_hand(answer, again))) if as_written and not thorough else None
    found, moved = explained(answer, built, thorough, time_limit, tell, award=award, then=asked)
    side_by_side = _scenarios(answer, thorough, time_limit, tell) if as_written else None
    chances = _odds(answer, tell)
    costs = priced(answer.case, chances, SURE) if chances is not None and thorough and as_written else ()
    tracked, bridges = _looking_back(answer, actuals, planned, since, tell)
    register = _assumptions(answer, time_limit, tell) if thorough and as_written else next(iter(changes), None)
    beside = (side_by_side, chances, costs, _pilots(answer, tell), tracked, bridges, register)
    written = write_report(compose(answer, found, moved, *beside, as_written), folder)
    if award and answer.plan is not None:
        written += write_sheets(Material(answer, answer.plan, found, moved), folder)
    return (*written, write_book(answer, folder, register)) if workbook and answer.plan is not None else written


def _check_folders(case: Case, folder: Path, workbook: bool, award: bool) -> None:
    """CaseError where a file cannot be written."""
    check_folder(folder, case, workbook=workbook)
    if award:
        check_folders(folder, case)


def _looking_back(
    answer: Answer, actuals: Actuals | None, planned: Plan | None, since: End | None, tell: Tell | None
) -> tuple[Tracked | None, tuple[Bridge, ...]]:
    """The plan against what was done, and the bridges from an earlier bill and from the plan."""
    if answer.plan is None or (actuals is None and since is None):
        return None, ()
    if tell is not None:
        tell("what was before and what was done")
    now = bill(answer.case, answer.plan)
    bridges = [bridge_bills(since, now)] if since is not None else []
    if actuals is None:
        return None, tuple(bridges)
    tracked = track(answer.case, actuals, planned or answer.plan)
    return tracked, (*bridges, bridge_bills(tracked.planned, replace(tracked.done, name="what was done")))


def explained(
    answer: Answer, built: Built, thorough: bool, time_limit: float | None, tell: Tell | None, *, award: bool = False,
    then: Callable[[Again], None] | None = None,
) -> tuple[Explanation | None, tuple[Swing, ...]]:  # fmt: skip
    """Why the plan is as it is, and what inputs moved change; nothing for large cases unless it is asked for.

    then: what else is asked of the program.
    """
    if answer.plan is None or (answer.routes.unit_cost.size > LARGE and not thorough):
        return None, ()
    most = min(time_limit or EXPLAINED, EXPLAINED)
    # A walk-away price is what an award sheet is for: with one every price is looked into.
    return explain_and_move(answer, built, time_limit=most, tell=tell, thorough=thorough or award, then=then)


def _odds(answer: Answer, tell: Tell | None) -> Odds | None:
    """The plan in many scenarios, where the case says what may come out differently."""
    if answer.plan is None or not answer.case.spreads:
        return None
    if tell is not None:
        tell("odds")
    return plan_odds(answer.case, answer.plan, table=answer.routes)


def _pilots(answer: Answer, tell: Tell | None) -> Pilots | None:
    """Which pilots pay, where the case has some that measure what it calls uncertain."""
    if answer.plan is None or not answer.case.file.pilots or not answer.case.spreads:
        return None
    if tell is not None:
        tell("pilots")
    try:
        return pilots(answer.case, PILOTED)
    except CaseError:
        return None


def _assumptions(answer: Answer, time_limit: float | None, tell: Tell | None) -> Study | None:
    """What each assumed figure changes at both ends of its plausible range."""
    if answer.plan is None:
        return None
    progress = None if tell is None else lambda done, total: tell(f"assumed figures, {done} of {total}")
    return assumptions(answer.case, progress=progress, time_limit=min(time_limit or EXPLAINED, EXPLAINED))


def _scenarios(answer: Answer, thorough: bool, time_limit: float | None, tell: Tell | None) -> Comparison | None:
    """The case's scenarios side by side; None where it has none, is one of them itself, or they are many for its size."""
    case = answer.case
    names = list(case.file.scenarios)
    if not names or case.scenario or answer.plan is None:
        return None
    if not thorough and answer.routes.unit_cost.size * len(names) > LARGE:
        return None
    progress = None if tell is None else lambda done, total: tell(f"scenarios, {done} of {total}")
    most = min(time_limit or EXPLAINED, EXPLAINED)
    return compare(case, names, progress=progress, time_limit=most, answer=answer)
