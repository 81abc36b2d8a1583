"""Every key that a case may have is in a shipped case, or it is said why it is in none."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from allocate import read_case
from allocate.case import schema
from allocate.case.blocks import Block
from allocate.case.validation import keys_at

CASES = Path(__file__).resolve().parents[2] / "cases"
IN_NONE = {
    ("ArrivalPattern", "profile"): "its queue takes seconds to work out",
    ("Holidays", "country"): "it needs the extra `calendars`",
}
TAKEN_OUT = {("CaseFile", "include"), ("Product", "excluded"), ("Vendor", "excluded")}
"""Keys that are followed while a case is read, and are gone then."""


def _written(value: Any) -> Iterator[tuple[str, str]]:
    """Block and key of everything that is written in some part of a case."""
    if isinstance(value, Block):
        for name in value.model_fields_set:
            yield type(value).__name__, value.__class__.model_fields[name].alias or name
            yield from _written(getattr(value, name))
    elif isinstance(value, (dict, list, tuple)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _written(one)


def _blocks(kind: Any, found: dict[str, type[Block]]) -> dict[str, type[Block]]:
    """Every block that a key of some kind may lead to, by name."""
    if isinstance(kind, type) and issubclass(kind, Block):
        if kind.__name__ not in found:
            found[kind.__name__] = kind
            for field in kind.model_fields.values():
                _blocks(field.annotation, found)
        return found
    for one in typing.get_args(kind):
        _blocks(one, found)
    return found


def test_every_key_is_in_a_shipped_case() -> None:
    """Each key of each block stands in a shipped case or one of its scenarios; of those that are followed at once, the word."""
    seen, text = set[tuple[str, str]](), ""
    for path in sorted(CASES.glob("*/case.yaml")):
        case = read_case(path.parent)
        seen |= set(_written(case.file))
        text += path.read_text(encoding="utf-8")
        for scenario in case.file.scenarios:
            seen |= set(_written(read_case(path.parent, scenario).file))
    seen |= {(block, key) for block, key in TAKEN_OUT if f"{key}:" in text}
    blocks = _blocks(schema.CaseFile, {})
    every = {
        (name, field.alias or key)
        for name, block in blocks.items()
        for key, field in block.model_fields.items()
        if (field.alias or key) in keys_at(block, ())
    }
    assert sorted(every - seen) == sorted(IN_NONE)
