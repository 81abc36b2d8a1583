"""What stands on the four pages as soon as there is a plan: sections as the report has them, and some of their own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from allocate.answers import Answer
from allocate.costing.value.values import product_values
from allocate.dashboard.tiles import Figure, Standing, figures, standing
from allocate.errors import CaseError, readable
from allocate.reporting.compose import gates_of, headline, proof
from allocate.reporting.document import Section
from allocate.reporting.material import Material, table
from allocate.reporting.sections import advice, decided, money, work
from allocate.reporting.sections.outlook import priced, unit_of
from allocate.reporting.wording import LABEL
from allocate.tables.formats import NOTHING, changes, count, percent, significant, spans
from allocate.tables.formats import money as amount
from allocate.tables.frames import table_of

SPARK_WIDTH, SPARK_HEIGHT, SPARK_POINTS = 90, 26, 24
"""Size in pixels of the small picture of a value curve, and the points it is drawn through."""


@dataclass(frozen=True)
class Spark:
    """A value curve in small: a line through points of the picture, and where the plan stands on it."""

    line: str
    at: tuple[float, float]
    words: str


@dataclass(frozen=True)
class Economics:
    """One product's row of unit economics."""

    name: str
    """As it can be shown."""
    product: str
    """As the case has it."""
    cells: tuple[str, ...]
    spark: Spark | None


@dataclass(frozen=True)
class Pages:
    """All that is shown of a plan at once; what takes longer comes afterwards."""

    title: str
    headline: str
    sentences: tuple[str, ...]
    figures: tuple[Figure, ...]
    now: tuple[Section, ...]
    economics_head: tuple[str, ...]
    economics: tuple[Economics, ...]
    vendors: tuple[Section, ...]
    mix: tuple[Section, ...]
    provenance: Section
    strip: str
    """The figures that matter in one line."""


def pages(answer: Answer, others: dict[str, Standing]) -> Pages:
    """The pages of an answer that has a plan; others: plans it is held against, by what they are called."""
    assert answer.plan is not None
    m = Material(answer, answer.plan, None)
    mine = standing(answer)
    assert mine is not None
    shown = figures(answer, mine, others, m.budget)
    mix = (
        money.spend(m), work.quality(m), work.load(m), decided.plan(m), decided.levers(m), decided.people(m),
        milestones(m), limits(m),
    )  # fmt: skip
    return Pages(
        title=readable(m.case.file.title or m.case.name, 160),
        headline=headline(m),
        sentences=(proof(m), *gates_of(m)),
        figures=shown,
        now=(replace(advice.risks(m), is_wide=True),),
        economics_head=_head(m),
        economics=tuple(_economics(m)),
        vendors=(money.vendors(m),),
        mix=tuple(one for one in mix if one is not None),
        provenance=advice.provenance(m),
        strip=_strip(m, shown),
    )


def _strip(m: Material, shown: tuple[Figure, ...]) -> str:
    """First objective and spend, with the difference to the case as it stands."""
    first = sorted(
        (one for one in shown if one.name in ("Spend", m.goal.capitalize())), key=lambda one: one.name == "Spend"
    )
    parts = []
    for one in first:
        change = f" ({one.differences[0].words})" if one.differences else ""
        parts.append(f"{one.name} {one.amount} {m.currency}{change}")
    return " · ".join(parts)


def _head(m: Material) -> tuple[str, ...]:
    value = (f"value ({m.currency})", "value per spend") if m.has_value else ()
    return ("product", "items", f"spend ({m.currency})", "accuracy", "per item", "per accurate item", "per EU", *value)


def _economics(m: Material) -> Iterator[Economics]:
    """Each product with what its items cost, largest spend first."""
    values = product_values(m.case, m.answer.routes)
    position = {name: number for number, name in enumerate(m.case.products)}
    for row in m.products:
        name, items = row["product"], row["items"]
        each = row["spend"] / items if items > 0 else None
        cells = [
            count(items), amount(row["spend"]), percent(row["accuracy"], 2), significant(each),
            significant(row["cost_per_accurate_item"]), significant(row["cost_per_eu"]),
        ]  # fmt: skip
        value = values.get(position[name])
        if m.has_value:
            per = row["value"] / row["spend"] if row["spend"] > 0 and value is not None else None
            cells += [amount(row["value"]) if value is not None else NOTHING, significant(per, 3)]
        yield Economics(m.product[name], name, tuple(cells), _spark(value, row["effective_labels"]))


def _spark(value: Any, labels: float) -> Spark | None:
    if value is None:
        return None
    most = 2.0 * labels if labels > 0 else max(float(value.existing), 1.0)
    at = [most * number / (SPARK_POINTS - 1) for number in range(SPARK_POINTS)]
    worth = [float(value.money(one)) for one in at]
    low, high = min(0.0, *worth), max(1e-9, *worth)

    def placed(one: float, money_: float) -> tuple[float, float]:
        across = 3 + (SPARK_WIDTH - 6) * one / most
        return round(across, 1), round(SPARK_HEIGHT - 3 - (SPARK_HEIGHT - 6) * (money_ - low) / (high - low), 1)

    line = " ".join(f"{x},{y}" for x, y in (placed(*pair) for pair in zip(at, worth, strict=True)))
    words = f"Value from 0 to {count(most)} labels; the plan is at {count(labels)} of them, worth {amount(float(value.money(labels)))}."
    return Spark(line, placed(labels, float(value.money(labels))), words)


