"""All pages of the site in one folder: written ones with their links as they lead there, generated ones, and the menu."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import case_keys
import columns
import commands
import cost_model
import gallery
import python_api
from sources import ROOT, files, pages, placed, with_bars

BELOW = {
    "reference/commands.md": commands.command_list,
    "reference/columns.md": columns.column_tables,
    "reference/cost-model.md": cost_model.figures,
    "reference/python.md": python_api.directives,
}
"""Written pages that end with a generated part."""


def gathered() -> dict[str, str]:
    """The text of every page by its path in the site."""
    places = pages()
    case_pages, headings = case_keys.case_pages()
    texts = {
        place: placed(path.read_text(encoding="utf-8"), path, place, places, headings) for path, place in places.items()
    }
    index = ROOT / "docs" / "index.md"
    texts["index.md"] = placed(index.read_text(encoding="utf-8"), index, "index.md", places, headings)
    texts["about/changelog.md"] = f"---\nsearch:\n  exclude: true\n---\n\n{texts['about/changelog.md']}"
    for place, below in BELOW.items():
        texts[place] = f"{texts[place].rstrip()}\n\n{below()}"
    whole = {**texts, **case_pages, **commands.command_pages(texts), "cases/index.md": gallery.gallery()}
    return {place: with_bars(text) for place, text in whole.items()}


def menu(texts: dict[str, str]) -> list[dict[str, object]]:
    """What stands where in the menu: the sections of the index, with the generated pages in theirs."""
    found: list[dict[str, object]] = [{"allocate": "index.md"}]
    for section in re.split(r"^## ", texts["index.md"], flags=re.MULTILINE)[1:]:
        title, links = section.partition("\n")[0], re.findall(r"^- \[([^\]]+)\]\(([^)#]+)\)", section, re.MULTILINE)
        entries: list[object] = []
        for words, place in links:
            below = _below(place, texts)
            entries.append({words.replace("`", ""): [place, *below] if below else place})
        found.append({title: entries})
    return found


def _below(place: str, texts: dict[str, str]) -> list[str]:
    """Pages that stand below one in the menu."""
    folder = {
        "reference/case/index.md": "reference/case/",
        "cases/index.md": "cases/",
        "reference/commands.md": "reference/commands/",
    }.get(place)
    return [one for one in texts if folder and one.startswith(folder) and one.endswith(".md") and one != place]


def listed(entries: object) -> set[str]:
    """Every page a menu leads to."""
    if isinstance(entries, str):
        return {entries}
    inner = entries.values() if isinstance(entries, dict) else entries
    assert not isinstance(inner, str)
    return {one for entry in inner for one in listed(entry)}  # type: ignore[attr-defined]


def write(folder: Path, *, pictures: bool = True) -> None:
    """Write pages, files and the configuration with its menu into an empty folder; pictures take a plan of each case."""
    texts = gathered()
    for place, text in {**texts, **(gallery.pictures() if pictures else {})}.items():
        _put(folder / "pages" / place, text)
    for path, place in files().items():
        (folder / "pages" / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / "pages" / place)
    chosen = menu(texts)
    if orphans := set(texts) - listed(chosen):
        raise SystemExit(f"pages that no menu leads to; add them to docs/index.md: {', '.join(sorted(orphans))}")
    configuration = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    _put(folder / "mkdocs.yml", f"{configuration}nav: {json.dumps(chosen, ensure_ascii=False)}\n")


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
