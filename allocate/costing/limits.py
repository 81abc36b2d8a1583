"""Limits of a case as plain numbers, money in the currency it is written in: budgets, demand, milestones, shares, targets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import OnlyRule, ShareRule
from allocate.costing.terms.incumbents import NOBODY as NOBODY
from allocate.costing.terms.incumbents import incumbents
from allocate.costing.terms.prices import currency_of, exchange_rates, worth
from allocate.costing.terms.prices import in_case_currency as in_case_currency
from allocate.units import Quantity

Floats = NDArray[np.float64]
Integers = NDArray[np.int32]
Booleans = NDArray[np.bool_]

COUNTS_FROM, ONE_ITEM = 0.05, 1.0
"""Share, and items, that a vendor makes at least to count towards an at-least, where the rule does not say."""

EVER = np.iinfo(np.int32).max
"""Stands for the end of a limit without one, where budgets go by what is paid."""


@dataclass(frozen=True)
class BudgetLimit:
    """A limit on the spend of some products and vendors in some periods; positions."""

    name: str
    amount: float
    currency: str
    """What it is written in: each payment counts in it, at the rate of the period in which it is owed."""
    products: frozenset[int]
    vendors: frozenset[int]
    first: int
    last: int
    """Last period that counts; `EVER` where money paid after the horizon counts too."""


@dataclass(frozen=True)
class Money:
    """An amount in the currency it is written in."""

    amount: float
    currency: str


def total_budget(case: Case) -> Money | None:
    """The whole budget; None where there is none. Each payment counts in its currency, as in those of periods and groups."""
    return _money(case, case.file.budget.total)


def period_budget(case: Case) -> Money | None:
    """The budget of each period; None where there is none."""
    return _money(case, case.file.budget.per_week or case.file.budget.per_month)


def budget_currency(case: Case, family: str = "budget") -> str:
    """The currency of the total budget, or of that of periods (`budget_period`): the case's where there is none."""
    found = total_budget(case) if family == "budget" else period_budget(case)
    return case.currency if found is None else found.currency


def _money(case: Case, amount: Quantity | None) -> Money | None:
    return None if amount is None else Money(amount.number, currency_of(case, amount))


def money_there_is(case: Case) -> float:
    """No less than all money that can be spent, by the total budget and the periods' own, in the case's currency; infinite
    where there is neither.

    Where budgets go by what is paid, those of periods leave out what is paid after the horizon, and limit nothing in all.
    """
    total, each = total_budget(case), period_budget(case) if case.file.budget.by == "worked" else None
    rates = exchange_rates(case)
    found = [] if total is None else [total.amount * float(rates[total.currency].max())]
    found += [] if each is None else [float((each.amount * rates[each.currency]).sum())]
    return min(found, default=np.inf)


def weight_of_back(case: Case) -> float:
    """How much more money that comes back can count in the total budget than money of the same worth that is paid.

    More than 1 only where the rate of the budget's currency changes: what comes back may do so when it is low.
    """
    total = total_budget(case)
    rates = exchange_rates(case)[total.currency if total is not None else case.currency]
    return float(rates.max() / rates.min())


def budget_limits(case: Case) -> tuple[BudgetLimit, ...]:
    """Limits on groups, with positions of their products, vendors and periods."""
    products, vendors, periods = list(case.products), list(case.vendors), case.periods
    by_paid = case.file.budget.by == "paid"
    return tuple(
        BudgetLimit(
            limit.name,
            limit.at_most.number,
            currency_of(case, limit.at_most),
            frozenset(range(len(products)) if limit.products is None else map(products.index, limit.products)),
            frozenset(range(NOBODY, len(vendors)) if limit.vendors is None else map(vendors.index, limit.vendors)),
            periods.first_from(limit.from_) if limit.from_ else 0,
            EVER if by_paid and not limit.to else (periods.last_before(limit.to) if limit.to else periods.count) - 1,
        )
        for limit in case.file.budget.limits
    )


