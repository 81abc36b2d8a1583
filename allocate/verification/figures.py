"""Figures of a plan that do not follow from its lines and the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from allocate.costing import limits
from allocate.plan import LINE_COLUMNS, Plan, line_table, pipeline_table
from allocate.tables.frames import table_of
from allocate.tables.table import Table
from allocate.tolerances import LINE_NOISE
from allocate.verification.found import is_near, near
from allocate.verification.payments import present_errors, present_spend, present_value, yearly
from allocate.verification.totals import fees, line_amounts, summed
from allocate.verification.work import Floats, Work

if TYPE_CHECKING:
    pass


MONEY = ("spend", "fees", "overhead", "value", "error_cost")
"""Columns of money, which may be differences of larger sums."""


def size_of(work: Work) -> float:
    """The size of a plan's money."""
    return max(abs(work.owed.total), float(np.abs(work.worth).sum()))


def wrong_figures(work: Work, plan: Plan) -> list[str]:
    """Every figure of the plan that differs from what its lines and the case say, in words."""
    problems: list[str] = []
    lines = table_of(plan, "lines")
    if work.items.size == len(lines):
        problems += _compared(lines, line_table(work.lines, work.spend), "line")
    columns = line_amounts(work)
    for name, table, names, key in (
        ("product", table_of(plan, "products"), work.routes.products, work.product),
        ("vendor", table_of(plan, "vendors"), work.routes.vendors, work.vendor),
    ):
        expected = summed(columns, key, len(names))
        if name == "product":
            expected |= _values(work, expected["effective_labels"])
        else:
            expected["fees"] = fees(work)
            expected["overhead"] = _overhead(work)
        problems += _table(table, names, expected, (name, size_of(work)))
    return problems + _invoice(work, plan) + _sums(work, plan, columns) + _pipeline(work, plan)


def _pipeline(work: Work, plan: Plan) -> list[str]:
    """Rows of the pipeline that do not follow from the lines."""
    expected = pipeline_table(work.lines)
    given, keys = table_of(plan, "pipeline"), ["product", "stage", "period"]
    if list(given.rows(*keys)) != list(expected.rows(*keys)):
        return ["the pipeline is not that of the plan's lines"]
    wrong = _different(given["items"].astype(float), expected["items"].astype(float))
    return [f"pipeline row {row + 1}: items is not what the lines say" for row in wrong]


def _invoice(work: Work, plan: Plan) -> list[str]:
    """Lines of the invoice that are not those the contracts ask for."""
    given, expected = table_of(plan, "invoice"), work.owed.table
    if len(given) != len(expected) and "amount" in given:
        # Where a step ends exactly, an entry of nothing but rounding is there in floats and not in fractions.
        given, expected = (one.where(np.abs(one["amount"]) > LINE_NOISE * size_of(work)) for one in (given, expected))
    if len(given) != len(expected):
        return [f"the invoice has {len(given)} lines, the case says {len(expected)}"]
    problems: list[str] = []
    for column in expected.columns:
        if column not in given:
            problems.append(f"the invoice has no {column}")
            continue
        is_amount = column in ("quantity", "unit_price", "amount")
        ours, theirs = expected[column], given[column]
        if is_amount:
            size = size_of(work) if column == "amount" else 0.0
            wrong = _different(theirs.astype(float), ours.astype(float), size)
        else:
            wrong = np.flatnonzero(theirs != ours).tolist()
        for row in wrong:
            is_, says = ((f"{one:.10g}" if is_amount else one) for one in (theirs[row], ours[row]))
            name = f"{expected['clause'][row]} of {expected['vendor'][row]}"
            problems.append(f"invoice line {row + 1} ({name}): {column} is {is_}, the case says {says}")
    return problems


def _overhead(work: Work) -> Floats:
    """Money of in-house teams by vendor that belongs to no line: all they are owed less fees and lines."""
    paid = dict.fromkeys(work.routes.vendors, 0.0)
    for entry in work.owed.entries:
        if entry.vendor in paid:  # levers are nobody's
            paid[entry.vendor] += entry.amount
    spent = np.bincount(work.vendor, work.spend, minlength=len(paid))
    return np.array(list(paid.values())) - fees(work) - spent


