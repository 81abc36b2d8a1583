"""A vendor's or a region's share of what is done or paid, over the horizon or in each period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from allocate.case.schema import ShareRule
from allocate.exact import Floats, array_of, by_position, element, total
from allocate.verification.checks import Check
from allocate.verification.past import left_out
from allocate.verification.soft_limits.penalties import forced

if TYPE_CHECKING:
    from allocate.verification.work import Work

Group = tuple[int, ...]
"""Positions counted together."""
FOR_NO_WORK = ("switching",)
"""Clauses whose money counts in no share of the spend, whoever gets it."""


def kept(work: Work) -> Iterator[Check]:
    """Every share the case limits; parts of nothing have none."""
    tables: dict[tuple[str, Group, int], tuple[Floats, Floats]] = {}
    numbers = {"share_at_most": 0, "share_at_least": 0}
    for rule, share, products, vendors, period in _shares(work):
        name = work.case.file.rules[rule].name
        first = work.case.planned_from if left_out(work, name) or period is not None else 0
        of = (share.of, products, first)
        amounts, totals = tables.get(of) or tables.setdefault(of, _measured(work, *of))
        when = -1 if period is None else period
        whole, part = element(totals[when]), total(amounts[list(vendors), when])
        for family, bound in (("share_at_most", share.at_most), ("share_at_least", share.at_least)):
            if bound is None:
                continue
            key, least = (rule, numbers[family]), family == "share_at_least"
            numbers[family] += 1
            if whole <= 0 or (work.brief and (part >= bound * whole if least else part <= bound * whole)):
                continue
            group = _words(work, rule, share.of, (products, vendors))
            label = "" if period is None else f" in {work.label(period)}"
            check = Check(family, key, group + label, "share", part / whole, bound, least, whole)
            check = forced(work.case, rule, check, period)
            yield check if period is None else replace(check, group=group, period=period)


def _shares(work: Work) -> Iterator[tuple[int, ShareRule, Group, Group, int | None]]:
    """Position of the rule, the rule, products, vendors and period of every share, `each` written out."""
    for number, rule in enumerate(work.case.file.rules):
        share = rule.share
        if share is None:
            continue
        periods = range(work.case.periods.count) if share.in_ == "each-period" else (None,)
        for products in _products(work, share):
            for vendors in _vendors(work, share, products):
                for period in periods:
                    yield number, share, products, vendors, period


def _products(work: Work, share: ShareRule) -> Iterator[Group]:
    """Products counted together; those of incumbents are taken one by one, products without one left out."""
    names, each = work.stated.products, share.products == ("each",)
    chosen = names if share.products is None or each else share.products
    if share.vendor == ("incumbent",):
        yield from (
            (position,)
            for position, name in enumerate(names)
            if name in chosen and work.case.products[name].incumbent is not None
        )
    elif each:
        yield from ((position,) for position in range(len(names)))
    else:
        yield tuple(range(len(names))) if share.products is None else tuple(names.index(name) for name in chosen)


def _vendors(work: Work, share: ShareRule, products: Group) -> Iterator[Group]:
    """Vendors counted together: by name, one by one, by region, or the incumbent; of `each` those that can make any."""
    names, vendors = work.stated.vendors, list(work.case.vendors.values())
    if share.vendor == ("incumbent",):
        incumbent = work.case.products[work.stated.products[products[0]]].incumbent
        assert incumbent is not None
        yield (names.index(incumbent.vendor),)
        return
    if share.vendor is not None and share.vendor != ("each",):
        yield tuple(names.index(name) for name in share.vendor)
        return
    regions = [vendor.region for vendor in vendors]
    if share.region is not None and share.region != ("each",):
        yield tuple(position for position, region in enumerate(regions) if region in share.region)
        return
    able = np.asarray(work.stated.served[list(products)].any(axis=0))
    groups: list[Group] = [(position,) for position in range(len(names))]
    if share.region is not None:
        known = [region for region in dict.fromkeys(regions) if region is not None]
        groups = [tuple(position for position, own in enumerate(regions) if own == region) for region in known]
    yield from (group for group in groups if able[list(group)].any())


def _words(work: Work, rule: int, measure: str, of: tuple[Group, Group]) -> str:
    products, vendors = of
    who = " and ".join(work.stated.vendors[vendor] for vendor in vendors)
    whole = len(products) == len(work.stated.products)
    where = "" if whole else " of " + ", ".join(work.stated.products[product] for product in products)
    return f"rule '{work.case.file.rules[rule].name}': share of {who} in {measure}{where}"


def _measured(work: Work, measure: str, products: Group, first: int) -> tuple[Floats, Floats]:
    """What is shared from a period on, by vendor and period with all together last, shape (V, T + 1); and of all vendors."""
    count = work.case.periods.count
    if measure == "spend":
        cells, money = [], []
        for entry in work.bill.entries:
            if entry.period < first:
                continue
            if entry.vendor and entry.clause not in FOR_NO_WORK and set(entry.products) <= set(products):
                cells.append(work.stated.vendors.index(entry.vendor) * count + entry.period)
                money.append(entry.amount)
        where, each = np.array(cells, dtype=np.int64), array_of(money)
    else:
        content = {"items": None, "eu": "equivalent_units", "hours": "hours"}[measure]
        inside = np.flatnonzero(np.isin(work.product, products) & (work.period >= first))
        where = work.vendor[inside].astype(np.int64) * count + work.period[inside]
        each = (work.items if content is None else work.items * work.each(content))[inside]
    amounts = by_position(where, each, len(work.stated.vendors) * count).reshape(-1, count)
    amounts = np.column_stack([amounts, amounts.sum(axis=1)])
    return amounts, amounts.sum(axis=0)
