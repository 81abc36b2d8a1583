"""The two ends of a bridge: a plan, or what was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from allocate.actuals.calibration import calibrate
from allocate.actuals.overlay import PRODUCTIVITY, measured_apart
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
from allocate.costing.terms.rate_card import everybody
from allocate.costing.work.products import item_of
from allocate.errors import CaseError, Place, Problem, readable
from allocate.finance.payees import VENDORS, by_product
from allocate.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

Way = tuple[str, str, str]
"""Product, vendor and workflow."""
WorkedWith = Callable[[tuple[PlanLine, ...]], tuple[PlanLine, ...]]
Right = Mapping[tuple[str, ...], str] | None
"""Accuracies by product and vendor."""
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


def of_actuals(
    name: str, case: Case, actuals: Actuals, planned: End, *, apart: bool = True, worked_with: WorkedWith | None = None
) -> End:
    """What was done: the items recorded, at the pace, accuracy and drivers measured, billed as the invoices say.

    planned: says how a vendor makes a product where the records do not. apart: whether a case without a rate card gets one, so
    that each product has the pace it was made at; else a vendor has one for all of them. worked_with: names the levers of lines.

    Raises CaseError where records lie outside of the case's horizon, or no way of making them is known.
    """
    table = actuals.periods
    _refuse_foreign(name, case, table[table["items"] > 0.0])
    known = table[table["product"].isin(list(case.products)) & table["vendor"].isin(list(case.vendors))]
    lines = _lines(name, case, known[known["items"] > 0.0], planned)
    if not lines:
        fix = "map the exports to products and vendors of the case"
        raise CaseError.of(f"{name} holds no items of this case", Place(name), fix)
    lines = lines if worked_with is None else worked_with(lines)
    figures = calibrate(case, actuals).figures
    measured = {
        one.path: _value(one.estimate.value, one.unit)
        for one in figures
        if one.written and one.path and (one.figure.startswith("accuracy") or ".drivers." in one.path)
    }
    right: dict[tuple[str, ...], str] = {
        of[:2]: _value(own["accuracy"].estimate.value, "%")
        for of, own in measured_apart(figures).items()
        if "accuracy" in own
    }
    done = revised(case, measured) if measured else case
    done = _at_the_hours_worked(done, lines, _worked(case, planned, known), right if apart or right else None)
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
                Problem(message, Place(name), f"add the {column} to the case, or map it to one it has and import again")
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


def _worked(case: Case, planned: End, rows: pd.DataFrame) -> dict[Way, float]:
    """Hours recorded by product, vendor and workflow, as lines of a plan name it."""
    found: dict[Way, float] = {}
    for product, vendor, named, hours in zip(
        *(rows[key].tolist() for key in ("product", "vendor", "workflow", "hours_active")), strict=True
    ):
        workflow = str(named).split(JOIN)[0] or _usual(case, planned, str(product), str(vendor))
        found[str(product), str(vendor), workflow] = found.get((str(product), str(vendor), workflow), 0.0) + float(
            hours
        )
    return found


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


def _at_the_hours_worked(case: Case, lines: tuple[PlanLine, ...], worked: Mapping[Way, float], right: Right) -> Case:
    """The case with the pace of every line of the rate card that gives the hours really worked; those without times stay as they are.

    worked: hours by product, vendor and workflow. right: accuracies of the rate card that a case without one gets; None: it gets none,
    and vendors one productivity each.
    """
    if not case.file.rates:
        return _at_the_productivity(case, lines, worked, right)
    paths = {way: path for way, hours in worked.items() if hours > 0.0 and (path := _pace_of(case, *way))}
    unit = {path: f"{item_of(case, case.products[way[0]])}/h" for way, path in paths.items()}
    if not paths:
        return case
    asked = _asked_hours(revised(case, {path: f"{TRIED} {one}" for path, one in unit.items()}), lines)
    hours, recorded = (
        {path: sum(of.get(way, 0.0) for way, at in paths.items() if at == path) for path in unit} for of in (asked, worked)
    )  # fmt: skip
    tried = float(TRIED.replace("_", ""))
    pace = {path: f"{tried * hours[path] / recorded[path]:.9f} {unit[path]}" for path in unit if hours[path]}
    return revised(case, pace)


def _at_the_productivity(case: Case, lines: tuple[PlanLine, ...], worked: Mapping[Way, float], right: Right) -> Case:
    """The same without a rate card: with the productivity of every vendor, or of each of its products, that gives the hours worked."""

    def of(way: Way) -> tuple[str, ...]:
        return way[:2] if right is not None else way[1:2]

    recorded: dict[tuple[str, ...], float] = {}
    for way, hours in worked.items():
        recorded[of(way)] = recorded.get(of(way), 0.0) + hours

    def with_productivity(figures: Mapping[tuple[str, ...], str]) -> Case:
        if right is None:
            return revised(case, {dotted("vendors", *name, "productivity"): text for name, text in figures.items()})
        columns = {PRODUCTIVITY: figures, "accuracy": right}
        card = [
            {"product": rate.product, "vendor": rate.vendor}
            | {key: of[rate.product, rate.vendor] for key, of in columns.items() if (rate.product, rate.vendor) in of}
            for rate in everybody(case)
        ]
        return revised(case, {"rates": card})

    known = {name: hours for name, hours in recorded.items() if hours > 0.0}
    asked: dict[tuple[str, ...], float] = {}
    for way, hours in _asked_hours(with_productivity(dict.fromkeys(known, "100%")), lines).items():
        asked[of(way)] = asked.get(of(way), 0.0) + hours
    found = {name: f"{asked[name] / hours:.12f}" for name, hours in known.items() if asked.get(name)}
    return with_productivity(found) if found or right else case


def _asked_hours(case: Case, lines: tuple[PlanLine, ...]) -> dict[Way, float]:
    """Hours the case asks for lines, by product, vendor and workflow."""
    found: dict[Way, float] = {}
    columns = (price_lines(case, lines).lines[key].tolist() for key in ("product", "vendor", "workflow", "hours"))
    for product, vendor, workflow, hours in zip(*columns, strict=True):
        found[product, vendor, workflow] = found.get((product, vendor, workflow), 0.0) + hours
    return found


def _pace_of(case: Case, product: str, vendor: str, workflow: str) -> str:
    """Where the rate card has the pace of a way of making things: a line for the workflow, else the general one; else nothing."""
    own = {rate.workflow for _, rate in case.rate_card.of_pair(product, vendor)}
    if workflow in own:
        return dotted("rates", product, vendor, workflow, "pace")
    return dotted("rates", product, vendor, "pace") if None in own else ""


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
        raise CaseError.of(f"{name} has bills in {currency}", Place(name), fix)
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
