"""Figures of a plan that do not follow from its lines and the case."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from allocate.exact import Floats, floats, rounded
from allocate.tables.frames import table_of
from allocate.tables.table import Table
from allocate.tolerances import IDLE_NOISE, LINE_NOISE, STEEPENING
from allocate.verification.checks import is_near, near
from allocate.verification.clauses import levers, wages
from allocate.verification.clauses.payment import present_errors, present_spend, present_value, yearly
from allocate.verification.curves import Points
from allocate.verification.entries import TOLD
from allocate.verification.reached import hurdle
from allocate.verification.told import Plan
from allocate.verification.totals import fees, line_amounts, summed
from allocate.verification.work import Work
from allocate.verification.work_content.item import STAGES

MONEY = ("spend", "shared", "cost", "fees", "overhead", "value", "error_cost")
"""Columns of money, which may be differences of larger sums."""
OF_LINES = (
    "hours", "review_hours", "equivalent_units", "spend", "shared", "cost", "accuracy", "effective_labels", "error_cost",
)  # fmt: skip
"""Columns of lines that follow from the route, the period and the items."""


def size_of(work: Work) -> float:
    """The size of a plan's money."""
    return max(abs(rounded(work.bill.total)), float(np.abs(work.worth).sum()))


def wrong_figures(work: Work, plan: Plan) -> list[str]:
    """Every figure of the plan that differs from what its lines and the case say, in words."""
    problems: list[str] = []
    columns = line_amounts(work)
    if work.items.size == len(table_of(plan, "lines")):
        problems += _lines(work, plan, columns)
    for name, table, names, key in (
        ("product", table_of(plan, "products"), work.stated.products, work.product),
        ("vendor", table_of(plan, "vendors"), work.stated.vendors, work.vendor),
    ):
        expected = summed(columns, key, len(names), work.shared[1] if name == "product" else None)
        if name == "product":
            expected |= _values(work, work.labels)
        else:
            expected["fees"] = fees(work)
            expected["overhead"] = _overhead(work, columns["spend"])
        problems += _table(table, names, expected, (name, size_of(work)))
    return problems + _invoice(work, plan) + _sums(work, plan, columns) + _pipeline(work, plan)


def _lines(work: Work, plan: Plan, columns: dict[str, Floats]) -> list[str]:
    expected = {
        "delivered": (work.period + 1 + work.lead).astype(np.float64),
        "items": columns["items"],
        **{name: columns[name] for name in OF_LINES if name != "accuracy"},
        "accuracy": work.each("accuracy"),
    }
    problems: list[str] = []
    lines = table_of(plan, "lines")
    for column in ("delivered", "items", *OF_LINES):
        if column not in lines:
            problems.append(f"the lines have no {column}")
            continue
        amounts, right = lines[column].astype(float), expected[column]
        problems += [
            f"line {row + 1}: {column} is {amounts[row]:.10g}, the case says {right[row]:.10g}"
            for row in _different(amounts, right, size_of(work) if column in ("shared", "cost") else 0.0)
        ]
    return problems


def _pipeline(work: Work, plan: Plan) -> list[str]:
    """Rows of the pipeline that do not follow from the lines."""
    expected = _waiting(work)
    given = table_of(plan, "pipeline")
    if list(given.rows("product", "stage", "period")) != [row[:3] for row in expected]:
        return ["the pipeline is not that of the plan's lines"]
    right = np.array([row[3] for row in expected], dtype=np.float64)
    wrong = _different(given["items"].astype(float), right)
    return [f"pipeline row {row + 1}: items is not what the lines say" for row in wrong]


