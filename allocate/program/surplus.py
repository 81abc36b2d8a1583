"""Rows of over-buying where steps count another unit than the price: what is bought is what costs least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from allocate.program.layout import Floats
from allocate.program.naming import Block
from allocate.program.program import Program

if TYPE_CHECKING:
    from allocate.program.clauses.tiers import Piece


def hold_to_cheapest(pieces: Sequence[Piece], units: Block, reached: Block, program: Program) -> None:
    """Of ways to buy more than is used the one chosen is no dearer than each other, whatever else speaks for it.

    Bonus, a rebate or a share of the spend could: what is bought is what costs least by prices alone.
    """
    groups: dict[tuple[int, int], list[int]] = {}
    for n, one in enumerate(pieces):
        if one.part.schedule.surplus and one.part.schedule.counts is not None:
            groups.setdefault((one.part.schedule.number, one.part.window), []).append(n)
    at = zip(*(reached.index[axis].tolist() for axis in ("schedule", "window", "step")), strict=True)
    binary = dict(zip(at, reached.ids.tolist(), strict=True))
    for family, first, row_of in (("tier_as_used", 0, _as_used), ("tier_in_full", 1, _in_full)):
        steps = {key: range(first, len(pieces[mine[0]].part.schedule.offers)) for key, mine in groups.items()}
        keys = [
            (*key, step) for key, some in steps.items() for step in some if _there(pieces[groups[key][0]], first, step)
        ]
        if not keys:
            continue
        axes = dict(zip(("schedule", "window", "step"), np.array(keys).T, strict=True))
        found = [row_of([pieces[n] for n in groups[schedule, window]], step) for schedule, window, step in keys]
        rows = program.add_rows(family, axes, upper=[one.upper for one in found])
        for row, (schedule, window, _), compared in zip(rows.ids.tolist(), keys, found, strict=True):
            mine = groups[schedule, window]
            program.add_terms(row, units.ids[mine], compared.of_units)
            columns = [binary[schedule, window, pieces[n].step] for n in mine]
            chosen = dict(zip(columns, compared.of_choices.tolist(), strict=True))
            program.add_terms(row, np.array(list(chosen)), np.array(list(chosen.values())))


def _there(one: Piece, first: int, step: int) -> bool:
    """Whether a step may be bought in full in a piece's window; as used (first 0) each may."""
    return not first or bool(np.isfinite(one.part.schedule.reach(one.part.window)[step]))


@dataclass(frozen=True, eq=False)
class _Compared:
    """A row that holds the money of the way chosen against another way; arrays of one entry per piece."""

    of_units: Floats
    of_choices: Floats
    upper: float


def _as_used(some: Sequence[Piece], step: int) -> _Compared:
    """Buying what is used and no more, where that reaches the step: :math:`T \\le p_k \\beta`."""
    schedule, money = some[0].part.schedule, _most_money(some)
    offer, ways = schedule.offers[step], [one.part.steps[one.step] for one in some]
    return _Compared(
        np.array([one.price - offer.price * one.part.price for one in some]),
        np.array([way.fixed * some[0].part.spare + (money if way.start == offer.start else 0.0) for way in ways]),
        money,
    )


def _in_full(some: Sequence[Piece], step: int) -> _Compared:
    """Buying up to a step, where less is used: :math:`T \\le p_k (\\beta + \\rho (L_k - u))`."""
    schedule, spare = some[0].part.schedule, some[0].part.spare
    offer, ways = schedule.offers[step], [one.part.steps[one.step] for one in some]
    return _Compared(
        np.array([one.price - offer.price * (one.part.price - spare) for one in some]),
        np.array([way.fixed * spare - (_most_money(some) if way.start >= offer.start else 0.0) for way in ways]),
        offer.price * schedule.reach(some[0].part.window)[step] * spare,
    )


def _most_money(some: Sequence[Piece]) -> float:
    """No less than any way to buy in a window comes to."""
    offers, used = some[0].part.schedule.offers, max(one.most for one in some) * max(one.part.price for one in some)
    beside = some[0].part.spare * max(filter(np.isfinite, some[0].part.schedule.reach(some[0].part.window)))
    return max(one.price for one in offers) * (used + beside)
