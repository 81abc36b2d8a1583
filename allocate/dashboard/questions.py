"""What can be asked about what is shown: each question has a name, and is answered by sections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from allocate.case.load import Case
from allocate.dashboard import afterwards, pages
from allocate.dashboard.background import Background, Turn
from allocate.dashboard.moves import Moves, Pairs
from allocate.dashboard.planner import Planner
from allocate.errors import CaseError
from allocate.reporting.document import Section


class Answerer(Protocol):
    """Who is asked: what plans, what works in the background, and what scenarios come to."""

    planner: Planner
    background: Background

    async def summary_of(self, turn: Turn, name: str, case: Case) -> Any:
        """What a scenario comes to, asked once."""


Question = Callable[[Answerer, Turn, Pairs, Moves], Awaitable[Sequence[Section]]]
ASKED = ("product", "from", "to", "giver", "taker")
"""Fields of a query that say what is asked about."""


def _of_case(question: Callable[[Case], Any]) -> Question:
    """A question about what is shown."""

    async def asked(one: Answerer, turn: Turn, pairs: Pairs, moves: Moves) -> Sequence[Section]:
        case = await asyncio.to_thread(one.planner.changed, pairs)
        found: Sequence[Section] = await one.background.ask(turn, question, case)
        return found

    return asked


async def _scenarios(one: Answerer, turn: Turn, pairs: Pairs, moves: Moves) -> Sequence[Section]:
    planner = one.planner
    plans = [("the case as it is", planner.case, await one.summary_of(turn, "", planner.case))]
    for name in planner.scenarios:
        try:
            case = await asyncio.to_thread(planner.changed, [("scenario", name)])
        except CaseError:
            continue
        plans.append((name, case, await one.summary_of(turn, name, case)))
    if moves.levers or moves.own:
        case = await asyncio.to_thread(planner.changed, pairs)
        plans.append(("what is shown", case, await one.background.ask(turn, afterwards.summary, case)))
    return afterwards.side_by_side(planner.case, plans)


async def _routes(one: Answerer, turn: Turn, pairs: Pairs, moves: Moves) -> Sequence[Section]:
    product = _field(pairs, "product")
    planned = await asyncio.to_thread(one.planner.plan, pairs, f"routes {turn}")
    if planned.answer.plan is None or product not in planned.case.products:
        raise CaseError.of(f"there is no product '{product}' in a plan", None, "load the page again")
    return await asyncio.to_thread(pages.routes_of, planned.answer, product)


async def _bridge(one: Answerer, turn: Turn, pairs: Pairs, moves: Moves) -> Sequence[Section]:
    ends = []
    for field in ("from", "to"):
        chosen = _field(pairs, field)
        if chosen == "now":
            ends.append(("what is shown", await asyncio.to_thread(one.planner.changed, pairs)))
        elif chosen.startswith("scenario:"):
            name = chosen.removeprefix("scenario:")
            ends.append((name, await asyncio.to_thread(one.planner.changed, [("scenario", name)])))
        else:
            ends.append(("the case as it is", one.planner.case))
    found: Sequence[Section] = await one.background.ask(turn, afterwards.between, *ends)
    return found


async def _scale(one: Answerer, turn: Turn, pairs: Pairs, moves: Moves) -> Sequence[Section]:
    case = await asyncio.to_thread(one.planner.changed, pairs)
    found: Sequence[Section] = await one.background.ask(turn, afterwards.scaled_product, case, _field(pairs, "product"))
    return found


async def _shift(one: Answerer, turn: Turn, pairs: Pairs, moves: Moves) -> Sequence[Section]:
    case = await asyncio.to_thread(one.planner.changed, pairs)
    found: Sequence[Section] = await one.background.ask(
        turn, afterwards.shifted, case, _field(pairs, "giver"), _field(pairs, "taker")
    )
    return found


async def _done(one: Answerer, turn: Turn, pairs: Pairs, moves: Moves) -> Sequence[Section]:
    case = await asyncio.to_thread(one.planner.changed, pairs)
    found: Sequence[Section] = await one.background.ask(turn, afterwards.done_so_far, case, one.planner.asked.actuals)
    return found


def _field(pairs: Pairs, name: str) -> str:
    return next((value for key, value in pairs if key == name), "")


QUESTIONS: dict[str, tuple[str, Question]] = {
    "why": ("Why the plan is as it is", _of_case(afterwards.why)),
    "frontier": ("Budgets around this one", _of_case(afterwards.along_budget)),
    "likely": ("How likely the plan is kept", _of_case(afterwards.likely)),
    "scenarios": ("Scenarios side by side", _scenarios),
    "routes": ("Routes, and where their figures come from", _routes),
    "bridge": ("From one plan to the other", _bridge),
    "scale": ("One product at other volumes", _scale),
    "shift": ("Work moved between two vendors", _shift),
    "done": ("The plan and what was done", _done),
}
"""What can be asked afterwards, with its title."""
