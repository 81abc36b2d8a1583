"""What odds cost, kind of promise by kind: as one more rule would be priced."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.load import Case
from allocate.odds.commitments import KINDS
from allocate.odds.hedged_plan import Hedged
from allocate.odds.hedging import OF_KIND, frontier
from allocate.odds.odds import Odds
from allocate.tables.column import Grid
from allocate.tables.formats import NOTHING, changes, percent


@dataclass(frozen=True)
class OddsCost:
    """What it costs that some promises hold together with some odds."""

    promises: str
    """deadlines, budget, accuracy, or `all of them`."""
    now: float
    """Odds of the best plan without regard to them."""
    asked: float
    cost: float | None
    """Loss of the first objective, every amount at P50; None where no plan has the odds."""
    most: float
    """Odds of the plan that has those asked for; where none has, the most that one has."""


def priced(case: Case, found: Odds, asked: float) -> tuple[OddsCost, ...]:
    """What odds cost for each kind of promise that the case makes, and for all of them; found: the odds of the best plan."""
    there = [kind for kind in KINDS if any(OF_KIND.get(one.promise.kind) == kind for one in found.limits)]
    kinds = [(kind, (kind,)) for kind in there] + ([("all of them", KINDS)] if len(there) > 1 else [])
    return tuple(_cost(case, name, of, asked) for name, of in kinds)


def _cost(case: Case, name: str, of: tuple[str, ...], asked: float) -> OddsCost:
    (one,) = frontier(case, [asked], of)
    if isinstance(one, Hedged):
        return OddsCost(name, one.without.odds.value, asked, one.premium, one.with_it.odds.value)
    (now,) = frontier(case, [LEAST], of)
    return OddsCost(name, now.without.odds.value if isinstance(now, Hedged) else 0.0, asked, None, one[1])


LEAST = 0.001
"""Odds that every plan has, to be told those of the best one."""


def priced_grid(costs: tuple[OddsCost, ...], case: Case) -> Grid:
    """The same as a table."""
    goal, sign = case.file.objective[0].replace("-", " "), 1.0 if case.file.objective[0] == "cost" else -1.0
    rows = [
        [one.promises, percent(one.now, 0), percent(one.asked, 0), NOTHING if one.cost is None else changes([sign * one.cost]),
         f"no plan has them: {percent(one.most, 0)} at most" if one.cost is None else f"{percent(one.most, 0)} in fresh scenarios"]
        for one in costs
    ]  # fmt: skip
    header = ["promises", "odds now", "asked for", f"{goal} at P50", ""]
    return Grid(f"What odds cost ({case.currency})", header, rows, [False, True, True, True, False])
