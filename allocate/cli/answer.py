"""An answer as people read it."""

from __future__ import annotations

import math
from typing import Any

import click

from allocate.answers import Answer, Evaluation
from allocate.case.load import Case
from allocate.cli import output
from allocate.cli.cash import cash_block
from allocate.cli.pipeline import pipeline_blocks
from allocate.cli.proof import proof
from allocate.finance.cash import cash_flow, is_deferred
from allocate.plan import Plan
from allocate.record.as_json import by_name
from allocate.record.plain_values import records
from allocate.reporting.wording import changes
from allocate.tables.frames import table_of
from allocate.tables.table import Table
from allocate.verification import Check

Block = tuple[str, list[str], list[list[str]], list[bool]]


def print_answer(answer: Answer, format_: str) -> None:
    """Headline, tables, limits and proof; or, as CSV, the plan's lines."""
    if format_ == "csv":
        if answer.plan is not None:
            output.print_csv(answer.plan.lines)
        return
    for line in headline(answer):
        output.say(line, format_)
    click.echo()
    printer = output.print_tables if format_ == "table" else output.print_markdown
    if answer.plan is not None:
        printer(_blocks(answer))
        if free := _free(answer):
            output.say(free, format_)
        output.say(proof(answer), format_)
        if answer.run["method"]["name"] != "plain":
            output.say(f"Method: {answer.run['method']['name']} ({answer.run['method']['reason']}).", format_)


INVOICE: dict[str, output.Formatter] = {
    "vendor": output.text,
    "window": output.text,
    "clause": output.text,
    "about": output.text,
    "quantity": output.significant(6),
    "unit": output.text,
    "unit_price": output.significant(6),
    "amount": output.amount(2),
}


def invoice_block(plan: Plan) -> Block:
    """What is owed to whom for what, by billing window, and the total."""
    rows = output.rows_of(table_of(plan, "invoice"), INVOICE)
    total = ["total", *[""] * 6, output.amount(2)(plan.spend)]
    numeric = [name in ("quantity", "unit_price", "amount") for name in INVOICE]
    return f"Invoice ({plan.currency})", [name.replace("_", " ") for name in INVOICE], [*rows, total], numeric


LEVERS: dict[str, output.Formatter] = {
    "lever": output.text,
    "from": output.text,
    "once": output.amount(2),
    "running": output.amount(2),
    "cost": output.amount(2),
}


def lever_blocks(case: Case, plan: Plan) -> list[Block]:
    """Levers bought; nothing for a case without levers."""
    if not case.file.levers:
        return []
    unit = case.periods.unit
    levers = table_of(plan, "levers")
    table = levers.with_columns(**{"from": [f"{unit} {number}" for number in levers["from"].tolist()]})
    rows = output.rows_of(table, LEVERS) or [["none", *["–"] * (len(LEVERS) - 1)]]
    numeric = [name in ("once", "running", "cost") for name in LEVERS]
    return [(f"Levers bought ({plan.currency})", list(LEVERS), rows, numeric)]


BROKEN: dict[str, output.Formatter] = {
    "rule": output.text,
    "owner": output.text,
    "about": output.text,
    "amount": output.significant(6),
    "unit": output.text,
    "price": output.significant(6),
    "money": output.amount(2),
}


def penalty_blocks(plan: Plan) -> list[Block]:
    """Limits missed and rules broken for a penalty, where there are any."""
    broken = table_of(plan, "broken")
    paid = broken["paid"].astype(bool)
    numeric = [name in ("amount", "price", "money") for name in BROKEN]
    header = ["limit or rule", *list(BROKEN)[1:]]
    return [
        (f"Missed or broken for a penalty ({plan.currency}, {words})", header, output.rows_of(rows, BROKEN), numeric)
        for rows, words in ((broken.where(~paid), "not spent"), (broken.where(paid), "paid, part of the spend"))
        if len(rows)
    ]


def print_invoice(case: Case, plan: Plan, format_: str) -> None:
    """The invoice alone, and where contracts say when they are paid, the cash flow."""
    deferred = is_deferred(case)
    if format_ == "csv":
        output.print_csv(plan.invoice)
    elif format_ == "json":
        more = {"cash_flow": records(cash_flow(case, plan))} if deferred else {}
        output.print_json(
            {"currency": plan.currency, "total": plan.spend, "invoice": records(table_of(plan, "invoice")), **more}
        )
    else:
        blocks = [invoice_block(plan), *([cash_block(case, plan)] if deferred else [])]
        (output.print_tables if format_ == "table" else output.print_markdown)(blocks)


