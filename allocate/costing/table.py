"""The table of routes: every way to get a label with its unit economics, one row per product, vendor, workflow and set of levers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.case.plan_file import PlanLine
from allocate.costing.terms.levers import Combination, Lever
from allocate.costing.work.billing import Parts
from allocate.costing.work.learners import Learner
from allocate.costing.work.stages import STAGES, Stages
from allocate.exact import by_pair
from allocate.numbers import Floats, Integers, by_value
from allocate.tables.column import Grid, chosen, grid
from allocate.tables.routes import ROUTES, SHOWN
from allocate.tables.shown import Shown
from allocate.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Made:
    """Work by route and period, arrays of shape (N,), each route and period once."""

    route: Integers
    period: Integers
    items: Floats


@dataclass(frozen=True, repr=False, eq=False)
class Routes(Shown):
    """Unit economics of every route; arrays have shape (R,), by period (R, T), money in the case's currency per item."""

    products: tuple[str, ...]
    vendors: tuple[str, ...]
    workflows: tuple[str, ...]
    items: tuple[str, ...]
    """Item noun of each product."""
    currency: str
    product: Integers
    """Position of each route's product, and so on."""
    vendor: Integers
    workflow: Integers
    basis: tuple[str, ...]
    """What each route's price counts."""
    standard_time: Floats
    """Hours of standard time of an item of each product, shape (P,)."""
    equivalent_units: Floats
    hours: Floats
    """Hours the vendor works per delivered item: all passes, rework included."""
    review_hours: Floats
    """Hours of the review team per delivered item."""
    checks: Floats
    """Times the review team looks at a delivered item: reviews and adjudications."""
    price: Floats
    """(R, T) what the vendor's contract asks per delivered item."""
    currencies: tuple[str, ...]
    """Currencies that prices are in."""
    billed_in: Integers
    """(R,) position among them of the currency of each route's price."""
    billed: Floats
    """(R,) that price in it, rework included, before season and escalation."""
    held: NDArray[np.bool_]
    """(R,) whether that price is locked, and neither escalation nor indexation raises it."""
    rework: Floats
    """(R, T) part of the price that pays for work done again."""
    platform_fee: Floats
    """(R, T)"""
    usage: Floats
    """(R, T) API price of pre-labelling."""
    review_cost: Floats
    """(R, T)"""
    quality: Floats
    """(R, T) bonus (above zero) or price reduction of the contract for the route's accuracy."""
    lateness: Floats
    """(R, T) price reduction (below zero) of the contract for the route's lead."""
    quality_share: Floats
    """(R,) that bonus or price reduction where it is a share of a price that depends on volume; 0 elsewhere."""
    lateness_share: Floats
    """(R,) that price reduction where it is such a share; 0 elsewhere."""
    accuracy: Floats
    """Share of delivered items that are right."""
    assured: Floats
    """Accuracy that counts against the product's floor: with a confidence, what the checked items show."""
    effective: Floats
    """Effective labels per delivered item."""
    error_cost: Floats
    """(R, T) downstream cost of escaped errors per item; not part of the spend."""
    lead: Integers
    """Periods from work to delivery."""
    billable: Floats
    """(R,) billable units per delivered item, rework that is paid included."""
    counted: Floats
    """(R,) what one delivered item fills the steps of its price schedule by: billable units, or what the steps count."""
    fee_share: Floats
    """(R,) platform fee as a share of the price; 0 where it is money per unit."""
    lever_share: Floats
    """(R,) share by which levers change a price that depends on volume; 0 elsewhere, where it is in the price."""
    discount: Floats
    """(R,) share of price, bonus and price reduction taken off for paying early."""
    schedule: Integers
    """(R,) number of the price schedule (tiers) a route is counted in; -1 where its price does not depend on volume."""
    lowest_step: Floats
    """(R,) lowest price of that schedule as a share of its first, which `price` is; 1 where there is none."""
    in_windows: Floats
    """(S + 1, T) least that exchange rate, season and escalation of a schedule's window are of those of a period in it; the
    last row, of ones, stands for prices that do not depend on volume."""
    largest_rebate: Floats
    """(V, T) largest share of its prices each vendor could pay back of work in a period."""
    largest_reduction: Floats
    """(R,) largest share of its first price an average accuracy over a window could take off."""
    line: Integers
    """(R,) number of the rate line a route comes from; routes of one line share its capacity."""
    line_capacity: Floats
    """(R,) most items of the route's rate line, per week or in all; infinite where none is stated."""
    line_by_period: NDArray[np.bool_]
    """(R,) whether that capacity is per week."""
    levers: tuple[Lever, ...]
    """Every lever of the case."""
    combinations: tuple[Combination, ...]
    """Sets of levers that routes are worked with, the empty one first."""
    combination: Integers
    """(R,) number of the set a route is worked with."""
    first: Integers
    """(R,) position of the first period a route can be worked in: 0 without levers."""
    last: Integers
    """(R,) number of the last period a route can be worked in; without an end past the horizon."""
    stages: Stages | None
    """When the stages of each route begin; None where no workflow says how long they take."""
    learners: tuple[Learner, ...]
    """Pairs whose hours fall with the work they have done."""
    parts_of_prices: Parts | None = None
    """Further parts of prices; None where no price has any."""
    past: NDArray[np.bool_] | None = None
    """(R,) which routes are of what is done, with the figures of that time; None where nothing is."""
    done: Made | None = None
    """What is done, on those routes."""

    @property
    def count(self) -> int:
        """Number of routes."""
        return len(self.product)

    def key(self, route: int) -> tuple[str, str, str, Combination]:
        """Product, vendor and workflow of a route by name, and the levers it is worked with."""
        product, vendor = self.products[self.product[route]], self.vendors[self.vendor[route]]
        return product, vendor, self.workflows[self.workflow[route]], self.combinations[self.combination[route]]

    @cached_property
    def numbers(self) -> Mapping[tuple[str, str, str, Combination], int]:
        """Every route that can be planned by its key."""
        every = range(self.count) if self.past is None else np.flatnonzero(~self.past).tolist()
        return {self.key(route): route for route in every}

    @cached_property
    def past_numbers(self) -> Mapping[tuple[str, str, str, Combination], int]:
        """Every route of what is done by its key."""
        return {self.key(route): route for route in ([] if self.past is None else np.flatnonzero(self.past).tolist())}

    def number_in(self, key: tuple[str, str, str, Combination], period: int, first: int) -> int:
        """The route of a key for work of a period (its position), first the first one planned; KeyError where there is none."""
        return (self.past_numbers if period < first else self.numbers)[key]

    def like(self, other: Routes, routes: Iterable[int]) -> list[int]:
        """The routes that stand here for some of another table of the same case, those of what is done apart."""
        past = other.past
        return [
            (self.numbers if past is None or not past[route] else self.past_numbers)[other.key(route)]
            for route in routes
        ]

    def placed(self, lines: Iterable[PlanLine], past: bool = False) -> Made:
        """Lines of a plan on their routes; past: whether they are of what is done. KeyError for a line without a route."""
        numbers, items = self.past_numbers if past else self.numbers, dict[tuple[int, int], float]()
        position = {lever.name: lever.number for lever in self.levers}
        for line in lines:
            own = tuple(sorted(position[name] for name in line.levers if name in position))
            key = (numbers[line.product, line.vendor, line.workflow, own], line.period - 1)
            items[key] = items.get(key, 0.0) + line.items
        keys = sorted(items)
        route, period = np.array(keys, dtype=np.int32).reshape(-1, 2).T
        return Made(route, period, np.array([items[key] for key in keys]))

    @cached_property
    def made(self) -> Floats:
        """(P, V) items of each product that each vendor has made already."""
        shape, done = (len(self.products), len(self.vendors)), self.done
        if done is None:
            return np.zeros(shape)
        return by_pair(self.product[done.route], self.vendor[done.route], done.items, shape)

    def without(self, lever: int) -> NDArray[np.bool_]:
        """(R,) which routes a lever changes that are worked without it."""
        holds = np.array([lever in some for some in self.combinations], dtype=bool)[self.combination]
        key = (self.product.astype(np.int64) * len(self.vendors) + self.vendor) * len(self.workflows) + self.workflow
        found: NDArray[np.bool_] = np.isin(key, key[holds]) & ~holds
        return found

    def levers_of(self, route: int) -> str:
        """Names of the levers a route is worked with, joined by ` + `; empty for none."""
        return JOIN.join(self.levers[number].name for number in self.combinations[self.combination[route]])

    def parts(self, review: bool = False) -> Iterator[tuple[Integers | int, Floats]]:
        """Periods after the beginning of the work, and hours of an item then, by route: all at once where nothing says else.

        review: hours of the review team in place of the vendor's.
        """
        if self.stages is None:
            yield 0, self.review_hours if review else self.hours
            return
        hours = self.stages.review_hours if review else self.stages.hours
        for stage in range(len(STAGES)):
            if by_value(hours[:, stage]).any():
                yield self.stages.begins[:, stage], hours[:, stage]

    @cached_property
    def paid_as_learned(self) -> NDArray[np.bool_]:
        """(R,) which routes are paid by hours that fall with the work done: their price here is at the pace stated."""
        learns = np.zeros((len(self.products), len(self.vendors)), dtype=bool)
        for pair in self.learners:
            learns[pair.product, pair.vendor] = True
        by_hour = np.array([basis == "hour" for basis in self.basis], dtype=bool)
        found: NDArray[np.bool_] = learns[self.product, self.vendor] & by_hour
        return found

    @cached_property
    def unit_cost(self) -> Floats:
        """(R, T) decision-relevant cost of one more delivered item: price, what changes it, fee, usage and review."""
        total = self.price + self.platform_fee
        for part in (self.usage, self.review_cost, self.adjustment):
            total += part
        return total

    @cached_property
    def adjustment(self) -> Floats:
        """(R, T) bonus, price reduction and what levers change prices by volume by, less the discount for paying early."""
        if not (self.discount.any() or self.quality.any() or self.lateness.any() or self.lever_share.any()):
            return np.zeros(self.price.shape)
        changed = self.quality + self.lateness + self.price * self.lever_share[:, None]
        return changed - self.discount[:, None] * (self.price + changed)

    @property
    def by_volume_share(self) -> Floats:
        """(R,) what changes a price that depends on volume by a share of it, less the discount for paying early on that."""
        found: Floats = (1.0 - self.discount) * (self.quality_share + self.lateness_share + self.lever_share)
        return found

    @property
    def beside_volume(self) -> Floats:
        """(R, T) what an item costs beside a price that depends on volume, and what is a share of that price.

        Added up, not taken off the unit cost: rounding would leave a speck of money where there is none.
        """
        found = self.usage + self.review_cost + np.where(self.fee_share[:, None] == 0, self.platform_fee, 0.0)
        kept = (1.0 - self.discount)[:, None]
        for change, share in ((self.quality, self.quality_share), (self.lateness, self.lateness_share)):
            found += kept * np.where(share[:, None] == 0, change, 0.0)
        return found

    @cached_property
    def least_cost(self) -> Floats:
        """(R, T) unit cost at the lowest price volume can reach, rebates taken off."""
        return self.net_of_all_back(1.0)

    def net_of_all_back(self, weight: float) -> Floats:
        """(R, T) the same, with what comes back of it after a window counted so much more than what is paid."""
        charged = 1.0 + self.fee_share - self.discount + self.by_volume_share
        lowest, back = self.lowest_step[:, None], self.largest_reduction[:, None]
        if self.learners:  # hours may fall to next to none
            lowest = np.where(self.paid_as_learned[:, None], 0.0, lowest)
        if len(self.in_windows) > 1:
            lowest = lowest * self.in_windows[self.schedule]
        if self.largest_rebate.any():
            back = lowest * self.largest_rebate[self.vendor] + back
        saved = (self.price * charged[:, None]) * (1.0 - lowest)
        return self.unit_cost - saved - self.price * (weight * back)

    @property
    def table(self) -> pd.DataFrame:
        """The routes as a tidy table, prices of the first period; columns are explained by `ROUTES`."""
        return self.columns.frame.copy(deep=False)  # pandas copies a column when it is written to

    @cached_property
    def columns(self) -> Table:
        """The same without a frame being made."""
        first = self.unit_cost[:, 0]
        with np.errstate(divide="ignore", invalid="ignore"):
            per_accurate = np.where(self.accuracy > 0, first / self.accuracy, np.inf)
            per_eu = np.where(self.equivalent_units > 0, first / self.equivalent_units, np.nan)
        names = {
            "product": [self.products[p] for p in self.product],
            "vendor": [self.vendors[v] for v in self.vendor],
            "workflow": [self.workflows[w] for w in self.workflow],
            **({"levers": [self.levers_of(number) for number in range(self.count)]} if self.levers else {}),
            "item": [self.items[p] for p in self.product],
            "basis": list(self.basis),
        }
        return Table(
            {
                **names,
                "equivalent_units": self.equivalent_units,
                "hours": self.hours,
                "review_hours": self.review_hours,
                "price": self.price[:, 0],
                "rework": self.rework[:, 0],
                "platform_fee": self.platform_fee[:, 0],
                "adjustment": self.adjustment[:, 0],
                "usage": self.usage[:, 0],
                "review_cost": self.review_cost[:, 0],
                "unit_cost": first,
                "unit_cost_last": self.unit_cost[:, -1],
                "accuracy": self.accuracy,
                "assured_accuracy": self.assured,
                "unit_cost_per_accurate_item": per_accurate,
                "unit_cost_per_eu": per_eu,
                "effective_labels": self.effective,
                "error_cost": self.error_cost[:, 0],
                "lead": self.lead,
            }
        )

    def facts(self) -> dict[str, str]:
        """How many ways there are to get a label."""
        used = [len(set(of.tolist())) for of in (self.product, self.vendor, self.workflow)]
        return {
            "": f"{self.count:,} routes",
            "of": "{} products, {} vendors, {} workflows".format(*used),
            "in": self.currency,
        }

    def grids(self) -> tuple[Grid, ...]:
        """What an item costs on each."""
        return (grid(f"What one item costs ({self.currency})", chosen(ROUTES, *SHOWN, within=self.table), self.table),)


JOIN = " + "
"""Between the names of several levers."""
