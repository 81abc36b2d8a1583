"""Local search: one block after the other takes other whole numbers, and the restricted LP is solved again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.program.arrays import Booleans, Floats, Integers
from allocate.solvers.decomposition.answers import Question
from allocate.solvers.decomposition.blocks import Block
from allocate.solvers.decomposition.column_generation import State
from allocate.solvers.decomposition.oracle import Best
from allocate.solvers.decomposition.plans import Planner
from allocate.solvers.decomposition.pricing import Pattern, Pricing, best_of_kinds
from allocate.tolerances import SWAP_NEAR, SWAP_ROUGH

FEW = 40
"""Whole numbers of a block up to which each is tried one step away."""


@dataclass(frozen=True, eq=False)
class Swap:
    """Other whole numbers for a block, and what they gain less than its best at the prices."""

    loss: float
    block: int
    whole: Floats
    """In the order of the block's whole-numbered columns."""


@dataclass(frozen=True, eq=False)
class Swaps:
    """What blocks could do instead, and what each of them gains at best at the prices."""

    prices: Floats
    bound: float
    """No plan of the whole program gains more."""
    best: Floats
    """Of each block, shape (blocks,)."""
    known: Sequence[Swap]


def swaps(planner: Planner, state: State, one_step: bool, stop: Callable[[], bool]) -> Swaps:
    """Whole numbers each block was seen with in the search for prices; ``one_step``: and those next to its best."""
    pricing = planner.pricing
    gains = pricing.gains(state.prices)
    asked = [best_of_kinds(oracle.block, gains[oracle.block.columns]) for oracle in pricing.oracles]
    best = np.zeros(len(asked))
    least: dict[tuple[int, bytes], Swap] = {}
    for found in _seen(planner, state):
        _keep(least, found)
    answers = [one for (one,) in pricing.answers(pricing.oracles, [[Question(one, SWAP_ROUGH)] for one in asked])]
    best[: len(answers)] = [one.bound for one in answers]
    for pattern in _next_to_best(pricing, gains, asked, answers, stop) if one_step and not stop() else ():
        _keep(least, _swap(planner, state, pattern))
    known = [Swap(best[one.block] + one.loss, one.block, one.whole) for one in least.values()]
    return Swaps(state.prices, state.bound, best, known)


def _keep(least: dict[tuple[int, bytes], Swap], found: Swap) -> None:
    key = (found.block, found.whole.tobytes())
    if key not in least or found.loss < least[key].loss:
        least[key] = found


def _seen(planner: Planner, state: State) -> Iterator[Swap]:
    return (_swap(planner, state, pattern) for pattern in state.patterns)


def _swap(planner: Planner, state: State, pattern: Pattern) -> Swap:
    """A pattern's whole numbers, with its gain at the prices taken for the loss."""
    gain = pattern.gain - float(pattern.uses @ state.prices[pattern.rows])
    return Swap(-gain, pattern.block, planner.whole_of(pattern))


def _next_to_best(
    pricing: Pricing, gains: Floats, by_kind: Sequence[Floats], best: Sequence[Best], stop: Callable[[], bool]
) -> Iterator[Pattern]:
    """The best of each block, and its best with each whole number one step away."""
    moved = [_moved(pricing, oracle.block) for oracle in pricing.oracles]
    asked = [
        [
            Question(by_kind[number], SWAP_ROUGH, step)
            for step in _steps(pricing.oracles[number].block, moved[number], one)
        ]
        for number, one in enumerate(best)
    ]
    for number, others in enumerate(pricing.answers(pricing.oracles[: len(best)], asked)):
        for values in (one.values for one in (best[number], *others) if one.values is not None):
            yield pricing.pattern_of(number, gains, by_kind[number], values)
        if stop():
            return


def _moved(pricing: Pricing, block: Block) -> Integers:
    """Whole numbers of a block that are tried one step away, by position among them.

    Where there are many: those that cost or bring something, or that others see. The rest follow amounts, as the joints of
    a curve do, and seldom move alone.
    """
    if len(block.integer) <= FEW:
        return np.arange(len(block.integer), dtype=np.int32)
    columns = block.columns[np.unique(block.kind, return_index=True)[1]][block.integer]
    seen = pricing.starts[columns + 1] > pricing.starts[columns]
    return np.flatnonzero(seen | (pricing.parts.arrays.costs[columns] != 0.0)).astype(np.int32)


def _steps(block: Block, moved: Integers, best: Best) -> list[tuple[int, float]]:
    """Whole numbers of a plan one step away, as far as each can go; by position among the whole numbers."""
    if best.values is None:
        return []
    kinds = block.integer[moved].tolist()
    at = [
        (n, float(best.values[kind]) + step)
        for n, kind in zip(moved.tolist(), kinds, strict=True)
        for step in (-1.0, 1.0)
    ]
    low, high = block.lower[block.integer] - 0.5, block.upper[block.integer] + 0.5
    return [(n, value) for n, value in at if low[n] <= value <= high[n]]


def swap(planner: Planner, choice: Swaps, stop: Callable[[], bool], most: int | None = None) -> None:
    """Better the best plan swap by swap until none betters it; at most so many are tried."""
    planner.rest.enter(near_columns(planner.pricing, choice.prices))
    tried, better = 0, True
    while better:
        better = False
        for one in _promising(planner, choice):
            if stop() or tried == most:
                return
            assert planner.best is not None
            whole = np.round(planner.best.values[planner.ids])
            whole[planner.places[one.block]] = one.whole
            if planner.knows(whole):
                continue
            tried += 1
            better = planner.again(whole)
            if better:
                break


def _promising(planner: Planner, choice: Swaps) -> list[Swap]:
    """Swaps that could better the best plan, in order of how much less they lose at the prices than it does."""
    assert planner.best is not None
    pricing, values = planner.pricing, planner.best.values
    gained = pricing.gains(choice.prices) * values
    lost = choice.best - [float(gained[block.columns].sum()) for block in pricing.parts.blocks]
    # No plan with such whole numbers gains more than the bound less what they lose.
    could = [one for one in choice.known if one.loss <= choice.bound - planner.objective]
    return sorted(could, key=lambda one: one.loss - lost[one.block])


def near_columns(pricing: Pricing, prices: Floats) -> Booleans:
    """Columns that at given prices gain nearly as much as the best of their kind, and all that have no like."""
    gains, arrays = pricing.gains(prices), pricing.parts.arrays
    charges = np.abs(pricing.value * prices[pricing.row])
    size = np.abs(arrays.costs) + np.bincount(pricing.column, weights=charges, minlength=arrays.column_count)
    near = np.ones(arrays.column_count, dtype=bool)
    for block in pricing.parts.blocks:
        lost = best_of_kinds(block, gains[block.columns])[block.kind] - gains[block.columns]
        near[block.columns] = lost <= SWAP_NEAR * size[block.columns]
    return near
