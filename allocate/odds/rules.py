"""Rules on the mix, and whether what is really made keeps them, in every scenario."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.costing.rules import RULES
from allocate.costing.rules.count import counts
from allocate.costing.rules.fix import fixed
from allocate.costing.rules.funded import funded
from allocate.costing.rules.needs import needs
from allocate.costing.rules.share import Share, shares
from allocate.costing.rules.steady import Pace, paces
from allocate.numbers import Floats
from allocate.odds.drawn import Drawn
from allocate.odds.promises import Promise
from allocate.odds.supply import content_of
from allocate.odds.track import Track
from allocate.tolerances import AT_WORK, LIMIT_KEPT

_Found = Iterator[Promise]


def rules(drawn: Drawn, track: Track) -> tuple[Promise, ...]:
    """Every rule that what is really made may break, in the case's order within each kind."""
    parts = (_shares, _of_money, _counts, _fixed, _needs, products_funded, steady)
    return tuple(one for part in parts for one in part(drawn, track))


def _owner(drawn: Drawn, rule: int) -> str:
    return drawn.case.file.rules[rule].owner or ""


def _side(drawn: Drawn, rule: int, name: str, unit: str, at_least: bool, limit: float, reached: Floats) -> Promise:
    """A side of a rule whose limit is the same in every scenario."""
    return Promise(name, "rule", unit, at_least, limit, reached, np.full(drawn.count, limit), _owner(drawn, rule))


def _shares(drawn: Drawn, track: Track) -> _Found:
    table = track.table
    served = np.zeros((len(table.products), len(table.vendors)), dtype=bool)
    served[table.product, table.vendor] = True
    for share in shares(drawn.case, served):
        if share.period is not None and share.period < drawn.case.planned_from:
            continue  # it is past
        part, whole = _measured(track, share, True), _measured(track, share, False)
        used = np.divide(part, whole, out=np.zeros(drawn.count), where=whole > 0)
        who = " and ".join(table.vendors[v] for v in share.vendors)
        of = (
            ""
            if len(share.products) == len(table.products)
            else f" of {', '.join(table.products[p] for p in share.products)}"
        )
        when = "" if share.period is None else f" in {drawn.case.periods.label(share.period)}"
        name = f"{share.name}: {who}, {share.measure}{of}{when}"
        for at_least, limit in ((True, share.at_least), (False, share.at_most)):
            if limit is not None:
                reached = np.where(whole > 0, used, limit)
                yield _side(drawn, share.rule, name, "share", at_least, limit, reached)


def _measured(track: Track, share: Share, of_vendors: bool) -> Floats:
    """A share's measure over its products and period, of its vendors or of all; without what is done where it broke the share."""
    table, count, past = track.table, track.drawn.count, track.drawn.case.past
    first = past.first if past is not None and share.name in past.exempt else 0
    if share.measure == "spend":
        names = {table.vendors[v] for v in share.vendors}
        found = np.zeros(count)
        for key, amount in track.money.items():
            counts_here = key[0] == "by" and set(key[2]) <= set(share.products) and share.period in (None, key[3])
            if counts_here and key[3] >= first and (key[1] in names if of_vendors else key[1] != ""):
                found = found + amount
        return found
    each = {"items": np.ones((len(track.route), 1)), "eu": track.item.equivalent_units, "hours": track.item.hours}
    inside = np.isin(track.product, share.products)
    inside &= np.isin(table.vendor[track.route], share.vendors) if of_vendors else True
    inside &= track.done.period >= first if share.period is None else track.done.period == share.period
    total: Floats = (track.done.items[inside] * each[share.measure][inside]).sum(axis=0)
    return total


def _of_money(drawn: Drawn, track: Track) -> _Found:
    case, nothing = drawn.case, np.zeros(drawn.count)
    paid = [(key[2], key[3], amount) for key, amount in track.money.items() if key[0] == "by"]
    for kind in (rule.of_money for rule in RULES if rule.of_money is not None):
        for side, part, total in kind(case, paid, nothing):
            name, unit = f"{case.file.rules[side.rule].name}: {side.words}", side.currency or "share"
            share = np.divide(part, total, out=np.full(drawn.count, side.amount), where=total > 0)
            used = share if side.currency is None else part
            yield _side(drawn, side.rule, name, unit, side.at_least, side.amount, used)


def _pairs(track: Track, each: Floats) -> Floats:
    """Amounts by product and vendor, shape (P, V, scenarios)."""
    table = track.table
    found = np.zeros((len(table.products), len(table.vendors), track.drawn.count))
    np.add.at(found, (track.product, table.vendor[track.route]), track.done.items * each)
    return found


