"""The rest of a plan planned again once amounts are known: from then on each scenario has work of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from allocate.api.solving import formulate, solve
from allocate.case.load import Case
from allocate.case.plan_file import PlanLine
from allocate.errors import CaseError
from allocate.numbers import Floats
from allocate.odds.clusters import few, known_only
from allocate.odds.drawing import Draws
from allocate.odds.drawn import Places, as_written, drawn_of
from allocate.odds.outcomes import Held, done_of, held_plan, outcomes
from allocate.odds.rollover import Done
from allocate.odds.scenarios import scenario_case

MOST = 64
"""Scenarios that are planned again at most."""
NEAREST = 4
"""Of how many of them each scenario takes the best plan."""
LAST = np.iinfo(np.int32).max
"""A line may begin as late as the horizon allows."""


def replanned(case: Case, held: Held, draws: Draws) -> tuple[Held, tuple[str, ...]]:
    """The work of each scenario where a plan is held until amounts are known, and the rest is planned again; and what to say of it.

    Until then lines are worked as ever. What is left of each product then is given out by the best plan of a scenario like it:
    one of up to 64 that stand for all, with its known amounts as they came out, all others at P50, and what has been done
    by then as it is. Of the plans of the nearest four the one is taken that keeps most promises, then the best by the
    objective, with unknown amounts at P50. Where no plan keeps the case's limits any more, the first one is worked on. Levers
    and teams stay as decided.

    Raises CaseError where the case does not say what will be known.
    """
    known, seen, goal = _known(case) - 1, known_only(draws), case.file.objective[0]
    some, all_known = few(seen, MOST), drawn_of(case, seen)
    early = replace(held, until=np.full((len(held.items), 1), known - 1))
    done = done_of(early, all_known.only(some.chosen))
    plans = [_again(case, held, seen, (int(s), number), (known, done)) for number, s in enumerate(some.chosen.tolist())]
    nearest = _nearest(seen, some.chosen)[:, :NEAREST]
    best, of = np.full(draws.count, -np.inf), nearest[:, 0].copy()
    there = done_of(early, all_known)
    for rank in range(nearest.shape[1]):
        came = outcomes(_rest(held, plans, known, nearest[:, rank], there), all_known)
        kept = np.sum([one.kept for one in came.promises], axis=0) if came.promises else np.zeros(draws.count)
        goodness = kept + _between_0_and_1(came.objective(goal), goal == "cost")
        of = np.where(goodness > best, nearest[:, rank], of)
        best = np.maximum(best, goodness)
    found = _rest(held, plans, known, of, done_of(early, drawn_of(case, draws)))
    without = float(np.mean([plans[one] is None for one in of.tolist()]))
    said = f"planned again from {case.periods.label(known)} on, in {len(plans):,} scenarios that stand for all"
    more = f"; in {without:.0%} of all no plan keeps the limits then, and the first one is worked on" if without else ""
    return found, (said + more,)


def _between_0_and_1(objective: Floats, less_is_better: bool) -> Floats:
    """An objective on a scale from 0 to below 1, the better the more, so that it decides only among equals."""
    good = -objective if less_is_better else objective
    return np.asarray(0.5 + np.arctan(good / max(float(np.abs(good).max()), 1e-300)) / 4.0)


def _rest(held: Held, plans: list[Held | None], known: int, of: NDArray[np.int64], there: Done) -> Held:
    """A plan held until a period, and what is left then given out in each scenario as one of some plans has it.

    of: which plan each scenario takes; there: what is done of the lines before.
    """
    count, product = len(of), held.table.product
    made = np.zeros((len(held.table.products), count))
    np.add.at(made, product[held.route[there.line]], np.where(there.period[:, None] < known, there.items, 0.0))
    totals = np.array([np.zeros(len(made)) if one is None else _of_products(one, one.items) for one in plans]).T
    route, period, items = _after(held, plans, known, of, np.maximum(totals[:, of] - made, 0.0))
    again, before = np.array([one is not None for one in plans])[of], held.period < known
    until = np.where(before[:, None] & again[None, :], known - 1, LAST)
    every = np.broadcast_to(held.items[:, None], (len(held.items), count))
    return replace(
        held,
        route=np.concatenate([held.route, route]), period=np.concatenate([held.period, period]),
        items=np.concatenate([np.where(~before[:, None] & again[None, :], 0.0, every), items]),
        until=np.concatenate([until, np.full(items.shape, LAST)]),
    )  # fmt: skip


def _known(case: Case) -> int:
    """The period (from 1) from which all that will be known is known."""
    if not case.spreads.known:
        fix = "say it, as in `uncertain: {known: [{of: demand of scans, from: week 5}]}`"
        raise CaseError.of(
            "the case does not say which amounts will be known, and from when on",
            case.place("uncertain") or case.place(),
            fix,
        )
    return max(one.period for one in case.spreads.known)


def _again(case: Case, held: Held, draws: Draws, at: tuple[int, int], past: tuple[int, Done]) -> Held | None:
    """The best plan of a scenario with what has been done in it; None where none keeps the limits. at: scenario, and its place."""
    known, done = past
    there = scenario_case(case, draws, at[0])
    lines = []
    for line, period, items in zip(
        done.line.tolist(), done.period.tolist(), done.items[:, at[1]].tolist(), strict=True
    ):
        if period < known and items > 0.0:
            product, vendor, workflow, levers = held.table.key(int(held.route[line]))
            names = tuple(held.table.levers[number].name for number in levers)
            lines.append(PlanLine(product, vendor, workflow, period + 1, items, names))
    built = formulate(there)
    layout = built.layout
    built.program.set_column_bounds(layout.ids[layout.period < known], 0.0, 0.0)
    try:
        answer = solve(there, formulation=built, held=lines)
    except CaseError:
        return None
    return None if answer.plan is None else held_plan(held.table, answer.plan, as_written(case))


def _of_products(one: Held, items: Floats) -> Floats:
    return np.bincount(one.table.product[one.route], items, minlength=len(one.table.products)).astype(np.float64)


def _after(
    held: Held, plans: list[Held | None], known: int, of: NDArray[np.int64], left: Floats
) -> tuple[Places, Places, Floats]:
    """Lines from a period on, and their items in each scenario: what is left of each product, parted as its plan has it."""
    keys: dict[tuple[int, int], int] = {}
    shares = []
    for one in plans:
        share: dict[int, float] = {}
        if one is not None:
            later = one.period >= known
            whole = _of_products(one, np.where(later, one.items, 0.0))
            for route, period, items in zip(
                one.route[later].tolist(), one.period[later].tolist(), one.items[later].tolist(), strict=True
            ):
                number = keys.setdefault((route, period), len(keys))
                share[number] = share.get(number, 0.0) + items / whole[one.table.product[route]]
        shares.append(share)
    table = np.zeros((len(keys), len(plans)))
    for column, share in enumerate(shares):
        table[list(share), column] = list(share.values())
    route, period = (np.array([key[n] for key in keys], dtype=np.int64) for n in (0, 1))
    order = np.lexsort((route, held.table.review_hours[route] == 0.0)) if len(keys) else np.zeros(0, dtype=np.int64)
    items = table[order][:, of] * left[held.table.product[route[order]]] if len(keys) else np.zeros((0, len(of)))
    return route[order], period[order], items


def _nearest(draws: Draws, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which of some scenarios are near to each, nearest first, by the logarithms of known amounts over their deviation."""
    columns = [np.log(np.maximum(one, 1e-300)) for one in draws.amounts.values()]
    points = np.column_stack([one / (one.std() or 1.0) for one in columns]) if columns else np.zeros((draws.count, 1))
    off = ((points[:, None, :] - points[chosen][None, :, :]) ** 2).sum(axis=2)
    nearest: NDArray[np.int64] = off.argsort(axis=1, kind="stable")
    return nearest
