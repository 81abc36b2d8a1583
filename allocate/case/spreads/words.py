"""Any amount of a case by words for it: its keys, and whose it is, as in `commitment of acme` and `penalty of scans`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from allocate.case.clauses import CLAUSES
from allocate.case.document import Path_
from allocate.case.schema.case_file import CaseFile
from allocate.case.spreads.fields import readers_at

NAMED = {
    "products": "product", "vendors": "vendor", "workflows": "workflow", "levers": "lever", "activities": "activity",
    "resources": "resource", "pilots": "pilot", "exchange": "currency", "give": "product",
}  # fmt: skip
"""Blocks of things with names, and what one of them is."""
APART = ("uncertain", "scenarios")
"""Blocks whose amounts are about others."""
UNSAID = ("contract", "fees", "steps", "effect", "limits", "rates", "calendar", "rules")
"""Keys that nobody says."""
MAIN = {"accuracy": ("at-least",), "work-in-progress": ("at-most",)} | {
    block: keys for clause in CLAUSES for block, keys in clause.meant.items()
}
"""Blocks, and the amount that is meant where only the block is named."""
USUALLY = ("amount", "rate", "cost", "worth", "total", "items", "share", "factor")
"""The same of all other blocks, the first that is there."""


@dataclass(frozen=True)
class Leaf:
    """An amount as it is written."""

    path: Path_
    owners: tuple[str, ...]
    """Whose it is: names, from the plainest; none of an amount of the whole case."""
    keys: tuple[str, ...]
    """The keys below its owner that people say."""

    def words(self, exactly: bool = False) -> str:
        """All its words, which name it alone or with others of its kind; exactly: with what its owner is."""
        phrase = " ".join(map(_said, self.keys))
        return f"{phrase} of {self.owners[-1 if exactly else 0]}" if self.owners else phrase

    def slips(self) -> Iterator[str]:
        """What people may have wanted to write of it."""
        yield self.words()
        yield from (f"{_said(key)} of {self.owners[0]}" for key in self.keys if self.owners)


def _said(key: str) -> str:
    return key.replace("-", " ")


def leaves(data: Any) -> Iterator[Leaf]:
    """Every amount of a case's data that may have a spread."""
    for path in _paths(data, ()):
        if path[0] not in APART and any(one.spread for one in readers_at(CaseFile, path)):
            owners, below = _owner(data, path)
            keys = tuple(str(step) for step in below if isinstance(step, str) and step not in UNSAID)
            yield Leaf(path, owners, keys or (str(path[0]),))


def _paths(value: Any, path: Path_) -> Iterator[Path_]:
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _paths(below, (*path, str(key)))
    elif isinstance(value, list | tuple):
        for number, below in enumerate(value):
            yield from _paths(below, (*path, number))
    elif value is not None and not isinstance(value, bool):
        yield path


def _owner(data: Any, path: Path_) -> tuple[tuple[str, ...], Path_]:
    """Whose an amount is, and its path below that."""
    block = str(path[0])
    if block in NAMED and len(path) > 1:
        name = str(path[1])
        return (name, f"{NAMED[block]} {name}"), path[2:]
    for length in range(len(path) - 1, 0, -1):
        row = _at(data, path[:length])
        if isinstance(path[length - 1], int) and isinstance(row, Mapping):
            return _of_row(block, row), path
    return ((_said(block), f"the {_said(block)}"), path[1:]) if len(path) > 1 else ((), path)


def _of_row(block: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Whose an entry of a list is: its own name, or those of its vendor and product."""
    if row.get("name") is not None:
        return (str(row["name"]), f"{_said(block).removesuffix('s')} {row['name']}")
    names = [str(row[key]) for key in ("vendor", "product") if row.get(key) is not None]
    return (" in ".join(names),) if names else (_said(block),)


def _at(data: Any, path: Path_) -> Any:
    for step in path:
        data = data[step]
    return data


def meant(name: str, among: list[Leaf]) -> list[Leaf]:
    """The amounts words may stand for, those of one kind where they are plain; several kinds where they are not."""
    found: list[tuple[Leaf, tuple[str, ...]]] = []
    for one in among:
        for phrase in _phrases(name, one):
            rest = _rest(phrase, one.keys)
            if rest is not None:
                found.append((one, rest))
                break
    blocks = {_kept(one.keys, rest) for one, rest in found}
    if len(blocks) == 1 and len({rest for _, rest in found}) > 1:
        block = next(iter(blocks))
        for main in (*MAIN.get(block[-1] if block else "", ()), *USUALLY):
            chosen = [one for one, rest in found if rest[:1] == (main,)]
            if chosen:
                return chosen
        whole = [one for one, rest in found if not rest]
        return whole or [one for one, _ in found]
    return [one for one, _ in found]


def _kept(keys: tuple[str, ...], rest: tuple[str, ...]) -> tuple[str, ...]:
    return keys[: len(keys) - len(rest)]


def _phrases(name: str, one: Leaf) -> Iterator[str]:
    """What is said of an amount where words name its owner, or it has none."""
    if not one.owners:
        yield _said(name)
    for owner in one.owners:
        if name.endswith(f" of {owner}"):
            yield _said(name.removesuffix(f" of {owner}"))


def _rest(phrase: str, keys: tuple[str, ...]) -> tuple[str, ...] | None:
    """The keys behind those a phrase says, which is about whole keys, or begins in one of several words; None where it says others."""
    for first in range(len(keys)):
        for last in range(first + 1, len(keys) + 1):
            said = " ".join(map(_said, keys[first:last]))
            if said == phrase or said.endswith(f" {phrase}"):
                return keys[last:]
    return None


def is_one_kind(some: list[Leaf]) -> bool:
    """Whether amounts are of one kind: the same keys of the same block of the case."""
    return len({(one.path[0], one.owners, one.keys) for one in some}) == 1
