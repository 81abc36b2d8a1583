"""The JSON Schema accepts what can be read and refuses unknown keys."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from allocate.case.json_schema import case_schema

ROOT = Path(__file__).parents[2]
CASES = sorted([*ROOT.glob("cases/*/case.yaml"), ROOT / "tests" / "data" / "quarter" / "case.yaml"])


@cache
def schema() -> dict[str, Any]:
    """The schema, made once."""
    return case_schema()


def loaded(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def errors(data: Any) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(data)]


def quarter(**more: Any) -> dict[str, Any]:
    return {**loaded(ROOT / "tests" / "data" / "quarter" / "case.yaml"), **more}


def contract(**clauses: Any) -> dict[str, Any]:
    return {"vendors": {"acme": {"contract": clauses}}}


NULL = {"type": "null"}
STEPS = [{"price": "63 USD/1000 boxes", "up-to": "50_000 boxes"}, {"price": "49 USD/1000 boxes"}]


@pytest.mark.slow
def test_the_schema_is_valid_and_says_what_it_is() -> None:
    """It follows its own dialect, and has a description, and descriptions of keys."""
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["description"]
    assert "marginal return" in schema()["properties"]["hurdle"]["description"]


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema within the schema; the names of keys are none."""
    if isinstance(node, list):
        for one in node:
            yield from parts(one)
    elif isinstance(node, dict):
        yield node
        for key, value in node.items():
            yield from parts(list(value.values()) if key in ("properties", "$defs") else value)


def test_no_title_is_repeated_over_a_key() -> None:
    """Editors head a key with the titles of all its forms ("Hurdle || Hurdle"): no schema has one, and `title` is still a key."""
    assert [one["title"] for one in parts(schema()) if isinstance(one.get("title"), str)] == []
    assert "One line for people" in schema()["properties"]["title"]["description"]


def test_each_form_of_a_key_says_what_the_key_means() -> None:
    """Where a key has several forms they stand in one list, and those with words of their own begin with the key's meaning."""
    several = [one for one in parts(schema()) if len([form for form in one.get("anyOf", []) if form != NULL]) > 1]
    assert len(several) > 50
    for one in several:
        nested = [form for form in one["anyOf"] if form.keys() <= {"anyOf", "description"}]
        assert nested == []
        said = [form["description"] for form in one["anyOf"] if "description" in form]
        assert [text for text in said if not text.startswith(one.get("description", ""))] == []
    demand = schema()["$defs"]["Product"]["properties"]["demand"]
    assert {form.get("description", "").split("\n")[0] for form in demand["anyOf"] if "$ref" in form} == {
        demand["description"]
    }


