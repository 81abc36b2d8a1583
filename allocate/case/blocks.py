"""What all blocks of a case or model file have in common: unknown keys refused, short forms, documented keys."""

from __future__ import annotations

import ast
import inspect
import itertools
import sys
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from allocate.case import amounts as a
from allocate.case.reading import fail
from allocate.units import Quantity


def _hyphens(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


class Block(BaseModel):
    """A mapping of the case or model file: unknown keys are refused, values never change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=_hyphens, defer_build=True)

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        schema = handler(core)
        properties = handler.resolve_ref_schema(schema)["properties"]
        for key, text in meanings(cls).items():
            properties[key]["description"] = text
        return schema


def json_schema_of(block: type[Block]) -> dict[str, Any]:
    """The JSON Schema of a block; every block is built first, for pydantic before 2.13 writes no default of one that is not."""
    waiting = Block.__subclasses__()
    while waiting:
        one = waiting.pop()
        one.model_rebuild()
        waiting += one.__subclasses__()
    return block.model_json_schema(by_alias=True)


def meanings(block: type[Block]) -> dict[str, str]:
    """What is written below each key of a block, by the key; read from the source when it is asked for, not at every start."""
    texts: dict[str, str] = {}
    for part in reversed(block.__mro__):
        if issubclass(part, Block):
            texts |= _below_names(part.__module__)[part.__name__]
    return {str(field.alias or name): texts[name] for name, field in block.model_fields.items() if name in texts}


@cache
def _below_names(module: str) -> dict[str, dict[str, str]]:
    """The texts below the annotated names of each class of a module."""
    return {
        one.name: {
            name.target.id: inspect.cleandoc(text.value.value)
            for name, text in itertools.pairwise(one.body)
            if isinstance(name, ast.AnnAssign) and isinstance(name.target, ast.Name)
            if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str)
        }
        for one in ast.parse(inspect.getsource(sys.modules[module])).body
        if isinstance(one, ast.ClassDef)
    }


def or_mapping(key: str, forms: Any, accept: tuple[type, ...] = (str, int, float)) -> Any:
    """A bare value stands for a mapping with one key: `budget: 250k USD` is `budget: {total: 250k USD}`.

    forms: all types that may be written, for the JSON Schema.
    """

    def normalise(value: Any) -> Any:
        return {key: value} if isinstance(value, accept) and not isinstance(value, bool) else value

    return BeforeValidator(normalise, json_schema_input_type=forms)


def or_list(forms: Any) -> Any:
    """A bare text stands for a list of one."""
    return BeforeValidator(lambda value: [value] if isinstance(value, str) else value, json_schema_input_type=forms)


def accepts(forms: Any) -> Any:
    """What may be written where something else (such as the name of a table) was replaced before checking."""
    return BeforeValidator(lambda value: value, json_schema_input_type=forms)


def or_one(block: type[Block]) -> Any:
    """One block stands for a list of one."""
    forms: Any = block | list[block]  # type: ignore[valid-type]
    return BeforeValidator(lambda value: [value] if isinstance(value, dict) else value, json_schema_input_type=forms)


Window = Literal["period", "week", "month", "quarter", "horizon"]
Names = Annotated[tuple[a.Name, ...], or_list(a.Name | list[a.Name])]


def steps_like(before: Quantity | None, key: str, steps: Iterable[Quantity], example: str) -> None:
    """Fail where amounts that change by date have none before the first step, or count something else than it."""
    for step in steps:
        if before is None:
            raise fail(f"{key}-steps has nothing that holds before its first step", f"add `{key}: {example}`")
        if step.dimensions != before.dimensions:
            message = f"the step '{step.text}' of {key}-steps is not of the kind of {key} ('{before.text}')"
            raise fail(message, "use one unit and one currency for both")


def written_keys(block: Block) -> set[str]:
    """Keys of a block that were written, as the file has them."""
    return {_hyphens(name) for name in block.model_fields_set if getattr(block, name) not in (None, ())}


Tags = dict[a.Name, a.Name]
"""Texts by what they are called."""
