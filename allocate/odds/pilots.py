"""Which pilots pay, how large they should be, and what follows from what they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from allocate.case.clauses.price_lock import NAMED
from allocate.case.load import Case, CaseLike, as_case
from allocate.case.schema import Pilot
from allocate.case.spreads import Spread
from allocate.errors import CaseError
from allocate.numbers import Floats
from allocate.odds.drawing import draw
from allocate.odds.go_or_stop import EarlyLook, early_look
from allocate.odds.learning_from_pilots import Share
from allocate.odds.observed import shown
from allocate.odds.pilot_designs import Design
from allocate.odds.pilot_rules import Following, Rule, following, rule
from allocate.odds.pilot_values import Choice, Worth
from allocate.odds.pilot_weighing import Prepared, Told, choices, learn_something, orders_of, prepare
from allocate.odds.scenarios import scenario_case
from allocate.odds.signing import Signing, World, commitments, locks, to_be_signed
from allocate.tables.column import Grid
from allocate.tables.formats import money
from allocate.tables.shown import Shown

SCENARIOS = 512
"""Scenarios drawn where nobody says how many."""


@dataclass(frozen=True, repr=False, eq=False)
class Pilots(Shown):
    """What `allocate pilot` finds; money in the case's currency, as its first objective counts it."""

    case: Case
    names: tuple[str, ...]
    """Of the pilots, as the case calls them."""
    scenarios: int
    seed: int
    everything: float
    """What knowing everything before ordering would be worth at most."""
    exact: bool
    """Whether that, and the worth of pilots, is exact."""
    least_cost: float
    """Least that any pilot costs beside its items."""
    without_plan: float
    """Chance that no plan keeps all limits, whatever is ordered."""
    worths: tuple[Worth, ...]
    """Of the choices compared; best net first. Empty where knowing everything is worth no more than the cheapest pilot costs."""
    rules: dict[str, Rule] = field(default_factory=dict)
    """By pilot of the best choice, of those that count right items."""
    after: dict[str, tuple[Following, ...]] = field(default_factory=dict)
    """The mean plan after each outcome of these."""
    looks: dict[str, EarlyLook | None] = field(default_factory=dict)
    """By pilot that asks for an early look: the design; None where none was found."""
    signings: tuple[Signing, ...] = ()

    @property
    def best(self) -> Worth | None:
        """The choice to take; None where no pilot pays."""
        return self.worths[0] if self.worths and self.worths[0].net > 0 else None

    def facts(self) -> dict[str, str]:
        """What to run, and what it is worth."""
        best, currency = self.best, self.case.currency
        told = (
            "no pilot pays"
            if best is None
            else " + ".join(f"{name}: {one.items:,} items" for name, one in self.run(best))
        )
        net = {} if best is None else {"net": f"{money(best.net)} {currency}"}
        return {
            "": f"pilots of {self.case.name}",
            "run": told,
            **net,
            "everything": f"{money(self.everything)} {currency}",
        }

    def grids(self) -> tuple[Grid, ...]:
        """The choices compared, and what follows from the best."""
        from allocate.odds.pilot_words import grids

        return tuple(grids(self))

    def run(self, worth: Worth) -> list[tuple[str, Design]]:
        """Pilots of a choice that are run, with their designs."""
        pairs = zip(self.names, worth.choice, strict=True)
        return [(name, design) for name, design in pairs if design is not None]


def pilots(case: CaseLike, scenarios: int | None = None, seed: int | None = None, told: Told | None = None) -> Pilots:
    """Weigh the pilots of a case: which to run, how large, or none.

    scenarios: how many are drawn, a multiple of 8; seed: absent, the case's. Raises CaseError where the case has no pilots, has
    no spread that they could lessen, or has no plan in any scenario.
    """
    case = as_case(case)
    if not case.file.pilots:
        fix = "add one, as in `pilots: {first: {vendor: acme, product: scans, items: [50, 100], by: week 2, decide: week 3}}`"
        raise CaseError.of("the case has no pilots", case.place(), fix)
    draws = draw(case, scenarios or SCENARIOS, seed)
    cases = [scenario_case(case, draws, number) for number in range(draws.count)] if draws.amounts else []
    beliefs = _beliefs(case)
    even = np.full(draws.count, 1.0 / draws.count)
    return weighed(case, cases, even, draws.blocks, draws.seed, beliefs, told)


