"""Trying a case with some of its limits taken away or moved: is there a plan?"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from allocate.case.load import Case, revised
from allocate.costing.limits import NOTHING, Ignoring
from allocate.costing.routes import routes
from allocate.costing.value.values import product_values
from allocate.errors import CaseError
from allocate.explaining.conflicts.written import Settings, Written
from allocate.program.arrays import Floats
from allocate.program.build import Built, build
from allocate.program.program import Program
from allocate.solvers.branch_and_bound import SMALL, suits
from allocate.solvers.live import Live
from allocate.solvers.outcome import Limit, Status, is_feasible
from allocate.solvers.search import Found
from allocate.solvers.solve import solve

REMEMBERED = 8
"""Plans kept to be tried on the next settings; columns that an elastic program has behind the others do not count."""


class OutOfTimeError(Exception):
    """The time for the search is over."""


class Trial:
    """A case, and what was found out about it with settings laid over it.

    time_limit: s for everything together; working: s of the processor, so that what is found does not hang on what else the
    machine does; None for no end.
    """

    def __init__(self, case: Case, time_limit: float | None = None, working: float | None = None) -> None:
        self.case = case
        self.count = 0
        """Programs solved."""
        self.undecided = 0
        """Programs the solver could not decide."""
        self._began, self._limit = time.monotonic(), time_limit
        self._began_working, self._working_limit = time.process_time(), working
        self._part = 1.0
        self._known: dict[str, bool | None] = {}
        self._working: list[frozenset[Written]] = []
        self._failing: list[frozenset[Written]] = []
        self._plans: deque[Floats] = deque(maxlen=REMEMBERED)

    def allow(self, part: float) -> None:
        """Let the search go on until a part of the time is over, counted from the start."""
        self._part = part

    def works(self, settings: Iterable[tuple[str, Any]]) -> bool:
        """Whether the case is known to have a plan with these settings; not where they make no sense in it.

        Raises OutOfTimeError where the time ends before that is known.
        """
        return self._tried(in_order(settings), ()) is True

    def works_without(self, taken: Iterable[Written], moved: Settings = ()) -> bool:
        """Whether the case is known to have a plan without some limits (and with settings)."""
        return self._without(taken, moved) is True

    def fails_without(self, taken: Iterable[Written]) -> bool:
        """Whether the case is known to have no plan even without some limits."""
        return self._without(taken, ()) is False

    def _without(self, taken: Iterable[Written], moved: Settings) -> bool | None:
        """The same; what is known of more limits taken away, or of fewer, is not solved again."""
        taken = tuple(taken)
        some = frozenset(taken)
        if not moved and any(some <= more for more in self._failing):
            return False
        if not moved and any(less <= some for less in self._working):
            return True
        before = self.count
        found = self._solved_without(taken, moved)
        if not moved and found is not None and self.count > before:
            (self._working if found else self._failing).append(some)
        return found

    def _solved_without(self, taken: Sequence[Written], moved: Settings) -> bool | None:
        # A program that counts orders or draws value curves needs some bound: there limits move far away instead.
        ordered = in_order([*moved, *(one for limit in taken for one in limit.removal)])
        return self._tried(ordered, in_order([*moved, *(one for limit in taken for one in limit.loose)]))

    def _tried(self, settings: Settings, otherwise: Settings) -> bool | None:
        """Whether there is a plan, remembered; None where the solver cannot tell."""
        key = repr(settings)
        if key not in self._known:
            try:
                built = program_of(revised(self.case, dict(settings)))
            except CaseError:
                # Settings that make no sense in the case say nothing about it.
                self._known[key] = self._tried(otherwise, ()) if otherwise else None
            else:
                self._known[key] = self._solved(built)
        return self._known[key]

    def _solved(self, built: Built) -> bool | None:
        if self._has_known_plan(built):
            return True
        status = self._run(built)
        if status is Status.STOPPED:
            # Without an aim the solver now and then ends undecided; any aim will do.
            built.program.set_costs(1.0 + np.arange(built.program.column_count) % 7, maximise=False)
            status = self._run(built)
        if status is Status.STOPPED:
            self.undecided += 1
            return None
        return status is not Status.INFEASIBLE

    def _has_known_plan(self, built: Built) -> bool:
        """Whether a plan found for other settings keeps every limit of these."""
        arrays = built.program.arrays()
        width = arrays.column_count
        return any(len(plan) >= width and is_feasible(arrays, plan[:width]) for plan in self._plans)

    def _run(self, built: Built) -> Status:
        return self._outcome(built.program).status

    def run(self, program: Program) -> Found | None:
        """The best plan of a program within the time; None where none is known to be best."""
        found = self._outcome(program)
        return found if found.status is Status.OPTIMAL else None

    def _outcome(self, program: Program) -> Found:
        limits = (
            (self._limit, self._began, time.monotonic),
            (self._working_limit, self._began_working, time.process_time),
        )
        left = min((began + self._part * one - now() for one, began, now in limits if one is not None), default=None)
        if left is not None and left <= 0:
            raise OutOfTimeError
        self.count += 1
        found = _best(program, left)
        if found.status is Status.STOPPED and found.limit is not Limit.OTHER:
            raise OutOfTimeError
        if found.values is not None:
            self._plans.appendleft(found.values)
        return found


def _best(program: Program, seconds: float | None) -> Found:
    """How a program ends; a small one with whole numbers by branch and bound on a live linear program.

    That there is no plan is never taken from one search: then it is solved again, with the proof or the second search
    at another scale that `solve` asks for (`allocate.solvers.confirmed`).
    """
    began, arrays = time.monotonic(), program.arrays()
    if program.learned is None and suits(arrays) and arrays.nonzeros <= SMALL:
        found = Live(arrays, seconds).base
        if found.status is not Status.INFEASIBLE:
            return found
    left = None if seconds is None else max(seconds - (time.monotonic() - began), 1e-3)
    outcome = solve(program, time_limit=left)
    return Found(outcome.status, outcome.limit, outcome.objective, outcome.bound, outcome.values)


def program_of(case: Case, ignoring: Ignoring = NOTHING) -> Built:
    """The case's program without an aim: any plan will do. Value curves are left out where nothing asks for value.

    ignoring: limits from which nothing else may be derived.
    """
    ways = routes(case)
    asked = case.file.targets.value is not None or any(
        one.value is not None and (one.value.at_least is not None or one.value.score_at_least is not None)
        for one in case.products.values()
    )
    built = build(case, ways, product_values(case, ways, ignoring) if asked else {}, ignoring)
    built.program.set_costs(None)
    return built


def in_order(settings: Iterable[tuple[str, Any]]) -> Settings:
    """Settings so that none changes what another names: amounts first, then what is taken away, last entries first."""
    unique = dict(settings)
    kept = sorted(path for path, value in unique.items() if value is not None)
    gone = sorted((path for path, value in unique.items() if value is None), key=_by_number, reverse=True)
    return (*((path, unique[path]) for path in kept), *((path, None) for path in gone))


def _by_number(path: str) -> tuple[tuple[int, int, str], ...]:
    parts = path.split(".")
    return tuple((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts)
