"""What a case should say by what was recorded: pace, drivers, accuracy, shrinkage, learning, each with its range and its sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from allocate.actuals.estimators import (
    Z90,
    Estimate,
    dawid_skene,
    pooled,
    pooled_shares,
    ratio,
    share,
    slope,
    t90,
)  # fmt: skip
from allocate.actuals.reading import Actuals
from allocate.actuals.stated import Measured, beside, of_ranges, widest, with_before
from allocate.case.load import Case
from allocate.case.paths import dotted
from allocate.costing.work.products import item_of
from allocate.quantiles import beta_quantile

if TYPE_CHECKING:
    import pandas as pd

FEWEST = 20
"""Fewest labels of a product by a vendor that say anything of it."""
BOOTSTRAP = 100
"""Samples of items drawn to see how far accuracy from agreement alone may lie off."""
AGREED = 1_000
"""Most items that accuracy is read from where agreement alone tells it, drawn from all; more would change the third digit."""
MOST_CLASSES = 50
"""Most different answers that agreement is read from; with more, answers are free texts."""


@dataclass(frozen=True)
class Calibration:
    """All figures of a case that were measured."""

    case: Case
    figures: tuple[Measured, ...]
    notes: tuple[str, ...]


def calibrate(case: Case, actuals: Actuals) -> Calibration:
    """Every figure of the case that the records say something of, pooled over vendors where that helps, with its P10 and P90."""
    notes: list[str] = []
    kinds = (_paces, _drivers, _accuracies, _shrinkage, _capacities, _learning)
    figures = [beside(case, one) for kind in kinds for one in kind(case, actuals, notes)]
    return Calibration(
        case, tuple(with_before(case, one) for one in figures), (*notes, *of_ranges(figures), *widest(figures))
    )


def _groups(
    actuals: Actuals, case: Case, notes: list[str], roles: tuple[str, ...]
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Recorded work by product and vendor of the case; what the case does not have is told once."""
    work = actuals.work
    some = work[work["role"].isin(roles) & (work["outcome"] != "skipped")]
    for product, rows in _by(some, "product"):
        for vendor, own in _by(rows, "vendor"):
            for name, known, what in ((product, case.products, "product"), (vendor, case.vendors, "vendor")):
                told = f"the case has no {what} '{name}': its work is left out."
                if name not in known and told not in notes:
                    notes.append(told)
            if product in case.products and vendor in case.vendors:
                yield product, vendor, own


