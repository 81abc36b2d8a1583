"""Columns of the tables that business intelligence tools read: facts by keys, and dimensions that say what the keys mean."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from allocate.tables.column import Column, Columns
from allocate.tables.plan import FISCAL, INVOICE_TABLE, LINES, PRODUCTS
from allocate.tables.studies import FRONTIER

NONE = 0
"""The key of what there is none of; every dimension that facts may have none of has a row with it."""


class Star(NamedTuple):
    """A table of the star schema."""

    grain: str
    """What one row is."""
    key: tuple[str, ...]
    """Columns that no two rows have alike."""
    columns: Columns


def _key(of: str) -> Column:
    return Column(f"{of}_key", "key", f"row of `dim_{of}`")


def _some(columns: Columns, *names: str) -> Columns:
    by_name = {one.name: one for one in columns}
    return tuple(by_name[name] for name in names)


RUN, SCENARIO, PRODUCT, VENDOR, WORKFLOW, PERIOD = map(
    _key, ("run", "scenario", "product", "vendor", "workflow", "period")
)
WORK = _some(
    LINES, "items", "hours", "review_hours", "equivalent_units", "spend", "shared", "cost", "accuracy",
    "effective_labels", "error_cost",
)  # fmt: skip
LEVERS = Column("levers", "", "levers it is worked with, joined by ` + `")
STAR = {
    "fact_plan": Star(
        "a product, vendor, workflow, set of levers and period with work in it; and, with the vendor, workflow and period 0, "
        "the cost that no work bears",
        ("run_key", "product_key", "vendor_key", "workflow_key", "levers", "period_key"),
        (RUN, SCENARIO, PRODUCT, VENDOR, WORKFLOW, PERIOD, LEVERS, *_some(LINES, "delivered"), *WORK),
    ),
    "fact_invoice": Star(
        "an entry of the invoice, parted by product",
        ("run_key", "invoice_line"),
        (
            RUN, SCENARIO, Column("invoice_line", "number", "number of the entry in its run, from 1"), PRODUCT, VENDOR, PERIOD,
            *_some(
                INVOICE_TABLE, "paid_to", "kind", "category", "clause", "about", "window", "window_from", "window_to",
                "due", "quantity", "unit", "unit_price", "currency", "amount",
            ),
        ),
    ),
    "fact_limits": Star(
        "a limit of the case, in one period where each period has one",
        ("run_key", "limit_number"),
        (
            RUN, SCENARIO, Column("limit_number", "number", "number of the limit in its run, from 1"), PERIOD,
            Column("limit", "", "what is limited"), Column("family", "", "kind of limit"),
            Column("sense", "", "at least or at most"), Column("used", "unit", "what the plan comes to"),
            Column("amount", "unit", "the limit"), Column("slack", "unit", "what is left; below zero where it is missed"),
            Column("unit", "", "of used, amount and slack; points of a percentage for shares"),
            Column("binds", "flag", "whether nothing is left of it"),
            Column("worth", "money/unit", "what one more unit changes the first objective by; empty where not known"),
        ),
    ),
    "fact_value": Star(
        "a product of a run, also one without work",
        ("run_key", "product_key"),
        (RUN, SCENARIO, PRODUCT, *_some(PRODUCTS, "value", "score_before", "score_after")),
    ),
    "fact_frontier": Star(
        "the best plan of a run's case at one total budget, where budgets were asked for",
        ("run_key", "budget"),
        (
            RUN, SCENARIO, *_some(FRONTIER, "budget", "status", "objective", "bound", "spend", "value", "items", "worth_of_one_more"),
        ),
    ),
    "dim_product": Star(
        "a product; one more where a scenario changes its item or its tags",
        ("product_key",),
        (PRODUCT, Column("product", "", "its name; empty: no product"), Column("item", "", "what its items are")),
    ),
    "dim_vendor": Star(
        "a vendor or team; one more where a scenario changes whose people they are, or its tags",
        ("vendor_key",),
        (
            VENDOR, Column("vendor", "", "its name; empty: no vendor"),
            Column("own_people", "flag", "whether they are people of one's own"),
        ),
    ),
    "dim_workflow": Star(
        "a workflow", ("workflow_key",), (WORKFLOW, Column("workflow", "", "its name; empty: no workflow"))
    ),
    "dim_period": Star(
        "a week or month of the plan; one more where a scenario moves the calendar",
        ("period_key",),
        (
            PERIOD, Column("period", "number", "its number, from 1; empty: the whole horizon"),
            Column("unit", "", "week or month"), Column("first_day", "date", "its first day"),
            Column("last_day", "date", "its last day"), Column("month", "", "calendar month of its last day"),
            Column("quarter", "", "calendar quarter of its last day"), Column("year", "", "calendar year of its last day"),
            *(replace(one, meaning=f"fiscal {one.name[7:]} of its last day, where the case states one") for one in FISCAL),
        ),
    ),
    "dim_scenario": Star(
        "a scenario of the case",
        ("scenario_key",),
        (
            SCENARIO, Column("scenario", "", "its name; empty: the case as it is written"),
            Column("settings", "", "what it changes, and what was set by hand, as `--set` takes it"),
        ),
    ),
    "dim_run": Star(
        "a plan, or an attempt at one",
        ("run_key",),
        (
            RUN, SCENARIO, Column("case", "", "name of the case"), Column("status", "", "optimal, feasible, infeasible …"),
            Column("currency", "", "of all money of the run"), Column("objective_name", "", "what was sought"),
            Column("objective", "money", "what the plan reaches of it"),
            Column("bound", "money", "no plan reaches more (of cost: less)"),
            Column("gap", "share", "distance of the two"), Column("spend", "money", "all that is spent"),
            Column("value", "money", "by the value curves"),
            Column("net_value", "money", "value less the hurdle's charge, escaped errors and penalties"),
            Column("escaped_error_cost", "money", "downstream cost of escaped errors; not spent"),
            Column("penalty", "money", "penalties that are not spent"),
            Column("notes", "", "what a reader of the plan must know beside its figures"),
            Column("digest", "", "SHA-256 of the plan's JSON, as `solve --out` writes it"),
        ),
    ),
}  # fmt: skip
"""Every table by its name, which is that of its file."""
