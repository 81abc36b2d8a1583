"""What orders are worth in every scenario once pilots are run, and what each design of pilots is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import Pilot
from allocate.numbers import Floats
from allocate.odds.estimates import T_95
from allocate.odds.learning_from_pilots import Share, chances_of_counts, of_linear_values
from allocate.odds.menu import Menu, worth_of
from allocate.odds.ordered import Order
from allocate.odds.pilot_designs import Design, Measured
from allocate.odds.worth_of_knowing import Learnt, best_blind, of_counts_beside, of_drawn_data, of_regression
from allocate.quantiles import beta_below

STRAIGHT = 1e-7
"""How far values may be off a line in the share, relative to the largest change along it, to be taken for linear."""


@dataclass(frozen=True, eq=False)
class Lines:
    """Values of actions as lines in a share."""

    belief: Share
    at_nought: Floats
    """Value at a share of 0, shape (A,)."""
    slopes: Floats

    @property
    def expected(self) -> float:
        """The best expected value without knowing more."""
        return float((self.at_nought + self.slopes * self.belief.mean).max())

    def of_everything(self) -> float:
        r"""What knowing the share itself is worth.

        .. math:: \int \max_a (u_a + w_a q) \, f(q) \, dq - \max_a (u_a + w_a E[q])

        piece by piece between the shares at which lines cross, with :math:`E[q; q \le x] = E[q] \, I_x(\alpha + 1, \beta)`.
        """
        cuts = self._crossings()
        right, wrong = self.belief.right, self.belief.wrong
        mass = np.diff(beta_below(cuts, right, wrong))
        first = np.diff(beta_below(cuts, right + 1.0, wrong)) * self.belief.mean
        middle = (cuts[1:] + cuts[:-1]) / 2.0
        best = (self.at_nought + self.slopes * middle[:, None]).argmax(axis=1)
        return max(0.0, float(self.at_nought[best] @ mass + self.slopes[best] @ first) - self.expected)

    def of_sample(self, n: int) -> float:
        """What counting the right ones among n is worth."""
        return of_linear_values(self.belief, n, self.at_nought, self.slopes)

    def _crossings(self) -> Floats:
        """0, 1 and every share between at which two lines cross, in order."""
        u, w = self.at_nought, self.slopes
        steep = w[:, None] - w[None, :]
        with np.errstate(divide="ignore", invalid="ignore"):
            at = (u[None, :] - u[:, None]) / steep
        inside = at[(steep > 0) & (at > 0.0) & (at < 1.0)]
        found: Floats = np.unique(np.concatenate([[0.0, 1.0], inside]))
        return found


def lines(belief: Share, shares: Floats, values: Floats) -> Lines | None:
    """Values in scenarios, shape (S, A), as lines in the share drawn there, shape (S,); None where they are none."""
    low, high = int(shares.argmin()), int(shares.argmax())
    if shares[low] == shares[high]:
        return None
    slopes = (values[high] - values[low]) / (shares[high] - shares[low])
    at_nought = values[low] - slopes * shares[low]
    off = np.abs(values - (at_nought + slopes * shares[:, None])).max()
    size = float(np.abs(values).max(initial=0.0)) or 1.0
    return Lines(belief, at_nought, slopes) if off <= STRAIGHT * size else None


FEW = 50
"""Effective scenarios below which a regression takes the place of weights."""
Choice = tuple[Design | None, ...]
"""A design of each pilot; None: it is not run."""


@dataclass(frozen=True, eq=False)
class PilotValues:
    """Values of the menu with each pilot run at its smallest and its largest size, shape (S, A) each, and what it measures."""

    measured: Measured
    smallest: int
    largest: int
    at_smallest: Floats
    at_largest: Floats
    signed: tuple[Floats, Floats] | None
    """The same where the contract is signed before the pilot; None where it asks for nothing."""
    belief: Share | None
    """What is believed of the accuracy, where that is all nobody knows."""

    def at(self, items: int, signed: bool = False) -> Floats:
        """Values with a pilot of some items: a straight line between two sizes, which lies below the values themselves."""
        first, last = self.signed if signed and self.signed is not None else (self.at_smallest, self.at_largest)
        if self.largest == self.smallest:
            return first
        part = (items - self.smallest) / (self.largest - self.smallest)
        return first + part * (last - first)


def asks(case: Case, pilot: Pilot) -> list[str]:
    """What the contract of a pilot's vendor asks of whoever signs it, in words."""
    contract = case.vendors[pilot.vendor].contract
    asked = (
        ("commitment", contract.commitment),
        ("minimum invoice", contract.minimum_invoice),
        ("minimum platform fee", case.vendors[pilot.vendor].minimum_platform_fee),
        ("minimum order", contract.minimum_order),
        ("order multiple", contract.order_multiple),
    )
    return [word for word, there in asked if there is not None]


