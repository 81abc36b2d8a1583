"""What two runs differ in: inputs by path, options, money, and who makes what."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from allocate.errors import CaseError
from allocate.runs.find import SOLVE
from allocate.runs.sides import Side

MONEY = ("objective", "bound", "spend", "value", "net_value", "escaped_error_cost", "penalty")
FIGURES_OF = (
    "objective", "spend", "product_spend", "cost_per_item", "objective_low", "objective_high", "swing",
    "odds", "planned", "p10", "p50", "p90", "missed_by", "share", "costs", "worth", "net", "worth_knowing",
)  # fmt: skip
"""Figures of a study's rows that are held against each other."""
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
    """Items of one product, vendor or way of making a product in both plans, and its money with its part of fees and discounts."""

    name: tuple[str, ...]
    items: tuple[float, float]
    spend: tuple[float, float]

    @property
    def same(self) -> bool:
        """Whether neither items nor money differ."""
        return _same(*self.items) and _same(*self.spend)


@dataclass(frozen=True)
class Moved:
    """A point of two studies: where it lies, what became of it, and its figures; None where one has no such point."""

    at: Mapping[str, Any]
    status: tuple[str | None, str | None]
    figures: Mapping[str, tuple[float | None, float | None]]

    @property
    def same(self) -> bool:
        """Whether nothing of it differs."""
        return _same(*self.status) and all(_same(*pair) for pair in self.figures.values())


@dataclass(frozen=True)
class Differences:
    """All that two runs differ in; empty where they are the same."""

    inputs: tuple[Change, ...]
    """Values of the case, by their path as `--set` writes it."""
    files: tuple[Change, ...]
    """Files that were read, by the beginning of their hash."""
    options: tuple[Change, ...]
    figures: tuple[Change, ...] = ()
    products: tuple[Amounts, ...] = ()
    vendors: tuple[Amounts, ...] = ()
    mix: tuple[Amounts, ...] = ()
    """By product, vendor and workflow."""
    points: tuple[Moved, ...] = ()
    """Of two studies: the points that are not as they were."""


def differences(before: Side, after: Side) -> Differences:
    """What the second has different from the first; CaseError where they are of two kinds.

    Where one is a plan file, its case is not there: scenario and settings stand for the inputs by path.
    """
    kinds = before.record["kind"], after.record["kind"]
    if kinds[0] != kinds[1]:
        words = f"{before.name} is a {kinds[0]} and {after.name} a {kinds[1]}: they have nothing to compare"
        raise CaseError.of(words, None, "name two runs of one kind; `allocate runs` lists them")
    pair = before, after
    whole = all(one.case is not None for one in pair)
    asked = [dict(leaves(one.case)) if whole else _settings(one) for one in pair]
    hashes = [{name: text[:12] for name, text in one.record["inputs"].items()} for one in pair]
    options = [{**one.record["options"], **one.record["versions"]} for one in pair]
    same = Differences(_changes(*asked), _changes(*hashes), _changes(*options))
    if kinds[0] != SOLVE:
        return replace(same, points=moved(before.found, after.found))
    plans = before.found, after.found
    # Where nothing has a value, net value is the spend again.
    money = [name for name in MONEY if name != "net_value" or any(plan.get("value") for plan in plans)]
    figures = [{name: plan.get(name) for name in ("status", "currency", *money)} for plan in plans]
    return replace(
        same,
        figures=_changes(*figures),
        products=_amounts(plans, ("product",)),
        vendors=_amounts(plans, ("vendor",)),
        mix=_amounts(plans, ("product", "vendor", "workflow")),
    )


def _settings(one: Side) -> dict[str, Any]:
    """The scenario and the settings a plan was asked for."""
    given = dict(setting.partition("=")[::2] for setting in one.record["settings"])
    return {**({"scenario": one.record["scenario"]} if one.record["scenario"] else {}), **given}


def moved(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Moved, ...]:
    """Points of two studies of one kind that differ, those of the first in its order, then those only the second has."""
    rows = [{tuple(map(str, _place(row).values())): row for row in study["rows"]} for study in (before, after)]
    found = []
    for key in dict.fromkeys([*rows[0], *rows[1]]):
        both = rows[0].get(key), rows[1].get(key)
        shown = both[0] or both[1] or {}
        figures = {name: tuple(row.get(name) if row else None for row in both) for name in FIGURES_OF if name in shown}
        status = tuple(str(row["status"]) if row and "status" in row else None for row in both)
        found.append(Moved(_place(shown), status, figures))  # type: ignore[arg-type]
    return tuple(one for one in found if not one.same)


def _place(row: Mapping[str, Any]) -> dict[str, Any]:
    """What names a row of a study: all that stands before what was found."""
    names = list(itertools.takewhile(lambda name: name not in ("status", "items", *FIGURES_OF), row))
    return {name: row[name] for name in names}


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
            cell[1][number] += line["cost"] if "cost" in line else line["spend"]
    found = [Amounts(name, (i[0], i[1]), (s[0], s[1])) for name, (i, s) in sums.items()]
    return tuple(
        sorted((one for one in found if not one.same), key=lambda one: (-abs(one.spend[1] - one.spend[0]), one.name))
    )
