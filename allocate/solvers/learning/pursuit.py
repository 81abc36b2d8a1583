"""From a plan of the wide program to one that keeps its hours by the curves: restriction after restriction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocate.program.arrays import Floats, ProgramArrays
from allocate.program.learned import Learned
from allocate.program.scaling import Scaling, scaling_of
from allocate.solvers.engine import Engine
from allocate.solvers.learning.restriction import Restriction
from allocate.solvers.outcome import Status, is_feasible
from allocate.solvers.scaled import found_outward
from allocate.solvers.search import Clock, Found, evident, search
from allocate.solvers.watch import Watch

ROUNDS = 12
"""Restrictions that are solved one after the other from one start, at most."""
AVERAGES = 8
"""Programs at average hours that lead to a second start, at most."""
BETTER = 1e-5
"""Part of the objective that a round has to gain for another one."""
COSTLY = 100.0
"""An hour that is short costs so many times what an hour is worth."""
COSTLIER = 4.0
"""It costs so many times as much in each further round."""
PATIENCE, MOMENT = 30.0, 1e-3
"""Seconds that one program may take, and those it gets where there are none left."""
STEPS = 20_000
"""Steps of the simplex method in one program, at most: some lead in circles from where the last one ended."""
CLOSED, WORK = 40, 400_000
"""Pairs whose work is taken from them at most, one after the other; and that many times the columns."""
SHORTAGE = 1e-7
"""Hours that count as none."""


@dataclass(frozen=True, eq=False)
class TruePlan:
    """A plan that keeps its hours by the curves."""

    found: Found
    """In the columns of the restriction."""
    arrays: ProgramArrays
    """The restriction it is the best plan of."""
    values: Floats
    """In the program's own columns."""


def better(arrays: ProgramArrays, found: Sequence[TruePlan | None]) -> TruePlan | None:
    """The best of some plans, the first of those that are as good; None without any."""
    sense = 1.0 if arrays.maximise else -1.0
    known = [one for one in found if one is not None]
    return max(known, key=lambda one: sense * arrays.objective(one.values), default=None)


