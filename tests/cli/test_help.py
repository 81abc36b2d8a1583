"""`allocate help`: pages, words, codes and commands, as they come with the program."""

from __future__ import annotations

import re

import pages as documentation
import pytest
from command_line import Run

from allocate.cli import pages


def test_without_a_name_every_page_is_listed(run: Run) -> None:
    """The list has each page of the index by its section, and each code of an error."""
    out = run("help").out
    listed = [name for _, names in pages.sections() for name in names]
    assert len(listed) > 40
    assert [name for name in listed if f"  {name} " not in out] == []
    assert [code for code in pages.codes() if code not in out] == []


def test_a_page_is_printed_by_its_name_or_by_the_end_of_it(run: Run) -> None:
    """A page has its text, links as their words and no comments for the tests."""
    whole = run("help", "guides/contracts")
    assert whole.out.startswith("# Write contracts and rules\n")
    assert whole == run("help", "contracts")
    assert "<!--" not in whole.out
    assert "](" not in re.sub(r"`[^`]*`", "", whole.out)


def test_a_word_has_its_meaning(run: Run) -> None:
    """A word of the glossary is told in its sentence, however it is written."""
    assert run("help", "Shadow", "price").out == "shadow price: change of the objective with one more unit of a limit\n"
    assert len(pages.words()) > 60


def test_a_command_has_its_help_and_its_pages(run: Run) -> None:
    """The help of a command, of one below it too, is what `--help` prints, and names the pages called like it."""
    assert run("help", "runs", "diff").out == run("runs", "diff", "--help").out
    told = run("help", "odds").out
    assert told.startswith(run("odds", "--help").out.rstrip())
    assert told.endswith("Pages: allocate help concepts/odds, allocate help guides/odds\n")


@pytest.mark.parametrize(
    ("word", "fix"), [("hurdel", "hurdle"), ("guides/contract", "guides/contracts"), ("solv", "solve")]
)
def test_a_near_miss_is_told(run: Run, word: str, fix: str) -> None:
    """What is called nothing is an error with the name that was probably meant."""
    ran = run("help", word)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"error: no page, word, code or command is called '{word}'\n   = fix: did you mean `{fix}`?\n"


def test_the_glossary_is_in_order_and_its_words_are_used() -> None:
    """Words stand in the order of the alphabet, once each, and each is written somewhere on another page."""
    words = list(pages.words())
    assert words == sorted(set(words), key=str.lower)
    texts = " ".join(
        page.read_text(encoding="utf-8").lower() for page in documentation.PAGES if page.stem != "glossary"
    )
    texts += (documentation.ROOT / "cases" / "README.md").read_text(encoding="utf-8").lower()
    unused = [
        word
        for word in words
        if not any(one.strip().lower() in texts for one in re.split(r"[,(]", word) if one.strip())
    ]
    assert unused == []


def test_every_code_of_the_program_has_its_section_and_every_section_its_code(run: Run) -> None:
    """Codes that errors carry are those of the page, and each is printed by its name."""
    sources = [path.read_text(encoding="utf-8") for path in (documentation.ROOT / "allocate").rglob("*.py")]
    used = {code for text in sources for code in re.findall(r'code="(E-[\w-]+)"', text)}
    assert sorted(pages.codes()) == sorted(used)
    for code in used:
        assert run("help", code).out.startswith(f"{code}: ")
