"""Another process for what takes longer: its answers, its problems, and how the next move calls it off."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from allocate.dashboard.background import OF_NO_MOVE, Background, OutdatedError
from allocate.errors import CaseError, Place, Problem

pytestmark = pytest.mark.slow
FIX = "write `budget: 9k USD`"


def doubled(number: int) -> tuple[int, int, int]:
    """The process that answers, how gentle it is, and a number twice."""
    return os.getpid(), os.getpriority(os.PRIO_PROCESS, 0), 2 * number


def wrong() -> None:
    """A question with a problem."""
    raise CaseError([Problem("too little", Place("case.yaml", 3, 1), FIX)])


def long(seconds: float) -> str:
    """A question that takes its time."""
    time.sleep(seconds)
    return "done"


def asked(what: Callable[[Background], Awaitable[Any]]) -> Any:
    """What comes of questions to a background that is closed afterwards."""

    async def all_of_it() -> Any:
        background = Background()
        try:
            return await what(background)
        finally:
            await background.close()

    return asyncio.run(all_of_it())


def test_answers_and_problems_come_home() -> None:
    """Another, gentler process answers; a problem keeps its words, place and fix, and the process goes on."""

    async def what(background: Background) -> tuple[Any, ...]:
        first = await background.ask(("page", "a"), doubled, 4)
        with pytest.raises(CaseError) as caught:
            await background.ask(("page", "a"), wrong)
        return first, caught.value.problems, await background.ask(OF_NO_MOVE, doubled, 5)

    (process, gentle, eight), problems, (same, _, ten) = asked(what)
    assert process == same != os.getpid()
    assert gentle >= max(10, os.getpriority(os.PRIO_PROCESS, 0))
    assert (eight, ten) == (8, 10)
    assert [(one.message, one.place.line, one.fix) for one in problems] == [("too little", 3, FIX)]


def test_the_next_move_calls_off_the_one_before() -> None:
    """A long answer about an earlier move is not waited for; one of another page, or of no move, goes on."""

    async def what(background: Background) -> tuple[str, float, str]:
        await background.moved(("page", "a"))
        first = asyncio.create_task(background.ask(("page", "a"), long, 60.0))
        waiting = asyncio.create_task(background.ask(("page", "a"), long, 60.0))
        await asyncio.sleep(3.0)
        begun = time.monotonic()
        await background.moved(("page", "b"))
        for task in (first, waiting):
            with pytest.raises(OutdatedError):
                await task
        called_off = time.monotonic() - begun
        other = asyncio.create_task(background.ask(("other", "x"), long, 1.0))
        await asyncio.sleep(0.1)
        await background.moved(("page", "c"))
        return await background.ask(("page", "c"), long, 0.0), called_off, await other

    done, called_off, other = asked(what)
    assert (done, other) == ("done", "done")
    assert called_off < 30.0