STAFF: dict[str, output.Formatter] = {
    "team": output.text,
    "period": output.text,
    "people": output.amount(0),
    "hired": output.amount(0),
    "released": output.amount(0),
    "shifts": output.amount(0),
    "hours": output.amount(1),
    "overtime": output.amount(1),
    "worked": output.amount(1),
    "idle": output.amount(1),
    "paid": output.amount(1),
    "spend": output.amount(2),
}


def staff_block(plan: Plan, unit: str) -> Block:
    """Each in-house team by period: people, hours, money."""
    header = [unit if name == "period" else name for name in STAFF]
    return (
        f"Staff ({plan.currency})",
        header,
        output.rows_of(table_of(plan, "staff"), STAFF),
        [name != "team" for name in STAFF],
    )


def print_staff(case: Case, plan: Plan, format_: str) -> None:
    """The staffing of in-house teams alone."""
    if format_ == "csv":
        output.print_csv(plan.staff)
    elif format_ == "json":
        output.print_json({"currency": plan.currency, "staff": records(table_of(plan, "staff"))})
    else:
        (output.print_tables if format_ == "table" else output.print_markdown)([staff_block(plan, case.periods.unit)])


def print_evaluation(case: Case, found: Evaluation, format_: str) -> None:
    """A plan of one's own: its price, and what it breaks."""
    plan, broken = found.plan, [*found.problems, *found.verification.violations]
    if format_ == "json":
        output.print_json(
            {
                "case": case.name,
                "scenario": case.scenario,
                "holds": found.holds,
                "broken": broken,
                "spend": plan.spend,
                "value": plan.value,
                "net_value": plan.net_value,
                "levers": records(table_of(plan, "levers")),
                "penalty": plan.penalty,
                **({"present": vars(plan.present)} if plan.present else {}),
                "penalties": records(table_of(plan, "broken")),
                "currency": plan.currency,
                "lines": records(table_of(plan, "lines")),
                "invoice": records(table_of(plan, "invoice")),
                "staff": records(table_of(plan, "staff")),
                "products": by_name(table_of(plan, "products"), "product"),
                "vendors": by_name(table_of(plan, "vendors"), "vendor"),
            }
        )
        return
    if format_ == "csv":
        output.print_csv(plan.lines)
        return
    state = "keeps every limit" if found.holds else f"breaks {len(broken)} limit{'s' if len(broken) != 1 else ''}"
    money = output.amount(2)
    now = f", {money(plan.present.spend)} in present value" if plan.present else ""
    output.say(f"{case.name}: the plan as it is {state}. Spend {money(plan.spend)} {plan.currency}{now}.", format_)
    for line in broken:
        output.say(f"  {line}", format_)
    click.echo()
    staff = [staff_block(plan, case.periods.unit)] if len(table_of(plan, "staff")) else []
    blocks = [*staff, invoice_block(plan), *penalty_blocks(plan)]
    (output.print_tables if format_ == "table" else output.print_markdown)(blocks)


def headline(answer: Answer) -> list[str]:
    """What became of the case, in a few sentences."""
    case, plan = answer.case, answer.plan
    scenario = f", scenario {case.scenario}" if case.scenario else ""
    name = f"{case.name}{scenario}"
    if plan is None:
        told = [f"{name}: {without_plan(answer)}", *(f"  {reason.sentence}" for reason in answer.reasons)]
        return told if answer.reasons_are_least else [*told, "  (the time ended before it was known what is least)"]
    money = output.amount(2)
    goal = case.file.objective[0].replace("-", " ")
    state = {"optimal": "optimal", "feasible": "stopped early, best plan so far"}[answer.status.value]
    if answer.proven_status is not answer.status:
        state = "optimal by the solver's claim"
    now = "" if plan.present is None else f" in present value at {100 * plan.present.rate:.4g} % a year"
    lines = [f"{name}: {state}. {goal.capitalize()} {money(answer.objective)} {case.currency}{now}."]
    budget = next((check for check in _checks(answer) if check.family == "budget"), None)
    of, counted = f" of {money(budget.limit)}" if budget is not None else "", ""
    if budget is not None and budget.unit != case.currency:
        of, counted = "", f" ({money(budget.used)} of {money(budget.limit)} {budget.unit})"
    worth = (
        {}
        if plan.present is None
        else {key: f", {money(one)} in present value" for key, one in vars(plan.present).items()}
    )
    parts = [f"Spend {money(plan.spend)}{of} {case.currency}{counted}{worth.get('spend', '')}"]
    if any(product.value for product in case.products.values()):
        parts.append(f"value {money(plan.value)}{worth.get('value', '')}")
        less, nominal = " - penalties" if plan.penalty else "", " nominal" if worth else ""
        parts.append(
            f"net value {money(plan.net_value)}{nominal} (value - {plan.hurdle:g} x spend - escaped errors{less})"
        )
        parts.append(f"value less spend {money(plan.value - plan.spend)}")
    if plan.escaped_error_cost:
        parts.append(f"escaped errors cost {money(plan.escaped_error_cost)}")
    if plan.penalty:
        parts.append(f"penalties {money(plan.penalty)}, not spent")
    return [*lines, "; ".join(parts) + ".", *_sure(plan)]


