"""Repairs: the least changes that give a case a plan, each of them tried."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from allocate.explaining.conflicts.elastic import least_changes
from allocate.explaining.conflicts.moves import Change, Move, change_by, least_change, rounded_up
from allocate.explaining.conflicts.trial import Trial, in_order
from allocate.explaining.conflicts.written import Settings, Written


@dataclass(frozen=True)
class Step:
    """One thing a repair changes."""

    subject: str
    """As in `budget` or `demand of video`."""
    before: str
    """As written."""
    after: str | None
    """The new amount; None where the limit is taken away."""
    difference: str
    """As in `45,000 USD more`; empty where the limit is taken away."""

    @property
    def sentence(self) -> str:
        """As in `budget: 125,000 USD instead of 80k USD (45,000 USD more)`."""
        if self.after is None:
            return f"{self.subject}: taken away ({self.before})"
        return f"{self.subject}: {self.after} instead of {self.before} ({self.difference})"


@dataclass(frozen=True)
class Repair:
    """A change of the case with which it has a plan."""

    steps: tuple[Step, ...]
    settings: Settings
    """The overrides that make it, in order."""
    size: float
    """How much changes in all, each amount as a share of what was written; 1 for a limit taken away."""

    @property
    def options(self) -> str:
        """The overrides as they are written on the command line."""
        return " ".join(f"--set {shlex.quote(f'{path}={_flow(value)}')}" for path, value in self.settings)


def _flow(value: object) -> str:
    return "null" if value is None else str(value)


def repairs_of(trial: Trial, together: Sequence[Written]) -> list[Repair]:
    """Repairs in which some limits and facts give way together, at the least total change, each tried.

    A single limit is moved in each way it can be. Several move as one elastic program says; where they do more to the
    program than it can say, one after another, money last, each with those to come out of the way. What cannot be moved
    is taken away.

    Raises OutOfTimeError.
    """
    if len(together) == 1:
        one = together[0]
        changes = [change for move in one.moves if (change := _moved(trial, [move], (), ()))]
        some: list[Change | None] = [*changes] or [None]
        return [found for change in some if (found := _finished(trial, [(one, change)]))]
    finished = _at_once(trial, together) or _in_turn(trial, together)
    return [finished] if finished else []


def _at_once(trial: Trial, together: Sequence[Written]) -> Repair | None:
    """Amounts moved together by an elastic program, rounded up; None where they do not do."""
    moves = [one.moves[0] for one in together if one.moves]
    least = least_changes(trial, moves) if len(moves) == len(together) else None
    if least is None or min(least.amounts) <= 0:
        return None
    changes = [change_by(move, rounded_up(move, amount)) for move, amount in zip(moves, least.amounts, strict=True)]
    return _finished(trial, list(zip(together, changes, strict=True)))


def _in_turn(trial: Trial, together: Sequence[Written]) -> Repair | None:
    """One after another, money last, each as little as it can with those to come out of the way."""
    ordered = sorted(together, key=lambda one: (one.is_money, not one.is_fact))
    done: list[tuple[Written, Change | None]] = []
    settings: Settings = ()
    for position, one in enumerate(ordered):
        change = _moved(trial, one.moves, settings, ordered[position + 1 :])
        done.append((one, change))
        settings = (*settings, *(one.removal if change is None else ((change.path, change.after),)))
    return _finished(trial, done)


def _moved(trial: Trial, moves: Sequence[Move], settings: Settings, gone: Sequence[Written]) -> Change | None:
    """The least change of a limit, with settings and without other limits; None where moving it does not do."""
    others = (*settings, *(one for limit in gone for one in limit.removal))
    for move in moves:

        def works(text: str, path: str = move.path) -> bool:
            return trial.works_without(gone, (*settings, (path, text)))

        least = least_changes(trial, [move], others)
        change = least_change(move, works, *((least.amounts[0], least.total) if least else ()))
        if change is not None:
            return change
    return None


def _finished(trial: Trial, changes: Sequence[tuple[Written, Change | None]]) -> Repair | None:
    """A repair of changes, if the case has a plan with it; None for a fact that cannot be moved."""
    steps: list[Step] = []
    settings: list[tuple[str, object]] = []
    size = 0.0
    for one, change in changes:
        if one.is_fact and (change is None or change.to_nothing):
            return None
        if change is None or (change.to_nothing and one.words.startswith("at least")):
            steps.append(Step(one.subject, one.words, None, ""))
            settings += one.removal
            size += 1.0
        else:
            steps.append(Step(_subject(one, change), change.before, change.shown, change.words))
            settings.append((change.path, change.after))
            size += change.share
    ordered = in_order(settings)
    return Repair(tuple(steps), ordered, size) if trial.works(ordered) else None


def _subject(one: Written, change: Change) -> str:
    """What changes, with the part of it where the limit says more than one thing."""
    part = change.path.rpartition(".")[2]
    parts = {"by": "week of", "at-least": "", "at-most": "", "items": ""}
    return f"{parts[part]} {one.subject}".strip() if part in parts else one.subject