def _beliefs(case: Case) -> dict[str, Share]:
    """By pilot: what is believed of its vendor's accuracy, where that is all nobody knows and it was counted."""
    amounts = list(case.spreads.moved.values())
    if len(amounts) != 1 or case.spreads.factors or case.spreads.events or not amounts[0].of:
        return {}
    if case.spreads.settings.stretch != 1.0:
        return {}
    one = amounts[0]
    return {name: _counted(one) for name, pilot in case.file.pilots.items() if _is_accuracy_of(case, one, pilot)}


def _counted(spread: Spread) -> Share:
    return Share(spread.right + 0.5, spread.of - spread.right + 0.5)


def _is_accuracy_of(case: Case, spread: Spread, pilot: Pilot) -> bool:
    if spread.path == ("vendors", pilot.vendor, "accuracy"):
        return True
    if spread.path[0] != "rates" or spread.path[-1] != "accuracy":
        return False
    rate = case.file.rates[int(spread.path[1])]
    return (rate.product, rate.vendor) == (pilot.product, pilot.vendor)


def weighed(
    case: Case,
    cases: Sequence[Case],
    probabilities: Floats,
    blocks: ArrayLike,
    seed: int,
    beliefs: dict[str, Share] | None = None,
    told: Told | None = None,
) -> Pilots:
    """The same for scenarios that are there: the case with every amount as it may be, with their probabilities.

    beliefs: by pilot, what is believed of its vendor's accuracy where nothing else differs between the scenarios.
    """
    names = tuple(case.file.pilots)
    believed = beliefs or {}
    waiting = to_be_signed(case)
    learn_something(case, [shown(cases, pilot) for pilot in case.file.pilots.values()] if cases else [])
    not_locked = {NAMED + vendor: False for vendor in waiting}
    open_ = tuple(one.with_levers(not_locked) for one in orders_of(case, cases))
    found = prepare(case, open_, probabilities, blocks, seed, believed, told)
    everything, least = found.weighing.everything, found.least_cost
    answer = Pilots(
        case,
        names,
        len(cases),
        seed,
        everything,
        found.weighing.lines is not None,
        least,
        found.weighing.found.without_plan,
        (),
    )
    if everything > least:
        found = found.with_pilots()
        worths = tuple(sorted(choices(found.weighing, found.every), key=lambda one: -one.net))
        answer = _with_rules(replace(answer, worths=worths), found)
    if waiting:
        choice: Choice = (None,) * len(names) if answer.best is None else answer.best.choice
        world = World(case, open_, probabilities, np.asarray(blocks), seed, believed, choice)
        answer = replace(answer, signings=(*answer.signings, *locks(world)))
    return answer


def _with_rules(answer: Pilots, found: Prepared) -> Pilots:
    """The answer with what follows from the best choice."""
    best = answer.best
    if best is None:
        return answer
    pilot = np.array([np.nan if design is None else design.items for design in best.choice])
    rules: dict[str, Rule] = {}
    after: dict[str, tuple[Following, ...]] = {}
    looks: dict[str, EarlyLook | None] = {}
    for number, name in enumerate(answer.names):
        one = answer.case.file.pilots[name]
        if best.choice[number] is None:
            continue
        if one.early_look is not None:
            look = one.early_look
            looks[name] = early_look(look.poor, look.good, look.wrongly_go, look.wrongly_stop)
        if "accuracy" in one.learns:
            made = rules[name] = rule(found.weighing, number, best.choice)
            after[name] = tuple(
                following(found.orders, outcome.weights, found.weighing.found.ordered[outcome.order], pilot)
                for outcome in made.outcomes
            )
    return replace(
        answer,
        rules=rules,
        after=after,
        looks=looks,
        signings=tuple(commitments(answer.case, found.weighing, best.choice)),
    )
