"""Rules of the mix in the program, one a file: columns and rows. `RULES` is the index."""

from __future__ import annotations

from allocate.program.rules import count, fix, incompatible, needs, only, share, spend
from allocate.program.sections import Rows, Section, Stage, at

RULES: tuple[Section, ...] = (
    Section("share", at(Stage.CHOSEN_VENDORS, share.vendor_share)),
    Section("count", at(Stage.CHOSEN_VENDORS, count.vendor_count), rows=(Rows("vendor_count", "vendors", "count"),)),
    Section("only", at(Stage.QUANTITIES, only.only_vendors)),
    Section("fix", at(Stage.QUANTITIES, fix.fixed_quantity), rows=(Rows("fixed_quantity", "items", "side"),)),
    Section("needs", at(Stage.QUANTITIES, needs.needs_product)),
    Section(
        "incompatible",
        at(Stage.CHOSEN_VENDORS, incompatible.incompatible_products),
        rows=(Rows("incompatible_products", "products"),),
    ),
    Section("spend", at(Stage.QUANTITIES, spend.product_spend), rows=spend.ROWS),
)
"""Every rule."""
