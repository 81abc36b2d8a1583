"""Examples that problems give are tried as well: one that would itself be wrong where it is told gives way to one that is right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from allocate.case.document import Document, Path_, nouns_near
from allocate.case.offers import LARGE, TRIED_APART, Check, Spot, places_of, spot_of, target_of, write
from allocate.errors import Problem

_EXAMPLE = re.compile(r"write it as in `([^`]+)`(?: or `[^`]+`)?")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}|\d+")
_NUMBER = re.compile(r"^[\d_]+(?= )")
_PER_IMAGE = re.compile(r"(?<=/)image\b")
_TICKED = re.compile(r"`([^`]+)`")
AROUND = 3
"""Blocks around a place that what stands there may not fit, as the steps of a contract."""


def fitting(problems: Sequence[Problem], document: Document, check: Check) -> list[Problem]:
    """The problems, with examples in the unit that the case asks for there, as far as the case itself says which.

    An example is written in the place its problem marks, and the case checked again. Where something is wrong there then
    and a text that this second problem names is right, that text is the example: of `0.15 USD/USD` for a penalty on a rule
    about items `0.15 USD/image`; so are the units of the case's products, and smaller numbers. Many examples, and those of a large case, stay as they are.
    """
    known = [number for number, one in enumerate(problems) if _EXAMPLE.fullmatch(one.fix or "")]
    if len(known) > TRIED_APART or len(document.values) > LARGE:
        return list(problems)
    places, found = places_of(document), list(problems)
    for number in known:
        found[number] = _own(problems[number], document, places, check)
    return found


def _own(problem: Problem, document: Document, places: dict[Spot, list[Path_]], check: Check) -> Problem:
    (example,) = _EXAMPLE.findall(problem.fix or "")
    target = target_of(replace(problem, fix=f"write `{example}`"), document, places)
    if target is None or target.is_key:
        return problem

    around = (target.path[:length] for length in range(len(target.path) - 1, max(len(target.path) - AROUND, 1) - 1, -1))
    near = {target.spot, *(spot_of(document.values[path]) for path in around if path in document.values)}

    def wrong(text: str) -> Iterator[Problem]:
        """What is wrong in this place, and in the blocks around it, with a text there."""
        changed = document.copied()
        write(changed, target, text)
        return (one for one in check(changed) if one.place is not None and spot_of(one.place) in near)

    left = list(wrong(example))
    others = [
        *_beside(document, target.path),
        *_alike(example, document, target.path),
        *(text for one in left for text in _TICKED.findall(one.fix or "")),
    ]
    right = next((text for text in others if left and text != example and not any(wrong(text))), None)
    return problem if right is None else replace(problem, fix=f"write it as in `{right}`")


def _beside(document: Document, path: Path_) -> Iterator[str]:
    """Amounts of the other entries of the list that the place is in, as where another step ends."""
    if len(path) < 3 or not isinstance(path[-2], int):
        return
    entries = document.at(path[:-2])
    for one in sorted(range(len(entries)), key=lambda n: abs(n - int(path[-2]))):
        found = entries[one] if one != path[-2] else None
        yield from (text for text in (found.values() if isinstance(found, dict) else ()) if isinstance(text, str))


def _alike(example: str, document: Document, path: Path_) -> Iterator[str]:
    """The same example of what the case's products count, with a smaller number, or of an early period."""
    yield from (_PER_IMAGE.sub(noun, example) for noun in [*nouns_near(document, path), "label"])
    if _MOMENT.fullmatch(example):
        yield from ("week 2", "month 2", "2", "week 1", "month 1", "1")
    yield from (_NUMBER.sub(number, example) for number in ("2_000", "200", "20", "2"))
