"""The plan: quantities and money as tidy tables, free of any solver."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from allocate.case.load import Case
from allocate.case.names import OF_CAPACITY
from allocate.costing.bill.entries import Entry, Invoice
from allocate.costing.bill.lines import Lines
from allocate.costing.clauses import OF_NO_LINE
from allocate.costing.clauses.payment import OWN, named_positions, payments
from allocate.costing.invoice import invoice
from allocate.costing.limits.amounts import work_in_progress
from allocate.costing.limits.budget import hurdle
from allocate.costing.shared import LeversUsed, levers_used, shared
from allocate.costing.soft_limits.missed import missed_limits
from allocate.costing.soft_limits.rules import Broken, broken_rules
from allocate.costing.supply.staff_table import staff_table
from allocate.costing.supply.teams import Staff, teams
from allocate.costing.table import JOIN, Routes
from allocate.costing.terms.contracts import terms
from allocate.costing.terms.discounting import yearly_rate
from allocate.costing.terms.levers import kept
from allocate.costing.value.ranges import ValueRange, together, value_ranges
from allocate.costing.value.transfers import with_transfers
from allocate.costing.value.values import ProductValue
from allocate.costing.work.stages import STAGES
from allocate.numbers import Floats, least_items
from allocate.tables import views
from allocate.tables.column import Grid, chosen, grid, names
from allocate.tables.formats import money
from allocate.tables.frames import dated, gives_copies, table_of, tagged, unmade
from allocate.tables.plan import MIX, PIPELINE
from allocate.tables.shown import Shown
from allocate.tables.table import Table
from allocate.tolerances import LINE_NOISE, LOT_WHOLE

if TYPE_CHECKING:
    import pandas as pd


DIGITS = 12
"""Items are kept to twelve significant digits; money follows from the kept figure."""


@dataclass(frozen=True)
class Present:
    """A plan's money at the start of the horizon."""

    rate: float
    """Share per year by which money loses in worth."""
    spend: float
    """Each payment when it leaves."""
    value: float
    """Each product's when its time for deliveries ends."""
    escaped_error_cost: float
    """When the items are worked on."""


@gives_copies
@dataclass(frozen=True, repr=False, eq=False)
class Plan(Shown):
    """Who makes what, how, and when, with its money; every figure follows from `lines`."""

    currency: str
    lines: pd.DataFrame = field(repr=False)
    """One row per product, vendor, workflow and period with work in it; columns are explained by `LINES`."""
    products: pd.DataFrame = field(repr=False)
    """Totals by product, in the case's order, products without work included."""
    vendors: pd.DataFrame = field(repr=False)
    """Totals by vendor, in the case's order, vendors without work included; fees less rebates and volume discounts, which
    belong to no line, in `fees`, money of in-house teams that belongs to none in `overhead`."""
    invoice: pd.DataFrame = field(repr=False)
    """What is owed to whom for what, by billing window; adds up to the spend."""
    entries: tuple[Entry, ...] = field(repr=False)
    """The same, entry by entry, with the period each is paid in."""
    levers: pd.DataFrame = field(repr=False)
    """Levers bought: when they start and what they cost."""
    staff: pd.DataFrame = field(repr=False)
    """Each in-house team by period: people, who starts and who leaves, hours, money; see `staff_table`."""
    pipeline: pd.DataFrame = field(repr=False)
    """Items begun and not delivered at the end of each period, by product and stage; only in cases whose workflows have
    leads by stage, or that limit work in progress. See `PIPELINE`."""
    broken: pd.DataFrame = field(repr=False)
    """Limits missed and rules broken for a penalty: by how much, and the money that weighs on the objective, not spent unless
    it is `paid`; then it stands in the invoice too."""
    spend: float
    value: float
    """Value by the curves themselves."""
    value_error: float
    """Most money by which the straight pieces the program saw understate the value."""
    escaped_error_cost: float
    hurdle: float
    value_range: ValueRange | None = None
    """The value by the low and high learning curves, with the plan held; None where no product has a value."""
    present: Present | None = None
    """The same money at the start of the horizon, as goals count it; None where the case does not discount."""

    @property
    def mix(self) -> pd.DataFrame:
        """Who makes what, and how: the lines with their periods added together; `first` and `last` are days."""
        return views.mix(self.lines)

    def spend_by(self, *keys: str) -> pd.DataFrame:
        """What is owed by `vendor`, `clause`, `window` or several of these; it adds up to the spend."""
        return views.spend_by(self.invoice, *keys)

    def by_period(self, *keys: str) -> pd.DataFrame:
        """Items, hours and spend of lines by period, and by `product`, `vendor` or `workflow` where these are named."""
        return views.by_period(self.lines, *keys)

    def facts(self) -> dict[str, str]:
        """Its money."""
        figures = {"spend": self.spend, "value": self.value, "net value": self.net_value}
        return {
            name: f"{money(figure)} {self.currency}" for name, figure in figures.items() if figure or name == "spend"
        }

    def grids(self) -> tuple[Grid, ...]:
        """Who makes what."""
        columns = chosen(MIX, *self.mix.columns)
        return (grid(f"Who makes what ({self.currency})", columns, self.mix),)

    @property
    def penalty(self) -> float:
        """Penalties of limits missed and rules broken that are not spent."""
        broken = table_of(self, "broken")
        return float(broken["money"][~broken["paid"].astype(bool)].sum())

    @property
    def net_value(self) -> float:
        """Value less the hurdle's charge for the spend less escaped errors less penalties."""
        return self.value - self.hurdle * self.spend - self.escaped_error_cost - self.penalty

    def amount(self, objective: str) -> float:
        """What the plan reaches of an objective (net-value, value or cost), penalties counted."""
        spend, value, net = self.spend, self.value, self.net_value
        if self.present is not None:
            spend, value = self.present.spend, self.present.value
            net = value - self.hurdle * spend - self.present.escaped_error_cost - self.penalty
        return {"net-value": net, "value": value - self.penalty, "cost": spend + self.penalty}[objective]


