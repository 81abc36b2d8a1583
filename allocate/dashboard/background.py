"""Another process for what takes longer than a move may: one question at a time, called off by the next move."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from typing import Any

from allocate.answers import UnverifiedPlanError
from allocate.errors import CaseError, Problem
from allocate.workers.processes import Processes
from allocate.workers.workforce import WorkerLostError, Workforce

Turn = tuple[str, str]
"""The page in a browser, and the move, that a question belongs to."""
OF_NO_MOVE: Turn = ("", "")
"""That of questions which no move makes out of date."""
PAGES = 64
"""Pages whose last move is remembered."""


GENTLE = 10
"""How much less urgent the process is than the one that plans, as `nice` counts."""


class OutdatedError(Exception):
    """Nobody needs the answer any more: a later move asks another question."""


def gently(question: Callable[..., Any], *about: Any) -> tuple[Any, tuple[Problem, ...]]:
    """In the other process: the answer to a question, or the problems with it, which no exception would carry home.

    The processor is left to whoever plans a move.
    """
    if hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, 0, max(GENTLE, os.getpriority(os.PRIO_PROCESS, 0)))
    try:
        return question(*about), ()
    except CaseError as error:
        return None, tuple(error.problems)
    except UnverifiedPlanError as error:
        message = "a plan failed its check, which is a fault of the program and not of the case"
        return None, (Problem(f"{message}: {error.violations[0]}", None, "please report it"),)


class Background:
    """Questions asked of one process; those of an earlier move are called off. made: makes what answers them."""

    def __init__(self, made: Callable[[], Executor] = lambda: Processes(1)) -> None:
        self._made = made
        self._pool: Executor | None = None
        self._free = asyncio.Lock()
        self._last: dict[str, str] = {}
        self._asked = OF_NO_MOVE

    async def ask(self, turn: Turn, question: Callable[..., Any], *about: Any) -> Any:
        """The answer to a question that belongs to a move, or to none.

        Raises OutdatedError where the page has moved on meanwhile, and CaseError with what is wrong with the question.
        """
        async with self._free:
            if self._is_outdated(turn):
                raise OutdatedError
            self._pool = self._pool or self._made()
            self._asked = turn
            try:
                found, problems = await asyncio.wrap_future(self._pool.submit(gently, question, *about))
            except WorkerLostError:
                raise OutdatedError from None
            finally:
                self._asked = OF_NO_MOVE
            if problems:
                raise CaseError(problems)
            return found

    def _is_outdated(self, turn: Turn) -> bool:
        page, move = turn
        return self._last.get(page, move) != move

    async def moved(self, turn: Turn) -> None:
        """Call off what is asked about an earlier move of the same page, whatever it does at the moment."""
        page, move = turn
        if page:
            self._last.pop(page, None)
            self._last[page] = move
            while len(self._last) > PAGES:
                del self._last[next(iter(self._last))]
        if self._is_outdated(self._asked):
            await self.close()

    async def close(self) -> None:
        """End the process, whatever it does; the next question starts another."""
        pool, self._pool = self._pool, None
        if isinstance(pool, Workforce):
            await asyncio.to_thread(pool.stop)
