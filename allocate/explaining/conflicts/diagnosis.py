"""Why a case has no plan, and what would give it one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from allocate.case.load import CaseLike, as_case
from allocate.case.names import suggestion
from allocate.errors import CaseError, Place, Problem
from allocate.explaining.conflicts.facts import facts_of
from allocate.explaining.conflicts.limits import limits_of
from allocate.explaining.conflicts.repairs import Repair, repairs_of
from allocate.explaining.conflicts.search import Corrections, Limits, conflict
from allocate.explaining.conflicts.trial import OutOfTimeError, Trial
from allocate.explaining.conflicts.written import Written, dotted
from allocate.tables.shown import Shown

MOST_CONFLICTS = 5
"""Contradictions that share no limit, looked for one after another."""


@dataclass(frozen=True, repr=False)
class Diagnosis(Shown):
    """Limits of a case that contradict one another, and repairs."""

    conflicts: tuple[Limits, ...]
    """Sets of limits no plan keeps together, though one keeps each set without any one of its members; no two share one."""
    repairs: tuple[Repair, ...]
    """Changes with which the case has a plan, each tried; the least change in all first."""
    pinned: tuple[str, ...]
    """What was not to be moved."""
    unknown: str
    """What is not known because the search ended early; empty when it came to its end."""
    solved: int
    """Programs solved."""

    @property
    def members(self) -> tuple[Written, ...]:
        """The limits of all conflicts."""
        return tuple(one for some in self.conflicts for one in some)

    def facts(self) -> dict[str, str]:
        """How many conflicts there are, and the first repair."""
        found = f"{len(self.conflicts)} conflicts, {len(self.repairs)} repairs"
        return {"": found, **({"first": self.repairs[0].options} if self.repairs else {})}


def diagnose(case: CaseLike, pins: Sequence[str] = (), time_limit: float | None = None) -> Diagnosis:
    """Contradictions and repairs of a case that has no plan; nothing of one that has a plan.

    pins: limits that must not move, by name (`budget`, a rule's name, `demand of video`) or by path. time_limit: s.

    Raises CaseError for a pin that names nothing.
    """
    case = as_case(case)
    limits, facts = limits_of(case), facts_of(case)
    pinned = pinned_of((*limits, *facts), pins)
    trial = Trial(case, time_limit)
    found: list[Limits] = []
    repairs: list[Repair] = []
    unknown = "which limits contradict one another, and what would resolve it"
    try:
        trial.allow(0.4)
        if trial.works(()):
            return Diagnosis((), (), tuple(one.subject for one in pinned), "", trial.count)
        _contradictions(trial, limits, found)
        unknown = "what would resolve it"
        complete = not found or _repaired(trial, Corrections(trial, limits, facts, pinned), found[0], repairs)
        unknown = "" if complete and not trial.undecided else "whether there are more repairs"
    except OutOfTimeError:
        unknown = "whether there are more repairs" if repairs else unknown
    ordered = sorted(repairs, key=lambda one: (round(one.size, 9), len(one.steps)))
    return Diagnosis(tuple(found), tuple(ordered), tuple(one.subject for one in pinned), unknown, trial.count)


def _contradictions(trial: Trial, limits: Sequence[Written], found: list[Limits]) -> None:
    """Conflicts without a common limit, one after another."""
    gone: list[Written] = []
    while len(found) < MOST_CONFLICTS:
        clash = conflict(trial, limits, gone)
        if not clash:
            return
        found.append(clash)
        gone += clash
        if not trial.fails_without(gone):
            return


def _repaired(trial: Trial, search: Corrections, first: Limits, repairs: list[Repair]) -> bool:
    """Look for what must give way together, then how little; whether all of it was seen."""
    trial.allow(0.7)
    try:
        search.search(first)
    except OutOfTimeError:
        search.complete = False
    trial.allow(1.0)
    for together in search.found:
        repairs += repairs_of(trial, together)
    return search.complete


def pinned_of(known: Sequence[Written], pins: Sequence[str]) -> tuple[Written, ...]:
    """What pins stand for: limits and facts by name, or all that is written at or below a path.

    Raises CaseError for a pin that names nothing.
    """
    problems: list[Problem] = []
    pinned: list[Written] = []
    for pin in pins:
        named = [one for one in known if pin in _names(one) or any(_below(path, pin) for path in _paths(one))]
        if not named:
            fix = suggestion(pin, [name for one in known for name in _names(one)])
            fix = fix or "name a limit as `allocate explain` prints it, or its path, as in `products.NAME.demand`"
            problems.append(Problem(f"there is no limit '{pin}' to pin", Place(f"--pin {pin}"), fix))
        pinned += [one for one in named if one not in pinned]
    if problems:
        raise CaseError(problems)
    return tuple(pinned)


def _names(one: Written) -> list[str]:
    """A limit's name, and the name alone of a rule."""
    return [one.subject, *one.subject.split("'")[1:2]]


def _paths(one: Written) -> list[str]:
    return [dotted(one.path), *(path for path, _ in one.removal), *(move.path for move in one.moves)]


def _below(path: str, pin: str) -> bool:
    return path == pin or path.startswith(f"{pin}.")