def make_plan(values: Mapping[int, ProductValue], lines: Lines) -> Plan:
    """A plan from items by route and period, without the solver's rounding noise; see `plan_of`."""
    return plan_of(values, kept_lines(lines))


def routes_of(plan: Plan, ways: Routes) -> Sequence[int]:
    """Number of the route of each of the plan's lines."""
    past = np.zeros(ways.count, bool) if ways.past is None else ways.past
    known = {
        (ways.products[p], ways.vendors[v], ways.workflows[w], ways.levers_of(number), bool(past[number])): number
        for number, (p, v, w) in enumerate(zip(ways.product, ways.vendor, ways.workflow, strict=True))
    }
    # What is done stands on routes of its own, up to the last period of it.
    last = -1 if ways.done is None else int(ways.done.period.max(initial=-1))
    names, lines = {one.name for one in ways.levers}, table_of(plan, "lines")
    levers = lines["levers"].tolist() if "levers" in lines else [""] * len(lines)
    found = []
    for (*key, period), worked_with in zip(lines.rows("product", "vendor", "workflow", "period"), levers, strict=True):
        some = [name for name in str(worked_with).split(JOIN) if name in names]
        found.append(known[*key, JOIN.join(some), int(period) - 1 <= last])
    return found


def kept_lines(lines: Lines) -> Lines:
    """The lines with something in them, in order, without the solver's rounding noise."""
    some, routes = np.flatnonzero(lines.items), lines.routes
    lines = replace(lines, route=lines.route[some], period=lines.period[some], items=significant(lines.items[some]))
    exact = _whole_lots(lines)
    totals = np.bincount(lines.product, np.maximum(exact, 0.0), minlength=len(routes.products))
    chosen = np.flatnonzero(exact > np.maximum(LINE_NOISE * totals, least_items(float(totals.sum())))[lines.product])
    order = chosen[np.lexsort((lines.period[chosen], lines.route[chosen]))]
    return replace(lines, route=lines.route[order], period=lines.period[order], items=exact[order])


def plan_of(values: Mapping[int, ProductValue], lines: Lines) -> Plan:
    """A plan from its lines as they are; levers that nothing is worked with, and that no other needs, are left out."""
    levers = levers_used(lines)
    used = {number for both in levers for some in both for number in some}
    lines = replace(lines, bought=kept(lines.routes.levers, lines.bought, used), staff=lines.staffing)
    case, owed = lines.case, invoice(lines)
    apart, tags = shared(lines, owed, levers), case.tags
    made = _line_table(lines, levers, owed.line_spend, apart.each)
    products = _product_table(case, values, made, apart.of_products)
    staff = staff_table(case, lines.staffing, lines.vendor_hours)
    return Plan(
        currency=case.currency,
        lines=unmade(tagged(tagged(dated(made, case.periods.starts), "product", tags[0]), "vendor", tags[1])),
        products=unmade(tagged(products, "product", tags[0])),
        vendors=unmade(tagged(_vendor_table(case, owed, made), "vendor", tags[1])),
        invoice=unmade(owed.table),
        entries=apart.entries,
        levers=unmade(dated(_lever_table(lines.routes, lines.bought), case.periods.starts, "from")),
        staff=unmade(dated(staff, case.periods.starts)),
        pipeline=unmade(dated(_pipeline_table(lines), case.periods.starts)),
        broken=unmade(_broken_table([*missed_limits(lines), *broken_rules(lines, owed)])),
        spend=owed.total,
        value=float(products["value"].sum()),
        value_error=float(sum(value.error for value in values.values())),
        escaped_error_cost=float(made["error_cost"].sum()),
        hurdle=hurdle(case),
        value_range=_value_range(values, products),
        present=_present(case, owed, made, products),
    )