def milestones(m: Material) -> Section | None:
    """Milestones and deadlines with what is there by then, and how long vendors take to deliver."""
    lines = table_of(m.plan, "lines")
    rows = []
    for name, product in m.case.products.items():
        mine = [
            (int(period), float(items))
            for made, period, items in lines.rows("product", "delivered", "items")
            if made == name
        ]
        for one in product.milestones:
            last = m.case.periods.last_before(one.by)
            there = sum(items for period, items in mine if period <= last)
            room = there - float(one.at_least.number)
            rows.append(
                [m.product[name], f"{m.unit} {last}", count(float(one.at_least.number)), count(there), count(room)]
            )
    used = dict.fromkeys(vendor for (vendor,) in lines.rows("vendor"))
    written = {name: m.case.vendors[name].lead for name in used}
    leads = [f"{m.vendor[name]} {readable(one.text, 20)}" for name, one in written.items() if one is not None]
    words = []
    if leads:
        words.append(
            f"Time from work to delivery: {'; '.join(leads)}; all others deliver in the {m.unit} they work in."
        )
    last = int(max(lines["delivered"])) if len(lines) else 0
    if last:
        words.append(
            f"The last work is delivered in {m.unit} {last}, by {m.case.periods.deliveries[last - 1].isoformat()}."
        )
    if not rows:
        return (
            Section("Milestones and lead times", (*words, "The case has no milestone."), is_wide=True)
            if words
            else None
        )
    header = ["product", "due", "items asked", "delivered by then", "more than asked"]
    return Section(
        "Milestones and lead times", tuple(words), tables=(table("milestones", header, rows, 2),), is_wide=True
    )


def limits(m: Material) -> Section:
    """Limits that bind, with what one more of each is worth, and who stands behind the rules."""
    rows = []
    rules = {one.name: one for one in m.case.file.rules}
    for name, checks, price in priced(m):
        quoted = name.split("'")
        rule = next((rules[part] for part in quoted[1::2] if part in rules), None)
        when = spans([one.period + 1 for one in checks if one.period is not None], m.unit, "–") or "whole horizon"
        first = checks[0]
        size = 100.0 if first.unit == "share" else 1.0
        rows.append([
            readable(name, 80), when, readable(rule.owner or "–", 40) if rule is not None else "–",
            readable(rule.reason or "–", 120) if rule is not None else "–",
            f"{'at least' if first.at_least else 'at most'} {significant(size * first.limit, 6)} {'points' if size > 1 else first.unit}",
            f"{changes([price], significant)} per {unit_of(first)}",
        ])  # fmt: skip
    title = "Limits that hold the plan back"
    if not rows:
        return Section(title, ("No limit that is reached would change the plan if it were moved.",), is_wide=True)
    words = f"What one more of each does to {m.goal}, in {m.currency}, as long as the same limits hold the plan; weightiest first."
    header = ["limit", "when", "owner", "reason", "limit is", f"with one more, {m.goal}"]
    done = table("limits", header, rows, 5, shown=12, order="weightiest first")
    return Section(title, (words,), tables=(done,), is_wide=True)


def routes_of(answer: Answer, product: str) -> tuple[Section, ...]:
    """A product's routes: those in the plan first, each with its unit economics and where they come from."""
    assert answer.plan is not None
    m = Material(answer, answer.plan, None)
    made: dict[tuple[str, str], float] = {}
    for name, vendor, workflow, items in table_of(answer.plan, "lines").rows("product", "vendor", "workflow", "items"):
        if name == product:
            made[str(vendor), str(workflow)] = made.get((str(vendor), str(workflow)), 0.0) + float(items)
    rows = [row for row in answer.routes.table.to_dict("records") if row["product"] == product]
    rows.sort(key=lambda row: (-made.get((row["vendor"], row["workflow"]), 0.0), row["unit_cost_per_accurate_item"]))
    cells = [
        [m.vendor[row["vendor"]], m.workflow[row["workflow"]], count(made.get((row["vendor"], row["workflow"]), 0.0)),
         significant(row["unit_cost"]), percent(row["accuracy"], 2), significant(row["unit_cost_per_accurate_item"]),
         significant(row["unit_cost_per_eu"])]
        for row in rows
    ]  # fmt: skip
    header = [
        "vendor",
        "workflow",
        "items planned",
        f"unit cost ({m.currency})",
        "accuracy",
        "per accurate item",
        "per EU",
    ]
    routes = table("routes", header, cells, 2, shown=len(cells))
    words = () if made else (f"The plan makes no item of {m.product[product]}.",)
    first = Section(f"Routes of {m.product[product]}", words, tables=(routes,), is_wide=True)
    return (first, *_origins(m, product, made))


def _origins(m: Material, product: str, made: Iterable[tuple[str, str]]) -> Iterator[Section]:
    """Where the figures of each route in the plan are written, and what they rest on."""
    from allocate.costing.trace import trace

    for vendor, workflow in made:
        try:
            known = trace(m.case, product, vendor, workflow)
        except CaseError:
            continue
        rows = [
            [one.what, readable(one.value, LABEL), readable(one.place, 60), readable(one.source, 300) or "–"]
            for one in known
        ]
        inputs = table("inputs", ["figure", "value", "written at", "source"], rows, 4, shown=len(rows))
        title = f"Where the figures of {m.vendor[vendor]}, {m.workflow[workflow]} come from"
        yield Section(title, tables=(inputs,), is_wide=True)
