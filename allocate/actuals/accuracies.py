"""Share of labels that are right, by gold items, by agreement, or by reviewers' verdicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocate.actuals.estimators import Estimate, dawid_skene, pooled_shares, share
from allocate.actuals.grouped import FEWEST, codes_of, groups, of_rate
from allocate.actuals.reading import Actuals
from allocate.actuals.stated import Measured
from allocate.case.load import Case
from allocate.quantiles import beta_quantile

if TYPE_CHECKING:
    import pandas as pd

BOOTSTRAP = 100
"""Samples of items drawn to see how far accuracy from agreement alone may lie off."""
AGREED = 1_000
"""Most items that accuracy is read from where agreement alone tells it, drawn from all; more would change the third digit."""
MOST_CLASSES = 50
"""Most different answers that agreement is read from; with more, answers are free texts."""


def accuracies(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """Share of labels that are right: by gold, else by agreement of three and more labels an item, else by reviewers' verdicts."""
    counted: dict[str, list[tuple[str, float, float, str]]] = {}
    for product, vendor, rows in groups(actuals, case, notes, ("label", "agreement", "gold", "review")):
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
    path = of_rate(case, product, vendor, "accuracy")
    of = None if case.file.rates else (product, vendor, "")
    return Measured(f"accuracy of {vendor} on {product}", path, "%", found, method, source, counted=counted, of=of)


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
    item = codes_of(told, "item")
    if (items := int(item.max()) + 1) > AGREED:
        told = told[np.isin(item, chance.choice(items, AGREED, replace=False))]
        items = AGREED
    item, person, label = (codes_of(told, column) for column in ("item", "annotator", "answer"))
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
