"""The table of work added up by period, product, vendor and workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from allocate.actuals.cleaning import codes
from allocate.tables.column import Column

if TYPE_CHECKING:
    import pandas as pd

By = Literal["day", "week", "month"]


PERIODS = (
    Column("period", "", "first day of the period"),
    Column("product", "", "product of the case"),
    Column("vendor", "", "vendor of the case"),
    Column("workflow", "", "workflow of the case"),
    Column("items", "items", "items made: labels that were not skipped, each item once"),
    Column(
        "hours_active", "h", "time at those items, rework and further labels of them included, without what was cut"
    ),
    Column("hours_lost", "h", "time cut as idle or shared, and of skipped and repeated work"),
    Column("hours_paid", "h", "time that was paid, from timesheets"),
    Column("review_hours", "h", "time at reviews, as far as the platform has it"),
    Column("accepted", "items", "verdicts: accepted"),
    Column("rejected", "items", "verdicts: rejected, or corrected by the reviewer"),
    Column("reworked", "items", "items done again after a verdict"),
    Column("spend", "", "money billed, in the currency"),
    Column("currency", "", "currency of the spend"),
    Column("source", "", "files the row comes from"),
)
"""The table as it is written."""


def by_period(work: pd.DataFrame, by: By = "week") -> pd.DataFrame:
    """Work by period, product, vendor, workflow and currency; weeks begin on Monday. Rows without a date have an empty period."""
    import pandas as pd

    dates = work["date"].cat
    day = np.array([date or "NaT" for date in dates.categories], dtype="datetime64[D]")[dates.codes.to_numpy()]
    number = day.astype(np.int64)
    if by == "week":
        start = (day - ((number + 3) % 7).astype("timedelta64[D]")).astype("datetime64[D]")
    else:
        start = day.astype("datetime64[M]").astype("datetime64[D]") if by == "month" else day
    period = np.where(np.isnat(day), "", np.datetime_as_string(start))
    role, outcome = np.asarray(work["role"], dtype="U9"), np.asarray(work["outcome"], dtype="U8")
    seconds, items = work["seconds"].fillna(0.0).to_numpy(), work["items"].to_numpy()
    at_work = np.isin(role, ("label", "rework", "agreement", "gold"))
    lost = at_work & (outcome == "skipped")
    verdict = np.isin(role, ("label", "gold", "rework")) & (items > 0.0) | (role == "review")
    reviewed = _reviewed(work)
    counted = np.where((role == "review") | ~reviewed, 1.0, 0.0) * np.where(role == "review", 1.0, items)
    columns = {
        "period": pd.Categorical(period), **{name: work[name] for name in ("product", "vendor", "workflow", "currency")},
        "items": np.where(role == "label", items, 0.0),
        "hours_active": np.where(at_work & ~lost, seconds, 0.0) / 3600.0,
        "hours_lost": (work["cut"].to_numpy() + np.where(lost, seconds, 0.0)) / 3600.0,
        "hours_paid": np.where(role == "hours", seconds, 0.0) / 3600.0,
        "review_hours": np.where(role == "review", seconds, 0.0) / 3600.0,
        "accepted": np.where(verdict & (outcome == "accepted"), counted, 0.0),
        "rejected": np.where(verdict & np.isin(outcome, ("rejected", "fixed")), counted, 0.0),
        "reworked": np.where(role == "rework", 1.0, 0.0),
        "spend": work["amount"].fillna(0.0).to_numpy(),
    }  # fmt: skip
    keys = ["period", "product", "vendor", "workflow", "currency"]
    table = pd.DataFrame(columns).groupby(keys, sort=True, observed=True).sum().reset_index()
    table = table.astype(dict.fromkeys(keys, str)).sort_values(keys, ignore_index=True)
    sources = work[[*keys[1:], "source"]].assign(period=period).drop_duplicates()
    joined = sources.astype(str).groupby(keys)["source"].agg(lambda names: "; ".join(sorted(set(names)))).reset_index()
    return table.merge(joined, on=keys, how="left")[[column.name for column in PERIODS]]


def _reviewed(work: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether the verdict on a row's item stands in a row of its own."""
    review = (work["role"] == "review").to_numpy()
    code = codes(work, "product", "item")
    return np.asarray(~review & np.isin(code, code[review]))
