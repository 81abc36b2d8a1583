"""Vendors against one another for one piece of work: totals of each alone, and whether another QA rate changes the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from allocate.answers import Answer
from allocate.api.solving import best_plan, formulate
from allocate.case.load import Case
from allocate.costing.quality.estimates import interval
from allocate.costing.quality.unstated import MARK, unstated
from allocate.finance.payees import CHECKING, LABELLING, VENDORS, by_payee
from allocate.plan import Plan
from allocate.reporting import charts
from allocate.reporting.document import Chart, Section
from allocate.reporting.material import Material, table
from allocate.reporting.wording import listed, unit_after
from allocate.tables.formats import money, percent, significant
from allocate.tables.frames import table_of

MOST = 6
"""Vendors that are compared one by one; more of them are a portfolio."""
RATES = (0.01, 0.02, 0.05, 0.1, 0.2)
"""Shares of items checked that are tried, the case's own beside them."""
ANYWAY = "paid to others anyway"
PARTS = ("to the vendor", "own checking", ANYWAY, "tools, platforms, others")
"""By whom the money goes to; the last ones are shown where there is any."""
ALWAYS = PARTS[:2]


@dataclass(frozen=True)
class Alone:
    """What one vendor would cost for all of the work."""

    vendor: str
    best: Plan | None
    """Its best plan; None where it cannot do the work."""

    @property
    def plan(self) -> Plan | None:
        """The best plan of this vendor alone; None where it cannot do the work, or it is best to leave it undone."""
        plan = self.best
        return plan if plan is not None and len(table_of(plan, "lines")) else None

    @property
    def total(self) -> float | None:
        """Money in all; None where the vendor alone does not do it."""
        return self.plan.spend if self.plan is not None else None


@dataclass(frozen=True)
class Comparison:
    """The vendors of a case, each alone, and the same at other QA rates."""

    alone: tuple[Alone, ...]
    """Cheapest first, those that cannot do it at the end."""
    workflow: str | None
    """The workflow whose share of checked items is moved; None where the plan checks no sample."""
    own_rate: float
    rates: tuple[tuple[float, tuple[float | None, ...]], ...]
    """Share of items checked, and the total of each vendor alone, in the order of `alone`."""


def is_comparison(case: Case) -> bool:
    """Whether a case asks which vendor makes one product for the least money."""
    return case.file.objective[0] == "cost" and len(case.products) == 1 and 2 <= len(case.vendors) <= MOST


def compared(answer: Answer) -> Comparison:
    """Every vendor alone, and at other QA rates, by planning each; the answer's plan makes something."""
    case = answer.case
    alone = sorted(_alone(case), key=lambda one: (one.total is None, one.total or 0.0, one.vendor))
    assert answer.plan is not None
    made = dict[str, float]()
    for name, items in table_of(answer.plan, "lines").rows("workflow", "items"):
        made[name] = made.get(name, 0.0) + items
    main = max(made, key=lambda name: made[name])
    review = case.workflows[main].review
    if review is None or review.share is None:
        return Comparison(tuple(alone), None, 0.0, ())
    own = float(review.share)
    order = [one.vendor for one in alone]
    rates = []
    for rate in sorted({*RATES, own}):
        totals = {one.vendor: one.total for one in (_alone(_checked(case, main, rate)) if rate != own else alone)}
        rates.append((rate, tuple(totals[vendor] for vendor in order)))
    return Comparison(tuple(alone), main, own, tuple(rates))


def _alone(case: Case) -> list[Alone]:
    found, built = [], formulate(case)
    ids, arrays = built.layout.ids, built.program.arrays()
    lower, upper = arrays.lower[ids], arrays.upper[ids]
    for position, vendor in enumerate(case.vendors):
        mine = built.layout.vendor == position
        built.program.set_column_bounds(ids, np.where(mine, lower, 0.0), np.where(mine, upper, 0.0))
        found.append(Alone(vendor, best_plan(built)))
    return found


def _checked(case: Case, workflow: str, share: float) -> Case:
    """The case with another share of checked items."""
    one = case.workflows[workflow]
    assert one.review is not None
    review = one.review.model_copy(update={"share": share})
    return replace(case, workflows={**case.workflows, workflow: one.model_copy(update={"review": review})})


