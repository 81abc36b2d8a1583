"""What a case says, read once for any number of plans of it: items of routes, prices, capacities, value curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Rate
from allocate.exact import Floats
from allocate.verification.capacity import Capacity, capacities, checking_hours
from allocate.verification.curves import ValueOf, value_of
from allocate.verification.exchange import price_factor, rate
from allocate.verification.teams import Team, own_teams
from allocate.verification.volume import Schedule, schedules
from allocate.verification.volume_owed import reaches
from allocate.verification.work_content.card import Levers, Pair, card, lever_sets, line_for, menu
from allocate.verification.work_content.effort import count_of, item_of
from allocate.verification.work_content.item import Item, read_item
from allocate.verification.work_content.learning import Curve

Key = tuple[str, str, str, Levers]
"""Product, vendor, workflow, and positions of the levers it is worked with."""


@dataclass(frozen=True, eq=False)
class Stated:
    """A case as the verifier reads it."""

    case: Case
    _items: dict[Key, Item | None] = field(default_factory=dict, repr=False)
    _rates: dict[tuple[str, int], float] = field(default_factory=dict, repr=False)
    _factors: dict[tuple[str, int, bool], float] = field(default_factory=dict, repr=False)

    @cached_property
    def products(self) -> tuple[str, ...]:
        """Names of products."""
        return tuple(self.case.products)

    @cached_property
    def vendors(self) -> tuple[str, ...]:
        """Names of vendors."""
        return tuple(self.case.vendors)

    @cached_property
    def nouns(self) -> tuple[str, ...]:
        """What each product is ordered in."""
        return tuple(item_of(self.case, product) for product in self.case.products.values())

    @cached_property
    def card(self) -> Mapping[Pair, list[tuple[int, Rate]]]:
        """Lines of the rate card by pair."""
        return card(self.case)

    def item(self, key: Key) -> Item | None:
        """One delivered item of a route; None where the case has no such route."""
        if key not in self._items:
            product, vendor, workflow, levers = key
            known = product in self.case.products and workflow in menu(self.case, product)
            line = line_for(self.card.get((product, vendor), []), workflow) if known else None
            fits = line is not None and levers in lever_sets(self.case, product, vendor, workflow)
            self._items[key] = read_item(self.case, key[:3], levers, line) if fits and line is not None else None
        return self._items[key]

    @cached_property
    def past(self) -> Stated | None:
        """The case with the figures of what is done; None where nothing is."""
        past = self.case.past
        return None if past is None else Stated(past.case)

    def made_in(self, key: Key, period: int) -> Item | None:
        """One delivered item of a route worked in a period (its position): in periods that are past with the figures of that time."""
        of = self.past if self.past is not None and period < self.case.planned_from else self
        return of.item(key)

    def keys(self, pair: Pair) -> Iterator[Key]:
        """Every route of a pair."""
        for workflow in menu(self.case, pair[0]):
            if line_for(self.card.get(pair, []), workflow) is not None:
                for levers in lever_sets(self.case, *pair, workflow):
                    yield (*pair, workflow, levers)

    def items(self, product: int, vendor: int) -> Iterator[Item]:
        """One delivered item of every route of a product with a vendor."""
        for key in self.keys((self.products[product], self.vendors[vendor])):
            item = self.item(key)
            assert item is not None
            yield item

    def every_item(self) -> Iterator[Item]:
        """One delivered item of every route of the case."""
        for pair in self.card:
            yield from self.items(self.products.index(pair[0]), self.vendors.index(pair[1]))

    @cached_property
    def served(self) -> NDArray[np.bool_]:
        """Which vendor can make which product, shape (P, V)."""
        able = np.zeros((len(self.products), len(self.vendors)), dtype=bool)
        for pair in self.card:
            able[self.products.index(pair[0]), self.vendors.index(pair[1])] = next(self.keys(pair), None) is not None
        return able

    def rate(self, currency: str, period: int) -> float:
        """What one unit of a currency is worth in a period."""
        key = (currency, period)
        if key not in self._rates:
            self._rates[key] = rate(self.case, currency, period)
        return self._rates[key]

    def factor(self, vendor: int, period: int, held: bool = False) -> float:
        """Season and escalation of a vendor's prices in a period, or season alone of those that are held."""
        key = (self.vendors[vendor], period, held)
        if key not in self._factors:
            self._factors[key] = price_factor(self.case, *key)
        return self._factors[key]

    def price(self, item: Item, period: int) -> float:
        """What the contract asks for one delivered item in a period; of prices by volume the first step's."""
        currency = item.price.currency or self.case.currency
        return item.billed * self.factor(item.vendor, period, item.held) * self.rate(currency, period)

    def content(self, item: Item, noun: str) -> float:
        """How much of what a capacity or a seat counts one item takes."""
        if noun in ("h", "EU"):
            return item.hours if noun == "h" else item.equivalent_units
        return count_of(self.case, self.case.products[self.products[item.product]], noun)

    @cached_property
    def last_periods(self) -> tuple[int, ...]:
        """Number of the last period in which each product may be delivered."""
        periods, dues = self.case.periods, [product.deadline for product in self.case.products.values()]
        return tuple(periods.last_before(due.date) if due and due.late is None else periods.count for due in dues)

    @cached_property
    def first_periods(self) -> tuple[int, ...]:
        """How many periods pass before the work on each product can begin."""
        begins = [[p.from_] if p.from_ else [one.from_ for one in p.arrives] for p in self.case.products.values()]
        return tuple(min(map(self.case.periods.first_starting, some), default=0) for some in begins)

    @cached_property
    def capacities(self) -> tuple[Capacity, ...]:
        """Capacity of every vendor that has one."""
        return capacities(self.case)

    @cached_property
    def checking_hours(self) -> Floats | None:
        """Hours of checking there are by period; None where there are as many as needed."""
        return checking_hours(self.case, self._longest_check)

    def _longest_check(self) -> float:
        return max((item.review_hours / item.checks for item in self.every_item() if item.checks > 0), default=0.0)

    @cached_property
    def teams(self) -> tuple[Team, ...]:
        """Every in-house team."""
        return own_teams(self.case)

    @cached_property
    def schedules(self) -> tuple[Schedule, ...]:
        """Every list of prices by volume."""
        return schedules(self.case)

    @cached_property
    def reaches(self) -> tuple[tuple[tuple[float, ...], ...], ...]:
        """Quantity bought in each window of each list of prices by volume to have each step where less is used."""
        return tuple(reaches(self, one) if one.tiers.surplus is not None else () for one in self.schedules)

    @cached_property
    def learning(self) -> Mapping[tuple[int, int], Curve]:
        """How the hours of a product fall with a vendor, by their positions."""
        curves = {}
        for vendor, terms in enumerate(self.case.vendors.values()):
            for block in terms.learning:
                for product, name in enumerate(self.products):
                    if block.products is None or name in block.products:
                        each = [item.standard for item in self.items(product, vendor)]
                        if each:
                            curves[product, vendor] = Curve(block, min(each))
        return curves

    @cached_property
    def values(self) -> Mapping[int, ValueOf]:
        """What labels add to each product that has a value."""
        return {
            position: value_of(self.case, product, self.last_periods[position] - 1)
            for position, product in enumerate(self.case.products.values())
            if product.value is not None
        }