def _counts(drawn: Drawn, track: Track) -> _Found:
    known = counts(drawn.case)
    if not known:
        return
    pairs, content = _pairs(track, np.ones((1, 1))), _pairs(track, track.item.equivalent_units)
    for count in known:
        chosen = pairs.sum(axis=0) if count.products is None else pairs[count.products[0]]
        work = content.sum(axis=0) if count.products is None else pairs[count.products[0]]
        where = "" if count.products is None else f" on {track.table.products[count.products[0]]}"
        name, inside = f"{count.name}: vendors{where}", list(count.vendors)
        there = chosen[inside] >= count.items * (1.0 - LIMIT_KEPT)
        there &= work[inside] >= (count.share - LIMIT_KEPT) * work.sum(axis=0)
        used = (chosen[inside] > AT_WORK).sum(axis=0).astype(np.float64)
        for at_least in count.sides:
            limit = float((count.at_least if at_least else count.at_most) or 0)
            if not at_least:  # those with work done are there already
                made = track.table.made if count.products is None else track.table.made[list(count.products)]
                limit = max(limit, float((made.sum(axis=0)[inside] > AT_WORK).sum()))
            reached = there.sum(axis=0).astype(np.float64) if at_least else used
            yield _side(drawn, count.rule, name, "vendors", at_least, limit, reached)


def _fixed(drawn: Drawn, track: Track) -> _Found:
    table = track.table
    for rule in fixed(drawn.case):
        inside = (track.product == rule.product) & (table.vendor[track.route] == rule.vendor)
        if rule.workflow is not None:
            inside &= table.workflow[track.route] == table.workflows.index(rule.workflow)
        made, name = (
            track.done.items[inside].sum(axis=0),
            f"{rule.name}: {table.products[rule.product]} with {table.vendors[rule.vendor]}",
        )
        yield _side(drawn, rule.rule, name, table.items[rule.product], True, rule.items, made)


def _needs(drawn: Drawn, track: Track) -> _Found:
    each = _pairs(track, np.ones((1, 1))).sum(axis=1) if needs(drawn.case) else np.zeros((0, 0))
    for rule in needs(drawn.case):
        name = f"{rule.name}: {track.table.products[rule.product]} needs {track.table.products[rule.other]}"
        limit = np.where(each[rule.product] > AT_WORK, rule.items, 0.0)
        noun = track.table.items[rule.other]
        yield Promise(name, "rule", noun, True, rule.items, each[rule.other], limit, _owner(drawn, rule.rule))


def steady(drawn: Drawn, track: Track) -> Iterator[Promise]:
    """The largest change of each vendor's pace, up or down; work that waits for the next period changes it."""
    for pace in paces(drawn.case):
        if not np.isfinite(pace.most):
            continue  # a level plan is sought, and promises nothing
        rule = drawn.case.file.rules[pace.rule]
        assert rule.steady is not None
        assert rule.steady.at_most is not None
        by_period = _paces(drawn, track, pace)
        first = max(drawn.case.planned_from, 1) if pace.before is None else drawn.case.planned_from
        before = np.full((1, drawn.count), pace.before or 0.0)
        changes = np.abs(np.diff(np.concatenate([before, by_period]), axis=0))[first:]
        reached = changes.max(axis=0, initial=0.0)
        noun = f"{pace.noun}/{rule.steady.at_most.time}"
        name = f"{rule.name}: change of {track.table.vendors[pace.vendor]}'s pace"
        yield _side(drawn, pace.rule, name, noun, False, pace.most, reached)


def _paces(drawn: Drawn, track: Track, pace: Pace) -> Floats:
    """What a vendor works in each period by the time its pace is for, shape (T, scenarios)."""
    inside = track.table.vendor[track.route] == pace.vendor
    found = np.zeros((len(pace.lengths), drawn.count))
    for when, each in content_of(drawn.case, track.table, track.route, track.item, pace.noun, inside):
        at = np.minimum(track.done.period + when, len(found) - 1)
        np.add.at(found, at, track.done.items * each)
    paced: Floats = found / pace.lengths[:, None]
    return paced


def products_funded(drawn: Drawn, track: Track) -> Iterator[Promise]:
    """How many products get enough to count, or get anything; those with work done are there already."""
    table = track.table
    made = np.zeros((len(table.products), drawn.count))
    np.add.at(made, track.product, track.done.items)
    for side in funded(drawn.case):
        rule, chosen = drawn.case.file.rules[side.rule], list(side.products)
        least = np.array(side.items)[:, None]
        slack = LIMIT_KEPT * least
        limit = float(side.number)
        if side.at_least:
            there = made[chosen] >= least - slack
        else:
            edge = least + slack + AT_WORK
            there = made[chosen] > edge
            limit = max(limit, float((table.made.sum(axis=1)[chosen][:, None] > edge).sum()))
        reached = there.sum(axis=0).astype(np.float64)
        name = f"{rule.name}: products funded"
        yield _side(drawn, side.rule, name, "products", side.at_least, limit, reached)
