"""Rows about the mix: shares of vendors."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from allocate.costing import limits
from allocate.program.charges import Charge, Penalty
from allocate.program.elastic import give_way
from allocate.program.layout import Layout, measure
from allocate.program.program import Program

_Scope = tuple[str, tuple[int, ...], int | None]


def vendor_share(program: Program, layout: Layout, charges: Sequence[Charge] = ()) -> list[Penalty]:
    r"""A vendor has at least, or at most, its share of what is made or paid.

    .. math:: S_{lk} \, Y_k \le \sum_{(r,t) \in R(v) \cap k} m_{rt} \, x_{rt} \le S^{+}_{vk} \, Y_k
        \qquad \forall v, k \qquad [\text{items, EU, hours or money}]

    with :math:`Y_k = \sum_{(r,t) \in k} m_{rt} x_{rt}`, the total over the products (and the period) k of the rule, a
    column of its own: written out over every x the row would hold two to three times as many numbers. Spend holds what
    contracts ask beside the price of an item too, and not the cost of switching: it pays for no work. A rule with a penalty gives way by a column of its own on each row.

    Dual: money the plan gains when the vendor may have one more item (EU, hour, unit of money) than its share.
    """
    asked = limits.shares(layout.case, _served(layout))
    if not asked:
        return []
    penalties: list[Penalty] = []
    scopes = {scope: number for number, scope in enumerate(dict.fromkeys(_scope(one) for one in asked))}
    totals = program.add_columns("share_total", count=len(scopes))
    links = program.add_rows("share_total_link", count=len(scopes), lower=0.0, upper=0.0)
    program.add_terms(links.ids, totals.ids, -1.0)
    fresh = set(scopes)
    for ones in _by_rule(asked):
        mine = {scope: int(links.ids[scopes[scope]]) for scope in dict.fromkeys(map(_scope, ones)) if scope in fresh}
        fresh -= set(mine)
        _fill(program, layout, {(products, None, period): row for (_, products, period), row in mine.items()}, ones)
    for scope, number in scopes.items():
        _charged(program, charges, int(links.ids[number]), scope, None)
    for family, side in (("share_at_most", "at_most"), ("share_at_least", "at_least")):
        chosen = [one for one in asked if getattr(one, side) is not None]
        if not chosen:
            continue
        lower, upper = (-np.inf, 0.0) if side == "at_most" else (0.0, np.inf)
        axes = {"rule": np.array([one.rule for one in chosen]), "share": np.arange(len(chosen))}
        rows = program.add_rows(family, axes, lower=lower, upper=upper)
        columns = totals.ids[[scopes[_scope(one)] for one in chosen]]
        program.add_terms(rows.ids, columns, [-float(getattr(one, side)) for one in chosen])
        at_least = side == "at_least"
        rules, periods = [one.rule for one in chosen], [one.period for one in chosen]
        penalties += give_way(program, layout, rows, rules, short=at_least, periods=periods)
        numbered = dict(zip(map(id, chosen), rows.ids.tolist(), strict=True))
        for one in chosen:
            _charged(program, charges, numbered[id(one)], _scope(one), one.vendors)
        for ones in _by_rule(chosen):
            _fill(program, layout, {(one.products, one.vendors, one.period): numbered[id(one)] for one in ones}, ones)
    return penalties


def _charged(
    program: Program, charges: Sequence[Charge], row: int, scope: _Scope, vendors: tuple[int, ...] | None
) -> None:
    """Put what contracts ask beside the price into a row of spend, as far as it is for its products and vendors."""
    name, products, period = scope
    for charge in [one for one in charges if one.for_work] if name == "spend" else ():
        mine = charge.within(frozenset(products))
        mine &= charge.vendor >= 0 if vendors is None else np.isin(charge.vendor, vendors)
        mine &= True if period is None else charge.period == period
        program.add_terms(row, charge.columns.ids[mine], charge.amount[mine])


def _by_rule(shares: Iterable[limits.Share]) -> list[list[limits.Share]]:
    """Shares of each rule; they come in the order of the rules."""
    return [list(ones) for _, ones in itertools.groupby(shares, key=lambda one: one.rule)]


def _fill(
    program: Program,
    layout: Layout,
    rows: Mapping[tuple[tuple[int, ...], tuple[int, ...] | None, int | None], int],
    ones: list[limits.Share],
) -> None:
    """Put what items measure into the rows of one rule, by group of products, of vendors (None: all), and period.

    The groups of one rule do not overlap, so every column is in one row at most and all rows are filled together.
    """
    products = {group: number for number, group in enumerate(dict.fromkeys(key[0] for key in rows))}
    vendors = {group: number for number, group in enumerate(dict.fromkeys(key[1] for key in rows))}
    whole = all(period is None for _, _, period in rows)
    row_of = np.full((len(products) + 1, len(vendors) + 1, 1 if whole else layout.case.periods.count), -1)
    for (some, who, period), row in rows.items():
        row_of[products[some], vendors[who], period or 0] = row
    in_products = _numbered(list(products), len(layout.routes.products))
    in_vendors = _numbered(list(vendors), len(layout.routes.vendors))
    at = row_of[in_products[layout.product], in_vendors[layout.vendor], 0 if whole else layout.period]
    counted = np.flatnonzero(at >= 0)
    program.add_terms(at[counted], layout.ids[counted], measure(layout, ones[0].measure)[counted])


def _numbered(groups: Sequence[tuple[int, ...] | None], count: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The group each position is in; the number after the last group where it is in none."""
    number = np.full(count, len(groups))
    for group, members in enumerate(groups):
        number[slice(None) if members is None else list(members)] = group
    return number


def _scope(share: limits.Share) -> _Scope:
    return share.measure, share.products, share.period


def _served(layout: Layout) -> limits.Booleans:
    served = np.zeros((len(layout.routes.products), len(layout.routes.vendors)), dtype=bool)
    served[layout.routes.product, layout.routes.vendor] = True
    return served
