"""The case reference as a page, generated from the schema: `python -m allocate.case.reference > cases/README.md`."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from allocate.case import clauses, schema
from allocate.case.blocks import json_schema_of, meanings
from allocate.case.clauses import CLAUSES
from allocate.case.clauses.price_lock import NAMED
from allocate.case.index import Clause
from allocate.case.load import Case, read_case
from allocate.case.rules import RULES

CASES = Path(__file__).resolve().parents[2] / "cases"
"""The cases that ship with a checkout."""
EXAMPLE_LENGTH = 220
"""Characters an example may have; longer ones are left to the cases."""

EXAMPLES = {
    **{block: text for clause in CLAUSES for block, text in clause.examples.items()},
    **{block: text for rule in RULES for block, text in rule.examples.items()},
    "Indexation": "{on: 2027-04-01, rate: 4%, cap: 3%}",
    "Activity": "{driver: setups, amount: 150k USD}",
    "Arrival": "{from: week 3, items: 20_000 images}",
    "Budget": "{total: 250k USD, limits: [{name: vision, at-most: 90k USD, products: [lanes, signs]}]}",
    "BudgetLimit": "{name: vision, at-most: 90k USD, products: [lanes, signs], to: week 6}",
    "Done": "{planned-from: week 5, work: [{product: scans, vendor: acme, workflow: single-pass, period: 1, items: 900 pages}], "
    "was: {rates.scans.acme.pace: 38 pages/h}, paid: [{vendor: acme, period: 4, amount: 3_100 USD}]}",
    "EarlierLine": "{product: scans, vendor: acme, period: 1, items: 900 pages}",
    "DoneWork": "{product: scans, vendor: acme, workflow: single-pass, period: 1, items: 900 pages}",
    "DonePaid": "{vendor: acme, period: 4, amount: 3_100 USD}",
    "DoneBegun": "{vendor: acme, product: scans}",
    "DoneSeats": "{vendor: acme, period: 1, bought: 4}",
    "DoneStaff": "{team: in-house, period: 3, hired: 1, overtime: 6}",
    "Frozen": "{orders: 2 weeks, hires: true, commitments: true}",
    "CalendarRow": "{vendor: acme, week: 7, capacity: 300 h/week, season: 110%}",
    "CapacityStep": "{from: week 5, amount: 900 h/week}",
    "Curve": "{points: [{labels: 1_000, score: 71}, {labels: 8_000, score: 84}, {labels: 20_000, score: 88}], fit: best}",
    "Deadline": "{date: 2027-03-05, late: 0.10 USD/image/week}",
    "ExchangeStep": "{from: week 5, rate: 0.0170 USD}",
    "FiscalYear": "{starts: 2026-12-28, weeks: 4-4-5}",
    "Gate": "{score-at-least: 90 points, worth: 40k USD}",
    "Gold": "{share: 2%}",
    "Agreement": "{share: 5%}",
    "Holidays": "{days: [2027-01-01, 2027-12-24]}",
    "LeverEffect": "{vendors: acme, capacity: -200 h/week}",
    "Learning": "{rate: 90%, model: crawford, from: 500 items, experience: 2_000 items, floor: 70%}",
    "Pilot": "{vendor: acme, product: scans, items: [50, 100, 200], annotators: [5, 10], by: week 2, decide: week 3, learns: [accuracy, pace]}",
    "PilotSizes": "{up-to: 500 images}",
    "PilotCheck": "{share: 50%, time: 30 s/image, wage: 40 USD/h}",
    "PilotLook": "{poor: 85%, good: 95%, wrongly-go: 5%, wrongly-stop: 20%}",
    "PowerLawSpec": "{a: 60, b: 0.3, c: 4}",
    "Transfer": "{from: street, rate: 20%}",
    "Turnover": "{rate: 3 %/month, vacancy: 6 weeks, ramp: [50%, 75%]}",
    "Quality": "{at-most: 0.04%, vendors: {acme: 0.03%, borealis: 0.08%}, catch: 60%}",
    "Resource": "{capacity: 900 h/week, vendors: [acme, borealis]}",
    "StageLeads": "{review: 3 days, rework: 4 days}",
    "Targets": "{value: 500k USD}",
    "WorkInProgress": "{at-most: 5_000 images}",
    "Uncertain": "{seed: 7, stretch: 130%, known: [{of: demand of scans, from: week 5}]}",
    "Cause": "{low: 95%, likely: 102%, high: 140%, of: [effort of scans], owner: data lead, reason: guideline not settled}",
    "Together": "{amounts: [prices of acme, prices of borealis], correlation: 60%}",
    "Risk": "{tail: 10%, weight: 50%}",
    "WillBeKnown": "{of: [demand of scans], from: week 5}",
    "WorthStep": "{up-to: 10_000 images, worth: 0.50 USD/image}",
    "Value": "{curve: {power-law: {a: 60, b: 0.3, c: 4}}, worth: 18k USD/point, existing: 2_000 images}",
}
"""Of blocks no shipped case writes out; made up, to show the form."""

INTRODUCTION = """\
# Cases

