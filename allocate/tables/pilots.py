"""Columns of the tables of pilots: designs, what follows from each count, the plan then, and what to sign when."""

from __future__ import annotations

from allocate.tables.column import Column
from allocate.tables.formats import COUNT, LONG_TEXT, MONEY, SHARE

DESIGNS = (
    Column("pilots", "", "pilots that are run together, each with its vendor and product in the case"),
    Column("items", "", "items of each, in their order"),
    Column("annotators", "", "people who share the items of each"),
    Column("costs", "money", "setting up, checks, and what the pilot's items and the wait take from the plan", MONEY),
    Column(
        "worth",
        "money",
        "what deciding with its results is worth: a lower bound, of the best of a menu of orders",
        MONEY,
    ),
    Column(
        "error",
        "money",
        "half of the 95 % interval of the worth, from blocks of scenarios; 0 where it is exact",
        MONEY,
        "±",
    ),
    Column("net", "money", "worth less costs", MONEY),
    Column("how", "", "exact; every outcome gone through; weights of scenarios; or a regression on what is measured"),
)
KEPT = (Column("pilots", "", "what is run: pilots, items, annotators", LONG_TEXT), *DESIGNS[3:7])
"""Choices of pilots as a run keeps them."""
RULES = (
    Column("pilot", "", "which pilot"),
    Column("then", "", "go, stop, or go in part"),
    Column("least", "items", "fewest right items of those checked", COUNT, "right, from"),
    Column("most", "items", "most right items of those checked", COUNT, "to"),
    Column("checked", "items", "items checked", COUNT, "of"),
    Column("ordered", "items", "items of the vendor in all, the pilot's included", COUNT),
    Column("chance", "share", "how likely that is", SHARE),
)
"""Followed by a column for each accuracy at which chances are told."""
PLANS = (
    Column("pilot", "", "which pilot"),
    Column("then", "", "go, stop, or go in part"),
    Column("product", "", "the AI product"),
    Column("vendor", "", "who makes the items"),
    Column("items", "items", "on average over the scenarios likely then; what is ordered is the same in all", COUNT),
)
TOTALS = (
    Column("pilot", "", "which pilot"),
    Column("then", "", "go, stop, or go in part"),
    Column("chance", "share", "how likely that is", SHARE),
    Column("spend", "money", "on average, pilot's fixed cost and checks left out", MONEY),
    Column("objective", "money", "what the first objective comes to, on average", MONEY),
)
