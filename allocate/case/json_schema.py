"""The JSON Schema of the case file, for editors and for programs that write cases."""

from __future__ import annotations

from typing import Any

from allocate.case.blocks import json_schema_of
from allocate.case.schema import CaseFile
from allocate.case.spreads.grammar import KEYS

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def case_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a case.yaml as a YAML reader hands it over: texts, numbers, dates, lists, mappings.

    It knows the keys, the short forms, that `{value: …, source: …}` may stand for any amount or name, and a spread for amounts;
    what must fit together (units, names, dates) is for `read_case`.
    """
    schema = _sourced(json_schema_of(CaseFile))
    schema["$defs"]["Spread"] = _spread()
    return {"$schema": DIALECT, **schema, "description": CaseFile.__doc__}


def _sourced(node: Any) -> Any:
    """The schema with `{value, source}` beside every amount, and `null` beside every optional key."""
    if isinstance(node, list):
        return [_sourced(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    inner = {key: _sourced(value) for key, value in node.items() if not _is_left_out(key, value)}
    if "anyOf" in inner:
        inner["anyOf"] = _side_by_side(inner["anyOf"], inner.get("description"))
    if "x-amount" not in node:
        return inner
    description = {"description": inner["description"]} if "description" in inner else {}
    sourced = {
        "type": "object",
        "properties": {"value": inner, "source": {"type": "string"}, "status": {"type": "string"}},
        "required": ["value", "source"],
        "additionalProperties": False,
    }
    spread = [{"$ref": "#/$defs/Spread"}] if "x-spread" in node else []
    return {"anyOf": [inner, sourced, *spread], **description}


def _side_by_side(forms: list[dict[str, Any]], meaning: str | None) -> list[dict[str, Any]]:
    """Several forms of a key in one list, each with the key's meaning; an optional form alone stays as it is.

    Editors show the description of the form that is written, and join those of nested forms by `||`.
    """
    null = {"type": "null"}
    if sum(form != null for form in forms) < 2:
        return forms
    flat = [one for form in forms for one in (form["anyOf"] if form.keys() <= {"anyOf", "description"} else [form])]
    if meaning is None:
        return flat
    return [{**one, **_described(meaning, one)} for one in flat]


def _described(meaning: str, form: dict[str, Any]) -> dict[str, str]:
    """The meaning of a key, and below it what this form looks like, where the form would speak for itself alone."""
    said = form.get("description")
    if said is None and "$ref" not in form:
        return {}
    return {"description": meaning if said in (None, meaning) else f"{meaning}\n\n{said}"}


def _is_left_out(key: str, value: Any) -> bool:
    """Whether an entry is not for editors: marks of our own, defaults, and titles, which editors repeat for each form of a key.

    A key of the case that is called `title` stays: what it may be is a schema, not a text.
    """
    return key in ("x-amount", "x-spread", "default") or (key == "title" and isinstance(value, str))


def _spread() -> dict[str, Any]:
    """A spread as keys and values: P10, P50 and P90, or a range around P50, or a count."""
    amount: dict[str, Any] = {"type": ["string", "number"]}
    said = {"source": {"type": "string"}, "status": {"type": "string"}}
    ranges = (["low", "high"], ["spread"], ["weekly"])
    forms = [[middle, *one] for middle in ("value", "likely") for one in ranges] + [["right", "of"]]
    return {
        "type": "object",
        "description": "An amount that is not known exactly: P10 (low), P50 (value) and P90 (high); or items right of those checked.",
        "properties": {**{key: amount for key in KEYS if key not in said}, **said},
        "anyOf": [{"required": form} for form in forms],
        "additionalProperties": False,
    }