def _waiting(work: Work) -> list[tuple[str, str, int, float]]:
    """Items begun and not delivered at the end of each period, by product and stage, where a case asks for them."""
    staged = any(workflow.leads is not None for workflow in work.case.workflows.values())
    if not staged and not any(product.work_in_progress for product in work.case.products.values()):
        return []
    count, names = work.case.periods.count, work.stated.products
    held = np.zeros((len(names), len(STAGES), count))
    for item, period, items in zip(work.made, work.period.tolist(), floats(work.items).tolist(), strict=True):
        begins = [stage[0] for stage in item.stages] + [item.lead]
        for stage in range(len(STAGES)):
            held[item.product, stage, period + begins[stage] : period + begins[stage + 1]] += items
    least = LINE_NOISE * np.maximum(1.0, np.bincount(work.product, floats(work.items), minlength=len(names)))
    return [
        (names[product], STAGES[stage], period + 1, float(held[product, stage, period]))
        for product, stage, period in np.argwhere(held > least[:, None, None]).tolist()
    ]


def _invoice(work: Work, plan: Plan) -> list[str]:
    """Lines of the invoice that are not those the contracts ask for."""
    rows = [[getattr(entry, name) for name in TOLD] for entry in work.bill.told]
    given, expected = table_of(plan, "invoice"), Table.from_rows(TOLD, rows)
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


def _overhead(work: Work, spent: Floats) -> Floats:
    """Money of in-house teams by vendor that belongs to no line: all they are owed less fees and lines."""
    names = work.stated.vendors
    paid: list[Any] = [0.0] * len(names)
    for entry in work.bill.entries:
        if entry.vendor:  # levers are nobody's
            paid[names.index(entry.vendor)] += entry.amount
    by_lines = np.bincount(work.vendor, spent, minlength=len(paid))
    return np.array([rounded(money) for money in paid]) - fees(work) - by_lines


def _values(work: Work, labels: Floats) -> dict[str, Floats]:
    """Value and scores by product from its curve; nan scores, and no value, without one."""
    before, after = np.full(len(labels), np.nan), np.full(len(labels), np.nan)
    for product, one in work.stated.values.items():
        if one.per_item:
            continue
        before[product] = one.curve.score(one.existing)
        after[product] = one.curve.score(one.existing + float(labels[product]))
    return {"effective_labels": labels, "value": work.worth, "score_before": before, "score_after": after}


def _table(table: Table, names: Sequence[str], expected: dict[str, Floats], about: tuple[str, float]) -> list[str]:
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


def _different(given: Floats, right: Floats, size: float = 0.0) -> list[int]:
    """Rows whose figures differ by more than the tolerance; nan equals nan only. size: of the money they are made of."""
    same = near(given, right, size) | (np.isnan(given) & np.isnan(right))
    different: list[int] = np.flatnonzero(~same).tolist()
    return different


def _sums(work: Work, plan: Plan, columns: dict[str, Floats]) -> list[str]:
    value = float(work.worth.sum())
    spend, errors = rounded(work.bill.total), float(columns["error_cost"].sum())
    rate, size = hurdle(work.case), size_of(work)
    problems = [
        f"the {name} is {given:.10g}, the case says {right:.10g}"
        for name, given, right in (
            ("spend", plan.spend, spend),
            ("sum of the invoice", float(table_of(plan, "invoice")["amount"].sum()), spend),
            ("value", plan.value, value),
            ("cost of escaped errors", plan.escaped_error_cost, errors),
            ("net value", plan.net_value, value - rate * spend - errors - plan.penalty),
            ("hurdle", plan.hurdle, rate),
        )
        if not is_near(given, right, 0.0 if name == "hurdle" else size)
    ]
    most = _most_hidden(work)
    if not 0.0 <= plan.value_error <= most * (1.0 + 1e-9):
        problems.append(f"the error of the value is {plan.value_error:.10g}, the case allows {most:.10g}")
    problems += _present(work, plan, columns["error_cost"].tolist())
    if plan.currency != work.case.currency:
        problems.append(f"the plan is in {plan.currency}, the case in {work.case.currency}")
    return problems


def _most_hidden(work: Work) -> float:
    """Most money by which straight pieces may understate the value: the case's tolerance of all that curves can add."""
    most = 0.0
    for value in work.stated.values.values():
        if value.per_item:
            continue
        rise = value.curve.score(math.inf) - value.curve.score(value.existing)
        share = STEEPENING if isinstance(value.curve, Points) else work.case.file.value_tolerance
        most += value.worth * max(share * rise, 1e-12)
    return most


