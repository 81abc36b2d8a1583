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
from allocate.errors import CaseError, Problem

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True)
class Validated:
    """A block that passed (without the parts that did not), and where list entries stood in the file."""

    value: Any
    positions: Mapping[str, list[int]]


def validate(document: Document, block: type[T], context: Mapping[str, Any]) -> T:
    """The document as a block.

    Raises CaseError with every violation of the schema.
    """
    try:
        return block.model_validate(document.data, context=dict(context))
    except ValidationError as error:
        raise CaseError(_problems(error, document, block)) from None


def validate_pruned(
    document: Document, block: type[T], context: Mapping[str, Any]
) -> tuple[Validated | None, list[Problem]]:
    """The document as a block with faulty entries left out, so that the rest can be checked too, and all problems."""
    try:
        return Validated(block.model_validate(document.data, context=dict(context)), {}), []
    except ValidationError as error:
        problems = _problems(error, document, block)
        data, positions = _prune(document.data, [e["loc"] for e in error.errors(include_url=False)])
    try:
        return Validated(block.model_validate(data, context=dict(context)), positions), problems
    except ValidationError:
        return None, problems


def _prune(data: dict[str, Any], locations: list[Path_]) -> tuple[dict[str, Any], dict[str, list[int]]]:
    result = dict(data)
    positions: dict[str, list[int]] = {}
    for key in {location[0] for location in locations if location}:
        inside = {location[1] for location in locations if len(location) > 1 and location[0] == key}
        value = result.get(str(key))
        whole = any(len(location) == 1 and location[0] == key for location in locations)
        if isinstance(value, dict) and inside and not whole:
            result[str(key)] = {name: entry for name, entry in value.items() if name not in inside}
        elif isinstance(value, list) and inside and not whole:
            kept = [position for position in range(len(value)) if position not in inside]
            positions[str(key)] = kept
            result[str(key)] = [value[position] for position in kept]
        else:
            result.pop(str(key), None)
    return result, positions


def _problems(error: ValidationError, document: Document, block: type[BaseModel]) -> list[Problem]:
    return [_problem(dict(detail), document, block) for detail in error.errors(include_url=False)]


def _problem(detail: dict[str, Any], document: Document, block: type[BaseModel]) -> Problem:
    location = tuple(step for step in detail["loc"] if step != "[key]")
    kind = detail["type"]
    place = document.place(location, of_key=kind == "extra_forbidden" or "[key]" in detail["loc"])
    dotted = ".".join(str(step) for step in location)
    subject = f"{dotted} " if dotted else ""
    if kind == "case":
        return Problem(f"{subject}{detail['ctx']['message']}", place, detail["ctx"].get("fix"))
    if kind == "extra_forbidden":
        return _unknown_key(location, place, block)
    if kind == "missing":
        owner = ".".join(str(step) for step in location[:-1]) or "the file"
        place = document.place(location[:-1], of_key=True)
        return Problem(f"{owner} needs the key '{location[-1]}'", place, f"add `{location[-1]}: …`")
    if kind == "literal_error":
        expected = _literals(str(detail["ctx"]["expected"]))
        close = nearest(str(detail["input"]), expected)
        fix = f"did you mean '{close}'?" if close else f"write one of {', '.join(expected)}"
        return Problem(f"{subject}does not know '{detail['input']}'", place, fix)
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return Problem(f"{subject}expects keys and values, got '{detail['input']}'", place, "write `key: value` pairs")
    if kind in ("tuple_type", "list_type"):
        return Problem(f"{subject}expects a list, got '{detail['input']}'", place, "write `[first, second]`")
    return Problem(f"{subject}is not right: {detail['msg'].lower()} (got '{detail['input']}')", place, None)


def _literals(expected: str) -> list[str]:
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",")]


def _unknown_key(location: Path_, place: Any, block: type[BaseModel]) -> Problem:
    owner = ".".join(str(step) for step in location[:-1])
    known = keys_at(block, location[:-1])
    close = nearest(str(location[-1]), known)
    where = f" in {owner}" if owner else ""
    fix = f"write `{close}`" if close else f"known keys: {', '.join(known)}" if known else None
    hint = f", did you mean '{close}'?" if close else ""
    return Problem(f"unknown key '{location[-1]}'{where}{hint}", place, fix)


def keys_at(block: type[BaseModel], path: Path_) -> list[str]:
    """Keys the schema knows at a path below a block; empty where it takes any."""
    here: Any = block
    for step in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            match = [f for name, f in here.model_fields.items() if (f.alias or name) == step]
            here = _content(match[0].annotation) if match else None
        elif typing.get_origin(here) in (dict, tuple, list):
            arguments = [x for x in typing.get_args(here) if x is not Ellipsis]
            here = _content(arguments[-1])
        if here is None:
            return []
    if isinstance(here, type) and issubclass(here, BaseModel):
        return [field.alias or name for name, field in here.model_fields.items()]
    return []


def _content(annotation: Any) -> Any:
    """The container or block an annotation is about, without Annotated and None."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _content(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        inner = [x for x in typing.get_args(annotation) if x is not type(None)]
        return _content(inner[0])
    return None if origin is Literal else annotation
