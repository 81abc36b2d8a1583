"""Accuracies that are not stated: neither the vendor nor its rates, so that the cost model's stands for them; and their mark."""

from __future__ import annotations

from collections.abc import Iterable

from allocate.case.load import Case
from allocate.costing.readings import read_once
from allocate.tables.column import Grid
from allocate.tables.formats import text

MARK = "~"
"""What stands before an accuracy that is not stated."""


@read_once
def unstated(case: Case) -> frozenset[tuple[str, str]]:
    """Pairs of product and vendor whose accuracy the cost model says, for the case does not."""
    return frozenset(
        (product, name)
        for name, vendor in case.vendors.items()
        if vendor.accuracy is None
        for product in case.products
        if not any(rate.accuracy is not None for _, rate in case.rate_card.of_pair(product, name))
    )


def unstated_of(case: Case, pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Vendors of some pairs of product and vendor whose accuracy is not stated, in the order of the case."""
    found = {vendor for product, vendor in pairs if (product, vendor) in unstated(case)}
    return [name for name in case.vendors if name in found]


def marked(case: Case, table: Grid, pairs: Iterable[tuple[str, str]]) -> Grid:
    """A table with a mark before every accuracy that rests on a pair of product and vendor with one that is not stated.

    pairs: those whose work the table is about; a row is about those of the product and the vendor that it names.
    """
    assumed = [(text(product), text(vendor)) for product, vendor in set(pairs) & unstated(case)]
    if not assumed or "accuracy" not in table.header:
        return table
    at = {name: table.header.index(name) for name in ("product", "vendor", "accuracy") if name in table.header}
    rows = [list(row) for row in table.rows]
    for row in rows:
        if any(
            all(row[at[key]] == name for key, name in zip(("product", "vendor"), pair, strict=True) if key in at)
            for pair in assumed
        ):
            row[at["accuracy"]] = MARK + row[at["accuracy"]]
    return table._replace(rows=rows)


def legend_of(case: Case, pairs: Iterable[tuple[str, str]]) -> str | None:
    """What the mark means, and how to be rid of it; None where there is none."""
    names = unstated_of(case, pairs)
    if not names:
        return None
    return (
        f"{MARK} rests on an accuracy that is not stated: {100.0 * case.model.defaults.accuracy:.6g}% for {', '.join(names)} is the "
        f"cost model's. Measure it, and write `vendors.{names[0]}.accuracy`."
    )
