"""Which pilots pay, how large they should be, and what follows from what they show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from allocate.case.load import Case, CaseLike, as_case
from allocate.case.schema import Pilot
from allocate.case.spreads import Spread
from allocate.costing.limits.budget import hurdle
from allocate.costing.terms.prices import in_case_currency
from allocate.errors import CaseError, Problem
from allocate.numbers import Floats
from allocate.odds.drawing import draw
from allocate.odds.go_or_stop import EarlyLook, early_look
from allocate.odds.learning_from_pilots import Share
from allocate.odds.menu import Menu, menu
from allocate.odds.observed import Shown, shown
from allocate.odds.ordered import Order, Pair, order
from allocate.odds.pilot_designs import MOST_TOGETHER, Design, Measured, designs, many_together, together
from allocate.odds.pilot_rules import Following, Rule, following, rule
from allocate.odds.pilot_values import Choice, PilotValues, Weighing, Worth, with_pilot
from allocate.odds.scenarios import scenario_case

SCENARIOS = 512
"""Scenarios drawn where nobody says how many."""
Told = Callable[[int, int], None]
"""Called with the scenarios done and all of them."""


@dataclass(frozen=True)
class Signing:
    """What signing a contract before its pilot costs, against deciding on it afterwards."""

    vendor: str
    clause: str
    costs: float


@dataclass(frozen=True, eq=False)
class Pilots:
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
        raise CaseError([Problem("the case has no pilots", case.place(), fix)])
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
    names, some = tuple(case.file.pilots), tuple(case.file.pilots.values())
    pairs = [_pair(case, pilot) for pilot in some]
    seen = [shown(cases, pilot) for pilot in some] if cases else []
    _learn_something(case, seen)
    orders = [order(one, pairs) for one in cases]
    count, done = len(orders), iter(range(1, len(orders) + 1))
    found = menu(orders, probabilities, None if told is None else lambda: told(next(done), count))
    if not len(found.kept):
        raise CaseError([Problem("no plan keeps all limits in any scenario", case.place(), "see `allocate solve`")])
    kept = [orders[at] for at in found.kept.tolist()]
    weight = hurdle(case) if case.file.objective[0] == "net-value" else 1.0
    cash = tuple(weight * _money(case, pilot) for pilot in some)
    checks = tuple(weight * _check(case, pilot) for pilot in some)
    every = [designs(pilot, name in (beliefs or {})) for name, pilot in case.file.pilots.items()]
    least = min(
        once + each * min(design.checked for design in own) for once, each, own in zip(cash, checks, every, strict=True)
    )
    measured = [
        _measured(pilot, _kept(one, found), seed, own) for pilot, one, own in zip(some, seen, every, strict=True)
    ]
    there = [cases[at] for at in found.kept.tolist()]
    plain = tuple(
        PilotValues(one, 0, 0, found.values, found.values, None, (beliefs or {}).get(name))
        for one, name in zip(measured, names, strict=True)
    )
    weighing = Weighing(found, plain, cash, checks, np.asarray(blocks)[found.kept])
    everything, exact = weighing.everything, weighing.lines is not None
    answer = Pilots(case, names, len(cases), seed, everything, exact, least, found.without_plan, ())
    if everything <= least:
        return answer
    values = tuple(
        with_pilot(kept, there, pairs, number, found, one, (own[0].items, max(d.items for d in own)), belief.belief)
        for number, (one, own, belief) in enumerate(zip(measured, every, plain, strict=True))
    )
    weighing = Weighing(found, values, cash, checks, weighing.blocks)
    worths = tuple(sorted(_choices(weighing, every), key=lambda one: -one.net))
    return _with_rules(replace(answer, worths=worths), weighing, kept, found)


def _pair(case: Case, pilot: Pilot) -> Pair:
    last, decided = case.periods.last_before(pilot.by), case.periods.first_from(pilot.decide)
    return Pair(pilot.product, pilot.vendor, last, max(decided, last))


def _learn_something(case: Case, seen: Sequence[Shown]) -> None:
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
        total += check.time.each / 3600.0 * float(in_case_currency(case, wage)[0])
    return total


def _kept(one: Shown, found: Menu) -> Shown:
    return Shown(one.accuracy[found.kept], one.log_hours[found.kept], one.rework[found.kept])


def _measured(pilot: Pilot, one: Shown, seed: int, own: Sequence[Design]) -> Measured:
    return Measured(pilot, one, seed, max(design.items for design in own))


def _choices(weighing: Weighing, every: Sequence[Sequence[Design]]) -> list[Worth]:
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


def _with_rules(answer: Pilots, weighing: Weighing, kept: Sequence[Order], found: Menu) -> Pilots:
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
            made = rules[name] = rule(weighing, number, best.choice)
            after[name] = tuple(
                following(kept, outcome.weights, found.ordered[outcome.order], pilot) for outcome in made.outcomes
            )
    return replace(answer, rules=rules, after=after, looks=looks, signings=tuple(_signings(answer, weighing, best)))


def _signings(answer: Pilots, weighing: Weighing, best: Worth) -> list[Signing]:
    """What signing each contract that asks for something costs, if it is signed before the best pilots."""
    found = []
    for name, design, one in zip(answer.names, best.choice, weighing.pilots, strict=True):
        if design is None or one.signed is None:
            continue
        vendor = answer.case.file.pilots[name].vendor
        contract = answer.case.vendors[vendor].contract
        asked = [
            word
            for word, there in (("commitment", contract.commitment), ("minimum order", contract.minimum_order))
            if there
        ]
        now = weighing.weigh(best.choice, signed=True)
        found.append(Signing(vendor, " and ".join(asked), best.net - now.net))
    return found
