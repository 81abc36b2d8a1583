"""Answers cut to a size that an assistant can read, with what was left out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from allocate.record.plain_values import plain

MOST = 30_000
"""Characters of an answer."""
KEPT = 3
"""Entries that stay of the longest list at least."""
NEVER = ("certificate", "digest", "run")
"""Parts that say nothing to a reader; files have them."""


def short(answer: Any, most: int = MOST) -> dict[str, Any]:
    """An answer as JSON of at most so many characters; `left_out` says of which lists the end is missing, and how much.

    The longest list is halved until all of it fits, so what stays is always the beginning of a list.
    """
    found = plain(answer)
    assert isinstance(found, dict)
    found = {key: value for key, value in found.items() if key not in NEVER}
    wholes: dict[str, int] = {}
    while (size := _size(found)) > most:
        _, path, longest = max(_lists(found), key=lambda one: one[0], default=(0, "", None))
        if longest is None or len(longest) <= KEPT:
            return {"left_out": [f"the answer has {size:,} characters, more than {most:,}: ask about a part of it"]}
        wholes.setdefault(path, len(longest))
        del longest[max(KEPT, len(longest) // 2) :]
    told = [f"{path}: the first {len(_at(found, path)):,} of {many:,}" for path, many in wholes.items()]
    return {**found, "left_out": told} if told else found


def _size(value: Any) -> int:
    return len(json.dumps(value, ensure_ascii=False))


def _lists(value: Any, path: str = "") -> Iterator[tuple[int, str, list[Any]]]:
    """Every list with more than the least number of entries, its size and where it stands."""
    if isinstance(value, list):
        if len(value) > KEPT:
            yield _size(value), path, value
        for number, one in enumerate(value):
            yield from _lists(one, f"{path}[{number}]")
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _lists(one, f"{path}.{key}" if path else str(key))


def _at(found: Any, path: str) -> list[Any]:
    return next(one for _, where, one in _every(found) if where == path)


def _every(value: Any, path: str = "") -> Iterator[tuple[int, str, list[Any]]]:
    if isinstance(value, list):
        yield 0, path, value
        for number, one in enumerate(value):
            yield from _every(one, f"{path}[{number}]")
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _every(one, f"{path}.{key}" if path else str(key))
