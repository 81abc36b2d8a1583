"""Rules on paces of vendors and on the number of products funded, and whether what is really made keeps them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.costing.rules.funded import funded
from allocate.costing.rules.steady import Pace, paces
from allocate.numbers import Floats
from allocate.odds.drawn import Drawn
from allocate.odds.promises import Promise
from allocate.odds.supply import content_of
from allocate.odds.track import Track
from allocate.tolerances import AT_WORK, LIMIT_KEPT


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
        limit = np.full(drawn.count, pace.most)
        yield Promise(name, "rule", noun, False, pace.most, reached, limit, rule.owner or "")


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
        yield Promise(
            name, "rule", "products", side.at_least, limit, reached, np.full(drawn.count, limit), rule.owner or ""
        )