def with_pilot(
    orders: Sequence[Order], number: int, found: Menu, one: PilotValues, sizes: tuple[int, int]
) -> PilotValues:
    """Values of the menu with one pilot run at its smallest and largest size; orders: of the scenarios the menu has kept."""
    sign = 1.0 if orders[0].built.aims[0].maximise else -1.0
    pilots = []
    for items in sizes:
        pilot = np.full(found.ordered.shape[1], np.nan)
        pilot[number] = items
        pilots.append(pilot)
    signed = [worth_of(orders, found.ordered, sign, pilot) for pilot in pilots]
    stops, about = found.ordered[:, number] <= 0.0, one.measured.pilot
    one = replace(one, smallest=sizes[0], largest=sizes[1])
    if not asks(orders[0].built.layout.case, about) or not stops.any():
        return replace(one, at_smallest=signed[0], at_largest=signed[1])
    free = [order.without_contract(about.vendor) for order in orders]
    values = [each.copy() for each in signed]
    for each, some in zip(values, pilots, strict=True):
        each[:, stops] = worth_of(free, found.ordered[stops], sign, some)
    return replace(one, at_smallest=values[0], at_largest=values[1], signed=(signed[0], signed[1]))


@dataclass(frozen=True)
class Worth:
    """What a choice of pilots is worth, in the currency of the case."""

    choice: Choice
    costs: float
    """Setting up and checks, and what the pilots' items and the wait take from the plan."""
    worth: float
    """Of what they show, a lower bound on what the best plan could make of it."""
    error: float
    """Half of its 95 % interval, from the differences between blocks of scenarios; 0 where it is exact."""
    how: str
    """exact, every outcome, weights or regression."""

    @property
    def net(self) -> float:
        """What is left after costs."""
        return self.worth - self.costs


@dataclass(frozen=True, eq=False)
class Weighing:
    """A menu, its pilots, and how sums over scenarios are made."""

    found: Menu
    pilots: tuple[PilotValues, ...]
    cash: tuple[float, ...]
    """Money a pilot costs once, as the objective counts it."""
    per_check: tuple[float, ...]
    blocks: Floats
    """Block of each scenario kept."""

    def values(self, choice: Choice, signed: bool = False) -> Floats:
        """What orders are worth with some pilots run, shape (S, A): what each changes by itself, added up."""
        total = self.found.values
        for one, design in zip(self.pilots, choice, strict=True):
            if design is not None:
                total = total + (one.at(design.items, signed) - self.found.values)
        return total

    def weigh(self, choice: Choice, signed: bool = False) -> Worth:
        """What a choice of designs costs and is worth."""
        values, weights = self.values(choice, signed), self.found.probabilities
        paid = sum(
            once + each * design.checked
            for once, each, design in zip(self.cash, self.per_check, choice, strict=True)
            if design is not None
        )
        exact = self.exact(choice, values)
        if exact is not None:
            lost = self.exact_blind - exact.expected
            (design,) = [one for one in choice if one is not None]
            return Worth(choice, paid + lost, exact.of_sample(design.checked), 0.0, "exact")
        learnt, how = self._learnt(choice, values)
        lost = self.found.reached - best_blind(values, weights)
        return Worth(choice, paid + lost, float(weights @ learnt.gains), self._error(learnt.own), how)

    def exact(self, choice: Choice, values: Floats) -> Lines | None:
        """Values as lines in the one share that is uncertain; None where they are none, or several pilots are run."""
        run = [at for at, design in enumerate(choice) if design is not None]
        if len(run) != 1 or not self.pilots[run[0]].measured.counted_only():
            return None
        one = self.pilots[run[0]]
        return None if one.belief is None else lines(one.belief, one.measured.shown.accuracy, values)

    @property
    def lines(self) -> Lines | None:
        """Values without a pilot as lines in the one share that is uncertain; None where they are none."""
        beliefs = [one for one in self.pilots if one.belief is not None]
        if len(beliefs) != 1 or beliefs[0].belief is None:
            return None
        return lines(beliefs[0].belief, beliefs[0].measured.shown.accuracy, self.found.values)

    @property
    def exact_blind(self) -> float:
        """The best expected value without a pilot, exact where values are lines."""
        straight = self.lines
        return self.found.reached if straight is None else straight.expected

    @property
    def everything(self) -> float:
        """What knowing everything is worth."""
        straight = self.lines
        return self.found.everything if straight is None else straight.of_everything()

    def _learnt(self, choice: Choice, values: Floats) -> tuple[Learnt, str]:
        """What the pilots that are run make of the choice of orders, and how it was found."""
        run = [(one.measured, design) for one, design in zip(self.pilots, choice, strict=True) if design is not None]
        weights, size = self.found.probabilities, len(values)
        if len(run) == 1 and "accuracy" in run[0][0].pilot.learns:
            (one, design), rest = run[0], tuple(what for what in run[0][0].pilot.learns if what != "accuracy")
            chances = chances_of_counts(design.checked, one.shown.accuracy)
            if not rest:
                return of_counts_beside(values, weights, np.zeros((size, size)), chances), "every outcome"
            found = of_counts_beside(values, weights, one.log_likelihood(design, rest), chances)
        else:
            logs = np.sum([one.log_likelihood(design) for one, design in run], axis=0)
            found = of_drawn_data(values, weights, logs)
        if found.effective >= FEW:
            return found, "weights"
        summaries = np.hstack([one.summaries(design) for one, design in run])
        return of_regression(values, weights, summaries), "regression"

    def _error(self, gains: Floats) -> float:
        """Half of the 95 % interval of a mean over scenarios, from the means of its blocks."""
        weights = self.found.probabilities
        names = np.unique(self.blocks)
        if len(names) < 2:
            return 0.0
        means = [float(np.average(gains[self.blocks == one], weights=weights[self.blocks == one])) for one in names]
        return T_95 * float(np.std(means, ddof=1) / np.sqrt(len(means)))