class Pursuit:
    """Solves restrictions of one program, each from the basis of the last; arrays: with whole numbers fixed, if there are any."""

    def __init__(self, arrays: ProgramArrays, learned: Learned, watch: Watch, clock: Clock, steps: int = STEPS) -> None:
        """steps: of the simplex method in one program, at most."""
        self.arrays, self.clock, self.watch = arrays, clock, watch
        self.restriction = Restriction(arrays, learned)
        self._engine = Engine(watch, {"simplex_iteration_limit": steps})
        self._scaling: Scaling | None = None
        self._basis: Any = None
        self._paid_idle = False
        """Whether the hours of some plan were more than its work takes, and something depended on them."""

    @property
    def sense(self) -> float:
        """1 where more of the objective is better, else -1."""
        return 1.0 if self.arrays.maximise else -1.0

    @property
    def over(self) -> bool:
        """Whether the time is up, or somebody ended the search."""
        return self.watch.stopped or self.clock.left == 0.0

    def best(self, values: Floats, price: float) -> TruePlan | None:
        """The better plan of two starts: the work of a plan of the wide program, and that of programs at average hours."""
        first = self.restriction.work(values)
        found = [self.from_work(first, price)]
        idle = self._paid_idle and self.restriction.learned.is_paid
        for work in self._at_averages(first):
            found.append(self.from_work(work, price))
        if idle and not self.over:
            self._caps(True)
            found += [self._from_work(work, price) for work in self._at_averages(first)]
            self._caps(False)
        return better(self.arrays, found)

    def with_fewer(self, plan: TruePlan, price: float) -> TruePlan:
        """The best plan found by taking all work from one pair after the other, those that do least first.

        A little work of a pair takes hours at the beginning of its curve, which others would work off farther down theirs;
        restrictions alone never leave it, for near none their rates are highest.
        """
        tries = min(CLOSED, WORK // self.arrays.column_count)
        while tries > 0:
            work, before = self.restriction.work(plan.values), plan
            for pair in np.argsort(work[:, -1], kind="stable").tolist():
                if tries <= 0 or self.over:
                    return plan
                if work[pair, -1] <= 0.0:
                    continue
                tries, without = tries - 1, work.copy()
                without[pair] = 0.0
                found = self._from_work(without, price)
                if found is not None and self._gain(found, plan) > BETTER * abs(self.arrays.objective(plan.values)):
                    plan, work = found, self.restriction.work(found.values)
            if plan is before:
                break
        return plan

    def near(self, values: Floats, price: float) -> TruePlan | None:
        """The plan from the work of a plan that kept its hours before something was changed."""
        return self.from_work(self.restriction.work(values), price)

    def first(self, values: Floats, price: float) -> TruePlan | None:
        """The first plan on the way there: those after it take as long each, and are hardly better."""
        return self.from_work(self.restriction.work(values), price, once=True)

    def _at_averages(self, work: Floats) -> Iterator[Floats]:
        """The work of the last of some programs, each at the hours that the work of the one before takes on average."""
        last, reached = None, None
        for _ in range(AVERAGES):
            if self.over:
                return
            found = self._solved(self.restriction.averaged(work))
            if found.values is None or found.objective is None or found.status is not Status.OPTIMAL:
                break
            last = work = self.restriction.work(found.values)
            if reached is not None and abs(found.objective - reached) <= BETTER * abs(reached):
                break
            reached = found.objective
        if last is not None:
            yield last

    def from_work(self, work: Floats, price: float, once: bool = False) -> TruePlan | None:
        """The best plan of restriction after restriction, each at the work of the last; price: of an hour that is short, at first.

        once: whether the first one is enough.

        Where hours are paid and the plans would pay some that nobody works, again with hours held from above.
        """
        self._paid_idle = False
        found = self._from_work(work, price, once)
        if (found is None or self._paid_idle) and self.restriction.learned.is_paid and not self.over:
            self._caps(True)
            found = better(self.arrays, [found, self._from_work(work, price, once)])
            self._caps(False)
        return found

    def _caps(self, caps: bool) -> None:
        """Whether hours are held from above: other rows, and so another scaling."""
        self.restriction.caps_hours, self._scaling = caps, None

    def _from_work(self, work: Floats, price: float, once: bool = False) -> TruePlan | None:
        best: TruePlan | None = None
        short = False
        self._basis = None  # that of a program of another kind leads far astray
        for number in range(ROUNDS):
            if self.over:
                break
            arrays = self.restriction.at(work, price if short else 0.0)
            found = self._solved(arrays)
            if found.values is None or found.status is not Status.OPTIMAL:
                if best is not None or short or number:
                    break
                short = True  # the work leads to no plan by itself: hours may be short for a while
                arrays = self.restriction.at(work, price)
                found = self._solved(arrays)
                if found.values is None or found.status is not Status.OPTIMAL:
                    break
            work = self.restriction.work(found.values)
            if short and found.values[self.restriction.short].sum() > SHORTAGE:
                price *= COSTLIER
                continue
            short = False
            plan = self._true(found, arrays)
            if plan is None:
                break
            gained = np.inf if best is None else self._gain(plan, best)
            best = plan if gained > 0.0 else best
            if once or gained <= BETTER * abs(self.arrays.objective(plan.values)):
                break
        return best

    def _gain(self, one: TruePlan, other: TruePlan) -> float:
        return self.sense * (self.arrays.objective(one.values) - self.arrays.objective(other.values))

    def _true(self, found: Found, arrays: ProgramArrays) -> TruePlan | None:
        """The plan of a restriction; where next to no work of a pair broke its hours, one without such work, or of its work alone."""
        assert found.values is not None
        values = self.restriction.true(found.values)
        if is_feasible(self.arrays, values):
            return TruePlan(found, arrays, values)
        self._paid_idle = True
        for held in (False, True):  # what depends on money for hours follows where work and hours are held
            arrays = self.restriction.at(self.restriction.work(found.values), closed=True, held=held)
            again = self._solved(arrays)
            if again.values is not None and again.status is Status.OPTIMAL:
                values = self.restriction.true(again.values)
                if is_feasible(self.arrays, values):
                    return TruePlan(again, arrays, values)
        return None

    def _patience(self) -> Clock:
        """The time for one program: far more than any takes, so that none that runs in circles keeps the rest waiting."""
        left = self.clock.left
        return Clock(PATIENCE if left is None else max(min(left, PATIENCE), MOMENT))

    def _solved(self, arrays: ProgramArrays) -> Found:
        if self._scaling is None:
            self._scaling = scaling_of(arrays)
        own = self._scaling.scaled(arrays)
        known = evident(own)
        if known is not None:
            return known
        self._engine.load(own)
        if self._basis is not None:
            self._engine.highs.setBasis(self._basis)
        found = search(self._engine, own, self._patience())
        if found.status in (Status.STOPPED, Status.FEASIBLE) and self._basis is not None and not self.over:
            self._engine.forget()
            found = search(self._engine, own, self._patience())
        if found.status is Status.OPTIMAL:
            self._basis = self._engine.highs.getBasis()
        return found_outward(self._scaling, found)
