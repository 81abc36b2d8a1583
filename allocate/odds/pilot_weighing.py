"""Pilots of a case made ready to be weighed: scenarios solved, orders on a menu, designs, and what each costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from allocate.case.load import Case
from allocate.case.schema import Pilot
from allocate.costing.limits.budget import hurdle
from allocate.costing.terms.prices import in_case_currency
from allocate.errors import CaseError, Problem
from allocate.numbers import Floats
from allocate.odds.learning_from_pilots import Share
from allocate.odds.menu import Menu, menu
from allocate.odds.observed import Shown, shown
from allocate.odds.ordered import Order, Pair, order
from allocate.odds.pilot_designs import MOST_TOGETHER, Design, Measured, designs, many_together, together
from allocate.odds.pilot_values import Choice, PilotValues, Weighing, Worth, with_pilot

Told = Callable[[int, int], None]
"""Called with the scenarios done and all of them."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """The pilots of a case over some scenarios."""

    weighing: Weighing
    """Without what pilots change, until `with_pilots`."""
    every: tuple[Sequence[Design], ...]
    """The designs of each pilot."""
    orders: tuple[Order, ...]
    """The programs of the scenarios that have a plan."""

    @property
    def least_cost(self) -> float:
        """Least that any pilot costs beside its items."""
        w = self.weighing
        return min(
            once + each * min(design.checked for design in own)
            for once, each, own in zip(w.cash, w.per_check, self.every, strict=True)
        )

    def with_pilots(self) -> Prepared:
        """The same with what orders are worth once each pilot is run."""
        found = self.weighing.found
        values = tuple(
            with_pilot(self.orders, number, found, one, (own[0].items, max(design.items for design in own)))
            for number, (one, own) in enumerate(zip(self.weighing.pilots, self.every, strict=True))
        )
        return replace(self, weighing=replace(self.weighing, pilots=values))


def orders_of(case: Case, cases: Sequence[Case]) -> tuple[Order, ...]:
    """The programs of scenarios, with rows for what is ordered of the pairs that have a pilot."""
    pairs = [_pair(case, pilot) for pilot in case.file.pilots.values()]
    return tuple(order(one, pairs) for one in cases)


def prepare(
    case: Case,
    orders: Sequence[Order],
    probabilities: Floats,
    blocks: ArrayLike,
    seed: int,
    beliefs: Mapping[str, Share],
    told: Told | None = None,
) -> Prepared:
    """Solve the scenarios of a case and put orders on the menu.

    Raises CaseError where no scenario has a plan.
    """
    some = tuple(case.file.pilots.values())
    seen = [shown([one.built.layout.case for one in orders], pilot) for pilot in some]
    count, done = len(orders), iter(range(1, len(orders) + 1))
    found = menu(orders, probabilities, None if told is None else lambda: told(next(done), count))
    if not len(found.kept):
        raise CaseError.of("no plan keeps all limits in any scenario", case.place(), "see `allocate solve`")
    weight = hurdle(case) if case.file.objective[0] == "net-value" else 1.0
    every = tuple(designs(pilot, name in beliefs) for name, pilot in case.file.pilots.items())
    plain = tuple(
        PilotValues(
            _measured(pilot, _kept(one, found), seed, own), 0, 0, found.values, found.values, None, beliefs.get(name)
        )
        for (name, pilot), one, own in zip(case.file.pilots.items(), seen, every, strict=True)
    )
    cash = tuple(weight * _money(case, pilot) for pilot in some)
    checks = tuple(weight * _check(case, pilot) for pilot in some)
    weighing = Weighing(found, plain, cash, checks, np.asarray(blocks)[found.kept])
    return Prepared(weighing, every, tuple(orders[at] for at in found.kept.tolist()))


def _pair(case: Case, pilot: Pilot) -> Pair:
    last, decided = case.periods.last_before(pilot.by), case.periods.first_from(pilot.decide)
    return Pair(pilot.product, pilot.vendor, last, max(decided, last))


def learn_something(case: Case, seen: Sequence[Shown]) -> None:
    """Raise CaseError where a pilot measures what no scenario differs in."""
    problems = []
    for number, (name, pilot) in enumerate(case.file.pilots.items()):
        for what in pilot.learns:
            if not seen or np.ptp(seen[number].of(what)) <= 0.0:
                message = f"the pilot {name} measures the {what} of {pilot.vendor}, and all scenarios have the same"
                fix = {
                    "accuracy": "write what is not known of it, as in `accuracy: 18 of 20` or `accuracy: 90% ±5%`",
                    "pace": "give the pace, productivity or effort a spread, as in `productivity: 100% ±20%`",
                    "rework": "give the accuracy a spread, and a review that sends work back to the vendor",
                }[what]
                problems.append(Problem(message, case.place("pilots", name), fix))
    if problems:
        raise CaseError(problems)


def _money(case: Case, pilot: Pilot) -> float:
    return 0.0 if pilot.cost is None else float(in_case_currency(case, pilot.cost)[0])


def _check(case: Case, pilot: Pilot) -> float:
    """What checking an item of a pilot costs."""
    check, total = pilot.check, 0.0
    if check is None:
        return 0.0
    if check.cost is not None:
        total += float(in_case_currency(case, check.cost)[0])
    wage = check.wage or (case.file.review_team.wage if case.file.review_team is not None else None)
    if check.time is not None and wage is not None:
        total += check.time.each * float(in_case_currency(case, wage)[0])
    return total


def _kept(one: Shown, found: Menu) -> Shown:
    return Shown(one.accuracy[found.kept], one.log_hours[found.kept], one.rework[found.kept])


def _measured(pilot: Pilot, one: Shown, seed: int, own: Sequence[Design]) -> Measured:
    return Measured(pilot, one, seed, max(design.items for design in own))


def choices(weighing: Weighing, every: Sequence[Sequence[Design]]) -> list[Worth]:
    """Choices weighed: all where they are few, else those that differ from the best so far in one pilot, while that grows."""
    none: Choice = (None,) * len(every)
    single = len(every) == 1
    if single or many_together(every) <= MOST_TOGETHER:
        return [weighing.weigh(choice) for choice in together(every) if choice != none]
    found: dict[Choice, Worth] = {}
    best, reached = none, 0.0
    while True:
        around = [(*best[:at], other, *best[at + 1 :]) for at, own in enumerate(every) for other in (None, *own)]
        found |= {choice: weighing.weigh(choice) for choice in around if choice != none and choice not in found}
        top = max(found.values(), key=lambda one: one.net)
        # Nothing can be worth more than everything.
        if top.net <= reached or weighing.everything <= top.worth:
            return list(found.values())
        best, reached = top.choice, top.net
