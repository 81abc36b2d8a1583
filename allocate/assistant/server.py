"""Tools over the Model Context Protocol, on standard input and output."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from allocate.answers import UnverifiedPlanError
from allocate.assistant import questions
from allocate.assistant.confined import Served
from allocate.errors import CaseError
from allocate.record.plain_values import plain

MOST = 30_000
"""Characters of an answer."""
KEPT = 3
"""Entries that stay of the longest list at least."""
NEVER = ("certificate", "digest", "run")
"""Parts that say nothing to a reader; files have them."""


def short(answer: Any, most: int = MOST) -> dict[str, Any]:
    """An answer as JSON of at most so many characters; `left_out` says of which lists the end is missing, and how much.

    The longest list is halved until all of it fits, so what stays is always the beginning of a list.
    """
    found = plain(answer)
    assert isinstance(found, dict)
    found = {key: value for key, value in found.items() if key not in NEVER}
    wholes: dict[str, int] = {}
    while (size := _size(found)) > most:
        _, path, longest = max(_lists(found), key=lambda one: one[0], default=(0, "", None))
        if longest is None or len(longest) <= KEPT:
            return {"left_out": [f"the answer has {size:,} characters, more than {most:,}: ask about a part of it"]}
        wholes.setdefault(path, len(longest))
        del longest[max(KEPT, len(longest) // 2) :]
    told = [f"{path}: the first {len(_at(found, path)):,} of {many:,}" for path, many in wholes.items()]
    return {**found, "left_out": told} if told else found


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False))


def _lists(value: Any, path: str = "") -> Iterator[tuple[int, str, list[Any]]]:
    """Every list with more than the least number of entries, its size and where it stands."""
    if isinstance(value, list):
        if len(value) > KEPT:
            yield _size(value), path, value
        for number, one in enumerate(value):
            yield from _lists(one, f"{path}[{number}]")
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _lists(one, f"{path}.{key}" if path else str(key))


def _at(found: Any, path: str) -> list[Any]:
    return next(one for _, where, one in _every(found) if where == path)


def _every(value: Any, path: str = "") -> Iterator[tuple[int, str, list[Any]]]:
    if isinstance(value, list):
        yield 0, path, value
        for number, one in enumerate(value):
            yield from _every(one, f"{path}[{number}]")
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _every(one, f"{path}.{key}" if path else str(key))


ABOUT = """Plans data-annotation spend. A case says which products need labels, which vendors make them at which price and quality, and the
limits; a plan says who labels what when, and comes with a proof. Begin with list_cases. Settings are dotted paths of the case with their new
values, as in {"budget": "300k USD", "vendors.acme.contract.price": "0.45 USD/image"}; they change no file. Where an answer has `left_out`,
it is not whole. Say amounts with their currency, and say of a plan whether it is proven best (status, gap)."""

Name = Annotated[str, Field(description="Name of a case, as list_cases gives it.")]
Scenario = Annotated[str | None, Field(description="A scenario of the case, laid over it.")]
Settings = Annotated[
    dict[str, str] | None, Field(description="Dotted paths of the case with their new values; nothing is written.")
]
Seconds = Annotated[
    float, Field(gt=0.0, le=questions.MOST_SECONDS, description="Seconds after which a search is stopped.")
]


def server(folder: Path) -> MCPServer:
    """A server of the cases below a folder."""
    served = Served(folder.resolve())
    found = MCPServer("allocate", instructions=ABOUT, version=version("allocate"), log_level="ERROR")

    def tool(title: str, *, reads: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        told = ToolAnnotations(title=title, read_only_hint=reads, destructive_hint=False, open_world_hint=False)
        return found.tool(title=title, annotations=told, structured_output=False)

    _of_cases(tool, served)
    _of_plans(tool, served)
    return found


Tool = Callable[..., Callable[[Callable[..., Any]], Callable[..., Any]]]
"""What makes a function a tool: its title, and whether it only reads."""


def _of_cases(tool: Tool, served: Served) -> None:
    """Tools about what cases say."""

    @tool("List cases")
    def list_cases() -> str:
        """The cases there are, with their titles and scenarios."""
        return _answer(questions.list_cases, served)

    @tool("Check a case")
    def check(case: Name, scenario: Scenario = None, settings: Settings = None) -> str:
        """What a case holds: products, vendors, weeks, scenarios; or every problem of it with its line and how to correct it."""
        return _answer(questions.check, served, case, scenario, settings)

    @tool("Unit costs")
    def costs(case: Name, scenario: Scenario = None, settings: Settings = None) -> str:
        """What an item costs by product, vendor and workflow, and for each accurate item."""
        return _answer(questions.costs, served, case, scenario, settings)

    @tool("Save a scenario", reads=False)
    def save_scenario(
        case: Name, name: Annotated[str, Field(description="Name of the new scenario: lower-case letters, digits and `-`.")],
        settings: Annotated[dict[str, str], Field(description="Dotted paths with their new values.")],
        confirmation: Annotated[str | None, Field(description="The code of the first call, once the user has agreed.")] = None,
    ) -> str:  # fmt: skip
        """Write settings into the case as a scenario. The first call writes nothing: it tells the lines and a confirmation code to call with again."""
        return _answer(questions.save, served, case, name, settings, confirmation)


def _of_plans(tool: Tool, served: Served) -> None:
    """Tools that plan."""

    @tool("Plan a case")
    def solve(
        case: Name, scenario: Scenario = None, settings: Settings = None, seconds: Seconds = questions.SECONDS
    ) -> str:
        """The best plan: money, who makes what when, limits that bind; or why no plan is possible."""
        return _answer(questions.planned, served, case, scenario, settings, seconds)

    @tool("Explain a plan")
    def explain(
        case: Name, scenario: Scenario = None, settings: Settings = None, seconds: Seconds = questions.SECONDS
    ) -> str:
        """Why the plan is as it is: what the next money returns, what each limit and rule costs, at which price a vendor would enter."""
        return _answer(questions.explain, served, case, scenario, settings, seconds)

    @tool("Compare scenarios")
    def compare(
        case: Name, scenarios: Annotated[list[str], Field(description="Scenarios of the case.")], settings: Settings = None,
        seconds: Seconds = questions.SECONDS,
    ) -> str:  # fmt: skip
        """Scenarios side by side, each held against the case as it is."""
        return _answer(questions.compare, served, case, scenarios, settings, seconds)

    @tool("Odds of a plan")
    def odds(case: Name, scenario: Scenario = None, settings: Settings = None) -> str:
        """How likely the best plan keeps each promise, where the case says what may come out differently."""
        return _answer(questions.odds, served, case, scenario, settings)

    @tool("Bridge between two bills")
    def bridge(before: Name, after: Name, before_scenario: Scenario = None, after_scenario: Scenario = None) -> str:
        """Why the plan of one case or scenario costs more than that of another: price, pace, rework, volume and more, to the cent."""
        return _answer(questions.bridge, served, before, after, before_scenario, after_scenario)


def _answer(question: Callable[..., dict[str, Any]], *arguments: Any) -> str:
    """An answer as JSON; problems as a tool's error, each with its place and how to correct it."""
    import json

    try:
        return json.dumps(short(question(*arguments)), ensure_ascii=False, allow_nan=False)
    except CaseError as error:
        raise ToolError("\n".join(map(_told, error.problems))) from None
    except UnverifiedPlanError as error:
        raise ToolError(f"{error}. This is a fault of the program, not of the case.") from None


def _told(problem: Any) -> str:
    place = f" ({problem.place})" if problem.place is not None else ""
    return f"{problem.message}{place}" + (f"; fix: {problem.fix}" if problem.fix else "")