def recommendation(m: Material, found: Comparison) -> tuple[str, tuple[str, ...]]:
    """Whom to take, in a sentence, and what stands behind it."""
    used = [row["vendor"] for row in m.vendors if row["items"] > 0]
    product = m.products[0]
    noun = m.answer.routes.items[0]
    what = f"{product['items']:,.0f} {unit_after(product['items'], noun, m.case)}"
    able = [one for one in found.alone if one.total is not None]
    if len(used) > 1 or not able:
        single = f"; {m.vendor[able[0].vendor]} alone would cost {money(able[0].total or 0.0)}" if able else ""
        return (
            f"Take {listed([m.vendor[name] for name in used])} together: {what} for {money(m.plan.spend)} {m.currency}{single}.",
            (),
        )
    first = able[0]
    headline = f"Take {m.vendor[first.vendor]}: {what} for {money(first.total or 0.0)} {m.currency}"
    if len(able) == 1:
        return f"{headline}; no other vendor can do it alone.", ()
    second = able[1]
    more = (second.total or 0.0) - (first.total or 0.0)
    part = more / (second.total or 1.0)
    said = f"{headline}, {money(more)} {m.currency} ({percent(part, 0)}) less than with {m.vendor[second.vendor]}."
    return said, tuple(_accurate(m, able))


def _accurate(m: Material, able: Sequence[Alone]) -> list[str]:
    """Whether counting only items that are right turns the order round."""
    costs = {one.vendor: _per_accurate(one) for one in able}
    best, noun = min(costs, key=lambda name: costs[name]), m.answer.routes.items[0]
    figures = listed(
        [f"{significant(costs[one.vendor])} {m.currency} with {m.vendor[one.vendor]}" for one in able], MOST
    )
    if best == able[0].vendor:
        return [f"The same holds per {noun} that is right: {figures}."]
    return [f"Counting only what is right, {m.vendor[best]} is cheaper: {figures} per accurate {noun}."]


def _per_accurate(one: Alone) -> float:
    """Everything spent, fees included, per item that is right."""
    assert one.plan is not None
    row = table_of(one.plan, "products").records()[0]
    return one.plan.spend / float(row["items"] * row["accuracy"])


def _paid(case: Case, vendor: str, plan: Plan) -> dict[str, float]:
    """The money of a plan by whom it goes to, seen from the vendor that does the work."""
    found = dict.fromkeys(PARTS, 0.0)
    for kind, to, amount in by_payee(case, plan).rows("kind", "paid_to", "amount"):
        if kind in (VENDORS, LABELLING):
            found[PARTS[0] if to == vendor else ANYWAY] += amount
        else:
            found[PARTS[1] if kind == CHECKING else PARTS[3]] += amount
    return found


def totals(m: Material, found: Comparison) -> Section:
    """Both (or all) totals side by side."""
    paid = {one.vendor: _paid(m.case, one.vendor, one.plan) for one in found.alone if one.plan is not None}
    parts = [name for name in PARTS if name in ALWAYS or any(each[name] for each in paid.values())]
    header = ["vendor", "total", *parts, "accuracy", "per item", "per accurate item", "delivered by"]
    rows = [
        [m.vendor[one.vendor], "not alone", *["–"] * (len(header) - 2)]
        if one.plan is None
        else _row(m, one.vendor, one.plan, [paid[one.vendor][name] for name in parts])
        for one in found.alone
    ]
    drawn = [
        {"name": m.vendor[one.vendor], "amount": one.total, "text": money(one.total), "good": one is found.alone[0]}
        for one in found.alone
        if one.total is not None
    ]
    figures = table("vendors", header, rows, shown=len(rows))
    chart = Chart(
        charts.bars(drawn, [str(one["name"]) for one in drawn], m.currency, width=charts.WIDE),
        "Bars of the total of each vendor alone: " + listed([f"{one['name']} {one['text']}" for one in drawn], MOST) + ".",
        figures,
        is_wide=True,
    ) if drawn else None  # fmt: skip
    said = tuple(_said(m, found, ANYWAY in parts))
    return Section("The offers side by side", said, chart, (figures,), is_wide=True)


