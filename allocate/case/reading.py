"""How values of a case are read: amounts with units, what is wrong with them, and what may be written in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from allocate.numerals import plainly
from allocate.units import Quantity, UnitError, Units, noun_of

Spreadable = Literal["above zero", "share"]


def fail(message: str, fix: str | None = None, otherwise: str | None = None) -> PydanticCustomError:
    """A validation error that carries its own message and fix (and what to do where the fix does not hold)."""
    return PydanticCustomError("case", "{message}", {"message": message, "fix": fix, "otherwise": otherwise})


def named(value: Any) -> str:
    """A value as a message names it: what it is, or its text in quotes."""
    if isinstance(value, dict):
        return "keys and values"
    if isinstance(value, (list, tuple)):
        return "a list"
    return "nothing" if value is None else f"'{value}'"


@dataclass(frozen=True, eq=False)
class Reader:
    """How a value of a field is read, and what the JSON Schema says of it; pydantic's own reading of the type is never built."""

    read: Callable[..., Any]
    """From what was written (and pydantic's context) to the value."""
    json_schema: dict[str, Any]
    spread: Spreadable | None = None
    """What a spread of the value is of: an amount above zero, or a share between 0 and 1; None: it takes no spread."""
    is_text: bool = False
    """Whether any text may stand here."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if self.read.__code__.co_argcount == 1:
            return core_schema.no_info_plain_validator_function(self.read)
        return core_schema.with_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: object) -> dict[str, Any]:
        return dict(self.json_schema)


def reader(read: Callable[..., Any], description: str, spread: Spreadable | None = None, **more: Any) -> Reader:
    """A reader of what is written as an amount: text, or a plain number."""
    marks = {"x-amount": True, **({} if spread is None else {"x-spread": spread})}
    return Reader(read, {"type": ["string", "number"], "description": description, **marks, **more}, spread)


def read(value: Any, info: ValidationInfo, example: str, accepts: Callable[[Quantity], bool]) -> Quantity:
    """The amount; where it cannot be read, an error that offers only what `accepts` takes here."""
    units: Units = (info.context or {}).get("units") or Units()
    if isinstance(value, Quantity):
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise fail(f"expects an amount, got {named(value)}", f"write it as in `{in_own(example, units)}`")
    text = value if isinstance(value, str) else plainly(str(value))
    try:
        return units.quantity(text)
    except UnitError as error:
        fine = [one.text for one in error.corrections if accepts(units.quantity(one.text))]
        if (plain := _only_plain(text, fine)) is not None:
            return units.quantity(plain)
        message, fix = error.told(lambda one: one in fine)
        advice = _advice(error, text, units, accepts) or f"write it as in `{in_own(example, units)}`"
        code = units.quantity(fine[0]).currency if len(fine) == 1 else None
        if code not in (None, units.currency):
            advice = f"write `{fine[0]}`, and add `exchange: {{{code}: … {units.currency or 'USD'}}}` with what one {code} is worth"
        raise fail(message, fix if fine else advice, advice) from None


def _only_plain(text: str, fine: Sequence[str]) -> str | None:
    """The text, where only its decimals can be meant: `97.125%` of a share, which is not 97,125%."""
    whole = re.match(r"\s*[+-]?[1-9]\d{0,2}\.\d{3}(?!\d)", text)
    if whole is None or len(fine) != 1:
        return None
    plain = f"{plainly(whole[0].strip())}{text[whole.end() :]}".strip()
    return plain if re.sub(r"\s", "", plain) == re.sub(r"\s", "", fine[0]) else None


def _advice(error: UnitError, text: str, units: Units, accepts: Callable[[Quantity], bool]) -> str | None:
    """What to do about an amount that nothing can be written for: define its noun, where one may stand here."""
    if not error.unknown:
        return None if error.corrections else error.fix
    own = units.with_noun(error.unknown)
    if error.unknown.replace("-", "").isalpha() and own.reads(text) and accepts(own.quantity(text)):
        singular, plural = noun_of(error.unknown)
        return (
            "write a unit of the cost model, which `allocate model` lists; "
            f"or define your own in the case: `units: {{{singular}: {plural}}}`"
        )
    return None


def in_own(example: str, units: Units) -> str:
    """An example in the currency of the case."""
    return example.replace("USD", units.currency or "USD")
