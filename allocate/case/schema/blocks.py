"""What all blocks of a case or model file have in common: unknown keys refused, short forms, documented keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from allocate.case import amounts as a
from allocate.case.amounts import fail
from allocate.units import Quantity


def _hyphens(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


class Block(BaseModel):
    """A mapping of the case or model file: unknown keys are refused, values never change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=_hyphens, use_attribute_docstrings=True)


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


Names = Annotated[tuple[a.Name, ...], or_list(a.Name | list[a.Name])]


def steps_like(before: Quantity | None, key: str, steps: Iterable[Quantity], example: str) -> None:
    """Fail where amounts that change by date have none before the first step, or count something else than it."""
    for step in steps:
        if before is None:
            raise fail(f"{key}-steps has nothing that holds before its first step", f"add `{key}: {example}`")
        if step.dimensions != before.dimensions:
            message = f"the step '{step.text}' of {key}-steps is not of the kind of {key} ('{before.text}')"
            raise fail(message, "use one unit and one currency for both")
