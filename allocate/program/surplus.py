"""Rows of over-buying where steps count another unit than the price: what is bought is what costs least."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from allocate.program.arrays import Floats
from allocate.program.model import Model, axes_of
from allocate.program.naming import Block

if TYPE_CHECKING:
    from allocate.program.clauses.tiers import Piece


def hold_to_cheapest(model: Model, pieces: Sequence[Piece], units: Block, reached: Block) -> None:
    """Of all that could be bought in place of what is used, the choice costs no more than any other, whatever else speaks for it.

    Bonus, a rebate or a share of the spend could: what is bought is what costs least by prices alone.
    """
    windows: dict[tuple[int, int], list[int]] = {}
    for n, piece in enumerate(pieces):
        if piece.part.schedule.surplus and piece.part.schedule.counts is not None:
            windows.setdefault((piece.part.schedule.number, piece.part.window), []).append(n)
    for family, first, compare in (("tier_as_used", 0, _as_used), ("tier_in_full", 1, _in_full)):
        compared = [
            ((*key, step), numbers, compare([pieces[n] for n in numbers], step))
            for key, numbers in windows.items()
            for step in range(first, len(pieces[numbers[0]].part.schedule.offers))
            if _there(pieces[numbers[0]], first, step)
        ]
        if not compared:
            continue
        axes = axes_of(("schedule", "window", "step"), [key for key, _, _ in compared])
        rows = model.program.add_rows(family, axes, upper=[against.upper for _, _, against in compared])
        for row, ((schedule, window, _), numbers, against) in zip(rows.ids.tolist(), compared, strict=True):
            model.program.add_terms(row, units.ids[numbers], against.of_units)
            steps = [pieces[n].step for n in numbers]
            choices = reached.at(schedule=schedule, window=window, part=0, step=steps).tolist()
            once = dict(zip(choices, against.of_choices.tolist(), strict=True))  # parts side by side share a choice
            model.program.add_terms(row, list(once), list(once.values()))


def _there(piece: Piece, first: int, step: int) -> bool:
    """Whether a step may be bought in full in a piece's window; as used (first 0) each may."""
    return not first or bool(np.isfinite(piece.part.schedule.reach(piece.part.window)[step]))


@dataclass(frozen=True, eq=False)
class _Compared:
    """A row that holds the money of the way chosen against another way; arrays of one entry per piece."""

    of_units: Floats
    of_choices: Floats
    upper: float


def _as_used(some: Sequence[Piece], step: int) -> _Compared:
    """Buying what is used and no more, where that reaches the step: :math:`T \\le p_k \\beta`."""
    schedule, money = some[0].part.schedule, _most_money(some)
    offer, bought = schedule.offers[step], [piece.part.steps[piece.step] for piece in some]
    return _Compared(
        np.array([piece.price - offer.price * piece.part.price for piece in some]),
        np.array(
            [
                step_bought.fixed * some[0].part.spare + (money if step_bought.start == offer.start else 0.0)
                for step_bought in bought
            ]
        ),
        money,
    )


def _in_full(some: Sequence[Piece], step: int) -> _Compared:
    """Buying up to a step, where less is used: :math:`T \\le p_k (\\beta + \\rho (L_k - u))`."""
    schedule, spare = some[0].part.schedule, some[0].part.spare
    offer, bought = schedule.offers[step], [piece.part.steps[piece.step] for piece in some]
    return _Compared(
        np.array([piece.price - offer.price * (piece.part.price - spare) for piece in some]),
        np.array(
            [
                step_bought.fixed * spare - (_most_money(some) if step_bought.start >= offer.start else 0.0)
                for step_bought in bought
            ]
        ),
        offer.price * schedule.reach(some[0].part.window)[step] * spare,
    )


def _most_money(some: Sequence[Piece]) -> float:
    """No less than any way to buy in a window comes to."""
    offers, used = (
        some[0].part.schedule.offers,
        max(piece.most for piece in some) * max(piece.part.price for piece in some),
    )
    beside = some[0].part.spare * max(filter(np.isfinite, some[0].part.schedule.reach(some[0].part.window)))
    return max(offer.price for offer in offers) * (used + beside)
