"""What reviewers say of work: how much is sent back, and how many of the wrong labels they notice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocate.actuals.estimators import share
from allocate.actuals.grouped import FEWEST, by_word, codes_of, groups, is_written
from allocate.actuals.reading import Actuals
from allocate.actuals.stated import Measured
from allocate.case.load import Case
from allocate.case.paths import dotted

if TYPE_CHECKING:
    import pandas as pd

SENT_BACK = ("rejected", "fixed")


def rework(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """Share of the labels judged that were sent back or corrected; it follows from accuracy and review, so no key of a case says it."""
    for product, vendor, rows in groups(actuals, case, notes, ("label",)):
        judged = rows[rows["outcome"].isin(["accepted", *SENT_BACK]) & (rows["items"] > 0.0)]
        of = float(judged["items"].sum())
        if of >= FEWEST:
            back = float(judged.loc[judged["outcome"].isin(SENT_BACK), "items"].sum())
            method = f"sent back or corrected, of those reviewed: {back:,.0f} of {of:,.0f}"
            yield Measured(
                f"rework of {vendor} on {product}", "", "%", share(back, of), method, actuals.source, written=False
            )


def catches(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """How many wrong labels reviewers of a workflow notice, and how many right ones they reject: by gold, else by two reviewers.

    Where no right answer is known, each reviewer is tested by the errors that another one found in the same items: of two who
    find errors independently, one finds of the other's errors what it finds of all (Chapman's estimate of what both missed).
    """
    work = actuals.work
    work = work.assign(way=_ways(case, work))
    for workflow, rows in by_word(work[work["way"] != ""], "way"):
        labels = rows[(rows["role"] == "label") & rows["outcome"].isin(["accepted", *SENT_BACK])]
        known = labels[(labels["gold"].astype(str) != "") & labels["gold"].notna()]
        wrong = known["gold"].astype(str) != known["answer"].astype(str)
        back = known["outcome"].isin(SENT_BACK)
        if int(wrong.sum()) >= FEWEST:
            found, of = float((wrong & back).sum()), float(wrong.sum())
            yield _of_review(case, actuals, workflow, "catch", found, of, "wrong by gold and sent back")
            found, of = float((~wrong & back).sum()), float((~wrong).sum())
            if of >= FEWEST:
                yield _of_review(case, actuals, workflow, "false-reject", found, of, "right by gold and sent back")
            continue
        both, either = _found_by_two(rows[rows["role"] == "review"])
        if either >= FEWEST:
            told = "found by both, of the errors each of two reviewers found"
            yield _of_review(case, actuals, workflow, "catch", both, either, told)


def _of_review(case: Case, actuals: Actuals, workflow: str, key: str, found: float, of: float, told: str) -> Measured:
    path = dotted("workflows", workflow, "review", key)
    return Measured(
        f"{key} of review in {workflow}", path, "%", share(found, of), f"{told}: {found:,.0f} of {of:,.0f}",
        actuals.source, counted=(found, of), written=is_written(case, path),
    )  # fmt: skip


def _ways(case: Case, work: pd.DataFrame) -> pd.Series[str]:
    """The workflow with a review that each row went through; empty where none is named and several would do."""
    reviewed = [name for name, one in case.workflows.items() if one.review is not None]
    only = reviewed[0] if len(reviewed) == 1 else ""
    return work["workflow"].astype(str).map(lambda name: name if name in reviewed else "" if name else only).astype(str)


def _found_by_two(reviews: pd.DataFrame) -> tuple[float, float]:
    """Errors found by both and the mean of what each found, over pairs of reviewers of the same items, each item's first two."""
    judged = reviews[reviews["outcome"].isin(["accepted", *SENT_BACK]) & (reviews["item"].astype(str) != "")]
    judged = judged.drop_duplicates(["item", "annotator"])
    item = codes_of(judged, "item")
    order = judged.groupby("item", observed=True).cumcount().to_numpy()
    back = judged["outcome"].isin(SENT_BACK).to_numpy()
    first, second = (np.zeros(int(item.max(initial=-1)) + 1) for _ in range(2))
    first[item[order == 0]] = back[order == 0]
    second[item[order == 1]] = back[order == 1]
    twice = np.isin(np.arange(len(first)), item[order == 1])
    return float((first * second).sum()), float((first * twice).sum() + second.sum()) / 2.0
