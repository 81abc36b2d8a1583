"""Items per hour of work, by product and vendor, and by workflow where the rate card or the records tell them apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np

from allocate.actuals.estimators import Estimate, pooled, ratio, t90
from allocate.actuals.grouped import FEWEST, codes_of, groups, nouns
from allocate.actuals.reading import Actuals
from allocate.actuals.stated import Measured
from allocate.case.load import Case
from allocate.case.paths import dotted

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Pace:
    """A pace that was measured, and of what."""

    product: str
    vendor: str
    workflow: str
    """The only workflow it is of; empty for all."""
    measured: Measured


@dataclass(frozen=True, eq=False)
class _Of:
    """Records of a product by a vendor that one pace is measured on."""

    workflow: str
    path: str
    """Where the rate card has it; empty where it has no line for it."""
    rows: pd.DataFrame

    @property
    def finished(self) -> bool:
        """Whether it is the pace of the finished item, as lines for one workflow state it; else that of one pass."""
        return bool(self.workflow and self.path)


def paces(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Pace]:
    """All labels over all hours, annotators as the sample, vendors of a product drawn together.

    A line of the rate card for one workflow is about the finished item: first labels over the hours of all passes and of rework.
    """
    found: dict[tuple[str, str, bool], list[tuple[str, Estimate, str]]] = {}
    for product, vendor, rows in groups(actuals, case, notes, ("label", "agreement", "rework")):
        for of in _told_apart(case, product, vendor, rows, notes):
            own = _seconds(of)
            if own is None:
                continue
            told = f"Records of {vendor} on {product} are sums over items: where they hold rework, the pace is that of a finished item, not of one pass."
            if (of.rows["items"] > 1.0).any() and not of.finished and told not in notes:
                notes.append(told)
            found.setdefault((product, of.workflow, of.finished), []).append((vendor, own, of.path))
    for (product, workflow, finished), several in found.items():
        together = _drawn_together([(vendor, own) for vendor, own, _ in several])
        for (vendor, seconds), (_, _, path) in zip(together, several, strict=True):
            pace = Estimate(
                3600.0 / seconds.value, 3600.0 / seconds.high, 3600.0 / seconds.low, seconds.n, seconds.people
            )
            people = "1 person" if pace.people == 1 else f"{pace.people} people"
            what = "finished items over all hours at them" if finished else "labels over hours of work"
            yield Pace(product, vendor, workflow, Measured(
                f"pace of {vendor} on {product}{f', {workflow}' if workflow else ''}", path,
                f"{nouns(case, product)[1]}/h", pace, f"{what}; {people} are the sample", actuals.source,
            ))  # fmt: skip


def _told_apart(case: Case, product: str, vendor: str, rows: pd.DataFrame, notes: list[str]) -> Iterator[_Of]:
    """Records by the lines of the rate card; without one all of them, and again by workflow where they name several."""
    lines = [rate for _, rate in case.rate_card.of_pair(product, vendor)]
    named = rows["workflow"]
    own = [rate.workflow for rate in lines if rate.workflow is not None]
    if not lines:
        yield _Of("", "", rows)
        ways = sorted({str(name) for name in named.unique()} & set(case.workflows)) if not case.file.rates else []
        if len(ways) > 1:
            yield from (_Of(way, "", rows[named == way]) for way in ways)
        return
    if len(lines) > 1 and (named == "").any():
        told = f"Records of {vendor} on {product} do not all name a workflow, and the rate card has {len(lines)} lines for it: those that do are measured; name it in the map as `workflow: …`."
        notes.append(told)
    for rate in {line.workflow: line for line in lines}.values():
        path = dotted("rates", product, vendor, *([rate.workflow] if rate.workflow is not None else []), "pace")
        if len(lines) == 1:
            some = named.isin(("", rate.workflow)) if rate.workflow is not None else named.notna()
        else:
            some = named == rate.workflow if rate.workflow is not None else (named != "") & ~named.isin(own)
        yield _Of(rate.workflow or "", path, rows[some])


def _seconds(of: _Of) -> Estimate | None:
    """Seconds of an item; None where too little is recorded of it."""
    rows = of.rows[of.rows["seconds"] > 0.0]
    first = rows["role"] == "label"
    if of.finished:
        items = rows["items"].where(first, 0.0)
        many = float(items.sum())
    else:
        rows = rows[(first & (rows["items"] > 0.0)) | (rows["role"] == "agreement")]
        items = rows["items"].where(rows["role"] == "label", 1.0).clip(lower=1.0)
        many = float(items.sum())
    if not len(rows) or many < FEWEST:
        return None
    return ratio(rows["seconds"], items, codes_of(rows, "annotator"))


def _drawn_together(several: Sequence[tuple[str, Estimate]]) -> Sequence[tuple[str, Estimate]]:
    """Estimates of four vendors and more, each drawn towards their mean by what is not known of it."""
    if len(several) < 4:
        return several
    errors = [log(one.high / one.low) / (2.0 * t90(max(one.people - 1, 1))) for _, one in several]
    if min(errors) <= 0.0:
        return several
    together = pooled([log(one.value) for _, one in several], errors)
    found = []
    for (vendor, one), centre, error in zip(several, together.values, together.errors, strict=True):
        spread = t90(max(one.people - 1, 1)) * float(error)
        value = float(np.exp(centre))
        found.append(
            (vendor, Estimate(value, value * float(np.exp(-spread)), value * float(np.exp(spread)), one.n, one.people))
        )
    return found
