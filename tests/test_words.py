"""Plain English: words that read as translated stand nowhere that people read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BANNED = {
    "anew": "again, from scratch",
    "afresh": "again",
    "nought": "zero, nothing",
    "mend": "correct",
    "mends": "corrects",
    "mended": "corrected",
    "dear": "expensive",
    "dearer": "more expensive",
    "dearest": "most expensive, highest",
    "hung": "unresponsive",
    "foretell": "predict",
    "foretells": "predicts",
    "foretold": "predicted",
    "supplier": "vendor",
    "suppliers": "vendors",
    "labeller": "annotator",
    "labellers": "annotators",
    "expenditure": "spend",
    "hereby": "by this",
    "thereof": "of it",
    "utilize": "use",
    "leverage": "use",
    "in order to": "to",
    "prior to": "before",
    "brings back": "returns",
    "bring back": "return",
    "comes in": "enters the plan",
    "would change nothing": "has no effect",
    "to the best there can be": "from the best possible plan",
    "in the place of": "in place of, instead of",
    "after so many seconds": "after this many seconds",
    "nobody stated": "not stated",
    "by the solver's word": "according to the solver",
}
"""A word or phrase, and what to write in its place."""
PHRASE = re.compile(
    r"\b(" + "|".join(re.escape(words).replace(r"\ ", r"\s+") for words in BANNED) + r")\b", re.IGNORECASE
)
KINDS = ("*.py", "*.md", "*.yaml", "*.csv", "*.html", "*.j2", "*.css")


def _files(folder: str) -> Iterator[Path]:
    for kind in KINDS:
        yield from sorted((ROOT / folder).rglob(kind))


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["allocate", "cases", "docs", "models"])
def test_no_banned_word_stands_in(folder: str) -> None:
    """Code, messages, help, pages and cases keep to the words of the field and of business English."""
    found = [
        f"{path.relative_to(ROOT)}:{number}: '{match[0]}', write: {BANNED[' '.join(match[0].lower().split())]}"
        for path in _files(folder)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in PHRASE.finditer(line)
    ]
    assert not found, "\n".join(found)


def test_no_banned_word_stands_in_the_pages_at_the_top() -> None:
    """README, CHANGELOG and the other pages at the top keep to them too."""
    found = [
        f"{path.name}: '{match[0]}'"
        for path in sorted(ROOT.glob("*.md"))
        for match in PHRASE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n".join(found)


def test_sentences_are_short() -> None:
    """No sentence of the README or of a page of the documentation, tables apart, has more than 50 words."""
    long = []
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = re.sub(
            r"^```.*?^```$|^\|.*$|^- \[.*$|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.M | re.S
        )
        for sentence in re.split(r"(?<=[.:!?])\s+|\n\s*\n|\n- ", text):
            if len(words := sentence.split()) > 50:
                long.append(f"{path.relative_to(ROOT)}: {len(words)} words: {' '.join(words[:12])} …")
    assert not long, "\n".join(long)
