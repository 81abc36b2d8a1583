"""Better prices for several branch-and-bound nodes: in this process, or one node a worker; the same prices either way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from allocate.certificate.facility_location.lagrangian_relaxation import Box, Relaxation
from allocate.program.arrays import Floats
from allocate.solvers.facility_location.subgradient import Priced, Steps, better_prices
from allocate.workers.handed import Handed


@dataclass(frozen=True, eq=False)
class Question:
    """A box, and the prices to better."""

    relaxation: Relaxation
    prices: Floats
    box: Box
    plan: float
    """What the best plan gains."""
    enough: float
    """Bound at which no further steps are wanted."""
    steps: Steps


Pricer = Callable[[Sequence[Question]], list[Priced]]
"""The answers to questions, in order; fewer where the search was ended."""


def here(over: Callable[[], bool]) -> Pricer:
    """Every box is looked at in this process."""

    def priced(asked: Sequence[Question]) -> list[Priced]:
        return [_answered(one, over) for one in asked if not over()]

    return priced


def shared(executor: Executor, over: Callable[[], bool]) -> Pricer:
    """Boxes are handed out; one that is lost or takes too long is handed out again."""

    def priced(asked: Sequence[Question]) -> list[Priced]:
        handed = [Handed(executor, _worked, one) for one in asked]
        found = []
        try:
            for one in handed:
                answer = one.result(over)
                if answer is None:
                    break
                found.append(answer)
        finally:
            for one in handed:
                one.call_off()
        return found

    return priced


def _worked(asked: Question) -> Priced:
    return _answered(asked, lambda: False)


def _answered(asked: Question, over: Callable[[], bool]) -> Priced:
    def ended(bound: float) -> bool:
        return bound <= asked.enough or over()

    return better_prices(asked.relaxation, asked.prices, asked.box, asked.plan, asked.steps, ended)
