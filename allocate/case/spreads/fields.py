"""What the schema takes at a path of a case or cost model: whether an amount stands there, and whether it may have a spread."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from allocate.case.document import Path_
from allocate.case.reading import Reader


def readers_at(block: type[BaseModel], path: Path_) -> tuple[Reader, ...]:
    """The readers of plain values that may stand at a path below a block; none where only keys or lists may."""
    return _readers(block, tuple("" if isinstance(step, int) else step for step in path))


@lru_cache(maxsize=4096)
def _readers(block: type[BaseModel], path: tuple[str, ...]) -> tuple[Reader, ...]:
    here: list[Any] = [block]
    for step in path:
        here = [form for one in here for form in _below(one, step)]
    return tuple(one for one in here if isinstance(one, Reader))


def _below(form: Any, step: str) -> Iterator[Any]:
    """What may stand one step below a form: of a block under a key, of a list at a position (an empty step)."""
    if isinstance(form, type) and issubclass(form, BaseModel):
        for name, field in form.model_fields.items():
            if (field.alias or name) == step:
                yield from _forms(field.annotation, field.metadata)
    elif typing.get_origin(form) in (tuple, list) and not step:
        yield from _forms(typing.get_args(form)[0])
    elif typing.get_origin(form) is dict and step:
        yield from _forms(typing.get_args(form)[1])


def _forms(annotation: Any, metadata: Any = ()) -> Iterator[Any]:
    """The blocks, containers and readers an annotation is made of."""
    for one in metadata:
        if isinstance(one, Reader):
            yield one
            return
        other = getattr(one, "json_schema_input_type", None)
        if other is not None:
            yield from _forms(other)
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        inner, *more = typing.get_args(annotation)
        yield from _forms(inner, more)
    elif origin in (typing.Union, types.UnionType):
        for inner in typing.get_args(annotation):
            yield from _forms(inner)
    else:
        yield annotation