def test_shipped_cases_point_editors_to_todays_schema() -> None:
    """The first line of every case names the schema beside the cases, which is the one that `allocate schema` prints."""
    shipped = sorted(ROOT.glob("cases/*/case.yaml"))
    assert shipped
    for path in shipped:
        pointer = re.fullmatch(
            r"# yaml-language-server: \$schema=(\S+)", path.read_text(encoding="utf-8").splitlines()[0]
        )
        assert pointer, path
        assert (path.parent / pointer[1]).resolve() == ROOT / "cases" / "case.schema.json"
    written = json.loads((ROOT / "cases" / "case.schema.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(schema())), "renew it: python -m allocate schema > cases/case.schema.json"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_cases_follow_the_schema(path: Path) -> None:
    """A case as a YAML reader hands it over, with its numbers and dates, is valid."""
    assert errors(loaded(path)) == []


@pytest.mark.parametrize(
    "more",
    [
        {"budget": "250k USD"},
        {"budget": {"total": "250k USD", "per-week": "30k USD"}},
        {"budget": {"value": "250k USD", "source": "board, May"}},
        {"hurdle": {"value": 1.2, "source": "finance", "status": "given"}},
        {"hurdle": "1.2"},
        {"budget": {"value": "250k USD", "low": "200k USD", "high": "270k USD", "source": "board, May"}},
        {"budget": {"total": {"value": "250k USD", "spread": "10%"}}},
        {
            "vendors": {
                "acme": {"accuracy": {"right": 188, "of": 200}, "capacity": {"value": "40 h/week", "weekly": "15%"}}
            }
        },
        {"workflows": {"mine": {"passes": 3, "majority": True}, "single-pass": None}},
        {"rates": [{"product": "triage", "vendor": "acme", "price": "3 USD/scan"}]},
        {"exchange": "fx.csv"},
        {"exchange": {"EUR": [{"from": "week 1", "rate": "1.08 USD"}]}},
        {"objective": ["net-value", "cost"]},
        {"horizon": {"start": datetime.date(2027, 1, 4), "months": 3}},
        {"calendar": "calendar.csv"},
        {"title": 2027},
        contract(tiers={"steps": STEPS}),
        contract(tiers=[{"steps": STEPS, "kind": "all-unit", "over": "task", "window": "month", "products": "triage"}]),
        contract(tiers={"steps": STEPS[1:]}, commitment="40k USD"),
        contract(price="1 USD/image", commitment={"at-least": "40k USD", "window": "quarter"}, ceiling="90k USD"),
        contract(price="1 USD/image", **{"minimum-order": "500 items", "order-multiple": "100 items"}),
        contract(fees={"onboarding": "8k USD", "retainer": "1k USD/month", "product-start": "500 USD"}),
        {"rules": [{"name": "r", "count": {"vendors": "any", "products": "each", "at-least": 1, "at-most": 2}}]},
        {"rules": [{"name": "r", "owner": "legal", "only": {"products": ["triage"], "vendors-with": "hipaa"}}]},
        {"rules": [{"name": "r", "only": {"vendors": ["acme"], "regions": ["PH"]}}]},
        {"rules": [{"name": "r", "fix": {"product": "triage", "vendor": "acme", "items": "12_000 scans"}}]},
        {"rules": [{"name": "r", "needs": {"product": "triage", "needs": "moderation", "at-least": "9 images"}}]},
    ],
    ids=str,
)
def test_short_and_long_forms_are_valid(more: dict[str, Any]) -> None:
    """Short forms, tables by name, and sources are allowed where they can be read."""
    assert errors(quarter(**more)) == []


@pytest.mark.parametrize(
    "more",
    [
        {"hurdel": 1.2},
        {"budget": {"totl": "250k USD"}},
        {"budget": ["250k USD"]},
        {"vendors": {"acme": {"leed": "1 week"}}},
        {"objective": "profit"},
        {"horizon": {"weeks": 12}},
        {"products": []},
        {"hurdle": {"value": 1.2, "sauce": "x"}},
        {"budget": {"low": "200k USD", "high": "270k USD"}},
        {"vendors": {"acme": {"accuracy": {"right": 188, "off": 200}}}},
        {"rules": [{"name": "r", "share": {"vendor": "each", "atmost": "50%"}}]},
        contract(tiers={"steps": STEPS, "kind": "all-units"}),
        contract(tiers={"steps": [{"up-to": "50_000 boxes"}]}),
        contract(tiers={"kind": "incremental"}),
        contract(commitment={"atleast": "40k USD"}),
        contract(commitment={"at-least": "40k USD", "window": "year"}),
        contract(fees={"onbording": "8k USD"}),
        {"rules": [{"name": "r", "count": {"at-most": [2]}}]},
        {"rules": [{"name": "r", "fix": {"product": "triage", "items": "12_000 scans"}}]},
        {"rules": [{"name": "r", "needs": {"product": "triage"}}]},
    ],
    ids=str,
)
def test_mistakes_are_not(more: dict[str, Any]) -> None:
    """Unknown keys, missing keys, and lists where values belong are refused."""
    assert errors(quarter(**more)) != []