def _pipeline_table(lines: Lines) -> Table:
    """Items begun and not delivered as a tidy table, a row wherever there are more than sums leave; see `PIPELINE`."""
    rows: list[tuple[str, str, int, float]] = []
    products = lines.routes.products
    if lines.routes.stages is not None or np.isfinite(work_in_progress(lines.case)).any():
        least = LINE_NOISE * np.maximum(1.0, np.bincount(lines.product, lines.items, minlength=len(products)))
        rows = [
            (products[p], STAGES[stage], t + 1, float(lines.pipeline[p, stage, t]))
            for p, stage, t in np.argwhere(lines.pipeline > least[:, None, None]).tolist()
        ]
    return Table.from_rows(names(PIPELINE), rows)


def _lever_table(routes: Routes, bought: Collection[int]) -> Table:
    """Levers bought as a tidy table; the period counted from 1."""
    rows = [
        [lever.name, lever.first + 1, lever.once, float(lever.running.sum()), float(lever.paid.sum())]
        for lever in routes.levers
        if lever.number in bought
    ]
    return Table.from_rows(["lever", "from", "once", "running", "cost"], rows)


def _whole_lots(lines: Lines) -> Floats:
    """Items, those of pairs that are ordered in lots put right by the solver's rounding of their sum."""
    lots, items = np.array([contract.order_multiple for contract in terms(lines.case)]), lines.items
    if not lots.any():
        return items
    corrected = items.copy()
    pair = lines.product.astype(np.int64) * len(lines.routes.vendors) + lines.vendor
    for number in np.unique(pair):
        lot, inside = lots[number % len(lines.routes.vendors)], np.flatnonzero(pair == number)
        total = float(items[inside].sum())
        if lot > 0 and total > 0:
            whole = round(total / lot) * lot
            if abs(whole - total) <= LOT_WHOLE * max(1.0, total):
                most = inside[np.argmax(items[inside])]
                corrected[most] = significant(items[most] + whole - total)
    return corrected


def significant(amounts: Floats, digits: int = DIGITS) -> Floats:
    """Amounts rounded to so many significant digits, any shape."""
    size = np.floor(np.log10(np.maximum(np.abs(amounts), 1e-200)))
    scale = 10.0 ** (digits - 1 - size)
    rounded: Floats = np.where(np.abs(amounts) < 1e-200, 0.0, np.round(amounts * scale) / scale)
    return rounded


def _line_table(lines: Lines, levers: LeversUsed, spend: Floats, apart: Floats) -> Table:
    """Lines of a plan with every derived amount, periods counted from 1; spend: what the invoice asks for each line.

    apart: what each bears of the money that belongs to no line.
    """
    routes, route, items = lines.routes, lines.route, lines.items
    return Table(
        {
            "product": [routes.products[p] for p in lines.product],
            "vendor": [routes.vendors[v] for v in lines.vendor],
            "workflow": [routes.workflows[w] for w in routes.workflow[route]],
            **_levers_column(lines, levers),
            "period": lines.period.astype(np.int64) + 1,
            "delivered": lines.period.astype(np.int64) + 1 + routes.lead[route],
            "items": items,
            "hours": lines.hours,
            "review_hours": items * routes.review_hours[route],
            "equivalent_units": items * routes.equivalent_units[route],
            "spend": spend,
            "shared": apart,
            "cost": spend + apart,
            "accuracy": routes.accuracy[route],
            "effective_labels": items * routes.effective[route],
            "error_cost": items * routes.error_cost[route, lines.period],
        }
    )


def _levers_column(lines: Lines, levers: LeversUsed) -> dict[str, list[str]]:
    """Names of the levers each line is worked with; no column where the case has none."""
    names = [lever.name for lever in lines.routes.levers]
    if not names:
        return {}
    return {
        "levers": [
            JOIN.join([*(names[n] for n in own), *(names[n] + OF_CAPACITY for n in raising)]) for own, raising in levers
        ]
    }