def _row(m: Material, vendor: str, plan: Plan, paid: Sequence[float]) -> list[str]:
    row = table_of(plan, "products").records()[0]
    accuracy = percent(float(row["accuracy"]), 2)
    each = plan.spend / float(row["items"])
    right = plan.spend / float(row["items"] * row["accuracy"])
    delivered = f"{m.unit} {int(table_of(plan, 'lines')['delivered'].max())}"
    shown = MARK + accuracy if _rests(m.case, plan) else accuracy
    ends = [shown, significant(each), significant(right), delivered]
    return [m.vendor[vendor], money(plan.spend), *map(money, paid), *ends]


def _rests(case: Case, plan: Plan) -> bool:
    """Whether a plan's accuracy is one that is not stated."""
    return any(pair in unstated(case) for pair in table_of(plan, "lines").rows("product", "vendor"))


def _said(m: Material, found: Comparison, others: bool) -> Iterator[str]:
    """How the table is to be read; others: whether somebody is paid whoever does the work."""
    yield f"Each vendor for all of the work alone, own checking included, in {m.currency}."
    for one in found.alone:
        if one.plan is None:
            unable = one.best is None
            why = "cannot do it alone within the limits of the case" if unable else "alone would make nothing"
            yield f"{m.vendor[one.vendor]} {why}."
    if any(one.plan is not None and _rests(m.case, one.plan) for one in found.alone):
        yield f"An accuracy with {MARK} is not stated: it is the cost model's."
    if others:
        yield f"{ANYWAY.capitalize()}: what the case's other vendors and teams are owed, whoever does the work."
    if found.workflow is None:
        yield "The plan checks no sample of the items, so there is no QA rate that could change the answer."


def qa_rate(m: Material, found: Comparison) -> Section | None:
    """Totals of each vendor when another share of the items is checked; None where the plan checks no sample."""
    title = "Would another QA rate change the answer?"
    if found.workflow is None:
        return None
    names = [m.vendor[one.vendor] for one in found.alone]
    elsewhere: dict[str, list[str]] = {}
    for rate, each in found.rates:
        elsewhere.setdefault(_winner(each, names) or "nobody", []).append(percent(rate, 0))
    first, last = (percent(found.rates[place][0], 0) for place in (0, -1))
    now = _winner(next(each for rate, each in found.rates if rate == found.own_rate), names) or "nobody"
    others = [f"{name} at {listed(rates, 9)}" for name, rates in elsewhere.items() if name != now]
    answer = (
        f"Yes: cheapest alone is {listed(others)}, {now} at {listed(elsewhere[now], 9)}."
        if others
        else f"No: {now} stays cheapest whether {first} or {last} is checked."
    )
    rows = [
        [f"{percent(rate, 0)}{' (now)' if rate == found.own_rate else ''}", *("no plan" if t is None else money(t) for t in each), _winner(each, names) or "–", _left_open(found, rate)]
        for rate, each in found.rates
    ]  # fmt: skip
    done = table(
        "rates", ["share checked", *names, "cheapest", "accuracy known within (95% confidence)"], rows, shown=len(rows)
    )
    done = replace(done, numeric=(True, *(True for _ in names), False, True))
    drawn = [
        {"at": 100 * rate, "amount": total, "series": name}
        for rate, each in found.rates
        for name, total in zip(names, each, strict=True)
        if total is not None
    ]
    chart = Chart(
        charts.lines(
            drawn,
            [name for name in names if any(one["series"] == name for one in drawn)],
            f"share of items checked in {m.workflow[found.workflow]} (%)",
            m.currency,
        ),
        f"Lines of each vendor's total against the share of items checked. {answer}",
        done,
    )
    return Section(title, (answer,), chart, (done,), is_wide=True)


def _left_open(found: Comparison, rate: float) -> str:
    """How far the accuracy of the cheapest offer may lie from what a sample of its items shows, with 95% confidence."""
    plan = next((one.plan for one in found.alone if one.plan is not None), None)
    lines = [] if plan is None else list(table_of(plan, "lines").rows("items", "accuracy"))
    items = sum(many for many, _ in lines)
    if not rate * items >= 1.0:
        return "–"
    low, high = interval(sum(many * right for many, right in lines) / items, rate * items)
    return f"± {100.0 * float(high - low) / 2.0:.1f} points"


def _winner(totals_: Sequence[float | None], names: Sequence[str]) -> str | None:
    known = [(total, name) for total, name in zip(totals_, names, strict=True) if total is not None]
    return min(known)[1] if known else None