def demand(case: Case) -> tuple[Floats, Floats]:
    """Least and most items of each product, shapes (P,): 0 and infinite where nothing is said."""
    least, most = np.zeros(len(case.products)), np.full(len(case.products), np.inf)
    for position, product in enumerate(case.products.values()):
        low = product.demand.exactly or product.demand.at_least
        high = product.demand.exactly or product.demand.at_most
        least[position] = low.number if low is not None else 0.0
        most[position] = high.number if high is not None else np.inf
    return least, most


def work_in_progress(case: Case) -> Floats:
    """Most items of each product begun and not delivered at one time, shape (P,): infinite where nothing is said."""
    limits = [product.work_in_progress for product in case.products.values()]
    return np.array([np.inf if one is None else one.at_most.number for one in limits])


@dataclass(frozen=True, eq=False)
class Milestone:
    """Items of a product that must have been delivered within the first periods."""

    product: int
    number: int
    """Which of the product's milestones, from 0."""
    periods: int
    """How many periods there are for it."""
    items: float
    penalty: Floats | None = None
    """Money for each item missing (each week, where it is `late`) that falls due in each period, shape (T,); None where none
    may be missing."""
    late: Quantity | None = None
    """The penalty as written where it is for each week (day, month …) an item is missing."""
    cash: bool = False
    """Whether the penalty is paid."""


def milestones(case: Case) -> tuple[Milestone, ...]:
    """Every milestone of a case, product by product."""
    return tuple(
        Milestone(
            position, number, case.periods.last_before(one.by), one.at_least.number,
            None if one.penalty is None else in_case_currency(case, one.penalty),
            one.penalty if one.penalty is not None and one.penalty.time is not None else None,
            one.cash,
        )
        for position, product in enumerate(case.products.values())
        for number, one in enumerate(product.milestones)
    )  # fmt: skip


def accuracy_floors(case: Case, of: str = "average") -> Floats:
    """Least accuracy of each product's `average`, of `each-vendor` or `each-delivery`, shape (P,); nan where none is asked."""
    floors = [product.accuracy for product in case.products.values()]
    return np.array([np.nan if one is None or one.of != of else one.at_least for one in floors])


@dataclass(frozen=True)
class Share:
    """A vendor's (or a group's) share of a measure over some products, in the horizon or one period."""

    rule: int
    """Position of the rule in the case."""
    name: str
    measure: str
    """items, eu, hours or spend."""
    products: tuple[int, ...]
    vendors: tuple[int, ...]
    period: int | None
    at_least: float | None
    at_most: float | None


def shares(case: Case, served: Booleans) -> tuple[Share, ...]:
    """Every share a case limits; `each` is written out, `served` (P, V) says which vendor can make what.

    A vendor that cannot make anything of the products named has a share of 0 there: with `each` it is left out.
    """
    found: list[Share] = []
    for number, rule in enumerate(case.file.rules):
        share = rule.share
        if share is None:
            continue
        periods = range(case.periods.count) if share.in_ == "each-period" else (None,)
        for products in _share_groups(case, share):
            able = np.asarray(served[list(products)].any(axis=0), dtype=np.bool_)
            for vendors in _vendor_groups(case, share, products, able):
                found += [
                    Share(number, rule.name, share.of, products, vendors, period, share.at_least, share.at_most)
                    for period in periods
                ]
    return tuple(found)


def _groups(names: tuple[str, ...] | None, known: list[str]) -> list[tuple[int, ...]]:
    if names is None:
        return [tuple(range(len(known)))]
    if names == ("each",):
        return [(position,) for position in range(len(known))]
    return [tuple(known.index(name) for name in names)]


def _share_groups(case: Case, share: ShareRule) -> list[tuple[int, ...]]:
    """Products a share is taken of; those of incumbents are taken one by one, products without one left out."""
    if share.vendor != ("incumbent",):
        return _groups(share.products, list(case.products))
    named = None if share.products in (None, ("each",)) else share.products
    return [
        (position,)
        for position, (name, one) in enumerate(case.products.items())
        if one.incumbent is not None and (named is None or name in named)
    ]


