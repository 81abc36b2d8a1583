"""Frames that follow from a plan's lines and its invoice: who makes what, what is paid for what, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allocate.tables.frames import START

if TYPE_CHECKING:
    import pandas as pd

    from allocate.tables.table import Table

SUMS = ["items", "hours", "review_hours", "equivalent_units", "spend"]


def mix(lines: pd.DataFrame) -> pd.DataFrame:
    """Who makes what, a row for each way of making it: `first` and `last` day, items, hours, spend, accuracy."""
    keys = [name for name in ("product", "vendor", "workflow", "levers") if name in lines]
    keys += [str(name) for name in lines if str(name).startswith(("product_", "vendor_"))]  # tags
    grouped = lines.groupby(keys, sort=False)
    return grouped.agg(
        first=(START, "min"), last=(START, "max"), items=("items", "sum"), hours=("hours", "sum"),
        spend=("spend", "sum"), accuracy=("accuracy", "first"),
    ).reset_index()  # fmt: skip


def mix_rows(lines: Table) -> list[dict[str, Any]]:
    """The rows of `mix`, without a frame being made."""
    keys = [name for name in ("product", "vendor", "workflow", "levers") if name in lines]
    keys += [name for name in lines.columns if name.startswith(("product_", "vendor_"))]  # tags
    found = dict[tuple[Any, ...], dict[str, Any]]()
    for key, row in zip(lines.rows(*keys), lines.records(), strict=True):
        one = found.get(key)
        if one is None:
            told = {name: row[name] for name in ("items", "hours", "spend", "accuracy")}
            found[key] = {name: row[name] for name in keys} | {"first": row[START], "last": row[START]} | told
            continue
        one["first"], one["last"] = min(one["first"], row[START]), max(one["last"], row[START])
        for name in ("items", "hours", "spend"):
            one[name] += row[name]
    return list(found.values())


def spend_by(invoice: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """What is owed by `vendor`, `clause`, `window` or several of these: as `spend`, which adds up to the plan's."""
    return invoice.groupby(list(keys), sort=False)["amount"].sum().rename("spend").reset_index()


def by_period(lines: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Items, hours and spend of each period with work in it, by `product`, `vendor` or `workflow` where these are named."""
    return (
        lines.groupby([*keys, "period", START], sort=False)[SUMS]
        .sum()
        .reset_index()
        .sort_values(["period", *keys], ignore_index=True)
    )
