"""Scenarios, settings and cases side by side: totals, and who gains or loses against the first."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from allocate.answers import Answer
from allocate.case.load import Case, CaseLike, as_case, read_case, revised
from allocate.costing.limits.budget import hurdle
from allocate.costing.quality.unstated import unstated
from allocate.costing.terms.rate_card import rate_lines
from allocate.costing.terms.rate_line import Line
from allocate.study.figures import Figures, Part, figures
from allocate.study.points import Job, Point
from allocate.study.running import Progress, run
from allocate.study.study import Row, Study, figure, state, why
from allocate.tables.column import Grid
from allocate.tables.frames import tag_column
from allocate.tables.shown import Shown

MOVED = 0.005
"""Money below which nothing moved: half a cent."""


@dataclass(frozen=True, repr=False)
class Comparison(Shown):
    """Variants side by side; the first is what the others are held against."""

    study: Study
    """One row of totals per variant."""
    products: tuple[Row, ...] = field(repr=False)
    """Per variant and product: items, spend, date of the last delivery, and the differences."""
    vendors: tuple[Row, ...] = field(repr=False)
    """Per variant and vendor: items, spend, share of the spend, and the differences."""
    prices: tuple[Row, ...] = field(default=(), repr=False)
    """Per line of the rate card that does not ask the same everywhere, and variant: its price as written there."""

    @property
    def lines(self) -> list[tuple[tuple[str, str, str], list[str | None]]]:
        """The same, a row a line: product, vendor and workflow, and the price of each variant."""
        count = len(self.study.rows)
        some = [self.prices[start : start + count] for start in range(0, len(self.prices), count)]
        return [
            ((rows[0]["product"], rows[0]["vendor"], rows[0]["workflow"]), [row["price"] for row in rows])
            for rows in some
        ]

    @property
    def unstated(self) -> frozenset[str]:
        """Variants whose plan gives work to a vendor with an accuracy that is not stated."""
        cases = dict(zip((row["variant"] for row in self.study.rows), self.cases, strict=True))
        missing = {variant: {vendor for _, vendor in unstated(case)} for variant, case in cases.items()}
        return frozenset(
            row["variant"] for row in self.vendors if row["items"] > 0.0 and row["vendor"] in missing[row["variant"]]
        )

    @property
    def cases(self) -> tuple[Case, ...]:
        """Every variant's case."""
        return self.study.cases

    def as_object(self) -> dict[str, Any]:
        """The comparison as JSON has it."""
        return {
            **self.study.as_object(),
            "products": list(self.products),
            "vendors": list(self.vendors),
            "prices": list(self.prices),
        }

    def facts(self) -> dict[str, str]:
        """What was compared, and what it found."""
        return self.study.facts()

    def grids(self) -> tuple[Grid, ...]:
        """What each variant comes to."""
        return self.study.grids()


def compare(
    cases: CaseLike | Sequence[CaseLike | tuple[str, CaseLike]],
    scenarios: Sequence[str] = (),
    settings: Sequence[str] = (),
    *,
    time_limit: float | None = None,
    gap: float | None = None,
    offers: Sequence[str | Path] = (),
    executor: Executor | None = None,
    progress: Progress | None = None,
    answer: Answer | None = None,
) -> Comparison:
    """Each case as it is, its scenarios, it with settings and with rounds of offers, planned and held against the first of all.

    cases: one or several, each by itself or with the name it is shown by. settings: as `--set` takes them, each text a
    variant of its own; `; ` joins several settings of one. offers: rate cards of rounds, each a variant named after its file,
    in the order of names. time_limit: s for each. gap: relative. answer: the plan of the first, where it is there already.

    Raises CaseError for a case that cannot be read, ValueError for cases of different currencies, whose money cannot be
    held against one another, and StudyError where a worker fails.
    """
    several = [cases] if isinstance(cases, (Case, str, Path, Mapping)) else cases
    variants = _variants(several, scenarios, settings, offers)
    _check_currency(variants)
    points = tuple(Point({"variant": name}) for name, _ in variants)
    jobs = [
        Job(case, (point,), time_limit=time_limit, gap=gap) for point, (_, case) in zip(points, variants, strict=True)
    ]
    known = [figures(answer, priced=False)] if answer is not None else []
    results = run(jobs[len(known) :], executor, progress)
    found = (*known, *results.flat)
    made = [(name, case, one) for (name, case), one in zip(variants, found, strict=True)]
    rows = tuple(_totals(found[0], *one) for one in made)
    products = tuple(row for one in made for row in _parts("product", found[0], *one))
    vendors = tuple(row for one in made for row in _parts("vendor", found[0], *one))
    notes = tuple(
        _moved(name, rows[0], row, case.currency, [r for r in (*products, *vendors) if r["variant"] == name])
        for (name, case), row in zip(variants[1:], rows[1:], strict=True)
    )
    notes += at_one_hurdle(
        [(name, case, row["spend"], row["net_value"]) for (name, case), row in zip(variants, rows, strict=True)]
    )
    base, *others = (case for _, case in variants)
    study = Study("compare", base, points, tuple(found), rows, notes, results.whole, tuple(others))
    return Comparison(study, products, vendors, prices_that_differ(variants))