def _vendor_groups(case: Case, share: ShareRule, products: tuple[int, ...], served: Booleans) -> list[tuple[int, ...]]:
    """Vendors counted together: by name, one by one, by region, or the incumbent of the product."""
    known = list(case.vendors)
    if share.vendor == ("incumbent",):
        return [(incumbents(case)[products[0]],)]
    if share.vendor == ("each",):
        return [(position,) for position in range(len(known)) if served[position]]
    if share.vendor is not None:
        return [tuple(known.index(name) for name in share.vendor)]
    of = [vendor.region for vendor in case.vendors.values()]
    named = share.region or ()
    asked = [(name,) for name in dict.fromkeys(of) if name is not None] if named == ("each",) else [named]
    found = [tuple(n for n, region in enumerate(of) if region in names) for names in asked]
    return [group for group in found if named != ("each",) or served[list(group)].any()]


@dataclass(frozen=True)
class VendorCount:
    """How many vendors are used: for one product, or (products None) for anything."""

    rule: int
    name: str
    products: tuple[int, ...] | None
    """One position, or None for the portfolio."""
    vendors: tuple[int, ...]
    at_least: int | None
    at_most: int | None
    share: float
    """Of the product's items, of all equivalent units for the portfolio: the least that counts towards an at-least."""
    items: float
    """Items that count towards it; both are needed."""

    @property
    def sides(self) -> tuple[bool, ...]:
        """What it asks: no fewer (True), no more (False), or both."""
        return (True,) * (self.at_least is not None) + (False,) * (self.at_most is not None)


def pays_to_spend(case: Case) -> bool:
    """Whether a plan could gain by paying more than it owes: some rule is about shares of the spend."""
    return any(rule.share is not None and rule.share.of == "spend" for rule in case.file.rules)


def counts(case: Case) -> tuple[VendorCount, ...]:
    """Every rule on how many vendors, product by product."""
    products, vendors = list(case.products), list(case.vendors)
    found: list[VendorCount] = []
    for number, rule in enumerate(case.file.rules):
        one = rule.count
        if one is None:
            continue
        counted = tuple(range(len(vendors)) if one.vendors is None else map(vendors.index, one.vendors))
        if one.products is None:
            groups: list[tuple[int, ...] | None] = [None]
        elif one.products == ("each",):
            groups = [(position,) for position in range(len(products))]
        else:
            groups = [(products.index(name),) for name in one.products]
        amount = one.counts_from
        of_share = amount is None or not amount.dimensions
        share = COUNTS_FROM if amount is None else amount.number if of_share else 0.0
        items = ONE_ITEM if amount is None or of_share else max(ONE_ITEM, amount.number)
        found += [
            VendorCount(number, rule.name, group, counted, one.at_least, one.at_most, share, items) for group in groups
        ]
    return tuple(found)


def barred(case: Case) -> Booleans:
    """Which pairs some rule forbids for good, shape (P, V); rules with a penalty are not among them."""
    forbidden = np.zeros((len(case.products), len(case.vendors)), dtype=bool)
    for rule in case.file.rules:
        if rule.only is not None and rule.penalty is None:
            forbidden |= _bars(case, rule.only)
    return forbidden


def discouraged(case: Case) -> tuple[tuple[int, Booleans], ...]:
    """Pairs that each rule with a penalty would forbid: the rule's position, and pairs of shape (P, V)."""
    return tuple(
        (number, _bars(case, rule.only))
        for number, rule in enumerate(case.file.rules)
        if rule.only is not None and rule.penalty is not None
    )


