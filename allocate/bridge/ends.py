"""The two ends of a bridge: a plan, or what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from allocate.actuals.calibration import calibrate
from allocate.actuals.reading import Actuals
from allocate.api.evaluating import price_lines
from allocate.api.solving import solve
from allocate.bridge.bridge import Cell, End, money
from allocate.bridge.causes import IDLE
from allocate.case.load import Case, CaseLike, as_case, revised
from allocate.case.paths import dotted
from allocate.case.plan_file import PlanLine
from allocate.costing.table import JOIN
from allocate.costing.terms.prices import exchange_rates
from allocate.costing.work.products import item_of
from allocate.errors import CaseError, Place, Problem, readable
from allocate.finance.payees import VENDORS, by_product
from allocate.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

TRIED = "1_000"
"""A pace, in items per hour, at which hours are counted to find the one that gives the hours worked: hours go with 1/pace."""


def of_plan(name: str, case: Case, plan: Plan) -> End:
    """A plan that was made."""
    columns = [plan.lines[key].tolist() for key in ("product", "vendor", "workflow", "period", "items")]
    levers = plan.lines["levers"].tolist() if "levers" in plan.lines else [""] * len(plan.lines)
    lines = [
        PlanLine(
            product, vendor, workflow, int(period), float(items), tuple(one for one in str(joined).split(JOIN) if one)
        )
        for product, vendor, workflow, period, items, joined in zip(*columns, levers, strict=True)
    ]
    return End(name, case, tuple(lines), plan)


def bill(case: CaseLike, plan: Plan | None = None, *, actuals: Actuals | None = None, name: str | None = None) -> End:
    """One end of a bridge: what a case costs by a plan, absent its best one; with actuals what was done in place of it.

    Raises CaseError for a case without a plan, and for records that do not fit the case.
    """
    case = as_case(case)
    if plan is None:
        answer = solve(case)
        if answer.plan is None:
            told = [one.sentence for one in answer.reasons] or ["the search ended without a plan"]
            raise CaseError(
                [Problem(f"{case.name} has no plan: {one}", case.place(), "give a plan of your own") for one in told]
            )
        plan = answer.plan
    planned = of_plan(name or case.name, case, plan)
    return planned if actuals is None else of_actuals(name or "what was done", case, actuals, planned)


def of_lines(name: str, case: Case, lines: tuple[PlanLine, ...]) -> End:
    """A plan of one's own, teams staffed at the least cost that its lines allow."""
    return End(name, case, lines, price_lines(case, lines))


def of_actuals(name: str, case: Case, actuals: Actuals, planned: End) -> End:
    """What was done: the items recorded, at the pace, accuracy and drivers measured, billed as the invoices say.

    planned: says how a vendor makes a product where the records do not.

    Raises CaseError where records lie outside of the case's horizon, or no way of making them is known.
    """
    table = actuals.periods
    _refuse_foreign(name, case, table[table["items"] > 0.0])
    known = table[table["product"].isin(list(case.products)) & table["vendor"].isin(list(case.vendors))]
    lines = _lines(name, case, known[known["items"] > 0.0], planned)
    if not lines:
        fix = "map the exports to products and vendors of the case"
        raise CaseError([Problem(f"{name} holds no items of this case", Place(name), fix)])
    measured = {
        one.path: _value(one.estimate.value, one.unit)
        for one in calibrate(case, actuals).figures
        if one.written and one.path and (one.figure.startswith("accuracy") or ".drivers." in one.path)
    }
    done = revised(case, measured) if measured else case
    done = _at_the_hours_worked(done, lines, known)
    plan = price_lines(done, lines)
    return replace(
        of_lines(name, done, lines),
        plan=plan,
        billed=_billed(name, case, table, plan),
        extra={IDLE: _idle(case, known, plan)},
    )


def _refuse_foreign(name: str, case: Case, made: pd.DataFrame) -> None:
    """CaseError for items of a product or by a vendor that the case does not have: a bridge leaves no work out."""
    problems = []
    for column, there in (("product", case.products), ("vendor", case.vendors)):
        foreign = made[~made[column].isin(list(there))]
        for word in sorted({str(one) for one in foreign[column]}):
            many = float(foreign.loc[foreign[column] == word, "items"].sum())
            message = (
                f"{name} holds {many:,.0f} items of the {column} '{readable(word, 60)}', which the case does not have"
            )
            problems.append(
                Problem(
                    message, Place(name), f"add the {column} to the case, or map it to one it has and import once more"
                )
            )
    if problems:
        raise CaseError(problems)


def _value(number: float, unit: str) -> str:
    return f"{100.0 * number:.6f}%" if unit == "%" else f"{number:.6f}{unit}"


