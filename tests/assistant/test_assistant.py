"""An assistant asks over standard input and output: answers, problems, what is left out, and what it cannot reach."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from allocate.api.solving import solve
from allocate.assistant.server import KEPT, MOST, short
from allocate.case.load import read_case

pytestmark = pytest.mark.skipif(find_spec("mcp") is None, reason="the protocol needs mcp, of the extra `mcp`")
CASES = Path(__file__).parent.parent.parent / "cases"

Ask = Callable[..., Awaitable[Any]]


def _talk(folder: Path, conversation: Callable[[Ask], Awaitable[Any]]) -> Any:
    """A conversation with a server of its own, over its standard input and output."""
    from mcp import Client, StdioServerParameters

    async def talk() -> Any:
        given = StdioServerParameters(
            command=sys.executable, args=["-m", "allocate", "mcp", str(folder)], env={**os.environ}
        )
        async with Client(given, read_timeout_seconds=120.0) as client:

            async def ask(name: str, /, **arguments: Any) -> Any:
                if name == "tools":
                    return (await client.list_tools()).tools
                done = await client.call_tool(name, arguments)
                text = done.content[0].text
                return text if done.is_error else json.loads(text)

            return await conversation(ask)

    return asyncio.run(talk())


@pytest.mark.slow
def test_a_conversation(tmp_path: Path) -> None:
    """List, check, plan, explain, compare, price, bridge; each answer is that of the library, and no file is changed."""
    shutil.copytree(CASES / "second-quarter", tmp_path / "q2")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    async def conversation(ask: Ask) -> None:
        tools = {one.name: one for one in await ask("tools")}
        assert set(tools) == {
            "list_cases",
            "check",
            "solve",
            "explain",
            "compare",
            "costs",
            "odds",
            "bridge",
            "save_scenario",
        }
        assert [name for name, one in tools.items() if not one.annotations.read_only_hint] == ["save_scenario"]
        assert (await ask("list_cases"))["cases"][0]["scenarios"] == ["first-quarter"]
        assert (await ask("check", case="q2"))["vendors"] == ["cebu"]
        plan = await ask("solve", case="q2")
        assert plan["spend"] == pytest.approx(solve(read_case(CASES / "second-quarter")).plan.spend)  # type: ignore[union-attr]
        assert "certificate" not in plan
        dearer = await ask("solve", case="q2", settings={"vendors.cebu.contract.price": "600 PHP/h"})
        assert dearer["spend"] > plan["spend"]
        assert (await ask("explain", case="q2"))["spend"] == plan["spend"]
        assert [row["variant"] for row in (await ask("compare", case="q2", scenarios=["first-quarter"]))["rows"]][
            1:
        ] == ["first-quarter"]
        assert {row["vendor"] for row in (await ask("costs", case="q2"))["routes"]} == {"cebu"}
        found = await ask("bridge", before="q2", after="q2", before_scenario="first-quarter")
        assert found["after"] - found["before"] == pytest.approx(2713.70)
        assert sum(row["amount"] for row in found["causes"]) == pytest.approx(2713.70)
        assert "no amount of the case has a spread" in await ask("odds", case="q2")

    _talk(tmp_path, conversation)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.slow
def test_problems_and_what_lies_outside(tmp_path: Path) -> None:
    """A misspelt key is an error with place and fix; paths and links out of the folder, and times beyond the bound, are refused."""
    folder, outside = tmp_path / "served", tmp_path / "outside"
    shutil.copytree(CASES / "vendor-comparison", folder / "offers")
    shutil.copytree(CASES / "vendor-comparison", outside)
    (folder / "link").symlink_to(outside)
    text = (folder / "offers" / "case.yaml").read_text(encoding="utf-8")
    (folder / "wrong").mkdir()
    (folder / "wrong" / "case.yaml").write_text(
        text.replace("products:", "budgt: 3 USD\nproducts:", 1), encoding="utf-8"
    )

    async def conversation(ask: Ask) -> None:
        told = await ask("check", case="wrong")
        assert "budgt" in told
        assert "case.yaml:" in told
        assert "did you mean 'budget'?" in told
        listed = {one["case"]: one for one in (await ask("list_cases"))["cases"]}
        assert set(listed) == {"offers", "wrong"}
        assert listed["wrong"]["problems"] == 1
        for name in ("../outside", str(outside), "link", "link/case.yaml", "offers/../../outside", "a\x00b"):
            assert "does not lie in the folder that is served" in await ask("solve", case=name), name
        assert "there is no case" in await ask("solve", case="nothing-here") or "does not lie" in await ask(
            "solve", case="nothing-here"
        )
        assert "Traceback" not in str(await ask("solve", case="offers", seconds=1e9))
        assert "no amount" in await ask("odds", case="offers")
        tables = await ask("check", case="offers", settings={"rates": "../../outside/rates.csv"})
        assert isinstance(tables, str)

    _talk(folder, conversation)


@pytest.mark.slow
def test_a_scenario_is_saved_only_with_its_confirmation(tmp_path: Path) -> None:
    """The first call tells the lines and a code; another code, or a changed file, writes nothing; the right one adds the lines alone."""
    path = tmp_path / "offers" / "case.yaml"
    shutil.copytree(CASES / "vendor-comparison", path.parent)
    before = path.read_text(encoding="utf-8")
    wanted = {"case": "offers", "name": "cheaper", "settings": {"vendors.vendor-a.contract.price": "0.45 USD/image"}}

    async def conversation(ask: Ask) -> None:
        first = await ask("save_scenario", **wanted)
        assert path.read_text(encoding="utf-8") == before
        assert "0.45 USD/image" in first["would_add"]
        assert "not the confirmation" in await ask("save_scenario", **wanted, confirmation="12345678")
        other = {**wanted, "settings": {"vendors.vendor-a.contract.price": "0.40 USD/image"}}
        assert "not the confirmation" in await ask("save_scenario", **other, confirmation=first["confirmation"])
        assert "price" in await ask(
            "save_scenario", **{**wanted, "settings": {"vendors.vendor-a.contract.price": "cheap"}}
        )
        assert path.read_text(encoding="utf-8") == before
        assert (await ask("save_scenario", **wanted, confirmation=first["confirmation"]))["saved"] is True
        assert (await ask("solve", case="offers", scenario="cheaper"))["scenario"] == "cheaper"

    _talk(tmp_path, conversation)
    after = path.read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []


def test_long_answers_say_what_is_missing() -> None:
    """Lists are cut from their end until all fits, the longest first; short answers stay as they are."""
    rows = [{"n": n, "text": "x" * 100} for n in range(1000)]
    found = short({"case": "c", "lines": rows, "few": rows[:2], "certificate": rows})
    assert len(json.dumps(found)) <= MOST + 200
    assert found["lines"] == rows[: len(found["lines"])]
    assert found["left_out"] == [f"lines: the first {len(found['lines'])} of 1,000"]
    assert len(found["few"]) == 2
    assert short({"case": "c", "rows": rows[:5]}) == {"case": "c", "rows": rows[:5]}
    nested = short({"products": {"a": {"lines": rows}, "b": {"lines": rows}}})
    assert len(nested["left_out"]) == 2
    assert "ask about a part of it" in short({"text": "x" * (MOST + 1), "rows": rows[:KEPT]})["left_out"][0]
