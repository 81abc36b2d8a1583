"""Pages of the repository, where each stands in the site, and its links once it stands there."""

from __future__ import annotations

import os
import re
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)")
ELSEWHERE = {
    "README.md": "index.md",
    "cases/README.md": "reference/case/index.md",
    "models/README.md": "reference/formulation.md",
    "CHANGELOG.md": "about/changelog.md",
    "CONTRIBUTING.md": "about/contributing.md",
    "CODE_OF_CONDUCT.md": "about/conduct.md",
    "SECURITY.md": "about/security.md",
    "tests/bench/README.md": "about/benchmarks.md",
    "tests/data/orlib/README.md": "about/instances.md",
}
"""Pages that do not stand below docs, by where they stand in the site."""


def pages() -> dict[Path, str]:
    """Every written page by its path in the site."""
    found = {path: path.relative_to(ROOT / "docs").as_posix() for path in sorted((ROOT / "docs").rglob("*.md"))}
    found |= {path: f"cases/{path.parent.name}.md" for path in sorted((ROOT / "cases").glob("*/README.md"))}
    return found | {ROOT / name: place for name, place in ELSEWHERE.items()}


def files() -> dict[Path, str]:
    """Pictures, styles and scripts by their path in the site."""
    found = (path for path in sorted((ROOT / "docs").rglob("*")) if path.is_file() and path.suffix != ".md")
    return {path: path.relative_to(ROOT / "docs").as_posix() for path in found}


def placed(text: str, source: Path, place: str, places: dict[Path, str], headings: dict[str, str]) -> str:
    """A page's text with its links as they lead from its place in the site.

    A link to a file that is no page of the site keeps its words alone. `headings` has the pages that parts of one page became.
    """

    def link(found: re.Match[str]) -> str:
        words, target = found[1], found[2]
        if "://" in target or target.startswith(("#", "mailto:")):
            return found[0]
        file, _, heading = target.partition("#")
        named = (source.parent / file).resolve()
        there = (
            "cases/index.md"
            if named == ROOT / "cases"
            else places.get(named / "README.md" if named.is_dir() else named)
        )
        if there is None:
            return words
        if named == ROOT / "cases" / "README.md" and heading:
            there = headings.get(heading, there)
        led = os.path.relpath(there, Path(place).parent)
        return f"[{words}]({Path(led).as_posix()}{'#' + heading if heading else ''})"

    parts, last = [], 0
    for fence in FENCE.finditer(text):
        parts += [LINK.sub(link, text[last : fence.start()]), fence[0]]
        last = fence.end()
    return "".join([*parts, LINK.sub(link, text[last:])])


def with_bars(text: str) -> str:
    """A text whose tables hold bars in their cells as this builder reads them; hosts of repositories read a stroke before them."""

    def row(found: re.Match[str]) -> str:
        coded = re.sub(r"`([^`]*\\\|[^`]*)`", lambda code: f"<code>{escape(code[1], quote=False)}</code>", found[0])
        return coded.replace("\\|", "&#124;")

    return re.sub(r"^\|.*$", row, text, flags=re.MULTILINE)
