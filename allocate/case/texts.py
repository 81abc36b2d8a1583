"""Field types for names, texts and truths."""

from __future__ import annotations

import datetime
import unicodedata
from typing import Annotated, Any

from pydantic import WithJsonSchema

from allocate.case.reading import Reader, fail, named
from allocate.input_limits import NAME_CHARACTERS

_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def _name(value: Any) -> str:
    if isinstance(value, (int, datetime.date)) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        raise fail(f"expects a name, got {named(value)}", "write a name")
    if len(value) > NAME_CHARACTERS:
        raise fail(f"has {len(value):,} characters; a name has at most {NAME_CHARACTERS}", "shorten it")
    odd = next((c for c in value if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") or c in _DIRECTION_MARKS), None)
    if odd is not None:
        raise fail(f"holds a character that cannot be shown (U+{ord(odd):04X})", "write plain text on one line")
    return value


def _text(value: Any) -> str:
    if isinstance(value, (dict, list, tuple, bool)) or value is None:
        raise fail(f"expects text, got {named(value)}", "write text, in quotation marks where it holds ': '")
    return str(value)


_NAME_SCHEMA: dict[str, Any] = {
    "not": {"type": ["object", "array", "boolean", "null"]},
    "minLength": 1,
    "maxLength": 500,
}
Name = Annotated[str, Reader(_name, {**_NAME_SCHEMA, "x-amount": True, "description": "a name"}, is_text=True)]
_TEXT_SCHEMA: dict[str, Any] = {"not": {"type": ["object", "array", "boolean"]}, "description": "text"}
Text = Annotated[str, Reader(_text, _TEXT_SCHEMA, is_text=True)]

TableName = Annotated[
    str, WithJsonSchema({"type": "string", "description": "a table beside the case, as in `rates.csv`"})
]


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return bool(value == "true")
    raise fail(f"expects true or false, got {named(value)}", "write `true` or `false`")


Truth = Annotated[bool, Reader(_truth, {"type": "boolean"})]
