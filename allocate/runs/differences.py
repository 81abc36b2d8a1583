"""What two runs differ in: inputs by path, options, money, and who makes what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allocate.runs import store
from allocate.runs.index import Entry
from allocate.runs.save import CASE, PLAN

MONEY = ("objective", "bound", "spend", "value", "net_value", "escaped_error_cost", "penalty")
SAME = 1e-9
"""Amounts this close, relative to the larger, are the same."""


@dataclass(frozen=True)
class Change:
    """One thing that is not the same: what it is, and both values (None: it is not there)."""

    what: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Amounts:
    """Items and money of one product, vendor or way of making a product, in both plans."""

    name: tuple[str, ...]
    items: tuple[float, float]
    spend: tuple[float, float]

    @property
    def same(self) -> bool:
        """Whether neither items nor money differ."""
        return _same(*self.items) and _same(*self.spend)


@dataclass(frozen=True)
class Differences:
    """All that two runs differ in; empty where they are the same."""

    inputs: tuple[Change, ...]
    """Values of the case, by their path as `--set` writes it."""
    files: tuple[Change, ...]
    """Files that were read, by the beginning of their hash."""
    options: tuple[Change, ...]
    figures: tuple[Change, ...]
    products: tuple[Amounts, ...]
    vendors: tuple[Amounts, ...]
    mix: tuple[Amounts, ...]
    """By product, vendor and workflow."""


def differences(place: Path, before: Entry, after: Entry) -> Differences:
    """What the second run has different from the first; CaseError where one of them is damaged."""
    one, other = (place / "runs" / entry.id for entry in (before, after))
    plans = store.content(one, PLAN), store.content(other, PLAN)
    asked = [dict(leaves(store.content(run, CASE))) for run in (one, other)]
    hashes = [{name: text[:12] for name, text in entry.record["inputs"].items()} for entry in (before, after)]
    options = [{**entry.record["options"], **entry.record["versions"]} for entry in (before, after)]
    figures = [{name: plan.get(name) for name in ("status", "currency", *MONEY)} for plan in plans]
    return Differences(
        inputs=_changes(*asked),
        files=_changes(*hashes),
        options=_changes(*options),
        figures=_changes(*figures),
        products=_amounts(plans, ("product",)),
        vendors=_amounts(plans, ("vendor",)),
        mix=_amounts(plans, ("product", "vendor", "workflow")),
    )


def leaves(data: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every plain value of a case with its dotted path; entries of a list go by their name, or by product and vendor."""
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list) and data:
        keys = [_key(entry, number) for number, entry in enumerate(data)]
        unique = len(set(keys)) == len(keys)
        for number, (key, value) in enumerate(zip(keys, data, strict=True)):
            yield from leaves(value, f"{path}.{key if unique else number}")
    else:
        yield path, data


def _key(entry: Any, number: int) -> str:
    if isinstance(entry, dict) and "name" in entry:
        return str(entry["name"])
    if isinstance(entry, dict) and {"product", "vendor"} <= entry.keys():
        return ".".join(str(entry[key]) for key in ("product", "vendor", "workflow") if key in entry)
    return str(number)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    paths = [*before, *(path for path in after if path not in before)]
    both = [Change(path, before.get(path), after.get(path)) for path in paths]
    return tuple(one for one in both if not _same(one.before, one.after))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= SAME * max(abs(one), abs(other))
    return bool(one == other)


def _amounts(plans: tuple[Any, Any], keys: tuple[str, ...]) -> tuple[Amounts, ...]:
    sums: dict[tuple[str, ...], list[list[float]]] = {}
    for number, plan in enumerate(plans):
        for line in plan["lines"]:
            cell = sums.setdefault(tuple(line[key] for key in keys), [[0.0, 0.0], [0.0, 0.0]])
            cell[0][number] += line["items"]
            cell[1][number] += line["spend"]
    found = [Amounts(name, (i[0], i[1]), (s[0], s[1])) for name, (i, s) in sums.items()]
    return tuple(
        sorted((one for one in found if not one.same), key=lambda one: (-abs(one.spend[1] - one.spend[0]), one.name))
    )
