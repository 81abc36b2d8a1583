"""Items begun and not delivered, as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allocate.cli import output
from allocate.tables.frames import table_of

if TYPE_CHECKING:
    from allocate.case.load import Case
    from allocate.plan import Plan

Block = tuple[str, list[str], list[list[str]], list[bool]]


def pipeline_blocks(case: Case, plan: Plan) -> list[Block]:
    """The most, and the mean, of what waits in each stage when periods end; nothing where nothing does."""
    rows, count = [], output.amount(0)
    pipeline = table_of(plan, "pipeline")
    for product, stage in dict.fromkeys(pipeline.rows("product", "stage")):
        held = pipeline.where((pipeline["product"] == product) & (pipeline["stage"] == stage))
        amounts, periods = held["items"], held["period"]
        when = case.periods.label(int(periods[amounts.argmax()]) - 1)
        mean = amounts.sum() / case.periods.count
        rows.append([output.text(product), str(stage), count(amounts.max()), when, count(mean)])
    header = ["product", "stage", "most", "at the end of", "on average"]
    title = "In the pipeline: items begun and not delivered"
    return [(title, header, rows, [False, False, True, True, True])] if rows else []
