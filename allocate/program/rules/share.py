"""Rows about the mix: shares of vendors."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from allocate.case.load import Case
from allocate.costing.rules import share as reading
from allocate.costing.rules.share import Share
from allocate.program.layout import measure
from allocate.program.model import Model
from allocate.program.soft_limits import give_way

_Scope = tuple[str, tuple[int, ...], int | None, bool]
"""What shares are of: a measure, products, a period, and whether what is done is left out."""


def vendor_share(model: Model) -> None:
    r"""A vendor has at least, or at most, its share of what is made or paid.

    .. math:: S_{lk} \, Y_k \le \sum_{(r,t) \in R(v) \cap k} m_{rt} \, x_{rt} \le S^{+}_{vk} \, Y_k
        \qquad \forall v, k \qquad [\text{items, EU, hours or money}]

    with :math:`Y_k = \sum_{(r,t) \in k} m_{rt} x_{rt}`, the total over the products (and the period) k of the rule, a
    column of its own: written out over every x the row would hold two to three times as many numbers. Spend holds what
    contracts ask beside the price of an item too, and not the cost of switching: it pays for no work. A rule with a penalty gives way by a column of its own on each row.

    Dual: money the plan gains when the vendor may have one more item (EU, hour, unit of money) than its share.
    """
    program, layout = model.program, model.layout
    asked = reading.shares(layout.case, layout.served)
    if not asked:
        return
    scope_of = partial(_scope, layout.case)
    scopes = {scope: number for number, scope in enumerate(dict.fromkeys(map(scope_of, asked)))}
    totals = program.add_columns("share_total", count=len(scopes))
    links = program.add_rows("share_total_link", count=len(scopes), lower=0.0, upper=0.0)
    program.add_terms(links.ids, totals.ids, -1.0)
    left = dict(zip(scopes, links.ids.tolist(), strict=True))
    for shares in _by_rule(asked):
        rows = {scope: left.pop(scope) for scope in dict.fromkeys(map(scope_of, shares)) if scope in left}
        _fill(model, {(products, None, period): row for (_, products, period, _), row in rows.items()}, shares)
    for scope, number in scopes.items():
        _put_charges(model, int(links.ids[number]), scope, None)
    for family, side in (("share_at_most", "at_most"), ("share_at_least", "at_least")):
        chosen = [share for share in asked if getattr(share, side) is not None]
        if not chosen:
            continue
        lower, upper = (-np.inf, 0.0) if side == "at_most" else (0.0, np.inf)
        rules = [share.rule for share in chosen]
        limited = program.add_rows(family, {"rule": rules, "share": np.arange(len(chosen))}, lower=lower, upper=upper)
        columns = totals.ids[[scopes[scope_of(share)] for share in chosen]]
        program.add_terms(limited.ids, columns, [-float(getattr(share, side)) for share in chosen])
        periods = [share.period for share in chosen]
        give_way(model, limited, rules, short=side == "at_least", periods=periods)
        row_of = dict(zip(map(id, chosen), limited.ids.tolist(), strict=True))
        for share in chosen:
            _put_charges(model, row_of[id(share)], scope_of(share), share.vendors)
        for shares in _by_rule(chosen):
            _fill(model, {(share.products, share.vendors, share.period): row_of[id(share)] for share in shares}, shares)


def _put_charges(model: Model, row: int, scope: _Scope, vendors: tuple[int, ...] | None) -> None:
    """Put what contracts ask beside the price into a row of spend, as far as it is for its products and vendors."""
    name, products, period, apart = scope
    for charge in [charge for charge in model.charges if charge.for_work] if name == "spend" else ():
        inside = charge.within(frozenset(products))
        inside &= charge.vendor >= 0 if vendors is None else np.isin(charge.vendor, vendors)
        inside &= charge.period >= (model.layout.case.planned_from if apart else 0)
        inside &= True if period is None else charge.period == period
        model.program.add_terms(row, charge.columns.ids[inside], charge.amount[inside])


def _by_rule(shares: Iterable[Share]) -> list[list[Share]]:
    """Shares of each rule; they come in the order of the rules."""
    return [list(of_rule) for _, of_rule in itertools.groupby(shares, key=lambda share: share.rule)]


def _fill(
    model: Model,
    rows: Mapping[tuple[tuple[int, ...], tuple[int, ...] | None, int | None], int],
    shares: list[Share],
) -> None:
    """Put what items measure into the rows of one rule, by group of products, of vendors (None: all), and period.

    The groups of one rule do not overlap, so every column is in one row at most and all rows are filled together.
    """
    layout = model.layout
    products = {group: number for number, group in enumerate(dict.fromkeys(key[0] for key in rows))}
    vendors = {group: number for number, group in enumerate(dict.fromkeys(key[1] for key in rows))}
    at_once = all(period is None for _, _, period in rows)
    row_of = np.full((len(products) + 1, len(vendors) + 1, 1 if at_once else layout.case.periods.count), -1)
    for (group, who, period), row in rows.items():
        row_of[products[group], vendors[who], period or 0] = row
    in_products = _numbered(list(products), len(layout.routes.products))
    in_vendors = _numbered(list(vendors), len(layout.routes.vendors))
    at = row_of[in_products[layout.product], in_vendors[layout.vendor], 0 if at_once else layout.period]
    if layout.planned is not None and _scope(layout.case, shares[0])[-1]:
        at = np.where(layout.planned, at, -1)
    counted = np.flatnonzero(at >= 0)
    model.program.add_terms(at[counted], layout.ids[counted], measure(layout, shares[0].measure)[counted])


def _numbered(groups: Sequence[tuple[int, ...] | None], count: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """The group each position is in; the number after the last group where it is in none."""
    number = np.full(count, len(groups))
    for group, members in enumerate(groups):
        number[slice(None) if members is None else list(members)] = group
    return number


def _scope(case: Case, share: Share) -> _Scope:
    past = case.past
    return share.measure, share.products, share.period, past is not None and past.apart(share.name, share.period)
