"""What a case should say by what was recorded: pace, drivers, accuracy, shrinkage, learning, each with its range and its sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np

from allocate.actuals.accuracies import accuracies
from allocate.actuals.estimators import Z90, Estimate, ratio, slope
from allocate.actuals.grouped import FEWEST, by_word, codes_of, groups, nouns
from allocate.actuals.paces import paces
from allocate.actuals.prices import prices_paid
from allocate.actuals.productivity import productivities
from allocate.actuals.reading import Actuals
from allocate.actuals.reviews import catches, rework
from allocate.actuals.scores import Scores, measured_scores
from allocate.actuals.stated import Measured, beside, of_ranges, told_apart, widest, with_before
from allocate.case.load import Case, CaseLike, as_case
from allocate.case.paths import dotted
from allocate.tables.column import Grid, chosen, grid
from allocate.tables.shown import Shown
from allocate.tables.tracked import MEASURED

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Calibration(Shown):
    """All figures of a case that were measured."""

    case: Case
    figures: tuple[Measured, ...]
    notes: tuple[str, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row a figure, columns of `MEASURED`."""
        import pandas as pd

        return pd.DataFrame([row_of(one) for one in self.figures], columns=[column.name for column in MEASURED])

    @property
    def overlay(self) -> str:
        """The figures in the words of a case, as `--set @FILE` and `read_case(…, settings=[…])` take them."""
        from allocate.actuals.overlay import overlay

        return overlay(self)

    def facts(self) -> dict[str, str]:
        """How many figures, and how many the overlay holds."""
        written = sum(one.written or one.of is not None for one in self.figures)
        return {"": self.case.name, "figures": str(len(self.figures)), "written": str(written)}

    def grids(self) -> tuple[Grid, ...]:
        """The figures beside what the case says."""
        return (shown(self),)


def row_of(one: Measured) -> dict[str, Any]:
    """A figure as a row of `MEASURED`."""
    return {
        "figure": one.figure, "stated": one.stated, "measured": one.estimate.value, "low": one.estimate.low,
        "high": one.estimate.high, "unit": one.unit, "change": one.change, "n": one.estimate.n,
        "people": one.estimate.people or None, "held": {True: "yes", False: "no", None: ""}[one.held],
        "method": one.method, "path": one.path,
    }  # fmt: skip


def shown(found: Calibration) -> Grid:
    """The table as people read it, shares in per cent."""
    rows = [row_of(one) for one in found.figures]
    for row in rows:
        if row["unit"] == "%":
            row |= {key: 100.0 * row[key] for key in ("measured", "low", "high")}
    columns = chosen(MEASURED, "figure", "stated", "measured", "low", "high", "unit", "change", "n", "people", "method")
    return grid(f"What was measured for {found.case.name}", columns, rows)


def calibrate(case: CaseLike, actuals: Actuals, scores: Scores | None = None) -> Calibration:
    """Every figure of the case that the records say something of, pooled over vendors where that helps, with its P10 and P90.

    scores: new points of learning curves, measured on models trained since.
    """
    case, notes = as_case(case), list[str]()
    measured = list(paces(case, actuals, notes))
    kinds = (_drivers, accuracies, rework, catches, _shrinkage, _capacities, _learning, prices_paid)
    figures = [beside(case, one.measured) for one in measured]
    figures += [beside(case, one) for kind in kinds for one in kind(case, actuals, notes)]
    figures = told_apart(figures)
    drivers = [with_before(case, one) for one in figures if ".drivers." in one.path]
    at = len(measured)
    figures[at:at] = [beside(case, one) for one in productivities(case, actuals, measured, drivers, notes)]
    if scores is not None:
        figures += measured_scores(case, scores, notes)
    return Calibration(
        case, tuple(with_before(case, one) for one in figures), (*notes, *of_ranges(figures), *widest(figures))
    )


