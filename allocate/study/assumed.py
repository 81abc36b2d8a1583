"""Figures that a plan rests on and that were assumed: what one is, and those of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from allocate.answers import Answer
from allocate.case.clauses.wages import written_at
from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.paths import dotted

NOT_STATED, ASSUMED = "not stated", "assumption"


@dataclass(frozen=True)
class Assumption:
    """One figure that was assumed."""

    figure: str
    """What it is, in words."""
    taken: str
    """What the plan counts with."""
    basis: str
    """`not stated` in the case, or stated there as an `assumption`."""
    source: str
    """Where the figure comes from."""
    write: str
    """The line that states it, as `--set` takes it."""
    tried: str = ""
    """The plausible range that was tried, in words; empty where none was."""
    low: Mapping[str, Any] = field(default_factory=dict)
    """Settings of one end of that range."""
    high: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the other."""


def from_model(case: Case, *path: str) -> str:
    """What the cost model says of where a figure of its own comes from."""
    source = case.sources.get(("model", *path))
    return f"cost model: {source.source}" if source is not None else "cost model"


SHRINKAGE = "30%"
"""Share of paid time that is tried where nothing is said of it."""


def _people(case: Case) -> Iterator[tuple[str, Path_, Any]]:
    """Who is planned by people or hours: vendors, teams and the review team, each with its path and block."""
    for name, vendor in case.vendors.items():
        block = vendor.team if vendor.team is not None else vendor
        if vendor.people is not None or vendor.team is not None:
            path: Path_ = ("vendors", name, "team") if vendor.team is not None else ("vendors", name)
            yield name, written_at(case.vendors, path), block
    team = case.file.review_team
    if team is not None and team.people is not None:
        yield "the review team", ("review-team",), team


def shrinkage(case: Case, answer: Answer | None) -> Iterator[Assumption]:
    """People of whom nothing says how much of their paid time goes to leave, breaks, training and meetings."""
    taken = f"{100 * case.model.defaults.shrinkage:.6g}%"
    for name, path, block in _people(case):
        if block.shrinkage is None:
            at = dotted(*path, "shrinkage")
            yield Assumption(
                f"shrinkage of {name}", taken, NOT_STATED, from_model(case, "defaults", "shrinkage"), f"{at}={taken}",
                f"{taken} to {SHRINKAGE}", {}, {at: SHRINKAGE},
            )  # fmt: skip


def holidays(case: Case, answer: Answer | None) -> Iterator[Assumption]:
    """People of whom no holidays are stated, with those of their region to write; a team of one's own has none that could be stated."""
    for name, path, block in _people(case):
        if not hasattr(block, "holidays"):
            continue
        vendor = case.vendors.get(name)
        region = case.model.regions.get(vendor.region) if vendor is not None and vendor.region is not None else None
        if block.holidays is None:
            known = region.holidays if region is not None else None
            write = f"{dotted(*path, 'holidays')}={known or f'[{case.periods.starts[0].isoformat()}]'}"
            yield Assumption(f"holidays of {name}", "none", NOT_STATED, "by definition", write)


def releases(case: Case, answer: Answer | None) -> Iterator[Assumption]:
    """Teams whose people may leave before the horizon ends, and the case names no cost of it; what if nobody can leave."""
    for name, vendor in case.vendors.items():
        if vendor.team is not None and vendor.team.release is not None and vendor.team.release.cost is None:
            at = dotted("vendors", name, "team", "release")
            yield Assumption(
                f"release of people of {name}", "costs nothing", NOT_STATED, "by definition", f"{at}.cost=0 {case.currency}",
                "nobody leaves", {at: None}, {},
            )  # fmt: skip