def _sure(plan: Plan) -> list[str]:
    """How far the value may be trusted: its range by the learning curves, and its part beyond the most labels measured."""
    known, money = plan.value_range, output.amount(2)
    if known is None or known.beyond <= 0:
        return []
    share = (
        f"{100 * known.beyond / plan.value:.0f}% of the value counted is of labels beyond the most that were measured"
    )
    if not known.is_known:
        return [f"How sure the value is: {share}, by a curve written as a formula, whose range is not known."]
    low, high = (plan.net_value - plan.value + worth for worth in (known.low, known.high))
    return [
        f"How sure the value is: {share}; with this plan held, net value is {money(low)} to {money(high)} {plan.currency} "
        "(P10 to P90 of the learning curves)."
    ]


def without_plan(answer: Answer) -> str:
    """Why there is no plan, in one sentence."""
    return {
        "infeasible": "no plan is possible: no way of working keeps every limit of the case at once.",
        "unbounded": "no best plan exists: the objective grows without end; add a budget or `demand: {at-most: …}`.",
        "stopped": f"stopped early without a plan ({answer.message}).",
    }[answer.status.value]


def _checks(answer: Answer) -> tuple[Any, ...]:
    return answer.verification.checks if answer.verification is not None else ()


def _blocks(answer: Answer) -> list[Block]:
    plan = answer.plan
    assert plan is not None
    currency = plan.currency
    money, many = output.amount(2), output.amount(0)
    product: dict[str, output.Formatter] = {
        "product": output.text,
        "items": many,
        "spend": money,
        "accuracy": output.share(),
        "cost_per_accurate_item": output.significant(),
        "cost_per_eu": output.significant(),
    }
    if any(one.value for one in answer.case.products.values()):
        product |= {"value": money, "score_before": output.amount(2), "score_after": output.amount(2)}
    vendor: dict[str, output.Formatter] = {
        "vendor": output.text,
        "items": many,
        "hours": output.amount(1),
        "equivalent_units": many,
        "spend": money,
        "accuracy": output.share(),
    }
    if (table_of(plan, "vendors")["fees"] > 0).any():
        vendor["fees"] = money
    if len(table_of(plan, "staff")):
        vendor["overhead"] = money
    blocks = [
        _block(f"Products ({currency})", table_of(plan, "products"), product, 1),
        _block(f"Vendors ({currency})", table_of(plan, "vendors"), vendor, 1),
        _mix_block(answer),
        *lever_blocks(answer.case, plan),
        *penalty_blocks(plan),
    ]
    if len(table_of(plan, "staff")):
        blocks.append(staff_block(plan, answer.case.periods.unit))
    blocks += pipeline_blocks(answer.case, plan)
    limits = _limits(answer)
    return [*blocks, limits] if limits[2] else blocks


_MIX: dict[str, output.Formatter] = {
    "product": output.text,
    "vendor": output.text,
    "workflow": output.text,
    "periods": output.text,
    "items": output.amount(0),
    "hours": output.amount(1),
    "spend": output.amount(2),
    "accuracy": output.share(),
}


def _mix_block(answer: Answer) -> Block:
    assert answer.plan is not None
    title = f"Plan: who makes what ({answer.plan.currency})"
    if "levers" not in table_of(answer.plan, "lines"):
        return _block(title, _mix(answer), _MIX, 3)
    columns = list(_MIX.items())
    return _block(title, _mix(answer), dict([*columns[:3], ("levers", output.text), *columns[3:]]), 4)


def _mix(answer: Answer) -> Table:
    """The plan's lines with periods added together; CSV and JSON have each of them."""
    assert answer.plan is not None
    lines, unit = table_of(answer.plan, "lines"), answer.case.periods.unit
    keys = ["product", "vendor", "workflow", *(["levers"] if "levers" in lines else [])]
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for key, line in zip(lines.rows(*keys), lines.rows("items", "hours", "spend", "accuracy", "period"), strict=True):
        groups.setdefault(key, []).append(line)
    rows = []
    for key, made in groups.items():
        items, hours, spend, accuracy, periods = zip(*made, strict=True)
        when = spans(sorted(set(periods)), unit)
        rows.append([*key, math.fsum(items), math.fsum(hours), math.fsum(spend), accuracy[0], when])
    return Table.from_rows([*keys, "items", "hours", "spend", "accuracy", "periods"], rows)


