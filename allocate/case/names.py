"""Names and near misses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from allocate.spelling import near

MOST_LISTED = 500
"""Most characters of names that a fix lists."""
MOST_COMPARED = 50_000
"""Most pairs of an unknown and a known name that are compared for slips in one file; so many take a second or two."""
OF_CAPACITY = " (capacity)"
"""Stands after a lever that changes the capacity of the line's vendor and not the line's own work."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name a word was probably meant to be, None when nothing is close.

    A name is close where a few slips part them, or where it is the only one with the word as a part: `bounding-box` for
    `image.bounding-box`.
    """
    names = list(known)
    close = near(word, names)
    parts = [name for name in names if word and word.lower() in name.lower().replace("-", ".").split(".")]
    parts += [name for name in names if word and name.lower().endswith((f".{word.lower()}", f"-{word.lower()}"))]
    only = dict.fromkeys(parts)
    return close[0] if close else next(iter(only)) if len(only) == 1 else None


def suggestion(word: str, known: Iterable[str], where: str = "") -> str | None:
    """A fix in words: the nearest known name, or the names there are.

    where: what lists all names, for when they are too many for a line, as in "`allocate model`".
    """
    names = sorted(known)
    close = nearest(word, names)
    if close is not None:
        return f"did you mean '{close}'?"
    return listed(names, where) if names else None


@dataclass
class Suggestions:
    """Fixes for the unknown names of a file: each name is looked for once, and after very many of them what there is is listed."""

    compared: int = 0
    told: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def of(self, word: str, known: Iterable[str], kind: str) -> str | None:
        """A fix in words for a name of a kind, such as a product."""
        if (kind, word) not in self.told:
            names = list(known)
            self.compared += len(names)
            if self.compared <= MOST_COMPARED:
                self.told[kind, word] = suggestion(word, names)
            elif (kind, "") not in self.told:
                self.told[kind, ""] = suggestion("", names)
        return self.told.get((kind, word), self.told.get((kind, "")))


def listed(names: Iterable[str], where: str = "") -> str:
    """The names there are, as many as a line holds."""
    names = list(names)
    shown = list(names)
    while len(", ".join(shown)) > MOST_LISTED:
        shown.pop()
    left = len(names) - len(shown)
    more = f" and {left:,} more{f', which {where} lists' if where else ''}" if left else ""
    return f"known: {', '.join(shown)}{more}"