def _check_currency(variants: Sequence[tuple[str, Case]]) -> None:
    """ValueError for cases of different currencies."""
    currencies = sorted({case.currency for _, case in variants})
    if len(currencies) > 1:
        raise ValueError(f"cases in {' and '.join(currencies)} cannot be compared: give them one currency")


def at_one_hurdle(plans: Sequence[tuple[str, Case, float | None, float | None]]) -> tuple[str, ...]:
    """What net values would be at the hurdle of the first plan, where another has one of its own: a note for each.

    plans: name, case, spend and net value of each, the first what others are held against; None without a plan.
    """
    first, own, spend, before = plans[0]
    if spend is None or before is None or not any(product.value for product in own.products.values()):
        return ()
    said = []
    for name, case, spent, net in plans[1:]:
        if spent is None or net is None or hurdle(case) == hurdle(own):
            continue
        told = f"{name} counts spend at a hurdle of {hurdle(case):g}, {first} at {hurdle(own):g}, so their net values do not compare"
        if case.file.discount is None and own.file.discount is None:
            same = net + (hurdle(case) - hurdle(own)) * spent
            told += f"; at {hurdle(own):g} it would have {same:,.2f} ({same - before:+,.2f})"
        said.append(f"{told}.")
    return tuple(said)


def _variants(
    cases: Sequence[CaseLike | tuple[str, CaseLike]],
    scenarios: Sequence[str],
    settings: Sequence[str],
    offers: Sequence[str | Path],
) -> list[tuple[str, Case]]:
    """Each case as it is, then its scenarios and settings, with the names they are shown by."""
    found: list[tuple[str, Case]] = []
    for one in cases:
        given, source = one if isinstance(one, tuple) else (None, one)
        case = as_case(source)
        name = given or case.name
        if name in [known for known, _ in found]:
            name = f"{name} ({case.folder if isinstance(source, (Case, Mapping)) else source})"
        found.append((name, case))
        prefix = f"{name}: " if len(cases) > 1 else ""
        found += [(f"{prefix}{scenario}", _changed(source, scenario)) for scenario in dict.fromkeys(scenarios)]
        for text in dict.fromkeys(settings):
            parts = [part.strip() for part in text.split("; ") if part.strip()]
            found.append((f"{prefix}{text}", _changed(source, None, parts)))
        found += [(f"{prefix}{name}", _changed(source, None, [text])) for name, text in settings_of(source, offers)]
    return found


def _changed(source: CaseLike, scenario: str | None, settings: Sequence[str] = ()) -> Case:
    """A case with a scenario or settings laid over it."""
    return revised(source, settings, scenario) if isinstance(source, Case) else read_case(source, scenario, settings)


def _totals(first: Figures | None, name: str, case: Case, one: Figures | None) -> Row:
    row: Row = {"variant": name, "status": state(one), "aim": case.file.objective[0]}
    for figure_ in ("objective", "bound", "gap", "spend", "value", "net_value", "items", "accuracy", "vendors_used"):
        row[figure_] = figure(one, figure_)
    for figure_ in ("spend", "value", "net_value"):
        row[f"{figure_}_change"] = _less(figure(one, figure_), figure(first, figure_))
    row["last_delivery"] = _day(case, figure(one, "delivered"))
    right = (row["items"] or 0.0) * (row["accuracy"] or 0.0)
    row["cost_per_item"] = row["spend"] / row["items"] if row["spend"] is not None and row["items"] else None
    row["cost_per_accurate_item"] = row["spend"] / right if row["spend"] is not None and right > 0 else None
    return row | {"why": why(one)}


def _parts(kind: str, first: Figures | None, name: str, case: Case, one: Figures | None) -> list[Row]:
    """Rows of a variant's products or vendors, those of the first it does not have included."""
    before, after = _named(kind, first), _named(kind, one)
    if one is None or not one.has_plan:
        return []
    rows, tags = list[Row](), case.tags[kind == "vendor"]
    for part in dict.fromkeys([*before, *after]):
        old, new = before.get(part, NOTHING), after.get(part, NOTHING)
        total = one.spend or 0.0
        rows.append(
            {
                "variant": name,
                kind: part,
                "items": new.items,
                "items_change": new.items - old.items,
                "spend": new.spend,
                "spend_change": new.spend - old.spend,
                "spend_share": new.spend / total if total > 0 else None,
                "accuracy": new.accuracy,
                "last_delivery": _day(case, new.delivered),
                "periods_later": _less(new.delivered, old.delivered),
                **{tag_column(kind, tag): text for tag, text in tags.get(part, {}).items()},
            }
        )
    return rows


