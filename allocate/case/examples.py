"""Examples that problems give are tried as well: one that would itself be wrong where it is told gives way to one that is right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from allocate.case.document import Document, Path_
from allocate.case.offers import LARGE, TRIED_APART, Check, Spot, places_of, spot_of, target_of, write
from allocate.errors import Problem

_EXAMPLE = re.compile(r"write it as in `([^`]+)`(?: or `[^`]+`)?")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}|\d+")
_NUMBER = re.compile(r"^[\d_]+(?= )")
_PER_IMAGE = re.compile(r"(?<=/)image\b")
_TICKED = re.compile(r"`([^`]+)`")


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

    def wrong(text: str) -> Iterator[Problem]:
        """What is wrong in this place with a text there."""
        changed = document.copied()
        write(changed, target, text)
        return (one for one in check(changed) if one.place is not None and spot_of(one.place) == target.spot)

    left = list(wrong(example))
    others = [*_alike(example, document), *(text for one in left for text in _TICKED.findall(one.fix or ""))]
    right = next((text for text in others if left and text != example and not any(wrong(text))), None)
    return problem if right is None else replace(problem, fix=f"write it as in `{right}`")


def _alike(example: str, document: Document) -> Iterator[str]:
    """The same example of what the case's products count, with a smaller number, or of an early period."""
    yield from (_PER_IMAGE.sub(noun, example) for noun in _items(document))
    if _MOMENT.fullmatch(example):
        yield from ("week 2", "month 2", "2", "week 1", "month 1", "1")
    yield from (_NUMBER.sub(number, example) for number in ("2_000", "200", "20", "2"))


def _items(document: Document) -> list[str]:
    """What products count, as the case writes it, and labels, which all of them have."""
    products = document.data.get("products")
    written = (
        [one.get("item") for one in products.values() if isinstance(one, dict)] if isinstance(products, dict) else []
    )
    return [*sorted({noun for noun in written if isinstance(noun, str)}), "label"]
