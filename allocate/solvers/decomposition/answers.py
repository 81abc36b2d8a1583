"""Questions to blocks and their answers: in this process, or shared out among workers; the same answers either way."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import pairwise

from allocate.program.arrays import Floats
from allocate.solvers.decomposition.blocks import Block
from allocate.solvers.decomposition.oracle import Best, Oracle
from allocate.tolerances import BLOCK_BEST
from allocate.workers.handed import Handed

SHARES = 12
"""Portions that all questions of one look are handed out in: enough that nobody waits long for the last of them."""
KEPT = 4
"""Searches whose blocks a worker keeps."""


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of a block: the best of it at gains by kind, shape (kinds,)."""

    gains: Floats
    exact: float = BLOCK_BEST
    fixed: tuple[int, float] | None = None
    """A whole number by its position among them, and the value it is held at."""


Answers = Callable[[Sequence[Oracle], Sequence[Sequence[Question]]], Iterator[list[Best]]]
"""Answers to the questions to each block, in order; fewer where the search was ended."""


def here(stopped: Callable[[], bool]) -> Answers:
    """Every question is answered in this process, when its answer is looked at."""

    def answers(oracles: Sequence[Oracle], asked: Sequence[Sequence[Question]]) -> Iterator[list[Best]]:
        for oracle, questions in zip(oracles, asked, strict=True):
            if stopped():
                return
            starts = [oracle.known(one.gains, one.fixed) for one in questions]
            found = _answered(oracle, questions, starts)
            oracle.learn(found)
            yield found

    return answers


@dataclass(frozen=True, eq=False)
class _Portion:
    """Some blocks with their questions, and for each question the best plan known before."""

    search: str
    numbers: tuple[int, ...]
    blocks: tuple[Block, ...]
    asked: tuple[tuple[Question, ...], ...]
    starts: tuple[tuple[Floats | None, ...], ...]


def shared(executor: Executor, stopped: Callable[[], bool]) -> Answers:
    """Questions are handed out in portions; one that is lost or takes too long is handed out again.

    An answer depends on nothing but its question and the plans known here before, so it does not matter who gives it.
    """
    search = uuid.uuid4().hex

    def answers(oracles: Sequence[Oracle], asked: Sequence[Sequence[Question]]) -> Iterator[list[Best]]:
        starts = [
            [oracle.known(one.gains, one.fixed) for one in questions]
            for oracle, questions in zip(oracles, asked, strict=True)
        ]
        portions = [
            _Portion(
                search,
                tuple(numbers),
                tuple(oracles[number].block.bare for number in numbers),
                tuple(tuple(asked[number]) for number in numbers),
                tuple(tuple(starts[number]) for number in numbers),
            )
            for numbers in _parts(len(oracles))
        ]
        handed = [Handed(executor, _worked, portion) for portion in portions]
        try:
            for one in handed:
                found = one.result(stopped)
                if found is None:
                    return
                for number, best in zip(one.asked.numbers, found, strict=True):
                    oracles[number].learn(best)
                    yield best
        finally:
            for one in handed:
                one.call_off()

    return answers


def _parts(count: int) -> list[range]:
    """Numbers cut into portions of nearly the same size."""
    ends = [count * n // SHARES for n in range(SHARES + 1)]
    return [range(low, high) for low, high in pairwise(ends) if low < high]


_kept = threading.local()


def _worked(portion: _Portion) -> list[list[Best]]:
    """A worker's part: the answers of one portion, on solvers it keeps from one to the next."""
    searches: OrderedDict[str, dict[int, Oracle]] = _kept.__dict__.setdefault("searches", OrderedDict())
    oracles = searches.setdefault(portion.search, {})
    searches.move_to_end(portion.search)
    while len(searches) > KEPT:
        searches.popitem(last=False)
    found = []
    for number, block, asked, starts in zip(
        portion.numbers, portion.blocks, portion.asked, portion.starts, strict=True
    ):
        if number not in oracles:
            oracles[number] = Oracle(block)
        found.append(_answered(oracles[number], asked, starts))
    return found


def _answered(oracle: Oracle, asked: Sequence[Question], starts: Sequence[Floats | None]) -> list[Best]:
    return [oracle.best(one.gains, one.exact, one.fixed, start) for one, start in zip(asked, starts, strict=True)]
