"""Two JSON documents compared leaf by leaf: what is written, and what should be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allocate.record.plain_values import is_number
from allocate.record.text import Path_, path_words
from allocate.tolerances import LEFT_OF_DIFFERENCE, SAME_FIGURE


def differences(written: Any, right: Any, scale: float, path: Path_ = ()) -> Iterator[tuple[Path_, str]]:
    """Path of every value that is not what it should be, with what it is and should be in words.

    scale: size of the money in what is right; what is far smaller than this is rounding where figures were subtracted.
    """
    if isinstance(right, dict) and isinstance(written, dict):
        for key in sorted(right.keys() - written.keys()):
            yield (*path, key), f"{path_words((*path, key))} is missing; it is {_shown(right[key])}"
        for key in written:
            if key in right:
                yield from differences(written[key], right[key], scale, (*path, key))
            else:
                yield (
                    (*path, key),
                    f"{path_words((*path, key))} is {_shown(written[key])}; it does not follow from the case and the lines",
                )
    elif isinstance(right, list) and isinstance(written, list):
        if len(written) != len(right):
            yield path, f"{path_words(path)} has {len(written)} entries, not {len(right)}"
        for number, (one, other) in enumerate(zip(written, right, strict=False)):
            yield from differences(one, other, scale, (*path, number))
    elif not _same(written, right, scale):
        yield path, f"{path_words(path)} is {_shown(written)}, not {_shown(right)}"


def _same(written: Any, right: Any, scale: float) -> bool:
    if is_number(written) and is_number(right):
        return bool(
            abs(written - right) <= SAME_FIGURE * max(abs(written), abs(right)) + LEFT_OF_DIFFERENCE * max(scale, 1e3)
        )
    return type(written) is type(right) and bool(written == right)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return f"an object of {len(value)}"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if value is None:
        return "nothing"
    if isinstance(value, float):
        return f"{value:.12g}"
    return f"'{value}'" if isinstance(value, str) else str(value)
