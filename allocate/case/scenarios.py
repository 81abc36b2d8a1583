"""Overrides: named scenarios and `--set path=value`, laid over the raw case before it is checked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from allocate.case.clauses.price_lock import override_of
from allocate.case.document import HALF, Document, Path_, graft, half_character, remove, walk
from allocate.case.files import read_text
from allocate.case.names import suggestion
from allocate.case.plain import plain
from allocate.case.schema import CaseFile
from allocate.case.sources import is_figure
from allocate.case.validation import keys_at
from allocate.case.yaml_text import parse
from allocate.errors import CaseError, Place, Problem, replacements

Override = tuple[str, Document, Path_]
"""A dotted path, and where its new value stands."""

DONE = "done"
LONGEST = 2_000
"""Characters of a setting that is told as it is written."""
_BEFORE = {
    "include": (
        "files are included before anything is laid over them, so `include` cannot be overridden",
        "override the values that differ, or take vendors out with `excluded`",
    ),
    "scenarios": (
        "a scenario is read before anything is laid over the case, so `scenarios` cannot be overridden",
        "override the value itself; it is laid over the scenario's",
    ),
}
"""Keys that are read before overrides, why they cannot be overridden, and what to do instead."""
_NAMED = {"products": "product", "vendors": "vendor", "levers": "lever"}
"""Blocks whose keys are names a case must list before one of their values can be overridden."""


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
            place = document.place(("scenarios",), of_key=True)
            raise CaseError.of(f"there is no scenario '{scenario}'", place, fix)
        changes = known[scenario]
        if isinstance(changes, dict):
            overrides += [(path, document, ("scenarios", scenario, path)) for path in changes]
    if isinstance(settings, Mapping):
        return overrides + [_setting(path, value) for path, value in pairs(settings)]
    for setting in settings:
        overrides += _of_file(setting) or [_setting(path, value) for path, value in pairs([setting])]
    return overrides


def _of_file(setting: str) -> list[Override]:
    """The overrides of a file, as in `--set @measured.yaml`: dotted paths with values; none of a setting that names no file."""
    if not setting.startswith("@"):
        return []
    document = parse(read_text(Path(setting[1:]), setting[1:]), setting[1:])
    return [(path, document, (path,)) for path in document.data]


def pairs(settings: Mapping[str, Any] | Sequence[str]) -> list[tuple[str, Any]]:
    """Settings as pairs of a dotted path and a value.

    Raises CaseError for a text that is not `path=value`.
    """
    if isinstance(settings, Mapping):
        return [(str(path), value) for path, value in settings.items()]
    found: list[tuple[str, Any]] = []
    for setting in settings:
        if inside := _of_file(setting):
            found += [(path, document.at(where)) for path, document, where in inside]
            continue
        path, equals, value = setting.partition("=")
        if not equals or not path.strip():
            fix = "write it as in `--set budget='300k USD'`"
            raise CaseError.of(f"'{setting}' is not path=value", Place("--set"), fix)
        found.append((path.strip(), value.strip()))
    return found


def told(path: str, value: Any) -> str:
    """A setting as `path=value`; a long value, and what is done, by its digest: a plan file has it in a part of its own."""
    text = f"{path}={value}"
    if len(text) <= LONGEST and not (path == DONE and isinstance(value, dict)):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{path}=(sha256 {digest[:16]})"


def _setting(path: str, value: Any) -> Override:
    place = Place(f"--set {path}={value}")
    code = half_character(f"{path}={value}") if isinstance(value, str) else None
    if code is not None:
        raise CaseError.of(f"the setting holds half a character ({code})", place, HALF)
    data = _flow(value, place) if isinstance(value, str) else plain(value, path)
    places = {("value", *below): place for below, _ in walk(data)}
    return path, Document({"value": data}, places, dict(places)), ("value",)


def _flow(value: str, place: Place) -> Any:
    """A setting's text as data: lists and mappings in YAML's flow style, anything else as it stands."""
    if value[:1] in ("[", "{"):
        try:
            return parse(f"value: {value}", "the setting").data["value"]
        except CaseError as error:
            raise CaseError([Problem(problem.message, place, problem.fix) for problem in error.problems]) from None
    return None if value in ("null", "~", "") else value


def steps(path: str) -> list[str]:
    """A dotted path in parts; quotes keep dots inside a name together."""
    parts = re.findall(r'"([^"]*)"|\'([^\']*)\'|([^.]+)', path)
    return [first or second or third for first, second, third in parts]


def apply(document: Document, override: Override) -> None:
    """Lay one override over a document, in place.

    Raises CaseError when the path runs through a plain value, or names an entry that is not there.
    """
    path, source, where = override
    value = source.at(where)
    place = source.place(where, of_key=True)
    parts = steps(path)
    if not parts:
        raise CaseError.of(f"the override '{path}' names nothing", place, "write it as in `vendors.acme.lead`")
    if parts[0] in _BEFORE:
        raise CaseError.of(_BEFORE[parts[0]][0], place, _BEFORE[parts[0]][1])
    try:
        target = _resolve(document, override_of(document, parts), place)
        if value is None:
            _take_away(document, target, place)
        else:
            _merge(document, target, source, where, value)
    except CaseError as error:
        raise CaseError([_of_path(problem, path) for problem in error.problems]) from None
    document.laid.add(target)


def _take_away(document: Document, target: Path_, place: Place | None) -> None:
    """Take what is at a path out of a document, in place; a key that nothing can have, or a name it does not list, is a mistake."""
    parent, key = document.at(target[:-1]), str(target[-1])
    known = keys_at(CaseFile, target[:-1])
    if isinstance(parent, dict) and key not in parent and key not in known and target not in document.laid:
        fix = suggestion(key, known or parent)
        where = f" in {'.'.join(map(str, target[:-1]))}" if len(target) > 1 else ""
        raise CaseError.of(f"the override takes out '{key}', which is not there{where}", place, fix)
    remove(document, target)


def _of_path(problem: Problem, path: str) -> Problem:
    """A problem with a name in an override, its fix with the whole override in place of the name."""
    names, meant = re.findall(r"'([^']*)'", problem.message), replacements(problem.fix)
    if len(meant) != 1 or not names or names[-1] not in path:
        return problem
    return replace(problem, fix=f"write `{path.replace(names[-1], meant[0], 1)}`")


def path_of(document: Document, path: str) -> Path_:
    """The path in a document's data that a dotted path means.

    Raises CaseError as `apply` does.
    """
    return _resolve(document.copied(), override_of(document, steps(path)), Place(path))


def _merge(document: Document, target: Path_, source: Document, where: Path_, value: Any) -> None:
    parent = document.at(target[:-1])
    existing = parent.get(target[-1]) if isinstance(parent, dict) else parent[target[-1]]
    if not (isinstance(value, dict) and isinstance(existing, dict)) or is_figure(value) or is_figure(existing):
        graft(document, target, source, where)
        return
    for key, inner in value.items():
        if inner is None:
            _take_away(document, (*target, key), source.place((*where, key), of_key=True))
        else:
            _merge(document, (*target, key), source, (*where, key), inner)


def _resolve(document: Document, parts: list[str], place: Place | None) -> Path_:
    """The path in the data a dotted path means: names with dots found longest first, rates by product and vendor."""
    data: Any = document.data
    path: Path_ = ()
    while parts:
        if isinstance(data, dict):
            length = next((n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in data), 1)
            key, parts = ".".join(parts[:length]), parts[length:]
            if parts and data.get(key) is None:
                _open_block(document, path, key, place)
            path, data = (*path, key), data.get(key)
        elif isinstance(data, list):
            position, used = _entry(document, path, parts, place)
            parts = parts[used:]
            path, data = (*path, position), data[position]
        else:
            whole = ".".join(map(str, path))
            message = f"the override '{whole}.{'.'.join(parts)}' asks for a part of {whole}, which is a plain value"
            raise CaseError.of(message, place, f"override `{whole}` as a whole")
    return path


def _open_block(document: Document, path: Path_, key: str, place: Place | None) -> None:
    """Make room for keys below a block the case leaves out; a name it does not list is a mistake."""
    data = document.at(path)
    noun = _NAMED.get(str(path[0])) if len(path) == 1 else None
    if noun is not None and (*path, key) in document.laid:
        message = f"the override is for a {noun} that was taken out before it: '{key}'"
        raise CaseError.of(message, place, "leave it out, or what takes the name out")
    if noun is not None:
        raise CaseError.of(f"the override is for a {noun} that is not there: '{key}'", place, suggestion(key, data))
    data[key] = {}
    if place is not None:
        document.values[(*path, key)] = place


def _entry(document: Document, path: Path_, parts: list[str], place: Place | None) -> tuple[int, int]:
    """Position in a list, and how many parts of the path it used."""
    data = document.at(path)
    by_number = parts[0].isdecimal() and int(parts[0]) < len(data)
    named = (
        any(isinstance(entry, dict) and str(entry.get("product")) == parts[0] for entry in data) if by_number else True
    )
    if path == ("rates",) and named:
        position, used = _rate(data, parts, place)
        if place is not None:
            document.values.setdefault(("rates", position), place)
        return position, used
    if by_number:
        return int(parts[0]), 1
    for position, entry in enumerate(data):
        if isinstance(entry, dict) and entry.get("name") == parts[0]:
            return position, 1
    names = [str(entry["name"]) for entry in data if isinstance(entry, dict) and "name" in entry]
    fix = suggestion(parts[0], names) or f"it has {len(data)} entries, counted from 0"
    raise CaseError.of(f"'{'.'.join(map(str, path))}' has no entry '{parts[0]}'", place, fix)


def _rate(data: list[Any], parts: list[str], place: Place | None) -> tuple[int, int]:
    rows = [row if isinstance(row, dict) else {} for row in data]
    found = [
        (n, first, second) for n, row in enumerate(rows) for first, second in [_pair(row, parts)] if first and second
    ]
    for position, first, second in found:
        rest = parts[first + second :]
        if rest and rows[position].get("workflow") == rest[0]:
            return position, first + second + 1
    if len(found) > 1:
        pair = f"{rows[found[0][0]]['product']} has several rates with {rows[found[0][0]]['vendor']}"
        fix = "name its workflow too, as in `rates.PRODUCT.VENDOR.WORKFLOW.price`"
        raise CaseError.of(pair, place, fix)
    if found:
        position, first, second = found[0]
        return position, first + second
    if len(parts) < 3:
        message = f"the override 'rates.{'.'.join(parts)}' does not name a rate of the case"
        raise CaseError.of(message, place, "write `rates.PRODUCT.VENDOR.price`")
    data.append({"product": parts[0], "vendor": parts[1]})
    return len(data) - 1, 2


def _pair(row: dict[str, Any], parts: list[str]) -> tuple[int, int]:
    """How many parts of a path are a row's product and vendor, whose names may hold dots; zeros for another pair."""
    product, vendor = str(row.get("product", "")).split("."), str(row.get("vendor", "")).split(".")
    joined = ".".join(parts) + "."
    wanted = f"{'.'.join(product)}.{'.'.join(vendor)}."
    if not joined.startswith(wanted):
        return 0, 0
    product_parts = _used(parts, ".".join(product))
    return product_parts, _used(parts[product_parts:], ".".join(vendor))


def _used(parts: list[str], name: str) -> int:
    """How many leading parts make up a name."""
    return next((n for n in range(1, len(parts) + 1) if ".".join(parts[:n]) == name), 0)