def _lines(name: str, case: Case, rows: pd.DataFrame, planned: End) -> tuple[PlanLine, ...]:
    """Items recorded as lines of a plan, each in the period of the horizon its days lie in."""
    starts = [*case.periods.starts, case.periods.end + timedelta(days=1)]
    problems, found = [], []
    for row in rows.to_dict("records"):
        day = date.fromisoformat(str(row["period"])) if row["period"] else None
        number = sum(start <= day for start in starts) if day is not None else 0
        workflow, *levers = str(row["workflow"]).split(JOIN)
        workflow = workflow or _usual(case, planned, str(row["product"]), str(row["vendor"]))
        if not 1 <= number <= case.periods.count:
            when = f"work of {day}" if day is not None else "work without a day"
            fix = f"leave it out of the import, or move the horizon, which is {starts[0]} to {case.periods.end}"
            problems.append(Problem(f"{name} holds {when}, outside of the horizon", Place(name), fix))
        elif workflow not in case.workflows:
            message = f"{name} does not say how {row['vendor']} makes {row['product']}"
            problems.append(
                Problem(message, Place(name), f"name it in the map as `workflow: {next(iter(case.workflows))}`")
            )
        elif strange := [lever for lever in levers if lever not in case.file.levers]:
            message = f"{name} holds work with the lever '{readable(strange[0], 60)}', which the case does not have"
            problems.append(
                Problem(message, Place(name), "name one it has in the map, as in `workflow: checked + LEVER`")
            )
        else:
            one = PlanLine(
                str(row["product"]), str(row["vendor"]), workflow, number, float(row["items"]), tuple(levers)
            )
            found.append(one)
    if problems:
        raise CaseError(list(dict.fromkeys(problems)))
    return tuple(found)


def _usual(case: Case, planned: End, product: str, vendor: str) -> str:
    """The way a vendor makes most of a product in the plan; of the product where it makes none; the only one there is."""
    if len(case.workflows) == 1:
        return next(iter(case.workflows))
    for names in ({vendor}, set(case.vendors)):
        ways: dict[str, float] = {}
        for line in planned.lines:
            if line.product == product and line.vendor in names:
                ways[line.workflow] = ways.get(line.workflow, 0.0) + line.items
        if ways:
            return max(ways, key=lambda way: ways[way])
    return ""


def _at_the_hours_worked(case: Case, lines: tuple[PlanLine, ...], rows: pd.DataFrame) -> Case:
    """The case with the pace of every pair that gives the hours it really worked; pairs without times stay as they are."""
    worked: dict[tuple[str, str], float] = {}
    for row in rows.to_dict("records"):
        key = (str(row["product"]), str(row["vendor"]))
        worked[key] = worked.get(key, 0.0) + float(row["hours_active"])
    pairs = {key: _rate(case, *key) for key, hours in worked.items() if hours > 0.0 and case.rate_card.of_pair(*key)}
    if not case.file.rates:
        return _at_the_productivity(case, lines, worked)
    if not pairs:
        return case
    unit = {product: f"{item_of(case, case.products[product])}/h" for product, _ in pairs}
    trial = {path: f"{TRIED} {unit[product]}" for (product, _), path in pairs.items()}
    tried = revised(case, trial)
    hours: dict[tuple[str, str], float] = {}
    plan = price_lines(tried, lines)
    for product, vendor, one in zip(*(plan.lines[key].tolist() for key in ("product", "vendor", "hours")), strict=True):
        hours[product, vendor] = hours.get((product, vendor), 0.0) + one
    pace = {
        path: f"{float(TRIED.replace('_', '')) * hours[key] / worked[key]:.9f} {unit[key[0]]}"
        for key, path in pairs.items()
        if hours.get(key)
    }
    return revised(case, pace)


def _at_the_productivity(case: Case, lines: tuple[PlanLine, ...], worked: Mapping[tuple[str, str], float]) -> Case:
    """The same without a rate card: with the productivity of every vendor that gives the hours it really worked, all in all."""
    hours: dict[str, float] = {}
    for (_, vendor), one in worked.items():
        hours[vendor] = hours.get(vendor, 0.0) + one
    names = {vendor: dotted("vendors", vendor, "productivity") for vendor, one in hours.items() if one > 0.0}
    plan = price_lines(revised(case, dict.fromkeys(names.values(), "100%")), lines)
    asked: dict[str, float] = {}
    for vendor, one in zip(*(plan.lines[key].tolist() for key in ("vendor", "hours")), strict=True):
        asked[vendor] = asked.get(vendor, 0.0) + one
    found = {path: f"{asked[name] / hours[name]:.12f}" for name, path in names.items() if asked.get(name)}
    return revised(case, found) if found else case


