"""An answer as people read it."""

from __future__ import annotations

from typing import Any

import click

from allocate.answers import Answer, Evaluation
from allocate.case.load import Case
from allocate.cli import output
from allocate.cli.limits import free, limits_grid
from allocate.cli.plan_tables import (
    cash_grid,
    invoice_grid,
    kind_grids,
    lever_grids,
    mix_grid,
    payee_grid,
    penalty_grids,
    pipeline_grids,
    products_grid,
    staff_grid,
    vendors_grid,
)
from allocate.cli.proof import proof
from allocate.costing.quality.unstated import legend_of, marked
from allocate.finance.cash import cash_flow, is_deferred
from allocate.finance.invoice_table import all_money, invoice_table
from allocate.finance.payees import by_payee
from allocate.plan import Plan
from allocate.record.as_json import by_name
from allocate.record.plain_values import records
from allocate.tables.column import Grid
from allocate.tables.formats import money
from allocate.tables.frames import table_of


def print_answer(answer: Answer, format_: str) -> None:
    """Headline, tables, limits and proof; or, as CSV, the plan's lines; or, brief, a few sentences."""
    if format_ == "brief":
        from allocate.cli.brief import brief

        click.echo(brief(answer))
        return
    if format_ == "csv":
        if answer.plan is not None:
            output.print_csv(all_money(answer.plan))
        return
    for line in headline(answer):
        output.say(line, format_)
    click.echo()
    if answer.plan is not None:
        output.print_grids(_grids(answer, answer.plan), format_)
        if told := legend_of(answer.case, _worked(answer.plan)):
            output.say(told, format_)
        if told := free(answer):
            output.say(told, format_)
        output.say(proof(answer), format_)
        if answer.run["method"]["name"] != "plain":
            output.say(f"Method: {answer.run['method']['name']} ({answer.run['method']['reason']}).", format_)


def _grids(answer: Answer, plan: Plan) -> list[Grid]:
    """The tables of an answer, those with something in them."""
    case = answer.case
    about = (products_grid(case, plan), vendors_grid(plan), mix_grid(plan, case.periods.unit))
    tables = [*(marked(case, one, _worked(plan)) for one in about), *lever_grids(case, plan)]
    tables += [*penalty_grids(plan), *_staff(case, plan), *pipeline_grids(case, plan), *kind_grids(case, plan)]
    limits = limits_grid(answer)
    return [*tables, limits] if limits.rows else tables


def _worked(plan: Plan) -> list[tuple[str, str]]:
    """Product and vendor of every line of a plan."""
    return [(product, vendor) for product, vendor in table_of(plan, "lines").rows("product", "vendor")]


def _staff(case: Case, plan: Plan) -> list[Grid]:
    return [staff_grid(plan, case.periods.unit)] if len(table_of(plan, "staff")) else []


def print_invoice(case: Case, plan: Plan, format_: str) -> None:
    """The invoice alone, and where contracts say when they are paid, the cash flow."""
    deferred = is_deferred(case)

    def told() -> dict[str, Any]:
        head = {"currency": plan.currency, "total": plan.spend, "invoice": records(invoice_table(case, plan))}
        more = {"cash_flow": records(cash_flow(case, plan))} if deferred else {}
        return {**head, "payees": records(by_payee(case, plan)), **more}

    if not output.print_data(format_, told, lambda: invoice_table(case, plan).frame):
        cash = [cash_grid(case, plan)] if deferred else []
        output.print_grids([invoice_grid(case, plan), payee_grid(case, plan), *cash], format_)