def _broken_table(broken: Iterable[Broken]) -> Table:
    """Limits missed and rules broken for a penalty as a tidy table."""
    columns = [one.name for one in fields(Broken)]
    return Table.from_rows(columns, [[getattr(one, name) for name in columns] for one in broken])


def _vendor_table(case: Case, owed: Invoice, lines: Table) -> Table:
    """Totals by vendor, with the money of each that belongs to no line."""
    fees = dict.fromkeys(case.vendors, 0.0)
    for entry in owed.entries:
        if entry.clause in OF_NO_LINE and entry.vendor:  # the cost of switching may be nobody's
            fees[entry.vendor] += entry.amount
    return _totals(lines, "vendor", list(case.vendors)).with_columns(
        fees=list(fees.values()), overhead=[owed.overhead[name] for name in case.vendors]
    )


def _value_range(values: Mapping[int, ProductValue], products: Table) -> ValueRange | None:
    """What the plan's labels are worth by the low and the high curves; None where no product has a value."""
    if not values:
        return None
    labels = products["effective_labels"]
    return together(value_ranges(values, {product: float(labels[product]) for product in values}))


def _present(case: Case, owed: Invoice, lines: Table, products: Table) -> Present | None:
    """The plan's money at the start of the horizon; None where the case does not discount."""
    rate = yearly_rate(case)
    if rate is None:
        return None
    when, position = payments(case), named_positions(case)
    errors = lines["error_cost"] * when.factor[OWN, lines["period"] - 1]
    return Present(
        rate=rate,
        spend=float(sum(when.worth(entry, position[entry.vendor]) for entry in owed.entries)),
        value=float((products["value"] * when.value_factor).sum()),
        escaped_error_cost=float(errors.sum()),
    )


_SUMS = [
    "items", "hours", "review_hours", "equivalent_units", "spend", "shared", "cost", "effective_labels", "error_cost",
]  # fmt: skip


def _totals(lines: Table, by: str, names: list[str], apart: Floats | None = None) -> Table:
    """Sums and ratios by product or vendor; apart: money of those of which nothing is made."""
    position = {name: number for number, name in enumerate(names)}
    keys = [position[name] for name in lines[by].tolist()]
    sums = {name: _summed(lines[name], keys, len(names)) for name in _SUMS}
    if apart is not None:
        sums |= {name: sums[name] + apart for name in ("shared", "cost")}
    items, cost, right = sums["items"], sums["cost"], _summed(lines["items"] * lines["accuracy"], keys, len(names))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = {
            "accuracy": np.where(items > 0, right / items, np.nan),
            "cost_per_accurate_item": np.where(right > 0, cost / right, np.nan),
            "cost_per_eu": np.where(sums["equivalent_units"] > 0, cost / sums["equivalent_units"], np.nan),
        }
    return Table({by: names, **sums, **ratios})


def _summed(amounts: Floats, keys: list[int], count: int) -> Floats:
    """Amounts added up by key, each rounding error carried on to the next (Kahan), shape (count,)."""
    sums, errors = [0.0] * count, [0.0] * count
    for key, amount in zip(keys, amounts.tolist(), strict=True):
        more = amount - errors[key]
        total = sums[key] + more
        errors[key] = (total - sums[key]) - more
        sums[key] = total
    return np.array(sums)


def _product_table(case: Case, values: Mapping[int, ProductValue], lines: Table, apart: Floats) -> Table:
    table = _totals(lines, "product", list(case.products), apart)
    labels = with_transfers(case, table["effective_labels"])
    money = np.zeros(len(table))
    before, after = np.full(len(table), np.nan), np.full(len(table), np.nan)
    for position, item in values.items():
        money[position] = item.money(labels[position])
        if item.per_item:
            continue
        before[position] = float(item.curve.score(item.existing))
        after[position] = float(item.curve.score(item.existing + labels[position]))
    return table.with_columns(effective_labels=labels, value=money, score_before=before, score_after=after)


def staff_of(case: Case, plan: Plan) -> Staff | None:
    """What a plan decides about in-house teams; None for a case without any."""
    found, staff = teams(case), table_of(plan, "staff")
    if not found or not len(staff):
        return None
    names, of = list(case.vendors), staff["team"]
    columns = [
        np.array([staff[column][of == names[one.vendor]].astype(np.float64) for one in found])
        for column in ("hired", "released", "overtime")
    ]
    return Staff(*(column.reshape(len(found), case.periods.count) for column in columns))
