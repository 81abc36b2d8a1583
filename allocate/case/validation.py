"""From raw data to frozen blocks: the schema's errors in the case's words, with places and near misses."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from allocate.case.document import Document, Path_
from allocate.case.names import nearest
from allocate.case.reading import named
from allocate.errors import Place, Problem

T = TypeVar("T", bound=BaseModel)
VERBS = frozenset(("counts", "does", "expects", "has", "holds", "is", "reaches", "takes"))
"""First words of messages that go on after the name of what they are about."""


@dataclass(frozen=True)
class Validated:
    """A block that passed (without the parts that did not), and where list entries stood in the file."""

    value: Any
    positions: Mapping[str, list[int]]
    faulty: frozenset[str] = frozenset()
    """Top-level keys of which a part, or all, was left out."""


def validate_pruned(
    document: Document, block: type[T], context: Mapping[str, Any], stand_ins: Mapping[str, Any] | None = None
) -> tuple[Validated | None, list[Problem]]:
    """The document as a block with faulty entries left out, so that the rest can be checked too, and all problems.

    stand_ins: values for top-level keys that must be there and are not right.
    """
    try:
        return Validated(block.model_validate(document.data, context=dict(context)), {}), []
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = _problems([dict(detail) for detail in details], document, block)
        locations = [detail["loc"] for detail in details]
    faulty = frozenset(str(location[0]) for location in locations if location)
    for whole in (False, True):  # entries of blocks first; where that is not enough, whole blocks
        data, positions = _prune(document.data, locations, whole)
        data.update({key: value for key, value in (stand_ins or {}).items() if key in faulty and key not in data})
        try:
            value = block.model_validate(data, context={**context, "pruned": True})
        except ValidationError:
            continue
        return Validated(value, positions, faulty), problems
    return None, problems


def _prune(data: dict[str, Any], locations: list[Path_], whole: bool) -> tuple[dict[str, Any], dict[str, list[int]]]:
    result = dict(data)
    positions: dict[str, list[int]] = {}
    for key in {str(location[0]) for location in locations if location}:
        paths = [location for location in locations if location and str(location[0]) == key]
        inside = {location[1] for location in paths if len(location) > 1}
        value = result.get(key)
        entries = not whole and all(len(location) > 1 for location in paths)
        if isinstance(value, dict) and entries and inside & set(value):
            result[key] = {name: entry for name, entry in value.items() if name not in inside}
        elif isinstance(value, list) and entries:
            kept = [position for position in range(len(value)) if position not in inside]
            positions[key] = kept
            result[key] = [value[position] for position in kept]
        else:
            result.pop(key, None)
    return result, positions


def written(data: Any, path: Path_) -> tuple[Path_, str]:
    """A path as it stands in the data (steps that a short form leaves out are dropped), and as `--set` writes it."""
    found: list[str | int] = []
    names: list[str] = []
    for step in path:
        if isinstance(data, dict) and step in data:
            names.append(f'"{step}"' if "." in str(step) else str(step))
            data = data[step]
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            names.append(_entry(data[step], step, found))
            data = data[step]
        else:
            continue
        found.append(step)
    return tuple(found), ".".join(names)


def _entry(entry: Any, position: int, path: list[str | int]) -> str:
    if isinstance(entry, dict):
        if path == ["rates"] and entry.get("product") and entry.get("vendor"):
            return f"{entry['product']}.{entry['vendor']}"
        if isinstance(entry.get("name"), str):
            return f'"{entry["name"]}"'
    return str(position)


def _problems(details: list[dict[str, Any]], document: Document, block: type[BaseModel]) -> list[Problem]:
    """A problem for each detail; a key that is missing because it is misspelt is told once."""
    meant = {
        (*location[:-1], nearest(str(location[-1]), keys_at(block, location[:-1])))
        for detail in details
        if detail["type"] == "extra_forbidden"
        for location in [detail["loc"]]
    }
    return [
        _problem(detail, document, block)
        for detail in details
        if detail["type"] != "missing" or detail["loc"] not in meant
    ]


def _problem(detail: dict[str, Any], document: Document, block: type[BaseModel]) -> Problem:
    of_key = "[key]" in detail["loc"]
    location = tuple(step for step in detail["loc"] if step != "[key]")
    path, dotted = written(document.data, location)
    kind = detail["type"]
    if kind == "missing":
        owner = _owner(document, path, dotted)
        message = f"{owner} needs the key '{location[-1]}'"
        return Problem(message, document.place(path, of_key=True), f"add `{location[-1]}: …`")
    place = document.place(path, of_key=of_key or kind == "extra_forbidden")
    if kind == "extra_forbidden":
        return _unknown_key(location, written(document.data, location[:-1])[1], place, block)
    message, fix = _said(kind, detail, location, block)
    otherwise = detail["ctx"].get("otherwise") if kind == "case" else None
    subject = f"the name '{location[-1]}'" if of_key and location else dotted
    joint = " " if message.split(" ", 1)[0] in VERBS else ": "
    return Problem(f"{subject}{joint}{message}" if subject else message, place, fix, otherwise)


def _owner(document: Document, path: Path_, dotted: str) -> str:
    if not path:
        return "the file" if document.values.get(()) is None else document.values[()].file
    return f"an entry of {dotted.rpartition('.')[0]}" if isinstance(path[-1], int) else dotted


def _said(kind: str, detail: dict[str, Any], location: Path_, block: type[BaseModel]) -> tuple[str, str | None]:
    """What is wrong, to follow the name of what it is wrong with; and how to correct it."""
    value = detail["input"]
    if kind == "case":
        return detail["ctx"]["message"], detail["ctx"].get("fix")
    if kind == "literal_error":
        expected = _literals(str(detail["ctx"]["expected"]))
        close = nearest(str(value), expected)
        fix = f"did you mean '{close}'?" if close else f"write one of {', '.join(expected)}"
        return f"does not know {named(value)}" if value is not None else "is empty", fix
    if kind in ("model_type", "dict_type", "model_attributes_type", "mapping_type"):
        if value is None:
            return "is empty", "write its keys below it, indented"
        keys = keys_at(block, location)
        said = f"expects keys and values, got {named(value)}"
        if isinstance(value, list) and len(value) == 2 and keys[:2] == ["labels", "score"]:
            return said, f"write it as in `{{labels: {value[0]}, score: {value[1]}}}`"
        return said, f"write `key: value` pairs{'; known keys: ' if keys else ''}{', '.join(keys)}"
    if kind in ("tuple_type", "list_type"):
        if value is None:
            return "is empty", "write its entries, or remove the line"
        return f"expects a list, got {named(value)}", _as_list(value, keys_at(block, (*location, 0)))
    return f"is not right: {detail['msg'].lower()} (got {named(value)})", None


def _as_list(value: Any, keys: list[str]) -> str:
    """How to write a list where something else stands: one entry of it, where it is one, or what entries look like."""
    if isinstance(value, dict) and keys and not {*value} - {*keys}:
        return "write it as a list of one entry: `- ` before its first key, or `[{…}]` around it"
    if keys:
        return f"write it as a list, each entry with the keys {', '.join(keys)}"
    return (
        f"write it as in `[{value}]`"
        if isinstance(value, str) and value.isidentifier()
        else "write it as in `[first, second]`"
    )


def _literals(expected: str) -> list[str]:
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",")]


def _unknown_key(location: Path_, owner: str, place: Place | None, block: type[BaseModel]) -> Problem:
    known = keys_at(block, location[:-1])
    close = nearest(str(location[-1]), known)
    where = f" in {owner}" if owner else ""
    fix = f"write `{close}`" if close else f"known keys: {', '.join(known)}" if known else None
    outer = next((n for n in (2, 3) if len(location) > n and location[-1] in keys_at(block, location[:-n])), None)
    if close is None and outer is not None:
        fix = f"write it in {'.'.join(map(str, location[:-outer]))}, which has that key"
    hint = f", did you mean '{close}'?" if close else ""
    otherwise = f"known keys: {', '.join(known)}" if known else None
    return Problem(f"unknown key '{location[-1]}'{where}{hint}", place, fix, otherwise)


def keys_at(block: type[BaseModel], path: Path_) -> list[str]:
    """Keys the schema knows at a path below a block; empty where it takes any."""
    found = block_at(block, path)
    return [field.alias or name for name, field in found.model_fields.items()] if found is not None else []


def block_at(block: type[BaseModel], path: Path_) -> type[BaseModel] | None:
    """The block the schema expects at a path below another; None where it expects something else."""
    here: Any = block
    for step in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            match = [f for name, f in here.model_fields.items() if (f.alias or name) == step]
            here = _content(match[0].annotation) if match else None
        elif typing.get_origin(here) in (dict, tuple, list):
            arguments = [x for x in typing.get_args(here) if x is not Ellipsis]
            here = _content(arguments[-1])
        if here is None:
            return None
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def _content(annotation: Any) -> Any:
    """The container or block an annotation is about, without Annotated and None."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _content(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        inner = [x for x in typing.get_args(annotation) if x is not type(None)]
        return _content(inner[0])
    return None if origin is Literal else annotation