Each folder is one question: `case.yaml`, its tables, a README with the arithmetic by hand and what the tool prints, and the
expected answers. Smallest first.

| case | question | size |
|---|---|---|
{cases}

    allocate check cases/portfolio
    allocate solve cases/portfolio
    allocate solve cases/portfolio --scenario budget-cut

A new case of your own: `allocate init DIR`.

Every figure has a source beside it or is marked as an assumption. The tests run each command of these pages again and compare
what it prints, look up each table's figures, and calculate each sum: the pages cannot fall behind the program.

# What a case may say

This page is generated from the schema by `python -m allocate.case.reference > cases/README.md`; do not edit it.

`case.yaml` is a mapping with the keys of [CaseFile](#casefile); each further block has a heading of its own. A key without a
default has to be there. Where a key takes a block or something shorter, the shorter form stands for the block (`budget: 250k USD` for `budget: {{total: 250k USD}}`). Any amount or name may be written `{{value: 7.4 s/box, source: "time study, May"}}`; what the source says is shown by
`allocate costs --trace`. `--set PATH=VALUE` and `scenarios:` override a value by the path under **where**, NAME standing for a
name (of a product, a vendor, …), and for the number of an entry, from 0, where entries have no name.
A case may stand in several files, so that each team keeps its own: `include: [vendors/*.yaml, rates/*.csv]`. The files come in the order
written, those of a pattern by name, and what a file includes comes before itself; each is laid over those before it, mappings
key by key, and `case.yaml` comes last. Rates, rules and rows of the calendar of all files count together, and two rates of one
pair are refused. Names of files are from the folder of the file they stand in; none may lie outside of the case's folder. Every
message names the file, line and column of its figure.

`excluded: true` takes a vendor or a product out, most often in a scenario: `{{vendors.acme.excluded: true}}`. Rates, rules, limits
and levers that are about it alone go with it, and a note lists them; lists that name others too lose its name.

Examples are taken from the cases above where one has the block, and are made up to show the form where none has.

Amounts: `250k USD`, `0.06 USD/box`, `63 USD/1000 boxes`, `12 s/image`, `38 h/week`, `900 EU/week`, `97%`, `20_000 images`; `k`, `M`
and `bn` for thousands, millions and thousand millions, `_` between digits. Times: `week 9`, `month 3`, `2027-03-05`.

A date may fall inside a week or month of the plan. What holds, changes or ends on it (prices, rates, capacities, limits) counts for the
whole period it falls into. Work that begins on it (`from` and `arrives` of products) begins in the first period that starts on or after
it, and what is due by it (deadlines, milestones, needs, `to` of a budget's limit) has the periods that end on or before it.

A number has one reading, or is refused with both: a point (or comma) after one to three digits and before three, as in `2.500`
or `12.500`, may part decimals or thousands, so write `2.5` or `2_500`, `1.2340` or `1_234`; `0.125`, `2.50` and `1_234.500` are plain.
So it is with dates: `03/04/2027` is refused with both days. Plain numbers stand for shares up to 1, for factors up to 10
(`1.25` is `125%`); `95` as a factor is refused with `95%` and `9_500%`.

A number of the case's file that YAML itself takes for one, `score: 8.916`, has that reading. Others, such as `653.834 s/image`, are settled by
the other numbers of the file: where each has a point before decimals, so have they, and a note says so. `2.500`, filled up with
zeros, needs another that is (`0.250`).

Amounts that are not known exactly have a **spread**, wherever an amount stands, in tables too: `12 s/image ±20%` (or `+-20%`, `±2 s/image`),
`0.38 .. 0.42 .. 0.55 USD/page` (low .. likely .. high), `188 of 200` (items right of those checked, of a share), or as keys and values
`{{value: 1_200 h/week, low: 900 h/week, high: 1_300 h/week, source: "own history"}}`, `{{right: 188, of: 200}}`,
`{{value: 300 h/week, spread: 10%, weekly: 15%}}` (over the horizon, and each week by itself: week by week of what vendors can do, of others by the mean of their weeks). Low is P10, what it falls
below in one case in ten; likely is P50, as often above as below; high is P90. Every command counts with P50, without the causes that
`uncertain` names; `odds`, `hedge`, `pilot` and `solve --stages` draw what it may come to. Each amount's
distribution goes through its three points exactly: a metalog (Keelin, 2016) of the logarithm, or of the log odds for a share; for
counts it is the Beta distribution with half an item more on either side. A middle too near one end fits no such curve: it is refused,
with the middles that would do. Dates, whole numbers,
truths and amounts of zero or less take no spread. A figure of a cost model has one too; `model-changes` sets it in a case.

Tables are CSV in UTF-8 or sheets of .xlsx. Cells of CSV are separated by commas, semicolons, tabs or bars, as the header is, or as a
first line `sep=;` says. Rows narrower than the header may stand above it, such as a title; they are not read. Numbers may be written
as in any country (`0,12`, `1.234,50`, `1,234.50`, `1'000`, `10 000`). What has two readings is settled by the other cells of its
column; else by the whole table, where all its other numbers have the same decimal mark: that `2.500` is decimals, only by its column. A cell of a sheet
that holds a number has one reading. A unit in a header, `price [USD/image]`, is that of the plain numbers below it.

Amounts by time, one convention for all of them:

- `2k USD/month` is 2,000 USD in every month. In a horizon of months it is whole in each, whatever day they begin on; in weeks each day has
  its part of its calendar month, so that the days of a month add up to it. A quarter is three months, a year twelve.
- `700 USD/week` is a seventh of it a day, in months too.
- Work per day (`8 h/day`, `10 items/day`, `900 EU/day`) is by the working day: five a week from Monday on, or as many as the vendor's (the review
  team's) `working-days` says. A holiday on one of them takes its part of the period. Money per day is by the day of the calendar.
- A billing window (`window: month`, `quarter`) that the horizon cuts keeps its whole commitment, steps and seats; a note says what it comes to.
  A week is split over months by its days; a month of a plan by months counts where it begins.
- A rate per year (`discount`, `escalation`) is whole after twelve months, in a plan by weeks after 365.25 days; one per month or quarter compounds by
  itself. Leads, notices and vacancies are lengths of time, in which a month is 30.4375 days; leads and notices are rounded up to whole
  periods. `payment: 1 month` is one of the calendar.

What puts money on the bill, or bounds what a contract sells, in the order of the bill:

| clause | what it is | keys | category of cost | of a team of your own |
|---|---|---|---|---|
{clauses}
"""


def reference(folder: Path = CASES) -> str:
    """The page as Markdown; folder: the shipped cases, for their list and for examples."""
    cases = [read_case(path.parent) for path in sorted(folder.glob("*/case.yaml"))]
    cases.sort(key=lambda case: (len(case.products) * len(case.vendors) * case.periods.count, case.name))
    models = _models()
    places, examples = _places(models), _examples(cases)
    blocks = json_schema_of(schema.CaseFile)["$defs"]
    blocks["CaseFile"] = json_schema_of(schema.CaseFile)
    tables = {"cases": "\n".join(map(_listed, cases)), "clauses": "\n".join(map(_clause, CLAUSES))}
    parts = [INTRODUCTION.format(**tables)]
    for name, model in models.items():
        parts += [f"## {name}", "", _paragraphs(model.__doc__ or ""), ""]
        if places[name]:
            parts += [f"Where: {', '.join(f'`{place}`' for place in places[name])}", ""]
        parts += ["| key | takes | default | meaning |", "|---|---|---|---|"]
        texts = meanings(model)
        parts += [_row(field, key, blocks[name]["properties"][key], texts.get(key, "")) for key, field in _keys(model)]
        parts += ["", *([f"Example: `{examples[name]}`", ""] if name in examples else [])]
    return "\n".join(parts).rstrip() + "\n"


def _listed(case: Case) -> str:
    sizes = [(len(case.products), "product"), (len(case.vendors), "vendor"), (case.periods.count, case.periods.unit)]
    size = ", ".join(f"{count} {noun}{'' if count == 1 else 's'}" for count, noun in sizes)
    folder = case.folder.name
    return f"| [{folder}]({folder}/README.md) | {case.file.description or case.file.title} | {size} |"


def _clause(clause: Clause) -> str:
    meaning = str(importlib.import_module(f"{clauses.__name__}.{clause.name}").__doc__).strip()
    keys, costs = ", ".join(f"`{key}`" for key in clause.keys), ", ".join(clause.costs) or "–"
    team = "yes" if clause.not_for_teams is None else f"no: {clause.not_for_teams}"
    return f"| {clause.name.replace('_', '-')} | {meaning} | {keys} | {costs} | {team} |"


def _keys(model: type[BaseModel]) -> list[tuple[str, FieldInfo]]:
    return [(str(field.alias or name), field) for name, field in model.model_fields.items()]


def _models() -> dict[str, type[schema.Block]]:
    """Every block by name, in the order in which a case meets them."""
    names: dict[str, None] = {"CaseFile": None}
    whole = json_schema_of(schema.CaseFile)
    for properties in _deep(whole["properties"], whole["$defs"]):
        names.setdefault(properties)
    known = {model.__name__: model for model in _subclasses(schema.Block)}
    return {name: known[name] for name in names}


def _subclasses(model: type[schema.Block]) -> Iterator[type[schema.Block]]:
    for one in model.__subclasses__():
        yield one
        yield from _subclasses(one)


def _deep(node: Any, blocks: Mapping[str, Any]) -> Iterator[str]:
    """Names of the blocks a part of the schema refers to, each followed by those it refers to itself."""
    for name in _referred(node):
        yield name
        yield from _deep(blocks[name].get("properties", {}), blocks)


def _referred(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].rsplit("/", 1)[-1]
        for value in node.values():
            yield from _referred(value)
    elif isinstance(node, list):
        for value in node:
            yield from _referred(value)


def _places(models: Mapping[str, type[BaseModel]]) -> dict[str, list[str]]:
    """Paths at which each block may stand, as `--set` writes them."""
    whole = json_schema_of(schema.CaseFile)
    found: dict[str, list[str]] = {name: [] for name in models}

    def walk(properties: Mapping[str, Any], path: str) -> None:
        for key, node in properties.items():
            for name, below in _blocks_at(node, f"{path}{key}"):
                if below not in found[name]:
                    found[name].append(below)
                    walk(whole["$defs"][name].get("properties", {}), f"{below}.")

    walk(whole["properties"], "")
    return found


def _blocks_at(node: Any, path: str) -> Iterator[tuple[str, str]]:
    """Blocks a key may hold, with their paths: themselves, in a list, or by name."""
    if "$ref" in node:
        yield node["$ref"].rsplit("/", 1)[-1], path
    for choice in node.get("anyOf", []):
        yield from _blocks_at(choice, path)
    for inner in (node.get("items"), node.get("additionalProperties")):
        if isinstance(inner, dict):
            yield from _blocks_at(inner, f"{path}.NAME")


def _row(field: FieldInfo, key: str, node: Mapping[str, Any], meaning: str) -> str:
    cells = (f"`{key}`", _takes(node, field), _default(field), " ".join(meaning.split()))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _takes(node: Mapping[str, Any], field: FieldInfo | None = None) -> str:
    """What may be written, in words."""
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in node:
        choices = [_takes(one, field) for one in node["anyOf"] if one.get("type") != "null"]
        return " or ".join(dict.fromkeys(choices))
    if "enum" in node or "const" in node:
        return ", ".join(f"`{value}`" for value in node.get("enum", [node.get("const")]))
    if node.get("type") == "array":
        inside = _takes(node.get("items", {}))
        return f"list of {'names' if inside == 'a name' else inside}"
    if node.get("type") == "object":
        inner = node.get("additionalProperties")
        return f"by name: {_takes(inner)}" if isinstance(inner, dict) and inner else "paths and values"
    if node.get("type") == "boolean":
        return "`true` or `false`"
    told = _of_type(field) if field is not None else None
    return str(told or node.get("description", "text"))


def _of_type(field: FieldInfo) -> str | None:
    """What a field's type says of itself, which the field's own description hides in the schema."""
    for part in field.metadata:
        described = getattr(part, "json_schema", None)
        if isinstance(described, dict) and "description" in described:
            return str(described["description"])
    return None


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined:
        return "required"
    if value is None or value == () or value == {} or isinstance(value, BaseModel):
        return "–"
    if isinstance(value, dict):
        value = list(value)
    return f"`{_flow(list(value) if isinstance(value, tuple) else value)}`"


def _examples(cases: list[Case]) -> dict[str, str]:
    """For each block the fullest one of the shipped cases that is not too long."""
    best: dict[str, tuple[int, int, str]] = {}
    whole = json_schema_of(schema.CaseFile)

    def visit(node: Any, data: Any) -> None:
        for name, value in _written(node, data):
            text = _flow(value)
            better = (-len(value), len(text), text)
            if len(text) <= EXAMPLE_LENGTH and (name not in best or better < best[name]):
                best[name] = better
            for key, inner in whole["$defs"][name].get("properties", {}).items():
                if key in value:
                    visit(inner, value[key])

    for case in cases:
        for key, node in whole["properties"].items():
            if key in case.document.data:
                visit(node, _as_written(key, case.document.data[key]))
    return EXAMPLES | {name: text for name, (_, _, text) in best.items()}


def _as_written(key: str, data: Any) -> Any:
    """A block of a case without what was laid into it from elsewhere: levers that locks are planned as."""
    return {name: one for name, one in data.items() if not name.startswith(NAMED)} if key == "levers" else data


def _written(node: Any, data: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Blocks that are written at a key of a case, whole ones only."""
    if "$ref" in node and isinstance(data, dict):
        yield node["$ref"].rsplit("/", 1)[-1], data
    for choice in node.get("anyOf", []):
        yield from _written(choice, data)
    if "items" in node and isinstance(data, list):
        for entry in data:
            yield from _written(node["items"], entry)
    inner = node.get("additionalProperties")
    if isinstance(inner, dict) and isinstance(data, dict):
        for entry in data.values():
            yield from _written(inner, entry)


def _flow(value: Any) -> str:
    """Plain data as YAML on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_flow(key)}: {_flow(inner)}' for key, inner in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    plain = text and not set(text) & set(",[]{}#&*!|>'\"%@`:") - {"%"} and text == text.strip() and text[0] not in "%-?"
    return text if plain or (text[:1] == "-" and text[1:2].isdigit()) else json.dumps(text, ensure_ascii=False)


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n")).strip()


if __name__ == "__main__":
    print(reference(), end="")
