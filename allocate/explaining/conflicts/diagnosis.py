"""Why a case has no plan, and what would give it one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from allocate.case.document import Path_
from allocate.case.load import Case, CaseLike, as_case
from allocate.case.names import suggestion
from allocate.case.paths import dotted
from allocate.errors import CaseError, Place, Problem
from allocate.explaining.conflicts.amounts import number_of, shown, unit_of, with_number
from allocate.explaining.conflicts.limits import limits_of
from allocate.explaining.conflicts.moves import DOWN, UP, Move
from allocate.explaining.conflicts.repairs import Repair, repairs_of
from allocate.explaining.conflicts.search import Corrections, Limits, conflict
from allocate.explaining.conflicts.trial import OutOfTimeError, Trial
from allocate.explaining.conflicts.written import FAR, Written
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
    return [dotted(*one.path), *(path for path, _ in one.removal), *(move.path for move in one.moves)]


def _below(path: str, pin: str) -> bool:
    return path == pin or path.startswith(f"{pin}.")


def facts_of(case: Case) -> tuple[Written, ...]:
    """What is no limit but could be changed too: paces and prices written in the case, and the horizon."""
    return tuple(_facts(case))


def _facts(case: Case) -> Iterator[Written]:
    key = "weeks" if case.file.horizon.weeks is not None else "months"
    where: Path_ = ("horizon", key)
    length, text = case.periods.count, str(case.document.get(where))
    longest = min(4 * length, 1040 if key == "weeks" else 240)
    move = Move(dotted(*where), text, UP, "count", longest - length, key)
    yield Written(
        "horizon", move.shown(text), where, case.document.place(where), ((dotted(*where), str(longest)),), (move,),
        is_fact=True, by_time=True,
    )  # fmt: skip
    for name, product in case.products.items():
        if product.effort is not None:
            path: Path_ = ("products", name, "effort")
            yield _fact(case, f"work on {name}", path, "0.000001", product=name)
    for name, vendor in case.vendors.items():
        price = vendor.contract.price
        if vendor.people is not None and vendor.staffing is None:
            continue  # what may be somebody's wage is nothing to cut
        if price is not None and price.number > 0:
            path = ("vendors", name, "contract", "price")
            yield _fact(case, f"price of {name}", path, "0", is_money=True)
    if case.file.targets.value is not None or any(p.value and p.value.at_least for p in case.products.values()):
        yield from _gates(case)


def _gates(case: Case) -> Iterator[Written]:
    """What gates pay, where a value is asked for."""
    for name in case.products:
        path: Path_ = ("products", name, "value", "gates")
        found = case.document.get(path)
        for where in [path] if isinstance(found, dict) else [(*path, n) for n in range(len(found or ()))]:
            name_of, text = dotted(*where, "worth"), str(case.document.get((*where, "worth")))
            words = f"{shown(text)} at {shown(str(case.document.get((*where, 'score-at-least'))))}"
            removal = ((name_of, with_number(text, FAR * number_of(text))),)
            yield Written(
                f"gate of {name}", words, where, case.document.place(where), removal, (Move(name_of, text, UP),),
                is_fact=True, product=name,
            )  # fmt: skip


def _fact(case: Case, subject: str, path: Path_, least: str, **more: Any) -> Written:
    """An amount that is no limit, and what it would have to be to stand in nobody's way."""
    text = str(case.document.get(path))
    move = Move(dotted(*path), text, DOWN)
    removal = ((dotted(*path), f"{least} {unit_of(text)}"),)
    return Written(subject, shown(text), path, case.document.place(path), removal, (move,), is_fact=True, **more)