NOTHING = Part(0.0, 0.0, 0.0, 0.0, None, None)


NO_VENDOR = "(no vendor)"
"""Stands among vendors for levers, penalties and what else is spent and goes with no vendor's work."""
NO_VENDORS = {
    "gains most": "money of no vendor (levers, penalties) rises most",
    "loses most": "money of no vendor (levers, penalties) falls most",
}
"""What is said of it in place of a vendor's name."""


def _named(kind: str, one: Figures | None) -> dict[str, Part]:
    if one is None:
        return {}
    if kind == "product":
        return dict(one.products)
    apart = {NO_VENDOR: replace(NOTHING, spend=one.with_no_vendor)} if abs(one.with_no_vendor) > MOVED else {}
    return {**one.vendors, **apart}


def _less(after: float | None, before: float | None) -> float | None:
    return None if after is None or before is None else after - before


def _day(case: Case, period: int | None) -> str | None:
    """The day a period's work is delivered at the latest."""
    day: datetime.date | None = None if period is None else case.periods.deliveries[period - 1]
    return day.isoformat() if day is not None else None


def _moved_by(key: str, change: float, currency: str) -> str:
    """By how much a figure changes, in words."""
    figure = f"{change:+,.2f} {currency}" if abs(change) > MOVED else "as before"
    return f"{key.replace('_', ' ')} {figure}"


def _moved(name: str, first: Row, row: Row, currency: str, parts: Sequence[Row]) -> str:
    """What became of a variant against the first, in words: money, who gains and who loses most, and when the work is done."""
    if row["spend"] is None or first["spend"] is None:
        missing = name if row["spend"] is None else first["variant"]
        reason = row["why"] if row["spend"] is None else first["why"]
        return f"{name}: not comparable, {missing} has no plan. {reason}".rstrip(" .") + "."
    same = row["aim"] == first["aim"]
    key = "spend" if row["aim"] == "cost" or not same else row["aim"].replace("-", "_")
    told = [_moved_by(one, row[f"{one}_change"], currency) for one in dict.fromkeys((key, "spend"))]
    for kind in ("vendor", "product"):
        mine = sorted((r for r in parts if kind in r), key=lambda r: (r["spend_change"], r[kind]))
        for word, part in (("gains most", mine[-1] if mine else None), ("loses most", mine[0] if mine else None)):
            if part is not None and part["spend_change"] * (1 if word == "gains most" else -1) > MOVED:
                said = f"{kind} {part[kind]} {word}" if part[kind] != NO_VENDOR else NO_VENDORS[word]
                told.append(f"{said} ({part['spend_change']:+,.2f})")
    if row["last_delivery"] != first["last_delivery"]:
        told.append(f"last delivery {row['last_delivery'] or 'never'} instead of {first['last_delivery'] or 'never'}")
    return f"{name}: {'; '.join(told)}."


Key = tuple[str, str, str]
"""Product, vendor, and the workflow a line is for (empty: all)."""


def prices_that_differ(variants: Sequence[tuple[str, Case]]) -> tuple[Row, ...]:
    """The price of each line as each variant writes it, of those that are not the same in all; of tiers the first step's.

    Lines stand in the order in which variants name them first; a variant without the line has None.
    """
    asked = [(name, _prices(case)) for name, case in variants]
    keys = dict.fromkeys(key for _, prices in asked for key in prices)
    return tuple(
        {"product": key[0], "vendor": key[1], "workflow": key[2], "variant": name, "price": prices.get(key)}
        for key in keys
        if len({prices.get(key) for _, prices in asked}) > 1
        for name, prices in asked
    )


def _prices(case: Case) -> dict[Key, str]:
    return {_key(line): line.price.text for line in rate_lines(case) if line.serves.team is None}


def _key(line: Line) -> Key:
    return line.rate.product, line.rate.vendor, line.rate.workflow or ""


def settings_of(source: CaseLike, offers: Sequence[str | Path]) -> list[tuple[str, str]]:
    """Each round of offers by the name of its file, in the order of names, with the setting that plans by it."""
    if isinstance(source, (Case, Mapping)):
        folder = source.folder if isinstance(source, Case) else Path.cwd()
    else:
        folder = Path(source) if Path(source).is_dir() else Path(source).parent
    rounds = sorted((Path(one).stem, str(one)) for one in dict.fromkeys(map(str, offers)))
    return [(name, f"rates={_within(folder, text)}") for name, text in rounds]


def _within(folder: Path, text: str) -> str:
    """A file as the case names it: from its folder, where it is there as the shell names it."""
    path = Path(text.partition("#")[0])
    return os.path.relpath(text, folder) if path.exists() and not (folder / path).exists() else text
