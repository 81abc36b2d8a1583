"""The reference of case keys, cut into a page for each block of `case.yaml`: its keys, and those of the blocks inside it."""

from __future__ import annotations

import re

from sources import ROOT

START = "# What a case may say"
INSIDE = {"vendors.NAME.contract": "contract", "vendors.NAME.team": "team"}
"""Blocks large enough for a page of their own, though they stand inside another."""


def case_pages() -> tuple[dict[str, str], dict[str, str]]:
    """Pages by their path in the site, and for each heading the page it became part of."""
    text = (ROOT / "cases" / "README.md").read_text(encoding="utf-8")
    head, *blocks = re.split(r"^(?=## )", text[text.index(START) :], flags=re.MULTILINE)
    grouped: dict[str, list[str]] = {}
    for block in blocks:
        grouped.setdefault(_key(block), []).append(block)
    homes = {_name(block).lower(): f"{key}.md" for key, found in grouped.items() for block in found}

    def linked(part: str, here: str = "") -> str:
        def link(found: re.Match[str]) -> str:
            there = homes[found[1]]
            return f"]({'' if there == here else there}#{found[1]})"

        return re.sub(r"\]\(#(\w+)\)", link, part)

    pages = {
        f"reference/case/{key}.md": f"# `{key}`\n\n{linked(''.join(found), f'{key}.md')}"
        for key, found in grouped.items()
    }
    listed = "".join(f"| [`{key}`]({key}.md) | {_meaning(found[0])} |\n" for key, found in grouped.items())
    front = f"{linked(head).rstrip()}\n\n## Blocks\n\n| block | what it is |\n|---|---|\n{listed}"
    return {"reference/case/index.md": front, **pages}, {name: f"reference/case/{page}" for name, page in homes.items()}


def _name(block: str) -> str:
    return block.partition("\n")[0].removeprefix("## ")


def _key(block: str) -> str:
    """The block of `case.yaml` that a block stands in, by the first path at which it may."""
    where = re.search(r"^Where: `([^`]+)`", block, re.MULTILINE)
    if where is None:
        return "case"
    return next((key for path, key in INSIDE.items() if where[1].startswith(path)), where[1].partition(".")[0])


def _meaning(block: str) -> str:
    return " ".join(block.split("\n\n")[1].split()).replace("|", "\\|")
