"""What errors cost: of the routes in the plan, and of cheap ones that are not in it because they are expensive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from allocate.costing.value.error_costs import errors_at
from allocate.reporting.document import Section
from allocate.reporting.material import Material, listing
from allocate.reporting.wording import listed, named
from allocate.tables.column import headed
from allocate.tables.formats import count, significant
from allocate.tables.frames import table_of
from allocate.tables.routes import IN_THE_PLAN
from allocate.tables.table import Table

SHOWN = 14
SEEN = 1.05
"""How much more expensive a route must be with its errors than those of the plan to be told."""
CHEAPEST = 2
"""Routes outside the plan that are shown of each product."""


Row = Mapping[str, Any]


def with_errors(m: Material) -> list[Row]:
    """Routes of the plan, and cheap ones outside it that errors make expensive; products whose errors cost nothing are left out."""
    found = _with_plan(m)
    costs = found.where((found["error_cost"] > 0) | ~np.isnan(found["lost_value"]))
    names = set(costs["product"].tolist())
    return [row for row in _rows(found) if row["product"] in names]


def cheap_and_bad(m: Material, rows: Sequence[Row]) -> list[str]:
    """Cheap and bad in words, the most telling first; nothing where no route outside the plan is both."""
    costly = [row for row in rows if row["items"] <= 0]
    if not costly:
        return []
    first = max(costly, key=lambda row: row["cost_with_errors"] / row["mean_cost_with_errors"])
    what = f"{m.product[first['product']]}, {m.vendor[first['vendor']]}, {m.workflow[first['workflow']]}"
    said = (
        f"A low price with low accuracy is expensive: {what} costs {significant(first['unit_cost'])} an item where the plan pays "
        f"{significant(first['mean_unit_cost'])}, but {significant(first['cost_with_errors'])} with its errors where the plan's "
        f"cost {significant(first['mean_cost_with_errors'])}."
    )
    others = list(dict.fromkeys(m.product[row["product"]] for row in costly if row["product"] != first["product"]))
    return [said, *([f"The same holds for routes of {listed(others)}."] if others else [])]


def cost_of_errors(m: Material, rows: Sequence[Row]) -> Section | None:
    """What a delivered item costs with its errors; None where errors cost nothing."""
    if not any(row["items"] > 0 for row in rows):
        return None
    words = (
        "A wrong item costs twice: what it does where it escapes, and the training labels that noise takes. Neither is in "
        f"the spend. In {m.currency} per delivered item; a label counts with what the plan's labels of its product bring on average."
    )
    said = cheap_and_bad(m, rows) or ["No route outside the plan looks cheap but is expensive with its errors."]
    teams = dict.fromkeys(m.vendor[row["vendor"]] for row in rows if m.case.vendors[row["vendor"]].team is not None)
    if teams:
        said.append(
            f"What an hour of {listed(list(teams))} costs is in no unit cost here: these hours are paid, busy or not."
        )
    columns = headed(
        IN_THE_PLAN, product="product", vendor="vendor", workflow="workflow", made="in the plan", unit_cost="unit cost",
        accuracy="accuracy", error_cost="escaped", labels_lost="labels lost", lost_value="lost value",
        cost_with_errors="with errors", cost_per_effective_label="per label that trains",
    )  # fmt: skip
    order = "products with a cheap but poor route first, then by spend"
    done = listing("routes", columns, [_told(m, row) for row in rows], shown=SHOWN, order=order)
    return Section("What errors cost", (words, *said), tables=(done,), is_wide=True, is_printed=False)


def _with_plan(m: Material) -> Table:
    """Every route with what its errors cost, the items the plan makes by it, and the plan's mean costs of its product."""
    ways, totals = m.answer.routes, table_of(m.plan, "products")
    labels, value = totals["effective_labels"].astype(np.float64), totals["value"].astype(np.float64)
    known = np.array([one.value is not None for one in m.case.products.values()]) & (labels > 0)
    found = errors_at(ways, np.divide(value, labels, out=np.full(len(labels), np.nan), where=known))
    keys = ["product", "vendor", "workflow", *(["levers"] if "levers" in found else [])]
    made = dict[tuple[str, ...], float]()
    for *key, amount in table_of(m.plan, "lines").rows(*keys, "items"):
        made[tuple(key)] = made.get(tuple(key), 0.0) + amount
    items = np.array([made.get(key, 0.0) for key in found.rows(*keys)])
    order = {row["product"]: position for position, row in enumerate(m.products)}
    more: dict[str, Any] = {"items": items, "order": np.array([order[name] for name in ways.products])[ways.product]}
    of_product = np.bincount(ways.product, items, len(ways.products))
    for column in ("unit_cost", "cost_with_errors"):
        paid = np.bincount(ways.product, found[column] * items, len(ways.products))
        mean = np.divide(paid, of_product, out=np.full(len(paid), np.nan), where=of_product > 0)
        more[f"mean_{column}"] = mean[ways.product]
    return found.with_columns(**more)


def _rows(found: Table) -> list[Row]:
    """Routes of the plan, and of each product the cheapest ones outside it that errors make more expensive than what is in it."""
    items, order, unit = (found[name] for name in ("items", "order", "unit_cost"))
    inside = np.flatnonzero(items > 0.005)
    cheap = (items <= 0.005) & (unit < found["mean_unit_cost"])
    outside = np.flatnonzero(cheap & (found["cost_with_errors"] > SEEN * found["mean_cost_with_errors"]))
    outside = outside[np.lexsort((unit[outside], order[outside]))]
    first = np.searchsorted(order[outside], order[outside])
    outside = outside[np.arange(len(outside)) - first < CHEAPEST]
    telling = set(order[outside].tolist())
    rows = found.where(inside[np.lexsort((-items[inside], order[inside]))]).records()
    rows += [{**row, "items": 0.0} for row in found.where(outside).records()]
    return sorted(rows, key=lambda row: (row["order"] not in telling, row["order"], row["items"] <= 0))


def _told(m: Material, row: Row) -> Row:
    """A route with names as they can be shown, and what the plan makes by it."""
    workflow = m.workflow[row["workflow"]]
    if row.get("levers"):
        workflow += f" with {named([row['levers']])[row['levers']]}"
    made = count(row["items"]) if row["items"] > 0 else "no"
    return {
        **row,
        "product": m.product[row["product"]],
        "vendor": m.vendor[row["vendor"]],
        "workflow": workflow,
        "made": made,
    }
