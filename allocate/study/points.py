"""The points of a study, the jobs they are done in, and what comes back: the same whoever does them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from allocate.answers import UnverifiedPlanError
from allocate.api.solving import solve
from allocate.case.load import Case, revised
from allocate.errors import CaseError
from allocate.solvers.outcome import Limit
from allocate.solvers.watch import Cancel
from allocate.study.figures import Figures, figures
from allocate.study.live import along_budgets, along_whole_budgets, fault_of

Told = Callable[[], None]
"""Called after each point."""


@dataclass(frozen=True)
class Point:
    """One plan a study asks for: the case with some settings laid over it."""

    at: Mapping[str, str | float]
    """Where it lies, as the study's table names it."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """As `--set` takes them: the same plan comes out of a solve of its own."""


@dataclass(frozen=True)
class Job:
    """Points done together by one worker, in their order; what it gives depends on nothing else."""

    case: Case
    points: tuple[Point, ...]
    budgets: tuple[float, ...] = ()
    """Total budgets of the points, where they differ in nothing else: ascending where one live solver can follow a linear program, descending for whole numbers."""
    time_limit: float | None = None
    """s, for each point."""
    gap: float | None = None
    reasons: bool = True
    """Whether it is looked for why, where there is no plan."""
    priced: bool = False
    """Whether the figures say what one more unit of the total budget is worth."""


@dataclass(frozen=True)
class Done:
    """What became of a job: the figures of its first points, of all of them unless it was ended early."""

    figures: tuple[Figures, ...]
    whole: bool


def run_job(job: Job, cancel: Cancel | None = None, told: Told | None = None) -> Done:
    """Do a job; Ctrl-C and ``cancel`` end it with the points done so far."""
    found: list[Figures] = []
    try:
        for one in _each(job, cancel):
            if one is None:
                return Done(tuple(found), False)
            found.append(one)
            _tell(told)
    except KeyboardInterrupt:
        return Done(tuple(found), False)
    return Done(tuple(found), True)


def _each(job: Job, cancel: Cancel | None) -> Iterator[Figures | None]:
    """The figures of each point; None where it was interrupted.

    After a plan on the way along budgets that does not hold, that point and the rest are planned by themselves.
    """
    done, fault = 0, ""
    try:
        for one in _along(job, cancel) if job.budgets else ():
            yield one
            done += 1
    except UnverifiedPlanError as error:
        fault = fault_of(job.case, error)
    for point in job.points[done:]:
        found = _point(job, point, cancel)
        yield replace(found, fault=fault) if fault and found is not None else found
        fault = ""


def _along(job: Job, cancel: Cancel | None) -> Iterator[Figures | None]:
    if job.budgets[0] > job.budgets[-1]:
        return along_whole_budgets(job.case, job.budgets, job.time_limit, job.gap, cancel)
    return along_budgets(job.case, job.budgets, job.time_limit, cancel)


def _tell(told: Told | None) -> None:
    if told is not None:
        told()


def _point(job: Job, point: Point, cancel: Cancel | None) -> Figures | None:
    """A point's figures by a solve of its own; None where it was interrupted."""
    if cancel is not None and cancel.is_set():
        return None
    try:
        case = revised(job.case, point.settings) if point.settings else job.case
        how: dict[str, Any] = {"time_limit": job.time_limit, "gap": job.gap, "cancel": cancel}
        answer = solve(case, **how, reasons=job.reasons, conflicts=False)
    except CaseError as error:
        return Figures("infeasible", reasons=tuple(problem.message for problem in error.problems))
    except UnverifiedPlanError as error:
        return Figures("unverified", reasons=error.violations[:20])
    return None if answer.limit is Limit.INTERRUPT else figures(answer, job.reasons, priced=job.priced)
