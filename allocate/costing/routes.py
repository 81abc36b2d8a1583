"""Makes the table of routes of a case: one batch of arithmetic per workflow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case, CaseLike, as_case
from allocate.case.past import Past
from allocate.costing.clauses import (
    early_payment,
    lateness,
    platform_fee,
    pre_labelling,
    price,
    quality,
    review,
    tiers,
    volume_discount,
)
from allocate.costing.clauses.rebate import largest_rebate
from allocate.costing.quality import checking
from allocate.costing.readings import read_once
from allocate.costing.table import Made, Routes
from allocate.costing.terms import levers
from allocate.costing.terms.prices import in_case_currency, spread
from allocate.costing.terms.rate_card import RateLines, offered, rate_lines
from allocate.costing.terms.schedules import in_windows, schedules
from allocate.costing.value.label_counts import with_counts
from allocate.costing.work import effort, stages
from allocate.costing.work.billing import billing, parts_taken
from allocate.costing.work.learners import learners
from allocate.costing.work.products import item_of, reference_time, standard_times
from allocate.costing.work.workflows import classes_by_product, hours_once, work
from allocate.errors import CaseError
from allocate.numbers import Floats, Integers, placed


def routes(case: CaseLike) -> Routes:
    """Every route of a case with its unit economics; one batch of arithmetic per workflow.

    What is done already stands on routes of its own, with the figures of that time.
    Raises CaseError where a product is served with no workflow of its menu, or its figures make one impossible.
    """
    case = as_case(case)
    return _routes(case) if case.past is None else with_past(_routes(case), _then(case.past.case), case.past)


@read_once
def _then(case: Case) -> Routes:
    """The routes of a case as it was when work was done."""
    return _routes(case)


def _routes(case: Case) -> Routes:
    standard, card = standard_times(case), rate_lines(case)
    parts = [
        (name, combination, some)
        for name, lines in offered(case, card).items()
        if len(lines)
        for combination, some in levers.variants(case, name, lines)
    ]
    if not parts:
        fix = "let the plan buy one, or leave something open without them"
        raise CaseError.of("every route needs a lever that cannot be bought", case.place("levers"), fix)
    known, sets = levers.levers(case), levers.numbered([combination for _, combination, _ in parts])
    batches = [_batch(case, *part, standard) | _lever_columns(part, known, sets) for part in parts]
    columns = _in_order(case, {key: np.concatenate([batch[key] for batch in batches]) for key in batches[0]}, len(sets))
    columns |= _money(case, card.currencies, columns)
    columns |= _terms(case, columns)
    columns["billed"] = columns.pop("asked") * columns["billed"]
    columns["billed_in"] = columns.pop("currency")
    del columns["fee"], columns["weeks"]
    by_stage, in_parts = stages.taken(columns), parts_taken(case, columns)
    once = columns.pop("worked_once") if _learns(case) else None
    basis = np.array([{"h": "hour"}.get(noun, noun) for noun in card.nouns], dtype=object)[columns.pop("basis")]
    worked_out: dict[str, Any] = {n: one for n, one in columns.items() if not n.startswith(("stage_", "part_"))}
    table = Routes(
        products=tuple(case.products),
        vendors=tuple(case.vendors),
        workflows=tuple(case.workflows),
        items=tuple(item_of(case, product) for product in case.products.values()),
        currency=case.currency,
        currencies=card.currencies,
        basis=tuple(basis.tolist()),
        standard_time=standard,
        in_windows=in_windows(case),
        largest_rebate=largest_rebate(case),
        levers=known,
        combinations=tuple(sets),
        stages=by_stage,
        parts_of_prices=in_parts,
        learners=() if once is None else learners(case, columns["product"], columns["vendor"], once),
        **worked_out,
    )
    if not volume_discount.discounts(case):
        return table
    return replace(table, largest_rebate=table.largest_rebate + volume_discount.largest(case, table))


def traced(case: Case, table: Routes, chosen: Sequence[int]) -> Routes:
    """Some of the routes of a case, worked out again with its figures as cells: arrays of formulas, shape (len(chosen), ...).

    case: the case of the routes with formulas in place of figures; bounds, which no money follows from, stay numbers.
    """
    rows, card, standard = np.array(chosen, dtype=np.int64), rate_lines(case), standard_times(case)
    batches: dict[tuple[int, int], list[int]] = {}
    for at, route in enumerate(chosen):
        batches.setdefault((int(table.workflow[route]), int(table.combination[route])), []).append(at)
    columns: dict[str, NDArray[Any]] = {}
    for (workflow, sets), places in batches.items():
        lines = card.take(table.line[rows[places]].tolist())
        batch = _batch(case, table.workflows[workflow], table.combinations[sets], lines, standard)
        for name, column in batch.items():
            whole = columns.get(name, np.zeros((len(rows), *column.shape[1:]), dtype=column.dtype))
            columns[name] = placed(whole, places, column)
    columns |= _money(case, card.currencies, columns)
    columns["error_cost"] = _error_cost(case, columns["product"], columns["accuracy"])
    columns |= _changes(case, columns, columns["schedule"] & (table.schedule[rows] >= 0))
    columns["billed"] = columns["asked"] * columns["billed"]
    worked_out: dict[str, Any] = {name: columns[name] for name in TRACED}
    worked_out |= {"stages": stages.taken(columns), "parts_of_prices": parts_taken(case, columns)}
    known = some(table, chosen)
    return _as_done(replace(known, **worked_out, standard_time=standard, levers=levers.levers(case)), known)


def _as_done(table: Routes, known: Routes) -> Routes:
    """Routes worked out again, those of what is done as they are known: no figure of today changes them."""
    if known.past is None or not known.past.any():
        return table
    rows = np.flatnonzero(known.past)

    def kept(here: NDArray[Any], there: NDArray[Any]) -> NDArray[Any]:
        return placed(here.copy(), rows, there[rows])

    columns: dict[str, Any] = {name: kept(getattr(table, name), getattr(known, name)) for name in TRACED}
    if table.stages is not None and known.stages is not None:
        parts = zip(vars(table.stages).values(), vars(known.stages).values(), strict=True)
        columns["stages"] = stages.Stages(*(kept(*part) for part in parts))
    if table.parts_of_prices is not None and known.parts_of_prices is not None:
        units, billed = (
            kept(getattr(table.parts_of_prices, name), getattr(known.parts_of_prices, name))
            for name in ("units", "billed")
        )
        columns["parts_of_prices"] = replace(table.parts_of_prices, units=units, billed=billed)
    return replace(table, **columns)


def with_past(table: Routes, then: Routes, past: Past) -> Routes:
    """The routes of a case with those of what is done, each before the one it is of; then: the routes with the figures of that time.

    Raises CaseError for work that there was no way to make.
    """
    try:
        chosen = np.unique(then.placed(past.work).route).tolist()
    except KeyError as error:
        fix = "see `allocate costs` for the routes there are"
        raise CaseError.of(f"work is done that the case has no way to make: {error}", None, fix) from None
    done = some(then, chosen)
    sets = np.array([table.combinations.index(one) for one in then.combinations], dtype=np.int32)
    currencies = np.array([table.currencies.index(one) for one in then.currencies], dtype=np.int32)
    now = dict(zip(table.line.tolist(), range(table.count), strict=True))
    known = np.array([now.get(line, -1) for line in done.line.tolist()], dtype=np.int64)
    done = replace(
        done, combination=sets[done.combination], billed_in=currencies[done.billed_in],
        line_capacity=np.where(known < 0, done.line_capacity, table.line_capacity[known]),
        line_by_period=np.where(known < 0, done.line_by_period, table.line_by_period[known]),
    )  # fmt: skip
    columns = {name: np.concatenate([getattr(done, name), getattr(table, name)]) for name in (*BY_ROUTE, *TRACED)}
    key = columns["product"].astype(np.int64)
    sizes = (
        ("vendor", len(table.vendors)),
        ("workflow", len(table.workflows)),
        ("combination", len(table.combinations)),
    )
    for name, many in sizes:
        key = key * many + columns[name]
    order = np.argsort(key, kind="stable")
    ordered: dict[str, Any] = {name: column[order] for name, column in columns.items()}
    if table.stages is not None and done.stages is not None:
        parts = zip(vars(done.stages).values(), vars(table.stages).values(), strict=True)
        ordered["stages"] = stages.Stages(*(np.concatenate(part)[order] for part in parts))
    if table.parts_of_prices is not None and done.parts_of_prices is not None:
        units, of_parts = (
            np.concatenate([getattr(one.parts_of_prices, name) for one in (done, table)])[order]
            for name in ("units", "billed")
        )
        ordered["parts_of_prices"] = replace(table.parts_of_prices, units=units, billed=of_parts)
    basis = [*done.basis, *table.basis]
    found = replace(table, **ordered, basis=tuple(basis[row] for row in order.tolist()), past=order < done.count)
    return replace(found, done=found.placed(past.work, past=True))


def some(table: Routes, chosen: Sequence[int]) -> Routes:
    """Some of the routes."""
    rows = np.array(chosen, dtype=np.int64)
    found: dict[str, Any] = {name: getattr(table, name)[rows] for name in (*BY_ROUTE, *TRACED)}
    if table.stages is not None:
        found["stages"] = stages.Stages(*(one[rows] for one in vars(table.stages).values()))
    if table.parts_of_prices is not None:
        found["parts_of_prices"] = table.parts_of_prices.of(rows)
    if table.past is not None and table.done is not None:
        place = np.full(table.count, -1, dtype=np.int32)
        place[rows] = np.arange(len(rows))
        inside = place[table.done.route] >= 0
        period, items = table.done.period[inside], table.done.items[inside]
        found |= {"past": table.past[rows], "done": Made(place[table.done.route][inside], period, items)}
    return replace(table, **found, basis=tuple(table.basis[row] for row in chosen))


TRACED = (
    "equivalent_units", "hours", "review_hours", "price", "billed", "platform_fee", "usage", "review_cost", "quality",
    "lateness", "quality_share", "lateness_share", "accuracy", "assured", "effective", "error_cost", "billable", "counted",
    "fee_share", "discount", "lever_share",
)  # fmt: skip
"""Columns of routes that figures of the case go into, and money, work or quality follows from."""
BY_ROUTE = (
    "product", "vendor", "workflow", "checks", "billed_in", "rework", "lead", "schedule",
    "lowest_step", "held", "largest_reduction", "line", "line_capacity", "line_by_period", "combination", "first", "last",
)  # fmt: skip
"""All other columns of one entry a route."""


def _lever_columns(
    part: tuple[str, levers.Combination, RateLines],
    known: tuple[levers.Lever, ...],
    sets: Mapping[levers.Combination, int],
) -> dict[str, NDArray[Any]]:
    """Which set of levers the routes of a batch are worked with, and from when."""
    _, combination, lines = part
    first = max((known[number].first for number in combination), default=0)
    last = min((known[number].last for number in combination), default=2**30)
    return {
        "combination": np.full(len(lines), sets[combination], dtype=np.int32),
        "first": np.full(len(lines), first, dtype=np.int32),
        "last": np.full(len(lines), last, dtype=np.int32),
    }


def _in_order(case: Case, columns: Mapping[str, NDArray[Any]], sets: int) -> dict[str, NDArray[Any]]:
    """Columns in the order of products, vendors, workflows and sets of levers."""
    key = columns["product"].astype(np.int64)
    for name, many in (("vendor", len(case.vendors)), ("workflow", len(case.workflows)), ("combination", sets)):
        key = key * many + columns[name]
    order = np.argsort(key, kind="stable")
    return {name: column[order] for name, column in columns.items()}


def _terms(case: Case, columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """What contracts add to or take off prices, and how far they can fall; and what escaped errors cost."""
    product, vendor = columns["product"], columns["vendor"]
    schedule = np.full((len(case.products), len(case.vendors)), -1)
    for plan in schedules(case):
        schedule[list(plan.products), plan.vendor] = plan.number
    return {
        "schedule": np.where(columns["schedule"], schedule[product, vendor], -1),
        "largest_reduction": quality.largest_reduction(case, vendor, columns["price"], columns["billable"]),
        "error_cost": _error_cost(case, product, columns["accuracy"]),
        **_changes(case, columns, columns["schedule"] & (schedule[product, vendor] >= 0)),
    }


def _money(case: Case, currencies: tuple[str, ...], columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """What an item of each route costs by period, clause by clause; currencies: what the column `currency` counts."""
    prices = price.by_period(case, currencies, columns)
    return {
        **prices,
        **platform_fee.by_period(case, currencies, {**columns, **prices}),
        **pre_labelling.by_period(case, columns),
        **review.by_period(case, columns),
    }


def _changes(case: Case, columns: Mapping[str, NDArray[Any]], tiered: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    """What contracts change the prices of single items by; tiered: which routes have a price that depends on volume."""
    return {
        **quality.by_route(case, columns, tiered),
        **lateness.by_route(case, columns, tiered),
        "discount": early_payment.discounts(case)[columns["vendor"]],
    }


def _batch(
    case: Case, name: str, combination: levers.Combination, lines: RateLines, standard: Floats
) -> dict[str, NDArray[Any]]:
    """What does not move over time of the routes of one workflow, worked with a set of levers; arrays of shape (N,)."""
    product = lines.product
    change = levers.changes(case, name, lines, combination) if combination else None
    done = work(case, name, lines, standard[product], change)
    eu = effort.equivalent_units(standard[product], reference_time(case))
    billed = billing(case, lines, done, eu)
    factor = np.ones(len(lines)) if change is None else change.price
    return {
        "product": product,
        "vendor": lines.vendor,
        "workflow": np.full(len(lines), list(case.workflows).index(name), dtype=np.int32),
        "equivalent_units": eu,
        "hours": done.hours,
        "review_hours": done.review_hours,
        "checks": done.checks,
        "accuracy": done.accuracy,
        "assured": done.assured,
        "effective": with_counts(case, name, product, lines.vendor, _effective(case, product, done.accuracy)),
        "weeks": lines.lead,
        "held": np.zeros(len(lines), dtype=bool) if change is None else change.held,
        "lead": stages.whole_periods(case, lines.lead + stages.weeks_after(case, name)),
        **(stages.columns_of(case, name, lines, done) if stages.staged(case) else {}),
        **({"worked_once": hours_once(case, lines, standard[product])} if _learns(case) else {}),
        "schedule": lines.tiered,
        "lowest_step": lines.lowest_step,
        "line": lines.number,
        "line_capacity": lines.capacity,
        "line_by_period": lines.by_period,
        **price.of_items(lines, billed, np.where(lines.tiered, 1.0, factor)),
        "lever_share": np.where(lines.tiered, factor - 1.0, 0.0 * factor),
        "counted": tiers.counted(case, lines, done, eu, billed),
        **platform_fee.of_items(case, name, lines, done, eu, billed.billable),
        "usage": done.usage,
    }


def _learns(case: Case) -> bool:
    """Whether hours of any vendor fall with the work it has done."""
    return any(vendor.learning for vendor in case.vendors.values())


def _effective(case: Case, product: Integers, accuracy: Floats) -> Floats:
    """Effective labels per delivered item; one where items are worth something by themselves, right or wrong."""
    classes = classes_by_product(case)[product]
    weights = checking.label_weight(accuracy)
    noisy = np.isfinite(classes)
    alike = np.array([one.value is not None and one.value.per_item for one in case.products.values()])[product]
    if noisy.any():
        weights = placed(weights, noisy, checking.label_weight(accuracy[noisy], classes[noisy]))
    return placed(weights, alike, np.ones(int(alike.sum()))) if alike.any() else weights


def _error_cost(case: Case, product: Integers, accuracy: Floats) -> Floats:
    """Downstream cost of escaped errors of one item, shape (R, T)."""
    costs = np.zeros((len(case.products), case.periods.count))
    for position, one in enumerate(case.products.values()):
        if one.error_cost is not None:
            costs = placed(costs, position, in_case_currency(case, one.error_cost))
    charged = np.any(costs != 0.0, axis=1, keepdims=True)[:, 0]
    return spread(np.where(charged[product], 1.0 - accuracy, 0.0), costs, product)
