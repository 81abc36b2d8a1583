"""The case's scenarios side by side."""

from __future__ import annotations

from allocate.errors import readable
from allocate.reporting.compared import SPENT
from allocate.reporting.document import Section, Table
from allocate.reporting.material import Material, listing, table
from allocate.reporting.wording import counted, named
from allocate.study.compare import at_one_hurdle
from allocate.tables.column import headed
from allocate.tables.formats import FIGURES, SIGNED, Format
from allocate.tables.studies import COMPARE

SHOWN = 8
TITLE = "Scenarios side by side"


def side_by_side(m: Material) -> Section | None:
    """What each scenario of the case comes to; None where it has none. Those that were not planned are named."""
    names = list(m.case.file.scenarios)
    if not names or m.case.scenario:
        return None
    if m.scenarios is None:
        words = f"{counted(len(names), 'scenario')} of the case, not planned for this page: `allocate compare CASE --scenario NAME` plans one beside the case, `allocate report --thorough` all."
        return Section(TITLE, (words,), tables=(_listed(names),), is_wide=True, is_printed=False)
    rows = m.scenarios.study.rows
    shown = named([row["variant"] for row in rows], 48)
    heads: dict[str, str | tuple[str, Format]] = {
        "variant": "scenario", "spend": ("spend", SPENT), "spend_change": ("change", SIGNED),
    }  # fmt: skip
    if any(row["value"] for row in rows):
        heads |= {"value": "value", "net_value": "net value", "net_value_change": ("change", SIGNED)}
    heads |= {
        "items": "items",
        "accuracy": "accuracy",
        "cost_per_accurate_item": "per accurate item",
        "vendors_used": "vendors",
    }
    columns = headed(COMPARE, **heads, last_delivery=("last delivery", FIGURES))
    cells = [
        {
            **row,
            "variant": "as it is" if number == 0 else shown[row["variant"]],
            "spend": row["status"] if row["spend"] is None else row["spend"],
        }
        for number, row in enumerate(rows)
    ]
    done = listing("scenarios", columns, cells, shown=SHOWN, order="in the order of the case")
    without = [
        f"{shown[row['variant']]} has no plan: {readable(row['why'], 300)}"
        for row in rows
        if row["spend"] is None and row["why"]
    ]
    words = f"Each is planned by itself; changes are against the case as it is. Money is in {m.currency}."
    names_ = ["the case as it is", *(shown[row["variant"]] for row in rows[1:])]
    plans = [
        (name, case, row["spend"], row["net_value"])
        for name, case, row in zip(names_, m.scenarios.cases, rows, strict=True)
    ]
    said = (words, *at_one_hurdle(plans))
    return Section(TITLE, said, tables=(done,), points=tuple(without), is_wide=True, is_printed=len(rows) <= SHOWN)


def _listed(names: list[str]) -> Table:
    return table("scenarios", ["scenario"], [[one] for one in named(names, 48).values()], shown=SHOWN)
