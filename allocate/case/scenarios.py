"""Overrides: named scenarios and `--set path=value`, laid over the raw case before it is checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from allocate.case.document import Document, Path_, forget, graft
from allocate.case.names import suggestion
from allocate.errors import CaseError, Place, Problem

Override = tuple[str, Document, Path_]
"""A dotted path, and where its new value stands."""


def collect(document: Document, scenario: str | None, settings: Mapping[str, Any] | Sequence[str]) -> list[Override]:
    """The overrides of a scenario, then those set by hand.

    Raises CaseError for a scenario that is not there and for a setting that is not `path=value`.
    """
    overrides: list[Override] = []
    scenarios = document.data.get("scenarios")
    known = scenarios if isinstance(scenarios, dict) else {}
    if scenario is not None:
        if scenario not in known:
            fix = suggestion(scenario, known) or (f"scenarios: {', '.join(known)}" if known else "the case has none")
            raise CaseError([Problem(f"there is no scenario '{scenario}'", document.place(("scenarios",)), fix)])
        changes = known[scenario]
        if isinstance(changes, dict):
            overrides += [(path, document, ("scenarios", scenario, path)) for path in changes]
    return overrides + [_setting(path, value) for path, value in pairs(settings)]


def pairs(settings: Mapping[str, Any] | Sequence[str]) -> list[tuple[str, Any]]:
    """Settings as pairs of a dotted path and a value.

    Raises CaseError for a text that is not `path=value`.
    """
    if isinstance(settings, Mapping):
        return list(settings.items())
    found = []
    for setting in settings:
        path, equals, value = setting.partition("=")
        if not equals or not path.strip():
            fix = "write it as in `--set budget='300k USD'`"
            raise CaseError([Problem(f"'{setting}' is not path=value", Place("--set"), fix)])
        found.append((path.strip(), value.strip()))
    return found


def _setting(path: str, value: Any) -> Override:
    data = _flow(value) if isinstance(value, str) else value
    text = f"{path}={value}"
    return path, Document({"value": data}, {("value",): Place(f"--set {text}")}), ("value",)


def _flow(value: str) -> Any:
    """A setting's text as data: lists and mappings in YAML's flow style, anything else as it stands."""
    from allocate.case.document import parse

    if value[:1] in "[{":
        return parse(f"value: {value}", "--set").data["value"]
    return None if value in ("null", "~", "") else value


def steps(path: str) -> list[str]:
    """A dotted path in parts; quotes keep dots inside a name together."""
    parts = re.findall(r'"([^"]*)"|\'([^\']*)\'|([^.]+)', path)
    return [first or second or third for first, second, third in parts]


def apply(document: Document, override: Override) -> None:
    """Lay one override over a document, in place.

    Raises CaseError when the path runs through a plain value or into a list that has no such entry.
    """
    path, source, where = override
    value: Any = source.data
    for step in where:
        value = value[step]
    target = _resolve(document, steps(path), source.place(where))
    if value is None:
        _remove(document, target)
    else:
        _merge(document, target, source, where, value)


def _merge(document: Document, target: Path_, source: Document, where: Path_, value: Any) -> None:
    existing: Any = document.data
    for step in target:
        existing = existing.get(step) if isinstance(existing, dict) else existing[step]
    if isinstance(value, dict) and isinstance(existing, dict):
        for key, inner in value.items():
            if inner is None:
                _remove(document, (*target, key))
            else:
                _merge(document, (*target, key), source, (*where, key), inner)
    else:
        graft(document, target, source, where)


def _remove(document: Document, target: Path_) -> None:
    parent: Any = document.data
    for step in target[:-1]:
        parent = parent[step]
    if isinstance(parent, dict):
        parent.pop(target[-1], None)
        forget(document, target)


def _resolve(document: Document, parts: list[str], place: Place | None) -> Path_:
    """The path in the data a dotted path means: names with dots found longest first, rates by product and vendor."""
    data: Any = document.data
    path: Path_ = ()
    while parts:
        if isinstance(data, dict):
            length = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in data), 1)
            key, parts = ".".join(parts[:length]), parts[length:]
            if key not in data or (data[key] is None and parts):
                data[key] = {} if parts else None
            path, data = (*path, key), data[key]
        elif isinstance(data, list):
            position, used = _entry(data, path, parts, place)
            parts = parts[used:]
            path, data = (*path, position), data[position]
        else:
            message = f"the override '{'.'.join(map(str, path))}.{parts[0]}' runs into a plain value"
            fix = f"override `{'.'.join(map(str, path))}` as a whole"
            raise CaseError([Problem(message, place, fix)])
    return path


def _entry(data: list[Any], path: Path_, parts: list[str], place: Place | None) -> tuple[int, int]:
    """Position in a list, and how many parts of the path it used."""
    if path == ("rates",):
        return _rate(data, parts, place)
    if parts[0].isdigit() and int(parts[0]) < len(data):
        return int(parts[0]), 1
    for position, entry in enumerate(data):
        if isinstance(entry, dict) and entry.get("name") == parts[0]:
            return position, 1
    names = [str(entry["name"]) for entry in data if isinstance(entry, dict) and "name" in entry]
    fix = suggestion(parts[0], names) or f"it has {len(data)} entries, counted from 0"
    raise CaseError([Problem(f"'{'.'.join(map(str, path))}' has no entry '{parts[0]}'", place, fix)])


def _rate(data: list[Any], parts: list[str], place: Place | None) -> tuple[int, int]:
    if len(parts) < 2:
        fix = "write `rates.PRODUCT.VENDOR.price`"
        raise CaseError([Problem(f"'{'.'.join(['rates', *parts])}' does not name a product and a vendor", place, fix)])
    pair = [
        n
        for n, row in enumerate(data)
        if isinstance(row, dict) and [row.get("product"), row.get("vendor")] == parts[:2]
    ]
    for position in pair:
        if len(parts) > 2 and data[position].get("workflow") == parts[2]:
            return position, 3
    if len(pair) > 1:
        fix = "name its workflow too, as in `rates.PRODUCT.VENDOR.WORKFLOW.price`"
        raise CaseError([Problem(f"{parts[0]} has several rates with {parts[1]}", place, fix)])
    if not pair:
        data.append({"product": parts[0], "vendor": parts[1]})
    return (pair[0] if pair else len(data) - 1), 2
