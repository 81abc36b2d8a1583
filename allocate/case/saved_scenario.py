"""A scenario written into the text of a case file: some lines more, no other byte changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from allocate.case.document import Document
from allocate.case.files import read_text
from allocate.case.yaml_text import parse
from allocate.errors import CaseError, Place
from allocate.writing import write_whole

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}", re.ASCII)
"""Names a scenario may get here: they need no quotes, neither in the file nor in a shell."""
_PLAIN = re.compile(r"[A-Za-z0-9](?:[\w.,%/+-]| (?!#))*", re.ASCII)
"""Texts that YAML reads as they are without quotes."""
_WORDS = frozenset("null true false yes no on off y n".split())
"""Words that some readers of YAML take for something else than text."""
STEP = "  "
"""What an entry is indented by, where the file has none to go by."""


def save_scenario(path: Path, digest: str, name: str, settings: Mapping[str, Any]) -> str:
    """Write one more scenario into a case file, whole or not at all; the lines that were added.

    digest: SHA-256 of the file as it was read. settings: a dotted path and its value each, as `--set` takes them; None takes
    a value away.

    Raises CaseError for a name that cannot be used or is taken, for a file that has changed since or is a link, and where the
    block cannot be added without touching another line; the problem then has the lines to paste.
    """
    shown = path.name
    raw = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(raw).hexdigest() != digest:
        message = f"{shown} has changed on disk since it was read"
        raise CaseError.of(message, Place(shown), "load the page again, then save")
    text = read_text(path, shown)
    new, added = with_scenario(text, shown, name, settings)
    mark = raw[: len(raw) - len(text.encode())]
    write_whole(path, mark + new.encode())
    return added


def with_scenario(text: str, shown: str, name: str, settings: Mapping[str, Any]) -> tuple[str, str]:
    """The text of a case file with one more scenario at the end of its `scenarios:`, and what was added to it.

    Raises CaseError as `save_scenario` does.
    """
    before = parse(text, shown)
    known = before.data.get("scenarios")
    _check(before, shown, name, settings, known)
    lines = text.splitlines(keepends=True)
    indent = _indent(before, lines, known)
    entry = [f"{indent}{_key(name)}:", *(f"{indent * 2}{_key(key)}: {_value(one)}" for key, one in settings.items())]
    at = len(lines)
    if "scenarios" in before.data:
        at = _end_of_block(before, lines)
    else:
        entry = ["scenarios:", *entry]
    end = "\r\n" if "\r\n" in text else "\n"
    added = "".join(f"{line}{end}" for line in entry)
    joint = end if at and not lines[at - 1].endswith(("\n", "\r")) else ""
    new = "".join(lines[:at]) + joint + added + "".join(lines[at:])
    if not _is_that_and_no_more(before, new, shown, name, settings):
        message = f"the scenario cannot be added to {shown} without changing other lines of it"
        fix = f"paste it yourself, below `scenarios:`:\n{added}"
        raise CaseError.of(message, before.place(("scenarios",), of_key=True), fix)
    return new, added


def _check(before: Document, shown: str, name: str, settings: Mapping[str, Any], known: Any) -> None:
    place = before.place(("scenarios",), of_key=True) or Place(shown)
    if not NAME.fullmatch(name):
        fix = "use lower-case letters, digits and `-`, as in `two-vendors`; 61 characters at most"
        raise CaseError.of(f"'{name}' cannot be the name of a scenario", Place("name"), fix)
    if not settings:
        raise CaseError.of("nothing differs from the case as it is", None, "move something first")
    if isinstance(known, dict) and name in known:
        raise CaseError.of(f"there is a scenario '{name}' already", place, "take another name")


def _indent(before: Document, lines: list[str], known: Any) -> str:
    """What entries of `scenarios:` are indented by."""
    place = before.keys.get(("scenarios", next(iter(known)))) if isinstance(known, dict) and known else None
    if place is None or not place.line or not place.column:
        return STEP
    space = lines[place.line - 1][: place.column - 1]
    return space if space and not space.strip(" ") else STEP


def _end_of_block(before: Document, lines: list[str]) -> int:
    """The position after the last line of `scenarios:`: comments of what follows stay where they are."""
    place = before.place(("scenarios",), of_key=True)
    first = (place.line or 1) if place is not None else 1
    last = first
    for number, line in enumerate(lines[first:], start=first + 1):
        if not line.strip():
            continue
        if line[0] in " \t":
            last = number
        elif line[0] != "#":
            break
    return last


def _is_that_and_no_more(before: Document, new: str, shown: str, name: str, settings: Mapping[str, Any]) -> bool:
    """Whether a text says what the document says, and the scenario beside it."""
    try:
        found = parse(new, shown).data
    except CaseError:
        return False
    added = (found.get("scenarios") or {}).pop(name, None) if isinstance(found.get("scenarios"), dict) else None
    was = {**before.data, "scenarios": before.data.get("scenarios") or {}}
    return added == _read(settings) and {**found, "scenarios": found.get("scenarios") or {}} == was


def _read(settings: Mapping[str, Any]) -> Any:
    """Settings as they are read back from a file of their own."""
    text = "".join(f"{_key(key)}: {_value(one)}\n" for key, one in settings.items())
    return parse(text, "the scenario").data


def _key(key: str) -> str:
    return key if _PLAIN.fullmatch(key) and key.lower() not in _WORDS else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    """A value as YAML on one line; a text that is in flow style already stays as it is."""
    return value if isinstance(value, str) and value[:1] in ("[", "{") and "\n" not in value else in_flow(value)


def in_flow(value: Any) -> str:
    """A value as YAML on one line: plain where that is safe, lists and mappings in flow style."""
    if value is None:
        return "null"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(str(key))}: {in_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_flow, value)) + "]"
    text = str(value)
    plain = _PLAIN.fullmatch(text) and not text.endswith(" ") and "," not in text and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)