def _present(work: Work, plan: Plan, errors: list[float]) -> list[str]:
    """Money at the start of the horizon that is not what payments, contracts and the discount rate come to."""
    discount, given = work.case.file.discount, plan.present
    if discount is None or given is None:
        wrong = given is not None or discount is not None
        return ["the plan and the case do not agree on whether money is discounted"] if wrong else []
    return [
        f"the {name} is {told:.10g}, the case says {right:.10g}"
        for name, told, right in (
            ("discount rate", given.rate, yearly(work.case)),
            ("present worth of the spend", given.spend, rounded(present_spend(work))),
            ("present worth of the value", given.value, present_value(work, work.worth.tolist())),
            ("present worth of escaped errors", given.escaped_error_cost, present_errors(work, errors)),
        )
        if not is_near(told, right, 0.0 if name == "discount rate" else size_of(work))
    ]


def wrong_levers(work: Work, plan: Plan) -> Iterator[str]:
    """Figures of the plan's levers that are not those of the case."""
    expected = {}
    for name, lever in work.case.file.levers.items():
        once, running = levers.cost(work, lever)
        spent = float(running.sum())
        expected[name] = (levers.first_period(work, lever) + 1.0, once, spent, once + spent)
    bought = table_of(plan, "levers")
    names = bought["lever"].tolist()
    if len(set(names)) < len(names):
        yield "a lever is bought twice"
    for name, *given in bought.rows("lever", "from", "once", "running", "cost"):
        if name not in expected:
            yield f"there is no lever '{name}'"
        elif not near(np.array(given, np.float64), np.array(expected[name])).all():
            yield f"lever {name}: start and cost are {given}, the case says {list(expected[name])}"


def wrong_staff(work: Work, table: Table) -> list[str]:
    """Figures of a plan's staff table that do not follow from its decisions, the lines and the case."""
    problems: list[str] = []
    count = work.case.periods.count
    if len(table) != len(work.stated.teams) * count:
        return problems  # said where it was read
    for position, team in enumerate(work.stated.teams):
        name, rows = work.stated.vendors[team.vendor], slice(position * count, (position + 1) * count)
        expected = _staff(work, position)
        for column, right in expected.items():
            if column not in table:
                problems.append(f"the staff has no {column}")
                continue
            given = table[column][rows].astype(np.float64)
            # The table takes idle hours of nothing but rounding for none.
            rounding = IDLE_NOISE * (expected["hours"] + expected["overtime"]) if column == "idle" else 0.0
            wrong = ~(near(given, right) | (np.abs(given - right) <= rounding))
            problems += [
                f"{name}, {work.label(period)}: {column} is {given[period]:.10g}, the case says {right[period]:.10g}"
                for period in np.flatnonzero(wrong).tolist()
            ]
    return problems


def _staff(work: Work, position: int) -> dict[str, Floats]:
    """Every column of the staff table for one team, by period."""
    team, weeks = work.stated.teams[position], wages.weeks_of(work, position)
    paid, (hired, released, overtime) = wages.paid(work, position), wages.decided(work, position)
    used = floats(work.hours_worked(work.vendor == team.vendor))

    def column(amounts: Sequence[Any]) -> Floats:
        return np.array([rounded(amount) for amount in amounts])

    money = {clause: column([one[clause][1] for one in paid]) for clause in wages.PAID}
    people, hours, extra = column([w.people for w in weeks]), column([w.hours for w in weeks]), column(overtime)
    spend = sum(money.values(), np.zeros(len(weeks)))
    return {
        "people": people, "hired": column(hired), "released": column(released),
        "shifts": column([1 + sum(many > 0 for many in week.in_shifts[1:]) for week in weeks]),
        "hours": hours, "overtime": extra, "worked": used, "idle": hours + extra - used,
        "paid": people * team.hours + extra, "wages": money["wages"] + money["shift premium"],
        "overtime_pay": money["overtime"], "hiring": money["hiring"] + money["replacement"],
        "releasing": money["release"], "shift_cost": money["shift"], "spend": spend,
    }  # fmt: skip
