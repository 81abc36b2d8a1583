"""The documentation runs: every block of every page is run or read, every link leads somewhere, nothing is left out.

`REGENERATE=1 python -m pytest tests/test_pages.py` writes today's outputs into the pages; read the difference. `-k odds` takes one.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pages
import pytest

from allocate.cli import COMMANDS

ROOT = pages.ROOT
ALL = [*pages.PAGES, *ROOT.glob("[!R]*.md"), *(ROOT / "cases").rglob("*.md"), *(ROOT / "models").rglob("*.md")]


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("page", [one for one in pages.PAGES if "```" in _text(one)], ids=_name)
def test_blocks_do_what_the_page_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command and each line of Python prints exactly what stands below it, and each piece of a case has a plan."""
    if "import altair" in _text(page):
        pytest.importorskip("altair", reason="the picture needs altair, of the extra `test`")
    monkeypatch.delenv("ALLOCATE_HOME", raising=False)
    text = _text(page)
    renewed = pages.renewed(text, tmp_path)
    if "REGENERATE" in os.environ:
        page.write_text(renewed, encoding="utf-8")
    else:
        assert renewed == text


def test_no_block_goes_untested() -> None:
    """Every fence of a page opens or closes a block that is run."""
    untested = []
    for page in pages.PAGES:
        found = list(pages.blocks(_text(page)))
        fences = sum(4 if one["shown"] is not None else 2 for one in found)
        if fences != len(re.findall(r"^ *(?:```|~~~)", _text(page), re.MULTILINE)):
            untested.append(_name(page))
        untested += [
            f"{_name(page)}: {one['kind']}"
            for one in found
            if one["kind"] not in pages.RUN and "title=" not in one["more"]
        ]
    assert untested == []


def test_commands_and_options_in_sentences_are_there() -> None:
    """What a sentence writes as `allocate COMMAND --option` is a command with that option."""
    wrong = []
    for page in ALL:
        for line in re.findall(r"`(allocate [^`\n]+)`", re.sub(r"^```.*?^```$", "", _text(page), flags=re.M | re.S)):
            try:
                pages.named(line)
            except (AssertionError, ValueError) as error:
                wrong.append(f"{_name(page)}: {error}")
    assert wrong == []


def test_every_command_has_a_guide() -> None:
    """No command goes without a page that says how it is used."""
    guides = "".join(_text(page) for page in pages.PAGES if page.parent.name in ("guides", "tutorials"))
    assert [name for name in COMMANDS if not re.search(rf"allocate {name}\b", guides)] == []


@pytest.mark.parametrize("page", ALL, ids=_name)
def test_links_lead_somewhere(page: Path) -> None:
    """Files and headings a page links to are there."""
    assert pages.broken_links(page) == []


def test_every_page_is_reached() -> None:
    """From the README every page of the documentation is found by following links."""
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        for target in re.findall(r"\]\(([^)\s#]+)", _text(page)):
            if "://" not in target and (found := (page.parent / target).resolve()).is_file():
                waiting.append(found)
    assert [_name(page) for page in pages.PAGES if page not in reached] == []


def test_the_readme_fits_a_few_screens_and_has_the_test_command() -> None:
    """At most 160 lines; the command for tests stands where the checks read it from."""
    text = _text(ROOT / "README.md")
    assert len(text.splitlines()) <= 160
    assert re.search(r"<!-- tests -->\n```sh\n[^\n]*pytest[^\n]*\n```", text)