def _bars(case: Case, only: OnlyRule) -> Booleans:
    """Pairs one rule keeps apart, shape (P, V)."""
    products, forbidden = list(case.products), np.zeros((len(case.products), len(case.vendors)), dtype=bool)
    rows = list(range(len(products)) if only.products is None else map(products.index, only.products))
    for column, (name, vendor) in enumerate(case.vendors.items()):
        allowed = only.vendors is None or name in only.vendors
        allowed &= only.vendors_with is None or set(only.vendors_with) <= set(vendor.certified)
        allowed &= only.regions is None or vendor.region in only.regions
        if not allowed:
            forbidden[rows, column] = True
    return forbidden


@dataclass(frozen=True)
class Fixed:
    """A quantity set by hand."""

    rule: int
    name: str
    product: int
    vendor: int
    workflow: str | None
    items: float


def fixed(case: Case) -> tuple[Fixed, ...]:
    """Every quantity set by hand."""
    products, vendors = list(case.products), list(case.vendors)
    return tuple(
        Fixed(
            number, rule.name, products.index(rule.fix.product), vendors.index(rule.fix.vendor), rule.fix.workflow,
            rule.fix.items.number,
        )
        for number, rule in enumerate(case.file.rules)
        if rule.fix is not None
    )  # fmt: skip


@dataclass(frozen=True)
class Needs:
    """A product that is worked on only if another gets so many items."""

    rule: int
    name: str
    product: int
    other: int
    items: float


def needs(case: Case) -> tuple[Needs, ...]:
    """Every rule of precedence."""
    products = list(case.products)
    return tuple(
        Needs(
            number, rule.name, products.index(rule.needs.product), products.index(rule.needs.needs),
            rule.needs.at_least.number if rule.needs.at_least is not None else 1.0,
        )
        for number, rule in enumerate(case.file.rules)
        if rule.needs is not None
    )  # fmt: skip


@dataclass(frozen=True)
class Incompatible:
    """Products of which one vendor works on one at most."""

    rule: int
    name: str
    vendor: int
    products: tuple[int, ...]


def incompatible(case: Case) -> tuple[Incompatible, ...]:
    """Every rule on products no vendor makes together, vendor by vendor."""
    products, vendors = list(case.products), list(case.vendors)
    return tuple(
        Incompatible(number, rule.name, vendor, tuple(sorted({products.index(p) for p in rule.incompatible.products})))
        for number, rule in enumerate(case.file.rules)
        if rule.incompatible is not None
        for vendor, name in enumerate(vendors)
        if rule.incompatible.vendors is None or name in rule.incompatible.vendors
    )


def last_period(case: Case) -> Integers:
    """Number of periods (from 1) in which a delivery still counts, by product: to the deadline, or the horizon's end.

    After a deadline that may be missed for a penalty deliveries still count."""
    periods = case.periods
    last = [
        periods.last_before(p.deadline.date) if p.deadline and p.deadline.late is None else periods.count
        for p in case.products.values()
    ]
    return np.array(last, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class ValueFloor:
    """Least value of a product, or of the whole portfolio, in the currency it is written in."""

    product: int
    """Position; that after the last product for the portfolio."""
    products: tuple[int, ...]
    amount: float
    currency: str
    each: Floats
    """What value of each product, one unit of the case's currency, counts, shape (P,): it is there when its time ends."""


def value_floors(case: Case) -> tuple[ValueFloor, ...]:
    """Every floor on value, products first."""
    found, count, ends = list[ValueFloor](), len(case.products), last_period(case) - 1

    def floor(product: int, products: tuple[int, ...], least: Quantity) -> None:
        currency = currency_of(case, least)
        each = worth(case, case.currency, currency)[ends]
        found.append(ValueFloor(product, products, least.number, currency, each))

    for position, product in enumerate(case.products.values()):
        if product.value is not None and product.value.at_least is not None:
            floor(position, (position,), product.value.at_least)
    if case.file.targets.value is not None:
        floor(count, tuple(range(count)), case.file.targets.value)
    return tuple(found)


def hurdle(case: Case) -> float:
    """Least acceptable marginal return, money of value per money of spend; 1 where nothing is said."""
    return case.file.hurdle if case.file.hurdle is not None else 1.0