def print_staff(case: Case, plan: Plan, format_: str) -> None:
    """The staffing of in-house teams alone."""
    told = {"currency": plan.currency, "staff": records(table_of(plan, "staff"))}
    if not output.print_data(format_, lambda: told, lambda: plan.staff):
        output.print_grids([staff_grid(plan, case.periods.unit)], format_)


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
                "invoice": records(invoice_table(case, plan)),
                "payees": records(by_payee(case, plan)),
                "staff": records(table_of(plan, "staff")),
                "products": by_name(table_of(plan, "products"), "product"),
                "vendors": by_name(table_of(plan, "vendors"), "vendor"),
            }
        )
        return
    if format_ == "csv":
        output.print_csv(all_money(plan))
        return
    state = "keeps every limit" if found.holds else f"breaks {len(broken)} limit{'s' if len(broken) != 1 else ''}"
    now = f", {money(plan.present.spend)} in present value" if plan.present else ""
    output.say(f"{case.name}: the plan as it is {state}. Spend {money(plan.spend)} {plan.currency}{now}.", format_)
    for line in broken:
        output.say(f"  {line}", format_)
    click.echo()
    output.print_grids([*_staff(case, plan), invoice_grid(case, plan), *penalty_grids(plan)], format_)


def headline(answer: Answer) -> list[str]:
    """What became of the case, in a few sentences."""
    case, plan = answer.case, answer.plan
    scenario = f", scenario {case.scenario}" if case.scenario else ""
    name = f"{case.name}{scenario}"
    if plan is None:
        told = [f"{name}: {without_plan(answer)}", *(f"  {reason.sentence}" for reason in answer.reasons)]
        return (
            told
            if answer.reasons_are_least
            else [*told, "  (the search ran out of time; less than this may be missing)"]
        )
    goal = case.file.objective[0].replace("-", " ")
    state = {"optimal": "optimal", "feasible": "stopped early, best plan so far"}[answer.status.value]
    if answer.leaves_a_gap:
        state = f"best plan found, at most {answer.gap:.2%} from the best possible plan"
    if answer.proven_status is not answer.status:
        state = "optimal, according to the solver"
    now = "" if plan.present is None else f" in present value at {100 * plan.present.rate:.4g} % a year"
    lines = [f"{name}: {state}. {goal.capitalize()} {money(answer.objective)} {case.currency}{now}."]
    worth = (
        {}
        if plan.present is None
        else {key: f", {money(one)} in present value" for key, one in vars(plan.present).items()}
    )
    parts = [f"{against_budget(answer)}{worth.get('spend', '')}"]
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


def against_budget(answer: Answer) -> str:
    """The spend, and the budget where the case has one, in the budget's own currency where that is another."""
    plan, currency = answer.plan, answer.case.currency
    assert plan is not None
    budget = next((check for check in _checks(answer) if check.family == "budget"), None)
    spend = f"Spend {money(plan.spend)}"
    if budget is None:
        return f"{spend} {currency}"
    if budget.unit != currency:
        return f"{spend} {currency} ({money(budget.used)} of {money(budget.limit)} {budget.unit})"
    return f"{spend} of {money(budget.limit)} {currency}"


def _sure(plan: Plan) -> list[str]:
    """How far the value may be trusted: its range by the learning curves, and its part beyond the most labels measured."""
    known = plan.value_range
    if known is None or known.beyond <= 0:
        return []
    share = f"{100 * known.beyond / plan.value:.0f}% of the value counted comes from labels beyond those ever measured"
    if not known.is_known:
        return [f"How certain the value is: {share}, by a curve whose range is not known."]
    low, high = (plan.net_value - plan.value + worth for worth in (known.low, known.high))
    return [
        f"How certain the value is: {share}. With this plan, net value is {money(low)} to {money(high)} {plan.currency} "
        "(P10 to P90 of the learning curves, varied independently)."
    ]


def without_plan(answer: Answer) -> str:
    """Why there is no plan, in one sentence."""
    return {
        "infeasible": "no plan is possible: no allocation of the work keeps every limit of the case.",
        "unbounded": "no best plan exists: the objective grows without end; add a budget or `demand: {at-most: …}`.",
        "stopped": f"stopped early without a plan ({answer.message}).",
    }[answer.status.value]


def _checks(answer: Answer) -> tuple[Any, ...]:
    return answer.verification.checks if answer.verification is not None else ()