def _values(work: Work, labels: Floats) -> dict[str, Floats]:
    """Value and scores by product from its curve; nan scores, and no value, without one."""
    before, after = np.full(len(labels), np.nan), np.full(len(labels), np.nan)
    for product, one in work.values.items():
        before[product] = float(one.curve.score(one.existing))
        after[product] = float(one.curve.score(one.existing + labels[product]))
    return {"value": work.worth, "score_before": before, "score_after": after}


def _table(table: Table, names: tuple[str, ...], expected: dict[str, Floats], about: tuple[str, float]) -> list[str]:
    """Figures of products or vendors that are wrong; about: which of both, and the size of the plan's money."""
    name, money = about
    if table[name].tolist() != list(names):
        return [f"the {name}s are not those of the case, in its order"]
    problems: list[str] = []
    for column, right in expected.items():
        if column not in table:
            problems.append(f"the {name}s have no {column}")
            continue
        size = money if column in MONEY else 0.0
        for row in _different(table[column].astype(float), right, size):
            given = table[column][row]
            problems.append(f"{names[row]}: {column} is {given:.10g}, the lines say {right[row]:.10g}")
    return problems


def _compared(given: Table, expected: Table, word: str) -> list[str]:
    problems: list[str] = []
    for column in list(LINE_COLUMNS)[4:]:
        if column not in given:
            problems.append(f"the {word}s have no {column}")
            continue
        amounts, right = given[column].astype(float), expected[column].astype(float)
        problems += [
            f"{word} {row + 1}: {column} is {amounts[row]:.10g}, the case says {right[row]:.10g}"
            for row in _different(amounts, right)
        ]
    return problems


def _different(given: Floats, right: Floats, size: float = 0.0) -> list[int]:
    """Rows whose figures differ by more than the tolerance; nan equals nan only. size: of the money they are made of."""
    same = near(given, right, size) | (np.isnan(given) & np.isnan(right))
    different: list[int] = np.flatnonzero(~same).tolist()
    return different


def _sums(work: Work, plan: Plan, columns: dict[str, Floats]) -> list[str]:
    value = float(work.worth.sum())
    spend, errors = work.owed.total, float(columns["error_cost"].sum())
    rate, size = limits.hurdle(work.case), size_of(work)
    problems = [
        f"the {name} is {given:.10g}, the case says {right:.10g}"
        for name, given, right in (
            ("spend", plan.spend, spend),
            ("sum of the invoice", float(table_of(plan, "invoice")["amount"].sum()), spend),
            ("value", plan.value, value),
            ("error of the value", plan.value_error, sum(one.error for one in work.values.values())),
            ("cost of escaped errors", plan.escaped_error_cost, errors),
            ("net value", plan.net_value, value - rate * spend - errors - plan.penalty),
            ("hurdle", plan.hurdle, rate),
        )
        if not is_near(given, right, 0.0 if name == "hurdle" else size)
    ]
    problems += _present(work, plan, columns["error_cost"].tolist())
    if plan.currency != work.case.currency:
        problems.append(f"the plan is in {plan.currency}, the case in {work.case.currency}")
    return problems


def _present(work: Work, plan: Plan, errors: list[float]) -> list[str]:
    """Money at the start of the horizon that is not what payments, contracts and the discount rate come to."""
    discount, given = work.case.file.discount, plan.present
    if discount is None or given is None:
        wrong = given is not None or discount is not None
        return ["the plan and the case do not agree on whether money is discounted"] if wrong else []
    return [
        f"the {name} is {told:.10g}, the case says {right:.10g}"
        for name, told, right in (
            ("discount rate", given.rate, yearly(discount)),
            ("present worth of the spend", given.spend, present_spend(work)),
            ("present worth of the value", given.value, present_value(work, work.worth.tolist())),
            ("present worth of escaped errors", given.escaped_error_cost, present_errors(work, errors)),
        )
        if not is_near(told, right, 0.0 if name == "discount rate" else size_of(work))
    ]
