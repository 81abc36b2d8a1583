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
    return {"$schema": DIALECT, **schema, "title": "Case", "description": CaseFile.__doc__}


def _sourced(node: Any) -> Any:
    """The schema with `{value, source}` beside every amount, and `null` beside every optional key."""
    if isinstance(node, list):
        return [_sourced(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    inner = {key: _sourced(value) for key, value in node.items() if key not in ("x-amount", "x-spread", "default")}
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


def _spread() -> dict[str, Any]:
    """A spread as keys and values: P10, P50 and P90, or a range around P50, or a count."""
    amount: dict[str, Any] = {"type": ["string", "number"]}
    said = {"source": {"type": "string"}, "status": {"type": "string"}}
    ranges = (["low", "high"], ["spread"], ["weekly"])
    forms = [[middle, *one] for middle in ("value", "likely") for one in ranges] + [["right", "of"]]
    return {
        "type": "object",
        "description": "An amount nobody knows exactly: P10 (low), P50 (value) and P90 (high); or items right of those checked.",
        "properties": {**{key: amount for key in KEYS if key not in said}, **said},
        "anyOf": [{"required": form} for form in forms],
        "additionalProperties": False,
    }
