"""The pages of the documentation as they come with the program, for reading without network."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from pathlib import Path

GLOSSARY, ERRORS = "reference/glossary", "reference/errors"


def home() -> Path:
    """The folder of the pages: that of the installation, or the checkout's.

    Raises FileNotFoundError where neither is there: the installation is not whole.
    """
    installed = Path(str(resources.files("allocate"))) / "pages"
    checkout = Path(__file__).resolve().parents[2] / "docs"
    found = next((one for one in (installed, checkout) if (one / "index.md").is_file()), None)
    if found is None:
        raise FileNotFoundError("the pages are missing from this installation; install the package again")
    return found


@cache
def titles() -> dict[str, str]:
    """The title of each page by its name: its folder and file, as in `guides/odds`."""
    found = {}
    for path in sorted(home().rglob("*.md")):
        with path.open(encoding="utf-8") as page:
            found[path.relative_to(home()).with_suffix("").as_posix()] = page.readline().strip().removeprefix("# ")
    return found


def sections() -> list[tuple[str, list[str]]]:
    """The sections of the index, each with the names of its pages."""
    parts = re.split(r"^## ", _text("index"), flags=re.MULTILINE)[1:]
    found = [
        (one.partition("\n")[0], re.findall(r"^- \[[^\]]+\]\(([\w/-]+)\.md\)", one, re.MULTILINE)) for one in parts
    ]
    return [(title, names) for title, names in found if names]


def named(word: str) -> list[str]:
    """Names of the pages that a word names: one by its whole name, or all whose file is called so."""
    word = word.removesuffix(".md").removeprefix("docs/")
    return [word] if word in titles() else [name for name in titles() if name.rpartition("/")[2] == word]


def page(name: str) -> str:
    """The text of a page for a terminal: without comments for the tests, links as their words."""
    text = re.sub(r"^<!-- .*? -->\n", "", _text(name), flags=re.MULTILINE)
    return re.sub(r"!?\[([^\]]*)\]\([^)\s]+\)", r"\1", text)


def codes() -> dict[str, str]:
    """What is said of each code of an error."""
    parts = re.split(r"^## (?=E-)", page(ERRORS), flags=re.MULTILINE)[1:]
    return {one.partition(":")[0]: one for one in parts}


def words() -> dict[str, str]:
    """The meaning of each word of the glossary."""
    return dict(re.findall(r"^\| ([^|]+?) \| ([^|]+?) \|$", page(GLOSSARY), re.MULTILINE)[2:])


def _text(name: str) -> str:
    return (home() / f"{name}.md").read_text(encoding="utf-8")
