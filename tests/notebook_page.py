"""The Python blocks of a page and what each prints: run in their order, as one script."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "tutorials" / "notebook.md"
BLOCK = re.compile(r"```python\n(?P<code>.*?)```\n(?:\n```text\n(?P<shown>.*?)```\n)?", re.DOTALL)


def blocks(page: str) -> Iterator[re.Match[str]]:
    """Each block of code with the output that stands below it, if any does."""
    return BLOCK.finditer(page)


def script(page: str) -> str:
    """All code of the page as one script."""
    return "\n".join(one["code"] for one in blocks(page))


def printed(page: str) -> list[str]:
    """What each block prints when the blocks are run one after another, in the current folder."""
    known: dict[str, Any] = {"__name__": "page"}
    told = []
    for one in blocks(page):
        with contextlib.redirect_stdout(io.StringIO()) as stream:
            exec(compile(one["code"], str(PAGE), "exec"), known)
        told.append(stream.getvalue())
    return told


def with_outputs(page: str, outputs: list[str]) -> str:
    """The page with today's outputs in the place of those it shows."""
    left = iter(outputs)

    def renewed(one: re.Match[str]) -> str:
        output = next(left)
        shown = f"\n```text\n{output}```\n" if output or one["shown"] is not None else ""
        return f"```python\n{one['code']}```\n{shown}"

    return BLOCK.sub(renewed, page)