def _by(rows: pd.DataFrame, name: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """Rows by the words of a column, in the order of the alphabet."""
    yield from ((str(word), some) for word, some in rows.groupby(name, observed=True, sort=True))


def _codes(rows: pd.DataFrame, name: str) -> NDArray[np.int64]:
    import pandas as pd

    return np.asarray(pd.factorize(rows[name])[0], dtype=np.int64)


def _paces(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """Items per hour of work, one pass: all labels over all hours, annotators as the sample, vendors of a product drawn together."""
    found: dict[str, list[tuple[str, Estimate]]] = {}
    for product, vendor, rows in _groups(actuals, case, notes, ("label", "agreement")):
        timed = rows[
            (rows["seconds"] > 0.0) & (rows["items"] > 0.0) | (rows["seconds"] > 0.0) & (rows["role"] == "agreement")
        ]
        if (timed["items"] > 1.0).any():
            told = f"Records of {vendor} on {product} are sums over items: where they hold rework, the pace is that of a finished item, not of one pass."
            notes.append(told)
        if len(timed) and timed["items"].clip(lower=1.0).sum() >= FEWEST:
            own = ratio(
                timed["seconds"],
                timed["items"].where(timed["role"] == "label", 1.0).clip(lower=1.0),
                _codes(timed, "annotator"),
            )
            found.setdefault(product, []).append((vendor, own))
    for product, several in found.items():
        several = _drawn_together(several)
        for vendor, seconds in several:
            pace = Estimate(
                3600.0 / seconds.value, 3600.0 / seconds.high, 3600.0 / seconds.low, seconds.n, seconds.people
            )
            people = "1 person" if pace.people == 1 else f"{pace.people} people"
            yield Measured(
                f"pace of {vendor} on {product}", _of_rate(case, product, vendor, "pace"), f"{_nouns(case, product)[1]}/h", pace,
                f"labels over hours of work; {people} are the sample", actuals.source,
            )  # fmt: skip


def _drawn_together(several: list[tuple[str, Estimate]]) -> list[tuple[str, Estimate]]:
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


def _nouns(case: Case, product: str) -> tuple[str, str]:
    """What a product counts, one and many."""
    noun = item_of(case, case.products[product])
    return noun, str({**case.model.units, **case.file.units}.get(noun, f"{noun}s"))


def _of_rate(case: Case, product: str, vendor: str, key: str) -> str:
    """Where the rate card says it for a product and vendor; the vendor's own key where it has no line; else nothing."""
    lines = case.rate_card.of_pair(product, vendor)
    if not lines:
        return dotted("vendors", vendor, key) if key == "accuracy" else ""
    workflow = [lines[0][1].workflow] if lines[0][1].workflow is not None else []
    return dotted("rates", product, vendor, *workflow, key)


def _drivers(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """Boxes, words or minutes of an item, items as the sample."""
    names = [str(name) for name in actuals.work if str(name).startswith("drivers.")]
    labels = actuals.work[actuals.work["role"] == "label"]
    for product, rows in _by(labels, "product"):
        for name in names:
            counts = rows[name].dropna().to_numpy()
            if product not in case.products or len(counts) < FEWEST or counts.mean() <= 0.0:
                continue
            spread = Z90 * counts.std(ddof=1) / np.sqrt(len(counts)) / counts.mean()
            mean, driver, item = float(counts.mean()), name.removeprefix("drivers."), _nouns(case, product)[0]
            yield Measured(
                f"{driver} per {item} of {product}", dotted("products", product, "drivers", driver),
                f"/{item}", Estimate(mean, mean * float(np.exp(-spread)), mean * float(np.exp(spread)), len(counts)),
                "mean over items", actuals.source, written=driver in case.products[product].drivers,
            )  # fmt: skip


def _accuracies(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """Share of labels that are right: by gold, else by agreement of three and more labels an item, else by reviewers' verdicts."""
    counted: dict[str, list[tuple[str, float, float, str]]] = {}
    for product, vendor, rows in _groups(actuals, case, notes, ("label", "agreement", "gold", "review")):
        if (gold := _by_gold(rows)) is not None:
            counted.setdefault(product, []).append((vendor, *gold, "gold items"))
            continue
        if (agreed := _by_agreement(rows, f"{product} {vendor}")) is not None:
            yield _accuracy(
                case, product, vendor, agreed, "agreement of its own labels (Dawid and Skene)", actuals.source
            )
            continue
        if (judged := _by_verdicts(rows)) is not None:
            counted.setdefault(product, []).append((vendor, *judged, "reviewers' verdicts"))
    for product, several in counted.items():
        alphas, betas = pooled_shares([right for _, right, _, _ in several], [of for _, _, of, _ in several])
        for (vendor, right, of, basis), alpha, beta in zip(several, alphas.tolist(), betas.tolist(), strict=True):
            a, b = right + alpha, of - right + beta
            low, high = (float(beta_quantile(q, a, b)) for q in (0.1, 0.9))
            alone = alpha + beta <= 1.0
            found = share(right, of) if alone else Estimate(a / (a + b), low, high, int(of))
            note = "; what reviewers did not find counts as right" if basis.startswith("rev") else ""
            method = f"{basis}: {right:,.0f} of {of:,.0f}{note}"
            yield _accuracy(case, product, vendor, found, method, actuals.source, (right, of) if alone else None)


def _accuracy(
    case: Case,
    product: str,
    vendor: str,
    found: Estimate,
    method: str,
    source: str,
    counted: tuple[float, float] | None = None,
) -> Measured:
    path = _of_rate(case, product, vendor, "accuracy")
    return Measured(f"accuracy of {vendor} on {product}", path, "%", found, method, source, counted=counted)


def _by_gold(rows: pd.DataFrame) -> tuple[float, float] | None:
    """Right and checked, of rows whose right answer is known, or which are checks against gold."""
    checks = rows[rows["role"] == "gold"]
    judged = checks[checks["outcome"].isin(["accepted", "rejected", "fixed"])]
    known = rows[(rows["role"] != "gold") & (rows["gold"].astype(str) != "") & rows["gold"].notna()]
    of = float(judged["items"].sum()) + len(known)
    right = float(judged.loc[judged["outcome"] == "accepted", "items"].sum())
    right += float((known["gold"].astype(str) == known["answer"].astype(str)).sum())
    return (right, of) if of >= FEWEST else None


def _by_agreement(rows: pd.DataFrame, name: str) -> Estimate | None:
    """Mean chance that a label is right, from items with three labels and more; items (at most AGREED, drawn) as the sample."""
    told = rows[rows["role"].isin(["label", "agreement"]) & (rows["answer"].astype(str) != "") & rows["answer"].notna()]
    many = told.groupby("item", observed=True)["answer"].transform("size")
    told = told[many >= 3]
    if len(told) < FEWEST or told["answer"].nunique() > MOST_CLASSES or told["item"].nunique() < 2:
        return None
    chance = np.random.default_rng(np.random.SeedSequence([0, *name.encode()]))
    item = _codes(told, "item")
    if (items := int(item.max()) + 1) > AGREED:
        told = told[np.isin(item, chance.choice(items, AGREED, replace=False))]
        items = AGREED
    item, person, label = (_codes(told, column) for column in ("item", "annotator", "answer"))
    value = float(dawid_skene(item, person, label).right.mean())
    drawn = []
    for _ in range(BOOTSTRAP):
        often = np.bincount(chance.integers(0, items, items), minlength=items).astype(float)
        found = dawid_skene(item, person, label, often).right
        drawn.append(float((found * often[item]).sum() / often[item].sum()))
    low, high = np.quantile(drawn, [0.1, 0.9])
    return Estimate(value, min(float(low), value), max(float(high), value), len(told), int(person.max()) + 1)


def _by_verdicts(rows: pd.DataFrame) -> tuple[float, float] | None:
    """Accepted and judged, of items that a reviewer looked at."""
    judged = rows[
        (rows["role"] == "label") & rows["outcome"].isin(["accepted", "rejected", "fixed"]) & (rows["items"] > 0.0)
    ]
    of = float(judged["items"].sum())
    return (float(judged.loc[judged["outcome"] == "accepted", "items"].sum()), of) if of >= FEWEST else None


def _shrinkage(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """Share of paid hours that were not work on items, weeks as the sample; with the pace it gives back the hours paid."""
    table = actuals.periods.groupby(["vendor", "period"], as_index=False)[
        ["hours_active", "hours_paid", "review_hours"]
    ].sum()
    for vendor, rows in _by(table[table["hours_paid"] > 0.0], "vendor"):
        if vendor not in case.vendors:
            continue
        active = ratio(rows["hours_active"] + rows["review_hours"], rows["hours_paid"], np.arange(len(rows)))
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


def _capacities(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """Hours of the best four weeks: what a vendor can do, not what it happened to do."""
    if actuals.by != "week":
        return
    table = actuals.periods.groupby(["vendor", "period"], as_index=False)[["hours_active"]].sum()
    for vendor, rows in _by(table[table["hours_active"] > 0.0], "vendor"):
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
    for product, vendor, rows in _groups(actuals, case, notes, ("label", "agreement")):
        timed = rows[(rows["seconds"] > 0.0) & (rows["annotator"].astype(str) != "")].sort_values(
            "submitted", kind="stable"
        )
        if len(timed) < FEWEST:
            continue
        order = timed.groupby("annotator", observed=True).cumcount().to_numpy() + 1
        b, error, at = slope(timed["seconds"], _codes(timed, "annotator"), order)
        people = int(timed["annotator"].nunique())
        if error in (0.0, inf) or b + Z90 * error >= 0.0:
            continue
        found = Estimate(2.0**b, 2.0 ** (b - Z90 * error), 2.0 ** (b + Z90 * error), len(timed), people)
        if found.value <= 0.5:
            continue
        yield Measured(
            f"learning rate of {vendor} on {product}", dotted("vendors", vendor, "learning"), "%", found,
            "within each person, by their own count", actuals.source, written=False,
            extra={"model": "crawford", "from": f"{max(round(float(np.exp(at)) * people), 1)} {_nouns(case, product)[1]}", "products": product},
        )  # fmt: skip
