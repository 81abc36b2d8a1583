"""Minimal sets: limits that contradict one another (an IIS, in the case's words), and sets that have to give way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from allocate.explaining.conflicts.trial import Trial
from allocate.explaining.conflicts.written import Written

MOST_TOGETHER = 3
"""Sets of so many limits that give way together are looked for one by one; a larger one only where there is none."""
ENOUGH = (1, 4, 1)
"""So many smaller sets are enough not to look for sets of one, two, three members."""
MOST_BRANCHES = 12
"""Conflicts followed further at each size."""

Limits = tuple[Written, ...]
Holds = Callable[[Sequence[Written]], bool]


def conflict(trial: Trial, limits: Sequence[Written], gone: Sequence[Written] = ()) -> Limits | None:
    """Limits that no plan keeps together, though a plan keeps them without any one of them.

    limits: all of the case, in order of preference; gone: those (and facts) taken away beforehand. None where the case
    has no plan even without all of the limits. Found by halving (U. Junker, QuickXplain, AAAI 2004).

    Raises OutOfTimeError.
    """
    rest = [one for one in limits if one not in gone]

    def holds(kept: Sequence[Written]) -> bool:
        return not trial.fails_without([*gone, *(one for one in rest if one not in kept)])

    return tuple(_least([], False, rest, holds)) if holds([]) else None


def _least(base: list[Written], grown: bool, rest: list[Written], holds: Holds) -> list[Written]:
    """The least part of the rest that contradicts itself and the base."""
    if grown and not holds(base):
        return []
    if len(rest) <= 1:
        return rest
    first, second = rest[: len(rest) // 2], rest[len(rest) // 2 :]
    later = _least([*base, *first], True, second, holds)
    return [*_least([*base, *later], bool(later), first, holds), *later]


class Corrections:
    """Sets of limits and facts that must give way together for a plan, found one after another, smallest first.

    Found by branching on one conflict after another (R. Reiter, A theory of diagnosis from first principles, 1987):
    every set has a member of every conflict.
    """

    def __init__(
        self, trial: Trial, limits: Sequence[Written], facts: Sequence[Written], pinned: Sequence[Written] = ()
    ) -> None:
        self.found: list[Limits] = []
        """Sets that suffice, none a part of another."""
        self.complete = False
        """Whether every set looked for was seen."""
        self._trial, self._limits, self._facts, self._pinned = trial, limits, facts, pinned
        self._order = {one: number for number, one in enumerate((*limits, *facts))}
        self._conflicts: list[Limits] = []

    def search(self, first: Limits) -> None:
        """Look for sets from a conflict of all limits on.

        Raises OutOfTimeError; what was found until then stays.
        """
        self._conflicts.append(first)
        level: list[tuple[Limits, Limits]] = [((), first)]
        seen: set[Limits] = set()
        self.complete = True
        for size in range(1, MOST_TOGETHER + 1):
            failing: list[Limits] = []
            for gone, clash in level:
                for one in self._candidates(gone, clash):
                    some = tuple(sorted((*gone, one), key=self._order.__getitem__))
                    if some in seen or any(set(less) <= set(some) for less in self.found):
                        continue
                    seen.add(some)
                    if self._trial.works_without(some):
                        self.found.append(some)
                    else:
                        failing.append(some)
            if size == MOST_TOGETHER or len(self.found) >= ENOUGH[size]:
                break
            level = self._followed(failing)
        if not self.found:
            self._by_taking_all(first)

    def _followed(self, failing: Sequence[Limits]) -> list[tuple[Limits, Limits]]:
        """Sets that are too small, each with a conflict that is left without it; so many as are followed further."""
        found: list[tuple[Limits, Limits]] = []
        for some in failing:
            if len(found) == MOST_BRANCHES:
                self.complete = False
                break
            if left := self._conflict(some):
                found.append((some, left))
        return found

    def _candidates(self, gone: Limits, clash: Limits) -> list[Written]:
        """What could give way in a conflict: its own limits, and facts it rests on."""
        rests = [fact for fact in self._facts if fact not in gone and concerns(fact, clash)]
        return [one for one in (*clash, *rests) if one not in self._pinned]

    def _conflict(self, gone: Limits) -> Limits | None:
        """A conflict that is left without some limits: one known, or a new one."""
        for known in self._conflicts:
            if not set(known) & set(gone) and not any(one.is_fact and concerns(one, known) for one in gone):
                return known
        found = conflict(self._trial, self._limits, gone)
        if found:
            self._conflicts.append(found)
        return found

    def _by_taking_all(self, first: Limits) -> None:
        """One set, where many must give way at once: a limit of each conflict, then none that is not needed."""
        gone: list[Written] = []
        clash: Limits | None = first
        while clash:
            free = self._candidates(tuple(gone), clash)
            if not free:
                return
            gone.append(free[0])
            clash = None if self._trial.works_without(gone) else self._conflict(tuple(gone))
        if not self._trial.works_without(gone):
            return
        for one in list(gone):
            less = [other for other in gone if other is not one]
            if less and self._trial.works_without(less):
                gone = less
        self.found.append(tuple(sorted(gone, key=self._order.__getitem__)))


def concerns(fact: Written, clash: Sequence[Written]) -> bool:
    """Whether a conflict rests on a fact: time where something is limited by time, work (and what a gate pays) where the product, or value, is in it,
    a price where money is."""
    if fact.product is not None:
        return any(one.product == fact.product or one.path[0] == "targets" for one in clash)
    if fact.is_money:
        return any(one.is_money for one in clash)
    return any(one.by_time for one in clash)