def _block(title: str, table: Any, columns: dict[str, output.Formatter], words: int) -> Block:
    header = [name.replace("_", " ") for name in columns]
    numeric = [position >= words and name != "periods" for position, name in enumerate(columns)]
    return title, header, output.rows_of(table, columns), numeric


def _limits(answer: Answer) -> Block:
    """Limits that cost something, weightiest first; those of several periods in one row."""
    goal = answer.case.file.objective[0].replace("-", " ")
    local = ", whole-number choices as they are" if answer.prices_are_local else ""
    groups: dict[tuple[str, bool], list[Check]] = {}
    for check in _priced(answer):
        groups.setdefault((check.group or check.subject, check.at_least), []).append(check)
    kinks = any(_kink(answer, check) for checks in groups.values() for check in checks)
    rows = [
        _limit_row(answer, name, sorted(checks, key=lambda c: c.period or 0), kinks)
        for (name, _), checks in groups.items()
    ]
    sides = ["with more", "with less"] if kinks else ["with more" if answer.moved is not None else "with more or less"]
    title = f"Limits that bind, and how a little more of each changes {goal}, per unit ({answer.case.currency}{local})"
    title = title.replace("more of each", "more or less of each") if kinks else title
    return (
        title,
        ["limit", "when", "", "amount", "unit", *sides],
        rows,
        [False, False, False, True, False, *[True] * len(sides)],
    )


def _kink(answer: Answer, check: Check) -> bool:
    """Whether more and less of a limit change the objective differently."""
    if answer.moved is None:
        return False
    more, less = answer.worth(check), answer.worth_of_less(check)
    return more is None or less is None or abs(more + less) > 1e-6 * max(abs(more), abs(less))


def _limit_row(answer: Answer, name: str, checks: list[Check], kinks: bool) -> list[str]:
    first = checks[0]
    points = first.unit == "share"
    amounts = [check.limit * (100.0 if points else 1.0) for check in checks]
    periods = [check.period + 1 for check in checks if check.period is not None]
    sides = [answer.worth, answer.worth_of_less] if kinks else [answer.worth]
    return [
        output.text(name),
        spans(periods, answer.case.periods.unit),
        "at least" if first.at_least else "at most",
        _range(amounts, 6),
        "points" if points else first.unit,
        *(_changes([side(check) for check in checks], 0.01 if points else 1.0) for side in sides),
    ]


def _changes(worths: list[float | None], size: float) -> str:
    """What the objective changes by per unit, the least and the greatest of several periods."""
    known = [size * one for one in worths if one is not None]
    return "no plan" if len(known) < len(worths) else changes(known, output.significant())


def _range(numbers: list[float], digits: int) -> str:
    """A number, or the least and the greatest of several."""
    show = output.significant(digits)
    low, high = show(min(numbers)), show(max(numbers))
    return low if low == high else f"{low} to {high}"


def spans(periods: list[int], unit: str) -> str:
    """Periods in words: `week 3`, `weeks 1-4, 7`."""
    runs: list[list[int]] = []
    for period in periods:
        if runs and runs[-1][-1] == period - 1:
            runs[-1].append(period)
        else:
            runs.append([period])
    words = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
    return f"{unit}{'s' if len(periods) > 1 else ''} {words}" if periods else ""


def _priced(answer: Answer) -> list[Check]:
    """Limits of which nothing is left and more of which would change something, weightiest first.

    Weight is what one per cent of the limit is worth, so that hours, items and money can stand in one list.
    """
    binding = answer.verification.binding if answer.verification is not None else ()
    weights = {n: max(abs(answer.worth(c) or 0.0), abs(answer.worth_of_less(c) or 0.0)) for n, c in enumerate(binding)}
    priced = [n for n, c in enumerate(binding) if c.family != "order_multiple" and answer.is_worth_something(c)]
    return [binding[n] for n in sorted(priced, key=lambda n: -weights[n] * abs(binding[n].limit))]


def _free(answer: Answer) -> str:
    """In words, how many limits are reached although more of them would change nothing."""
    assert answer.verification is not None
    if not answer.prices:
        return "What more of each limit would be worth is not known: the solver gave no prices for this plan."
    count = len(answer.verification.binding) - len(_priced(answer))
    if not count:
        return ""
    number = "1 more limit is" if count == 1 else f"{count:,} more limits are"
    return f"{number} reached where more has no effect."