def _drivers(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """Boxes, words or minutes of an item, items as the sample."""
    names = [str(name) for name in actuals.work if str(name).startswith("drivers.")]
    labels = actuals.work[actuals.work["role"] == "label"]
    for product, rows in by_word(labels, "product"):
        for name in names:
            counts = rows[name].dropna().to_numpy()
            if product not in case.products or len(counts) < FEWEST or counts.mean() <= 0.0:
                continue
            spread = Z90 * counts.std(ddof=1) / np.sqrt(len(counts)) / counts.mean()
            mean, driver, item = float(counts.mean()), name.removeprefix("drivers."), nouns(case, product)[0]
            yield Measured(
                f"{driver} per {item} of {product}", dotted("products", product, "drivers", driver),
                f"/{item}", Estimate(mean, mean * float(np.exp(-spread)), mean * float(np.exp(spread)), len(counts)),
                "mean over items", actuals.source, written=driver in case.products[product].drivers,
            )  # fmt: skip


def _shrinkage(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """Share of paid hours that were not work on items, weeks as the sample; with the pace it gives back the hours paid.

    Work on gold items makes none of the items that are asked for: paid, and no work on them.
    """
    table = actuals.periods.groupby(["vendor", "period"], as_index=False)[
        ["hours_active", "hours_paid", "review_hours"]
    ].sum()
    for vendor, rows in by_word(table[table["hours_paid"] > 0.0], "vendor"):
        if vendor not in case.vendors:
            continue
        worked, gold = float(rows["hours_active"].sum()), _hours_on_gold(actuals, vendor)
        on_items = rows["hours_active"] * (1.0 - min(gold / worked, 1.0) if worked > 0.0 else 1.0)
        active = ratio(on_items + rows["review_hours"], rows["hours_paid"], np.arange(len(rows)))
        if active.value > 1.0:
            notes.append(
                f"{vendor} was at work for more hours than were paid: its timesheets and its exports do not fit together."
            )
            continue
        weeks = "1 period is" if active.people == 1 else f"{active.people} periods are"
        found = Estimate(1.0 - active.value, max(1.0 - active.high, 0.0), 1.0 - active.low, active.n)
        block = case.vendors[vendor]
        path = ("vendors", vendor, *(["team"] if block.team is not None else []), "shrinkage")
        has = block.team is not None or block.people is not None
        yield Measured(
            f"shrinkage of {vendor}", dotted(*path) if has else "", "%", found,
            f"1 - hours of work / hours paid; {weeks} the sample", actuals.source, written=has,
        )  # fmt: skip


def _hours_on_gold(actuals: Actuals, vendor: str) -> float:
    work = actuals.work
    some = (work["vendor"] == vendor) & (work["role"] == "gold") & (work["outcome"] != "skipped")
    return float(work.loc[some, "seconds"].sum()) / 3600.0


def _capacities(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """Hours of the best four weeks: what a vendor can do, not what it happened to do."""
    if actuals.by != "week":
        return
    table = actuals.periods.groupby(["vendor", "period"], as_index=False)[["hours_active"]].sum()
    for vendor, rows in by_word(table[table["hours_active"] > 0.0], "vendor"):
        if vendor not in case.vendors or len(rows) < 4:
            continue
        best = np.sort(rows["hours_active"].to_numpy())[-4:]
        hourly = case.vendors[vendor].capacity is not None and "h/" in str(
            case.document.at(("vendors", vendor)).get("capacity", "")
        )
        yield Measured(
            f"capacity of {vendor}", dotted("vendors", vendor, "capacity") if hourly else "", "h/week",
            Estimate(float(best.mean()), float(best.min()), float(best.max()), len(rows)), "its best four weeks", actuals.source, written=False,
        )  # fmt: skip


def _learning(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """What times fall to when a person's own count doubles, within people."""
    for product, vendor, rows in groups(actuals, case, notes, ("label", "agreement")):
        timed = rows[(rows["seconds"] > 0.0) & (rows["annotator"].astype(str) != "")].sort_values(
            "submitted", kind="stable"
        )
        if len(timed) < FEWEST:
            continue
        order = timed.groupby("annotator", observed=True).cumcount().to_numpy() + 1
        b, error, at = slope(timed["seconds"], codes_of(timed, "annotator"), order)
        people = int(timed["annotator"].nunique())
        if error in (0.0, inf) or b + Z90 * error >= 0.0:
            continue
        found = Estimate(2.0**b, 2.0 ** (b - Z90 * error), 2.0 ** (b + Z90 * error), len(timed), people)
        if found.value <= 0.5:
            continue
        yield Measured(
            f"learning rate of {vendor} on {product}", dotted("vendors", vendor, "learning"), "%", found,
            "within each person, by their own count", actuals.source, written=False,
            extra={"model": "crawford", "from": f"{max(round(float(np.exp(at)) * people), 1)} {nouns(case, product)[1]}", "products": product},
        )  # fmt: skip
