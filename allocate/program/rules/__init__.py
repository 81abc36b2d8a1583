"""Rules of the mix in the program, one a file: columns and rows. `RULES` is the index."""

from __future__ import annotations

from allocate.program.rules import count, exclusive, fix, funded, incompatible, needs, only, share, spend, steady
from allocate.program.sections import Section, Stage, at, rows

RULES: tuple[Section, ...] = (
    Section(
        "share",
        at(Stage.CHOSEN_VENDORS, share.vendor_share),
        rows=rows("results", "share", "share_at_least") + rows("means", "share", "share_at_most"),
        totals=("share_total",),
    ),
    Section(
        "count",
        at(Stage.CHOSEN_VENDORS, count.vendor_count),
        rows=rows("both", "count", "vendor_count", unit="vendors"),
    ),
    Section("only", at(Stage.QUANTITIES, only.only_vendors), rows=rows("means", "", "only_vendors")),
    Section("fix", at(Stage.QUANTITIES, fix.fixed_quantity), rows=rows("both", "side", "fixed_quantity", unit="items")),
    Section("needs", at(Stage.QUANTITIES, needs.needs_product)),
    Section(
        "incompatible",
        at(Stage.CHOSEN_VENDORS, incompatible.incompatible_products),
        rows=rows("both", "", "incompatible_products", unit="products"),
    ),
    Section("spend", at(Stage.QUANTITIES, spend.product_spend), rows=spend.ROWS, totals=(spend.TOTAL,)),
    Section(
        "funded",
        at(Stage.QUANTITIES, funded.funded_products),
        rows=rows("both", "count", "funded_products", unit="products"),
    ),
    Section("exclusive", at(Stage.CHOSEN_VENDORS, exclusive.exclusive_work), rows=exclusive.ROWS),
    Section("steady", at(Stage.QUANTITIES, steady.steady_work), rows=steady.ROWS),
)
"""Every rule."""
