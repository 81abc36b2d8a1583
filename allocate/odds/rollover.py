"""Work that does not fit is done later: what of a plan is made when, in every scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from allocate.numbers import Floats
from allocate.odds.drawn import Places
from allocate.odds.paces import Pace
from allocate.odds.supply import Resource
from allocate.tolerances import LIMIT_KEPT


@dataclass(frozen=True, eq=False)
class Done:
    """What is made, and in which period its work begins: entries of lines and periods, shape (K,) and (K, scenarios)."""

    line: Places
    period: Places
    items: Floats


@dataclass(frozen=True, eq=False)
class Queue:
    """The work of a plan in the order in which lines of one period are worked; arrays have an entry for each line."""

    pair: Sequence[tuple[int, int]]
    """Positions of product and vendor."""
    period: Places
    """Planned position of the period its work begins in."""
    last: Places
    """Position of the last period it can begin in and be delivered within the horizon, shape (N, 1 or scenarios)."""
    items: Floats
    """Shape (N,), or (N, scenarios) where each scenario has a plan of its own."""
    is_done: NDArray[np.bool_]
    """Which lines are facts: all of them is made in its period, whatever there was to make it with."""


@dataclass(eq=False)
class _State:
    """What is left of everything while periods go by."""

    there: Sequence[Resource]
    left: list[Floats]
    """Of each resource, shape (T or 1, scenarios)."""
    begun: dict[int, Places]
    """Position of the first period with work, by vendor, shape (scenarios,)."""
    worked: dict[tuple[int, int], Floats] = field(default_factory=dict)
    """Standard hours done, by pair that learns, shape (scenarios,)."""


def carried_over(queue: Queue, there: Sequence[Resource], paces: Sequence[Pace], periods: int, count: int) -> Done:
    r"""What is made in each period when what does not fit waits for the next.

    .. math:: d_{lts} = \min\Bigl(q_{lts}, \min_k \frac{C_{kts}}{c_{kls}}\Bigr), \qquad q_{l,t+1,s} = q_{lts} - d_{lts}

    for the lines l of the plan in the order in which they were planned, then in that of the queue, never before their period;
    :math:`C_{kts}` is what lines before have left of a capacity k, and :math:`c_{kls}` what an item takes of it. The review
    team is a capacity like others: an item is begun as far as it can be made and checked. What cannot be delivered within
    the horizon is not begun. Hours of later stages are taken from the period they fall into. What is done is a fact: it waits
    for nothing.
    """
    of_pair = {one.pair: one for one in paces}
    takes = [[n for n, one in enumerate(there) if _parts(one, line, 0)] for line in range(len(queue.items))]
    left = [np.broadcast_to(one.there, (len(one.there), count)).copy() for one in there]
    state = _State(there, left, {vendor: np.full(count, periods) for _, vendor in queue.pair})
    waiting: dict[int, Floats] = {}
    made: list[tuple[int, int, Floats]] = []
    order = np.lexsort((np.arange(len(queue.items)), queue.period)).tolist()
    for period in range(periods):
        waiting |= {
            one: np.broadcast_to(queue.items[one], (count,)).copy() for one in order if queue.period[one] == period
        }
        for line in list(waiting):
            pair, fact = queue.pair[line], bool(queue.is_done[line])
            wanted = np.where((period <= queue.last[line]) | fact, waiting[line], 0.0)
            if not wanted.any():
                del waiting[line]
                continue
            who = pair, of_pair.get(pair)
            items = wanted if fact else _fitting(state, (line, period), wanted, takes[line], who)
            if items.any():
                _take(state, (line, period), items, takes[line], who)
                made.append((line, period, items))
                waiting[line] = wanted - items
                if not waiting[line].any():
                    del waiting[line]
    lines, whens, amounts = zip(*made, strict=True) if made else ((), (), ())
    shape = len(lines), count
    return Done(np.array(lines, dtype=np.int64), np.array(whens, dtype=np.int64), np.array(amounts).reshape(shape))


At = tuple[int, int]
Who = tuple[tuple[int, int], Pace | None]


def _fitting(state: _State, at: At, wanted: Floats, takes: Sequence[int], who: Who) -> Floats:
    """Items of a line that fit into what there is; all that are wanted where rounding alone is missing."""
    line, period = at
    (_, vendor), pace = who
    items = wanted
    for number in takes:
        one = state.there[number]
        for place, each in _parts(one, line, period).items():
            if place >= len(state.left[number]):
                continue
            room = state.left[number][place]
            if one.lost is not None:
                first = np.minimum(state.begun[vendor], period)
                room = room - one.lost[first, place, np.arange(len(first)) if one.lost.shape[2] > 1 else 0]
            room = np.maximum(room, 0.0)
            if one.hours and pace is not None:
                before, work = state.worked.get(pace.pair, np.zeros(len(room))), wanted * each
                whole = pace.hours(before, work) <= room * (1.0 + LIMIT_KEPT)
                fit = wanted if whole.all() else np.where(whole, wanted, wanted * pace.fitting(before, work, room))
            else:
                taken = np.broadcast_to(each, room.shape)
                fit = np.divide(room, taken, out=np.full(room.shape, np.inf), where=taken > 0)
            items = np.minimum(items, np.where(fit >= wanted * (1.0 - LIMIT_KEPT), wanted, fit))
    return items


def _take(state: _State, at: At, items: Floats, takes: Sequence[int], who: Who) -> None:
    """Take what some items of a line need from what there is, stage by stage."""
    line, period = at
    (_, vendor), pace = who
    for number in takes:
        one = state.there[number]
        own = pace if one.hours else None
        before = np.zeros(len(items)) if own is None else state.worked.setdefault(own.pair, np.zeros(len(items)))
        factor: Floats | None = None
        for place, each in _parts(one, line, period).items():
            standard = items * each
            if own is not None:
                if factor is None:
                    now = own.hours(before, standard)
                    factor = np.divide(now, standard, out=np.ones(len(items)), where=standard > 0)
                state.worked[own.pair] = state.worked[own.pair] + standard
            if place < len(state.left[number]):
                state.left[number][place] -= standard if factor is None else standard * factor
    begun = state.begun[vendor]
    begun[(items > 0) & (begun > period)] = period


def _parts(one: Resource, line: int, period: int) -> dict[int, Floats]:
    """What an item takes of a resource, by the position of the period it takes it in."""
    found: dict[int, Floats] = {}
    for when, each in one.parts:
        if each[line].any():
            place = period + int(when[line]) if one.by_period else 0
            found[place] = found[place] + each[line] if place in found else each[line]
    return found