def _rate(case: Case, product: str, vendor: str) -> str:
    line = case.rate_card.of_pair(product, vendor)[0][1]
    return dotted("rates", product, vendor, *([line.workflow] if line.workflow is not None else []), "pace")


def _billed(name: str, case: Case, table: pd.DataFrame, plan: Plan) -> Mapping[Cell, float] | None:
    """Money billed by product, vendor and period, beside what others than the vendor get for its work, as checking by own people.

    Bills that name no product are shared out as the contract would have it, and so is what the contract asks over the periods
    of the work; a vendor without a bill costs what its contract says.
    """
    bills = table[table["spend"] != 0.0]
    if not len(bills):
        return None
    model = money(plan)
    asked = _asked(case, plan, model)
    found: dict[Cell, float] = {}
    for row in bills.to_dict("records"):
        vendor, product, amount, period = (
            str(row["vendor"]),
            str(row["product"]),
            _converted(name, case, row),
            _period(case, row),
        )
        own: dict[str, float] = {}
        for (of, who, _), part in asked.items():
            if who == vendor:
                own[of] = own.get(of, 0.0) + part
        total = sum(own.values())
        shares = (
            {product: 1.0} if product in case.products or not total else {of: part / total for of, part in own.items()}
        )
        for of, share in shares.items():
            found[of, vendor, period] = found.get((of, vendor, period), 0.0) + amount * share
    vendors = {vendor for _, vendor, _ in found}
    result = dict(model)
    for cell in {*found, *(cell for cell in model if cell[1] in vendors)}:
        result[cell] = model.get(cell, 0.0) - asked.get(cell, 0.0) + found.get(cell, 0.0)
    return result


def _asked(case: Case, plan: Plan, model: Mapping[Cell, float]) -> dict[Cell, float]:
    """What contracts ask for the work, parted over the periods as all of its cost is."""
    pairs = {
        (product, to.name): amount for (product, to), amount in by_product(case, plan).items() if to.kind == VENDORS
    }
    whole: dict[tuple[str, str], float] = {}
    for (product, vendor, _), amount in model.items():
        whole[product, vendor] = whole.get((product, vendor), 0.0) + amount
    found = {
        cell: pairs[cell[:2]] * amount / whole[cell[:2]]
        for cell, amount in model.items()
        if cell[:2] in pairs and whole[cell[:2]]
    }
    missing = {pair: amount for pair, amount in pairs.items() if not whole.get(pair)}
    return {**found, **{(*pair, 0): amount for pair, amount in missing.items()}}


def _period(case: Case, row: Mapping[Any, Any]) -> int:
    """The period of the horizon that a row's day lies in, the first or last for days outside of it; 0 for rows without a day."""
    if not row["period"]:
        return 0
    number = sum(start <= date.fromisoformat(str(row["period"])) for start in case.periods.starts)
    return min(max(number, 1), case.periods.count)


def _converted(name: str, case: Case, row: Mapping[Any, Any]) -> float:
    """A bill in the case's currency, at the exchange rate of its day."""
    currency, amount = str(row["currency"]), float(row["spend"])
    if currency in ("", case.currency):
        return amount
    rates = exchange_rates(case)
    if currency not in rates:
        fix = f"write `exchange: {{{currency}: … {case.currency}}}` in the case"
        raise CaseError([Problem(f"{name} has bills in {currency}", Place(name), fix)])
    return amount * float(rates[currency][max(_period(case, row), 1) - 1])


def _idle(case: Case, rows: pd.DataFrame, plan: Plan) -> Mapping[Cell, float]:
    """Hours that were paid and not worked, by period, at the hourly price of the invoice; of vendors paid by the hour whose
    timesheets are there, shared out among their products by what these cost."""
    price: dict[str, list[float]] = {}
    for vendor, unit, clause, amount in zip(
        *(plan.invoice[key].tolist() for key in ("vendor", "unit", "clause", "unit_price")), strict=True
    ):
        if unit == "hour" and clause == "items":
            price.setdefault(vendor, []).append(amount)
    found: dict[Cell, float] = {}
    for vendor in sorted(price):
        own = rows[rows["vendor"] == vendor]
        if float(own["hours_paid"].sum()) <= 0.0:
            continue
        costs: dict[str, float] = {}
        for (product, who, _), part in money(plan).items():
            if who == vendor:
                costs[product] = costs.get(product, 0.0) + part
        total, each = sum(costs.values()), sum(price[vendor]) / len(price[vendor])
        for row in own.to_dict("records"):
            idle = float(row["hours_paid"]) - float(row["hours_active"]) - float(row["review_hours"])
            for product, part in costs.items():
                cell = (product, vendor, _period(case, row))
                found[cell] = found.get(cell, 0.0) + idle * each * part / total
    return found
