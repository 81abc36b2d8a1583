"""What contracts and stocks promise, in every scenario: money up to a ceiling, items there when they are needed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.case.load import Case
from allocate.costing.clauses.stock import stocks
from allocate.costing.terms.contracts import terms
from allocate.numbers import Floats
from allocate.odds.drawn import Drawn
from allocate.odds.promises import Promise
from allocate.odds.reading import Key, each_scenario
from allocate.odds.track import Track


def contracted(drawn: Drawn, track: Track) -> Iterator[Promise]:
    """Ceilings of contracts, and needs that stocks are for."""
    yield from _ceilings(drawn, track)
    yield from _stocks(drawn, track)


def _ceilings(drawn: Drawn, track: Track) -> Iterator[Promise]:
    def read(case: Case) -> Iterator[tuple[Key, Floats]]:
        yield ("ceiling", 0), np.array([one.ceiling for one in terms(case)])

    most = each_scenario(drawn.moving({"vendors": ("ceiling",)}), read)["ceiling", 0]
    for position, (name, one) in enumerate(zip(drawn.case.vendors, terms(drawn.case), strict=True)):
        if np.isfinite(one.ceiling):
            billed = track.money.get(("ceiling", name), np.zeros(drawn.count))
            limit = np.broadcast_to(most[position], (drawn.count,))
            yield Promise(f"ceiling of {name}", "budget", one.ceiling_in, False, one.ceiling, billed, limit)


def _stocks(drawn: Drawn, track: Track) -> Iterator[Promise]:
    """What is needed by the end of each period in which more is, or of the last where a backlog may wait until then."""

    def read(case: Case) -> Iterator[tuple[Key, Floats]]:
        for number, kept in enumerate(stocks(case)):
            yield ("needed", number), np.array(kept.needed, np.float64)
            yield ("start", number), np.array(kept.start)

    asked = each_scenario(drawn.moving({"products": ("stock",)}), read)
    last, periods = drawn.case.periods.count - 1, drawn.case.periods
    for number, kept in enumerate(stocks(drawn.case)):
        more = np.flatnonzero(np.diff(kept.needed, prepend=0.0) > 0.0).tolist()
        for period in more if kept.backlog is None else [last]:
            if period < drawn.case.planned_from or kept.needed[period] <= kept.start:
                continue
            there = track.delivered[kept.product, period] + asked["start", number]
            name = f"stock of {track.table.products[kept.product]} by {periods.label(period)}"
            needed = np.broadcast_to(asked["needed", number][period], (drawn.count,))
            noun = track.table.items[kept.product]
            yield Promise(name, "stock", noun, True, float(kept.needed[period]), there, needed)
