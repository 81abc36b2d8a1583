"""Records of work as an import would have them, made of a plan: just as it says, or otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from allocate import Plan
from allocate.actuals.periods import PERIODS
from allocate.actuals.reading import WORDS, Actuals
from allocate.case.load import Case


def as_planned(
    case: Case, plan: Plan, scale: Callable[[str, str, int], float] = lambda *_: 1.0, pace: float = 1.0
) -> Actuals:
    """The tables of periods and of work in which each line of a plan was made; scale: times its items, by product, vendor, period.

    pace: times the hours that the plan has for an item. Work by single items is not recorded.
    """
    rows = []
    for line in plan.lines.to_dict("records"):
        times = scale(line["product"], line["vendor"], line["period"])
        rows.append(
            {
                "period": str(case.periods.starts[line["period"] - 1]),
                **{name: line[name] for name in ("product", "vendor", "workflow")},
                "items": line["items"] * times, "hours_active": line["hours"] * times * pace,
                **dict.fromkeys(("hours_lost", "hours_paid", "review_hours", "accepted", "rejected", "reworked", "spend"), 0.0),
                "currency": "", "source": "the plan",
            }
        )  # fmt: skip
    table = pd.DataFrame(rows, columns=[column.name for column in PERIODS])
    keys = ["period", "product", "vendor", "workflow", "currency", "source"]
    table = table.groupby(keys, as_index=False, sort=False).sum()[[column.name for column in PERIODS]]
    work = pd.DataFrame({name: pd.Series(dtype="float64" if name in ("seconds", "items") else "str") for name in WORDS})
    work = work.astype({name: "category" for name in WORDS if name not in ("seconds", "items", "submitted")})
    work["submitted"] = pd.Series(dtype="datetime64[ns, UTC]")
    return Actuals(work, table, "week", "the plan")


def with_bill(actuals: Actuals, vendor: str, day: str, amount: float, currency: str) -> Actuals:
    """The same with a bill."""
    row = dict.fromkeys(actuals.periods.columns, 0.0) | {
        "period": day, "product": "", "vendor": vendor, "workflow": "", "spend": amount, "currency": currency, "source": "bills",
    }  # fmt: skip
    table = pd.concat([actuals.periods, pd.DataFrame([row])], ignore_index=True)
    return Actuals(actuals.work, table, actuals.by, actuals.source)
