"""Every figure of a report that planning again gave, a second time: a solve of its own, of a case changed by hand in its text."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from allocate import Answer, formulate, read_case, solve
from allocate.api.explaining import explain
from allocate.errors import CaseError
from allocate.explaining.inputs import Swing, swings
from allocate.explaining.money import Margin
from allocate.explaining.offers import SOME, Offer
from allocate.explaining.re_solve import Worth
from allocate.explaining.thresholds import Threshold
from allocate.program.build import Built
from allocate.reporting.material import Material
from allocate.reporting.procurement.award import award
from allocate.reporting.procurement.awarded import awarded
from allocate.reporting.procurement.buyer import buyer
from allocate.solvers.outcome import Status
from allocate.solvers.solve import solve as run
from allocate.study.assumptions import assumptions

Case = dict[str, Any]
SLACK = 4e-6
"""Part of a plan's money by which two optima may differ, each proven to a millionth."""
ASIDE, FAR = 5e-3, 5e-3
"""How far from a price at which work changes nothing may be gained any more, and something must be."""
_NUMBER = re.compile(r"-?[\d_]*\.?\d+")


def times(text: Any, factor: float) -> Any:
    """An amount with its number times a factor."""
    return _NUMBER.sub(lambda found: f"{float(found[0].replace('_', '')) * factor:.12f}", str(text), count=1)


def with_prices(source: Case, vendor: str, factor: float) -> Case:
    """The case with the price of a contract, and of each of its steps, times a factor."""
    changed = copy.deepcopy(source)
    contract = changed["vendors"][vendor]["contract"]
    for part in (contract, *contract.get("tiers", {}).get("steps", ())):
        if "price" in part:
            part["price"] = times(part["price"], factor)
    for rate in changed.get("rates", ()):
        if rate["vendor"] == vendor and "price" in rate:
            rate["price"] = times(rate["price"], factor)
    return changed


def with_input(source: Case, name: str, factor: float) -> Case | None:
    """The case with an input of `swings` times a factor, by the words a page has for it."""
    changed = copy.deepcopy(source)
    if found := re.fullmatch(r"prices of (\S+)", name):
        return with_prices(source, found[1], factor)
    if found := re.fullmatch(r"wages of (\S+)", name):
        team = changed["vendors"][found[1]]["team"]
        team["wage"] = times(team["wage"], factor)
    elif found := re.fullmatch(r"cost of lever (\S+)", name):
        lever = changed["levers"][found[1]]
        lever |= {key: times(lever[key], factor) for key in ("cost", "running-cost") if key in lever}
    elif name == "wage of the review team":
        changed["review-team"]["wage"] = times(changed["review-team"]["wage"], factor)
    elif name == "value of a score point in all products":
        for product in changed["products"].values():
            product["value"]["worth"] = times(product["value"]["worth"], factor)
    elif name == "value of the gates in all products":
        for product in changed["products"].values():
            if "gates" in product["value"]:
                gates = product["value"]["gates"]
                gates["worth"] = times(gates["worth"], factor)
    else:
        return None
    return changed


@dataclass(frozen=True)
class Own:
    """An optimum found by itself; None where no plan is possible."""

    objective: float | None
    proven: bool


def own(source: Case, vendor: str | None = None, least: float = -np.inf, most: float = np.inf) -> Own:
    """The best a case can reach, with so much work of a vendor at least and at most, in equivalent units."""
    try:
        built = formulate(read_case(source))
        if vendor is not None:
            _limit(built, vendor, least, most)
        outcome = run(built.program)
    except CaseError:
        return Own(None, True)
    if outcome.status is Status.INFEASIBLE:
        return Own(None, True)
    return Own(outcome.objective, outcome.status is Status.OPTIMAL and outcome.objective is not None)


def _limit(built: Built, vendor: str, least: float, most: float) -> None:
    layout = built.layout
    mine = layout.vendor == list(layout.routes.vendors).index(vendor)
    row = built.program.add_rows("own_work", lower=[least], upper=[most])
    built.program.add_terms(np.full(int(mine.sum()), row.start), layout.ids[mine], layout.equivalent_units[mine])


@dataclass(frozen=True)
class Page:
    """A case with what its report is made from."""

    source: Case
    m: Material
    size: float
    """Money of the plan, the largest of its figures."""
    sign: float
    """-1 where less is better."""

    def gain(self, one: Own) -> float:
        """How much better an optimum is than the plan."""
        assert one.objective is not None
        assert self.m.answer.objective is not None
        return self.sign * (one.objective - self.m.answer.objective)


def page(source: Case) -> Page | None:
    """What a report of a case is made from; None without a plan proven best."""
    case = read_case(source)
    built = formulate(case)
    answer = solve(case, formulation=built)
    if answer.plan is None or answer.status is not Status.OPTIMAL or not len(answer.plan.lines):
        return None
    found = explain(case, answer=answer, formulation=built)
    m = Material(answer, answer.plan, found, swings(built, answer.plan))
    size = max(abs(answer.plan.spend), abs(answer.plan.value), abs(answer.objective or 0.0), 1.0)
    return Page(source, m, size, -1.0 if case.file.objective[0] == "cost" else 1.0)


def faults(source: Case, *, register: bool = True) -> list[str]:
    """What is wrong with the figures of a report; empty too where there is no plan. register: its assumptions too."""
    one = page(source)
    if one is None or one.m.found is None:
        return []
    told = [fault for swing in one.m.swings for fault in _swing(one, swing)]
    told += [fault for offer in one.m.found.offers for fault in _offer(one, offer)]
    told += [fault for margin in one.m.found.margins for fault in _margin(one, margin)]
    told += [*_sheets(one), *(_register(one) if register else ())]
    return told


def _swing(one: Page, swing: Swing) -> Iterator[str]:
    """An input a part less and more: the change of the objective is that of the case written so."""
    part = float(swing.step.removesuffix("%")) / 100.0
    for factor, told in ((1.0 - part, swing.less), (1.0 + part, swing.more)):
        changed = with_input(one.source, swing.input, factor)
        if changed is not None:
            yield from _worth(one, f"{swing.input} times {factor:g}", told, own(changed))


def _worth(one: Page, words: str, told: Worth, there: Own) -> Iterator[str]:
    if not there.proven or told.state in ("unknown", "bound", "left"):
        return
    if there.objective is None or told.gain is None:
        if (there.objective is None) != (told.state == "impossible"):
            yield f"{words}: {told.state} {told.gain}, planned: {there.objective}"
    elif abs(one.gain(there) - told.gain) > SLACK * one.size:
        yield f"{words}: {told.gain:.6f}, planned: {one.gain(there):.6f}"


def _offer(one: Page, offer: Offer) -> Iterator[str]:
    """Prices at which a vendor enters, loses some of its work and all of it."""
    speck = 1e-6 * max(1.0, offer.work)
    some = (offer.work * (1.0 + SOME) + speck, offer.work * (1.0 - SOME) - speck)
    if offer.enters is not None:
        yield from _turn(one, offer.vendor, "enters below", offer.enters, 1.0, {"most": some[0]})
    if offer.loses_some is not None:
        yield from _turn(one, offer.vendor, "loses some above", offer.loses_some, -1.0, {"least": some[1]})
    if offer.loses_all is not None:
        yield from _turn(one, offer.vendor, "loses all above", offer.loses_all, 1.0, {"most": 0.0})


def _turn(one: Page, vendor: str, words: str, told: Threshold, above: float, held: dict[str, float]) -> Iterator[str]:
    """On one side of a price a limit on the vendor's work costs nothing, on the other it does.

    above: 1 where the limit costs nothing above the price, -1 where it costs nothing below.
    """
    if told.state in ("unknown", "left"):
        return
    if told.factor is None:
        side = 64.0 if words.startswith("loses") else 1e-3
        free, bound = own(with_prices(one.source, vendor, side)), None
        bound = own(with_prices(one.source, vendor, side), vendor, **held)
        kept = bound.objective is not None and one.gain(free) - one.gain(bound) <= SLACK * one.size
        if free.proven and bound.proven and free.objective is not None and kept is (words == "loses all above"):
            yield f"{vendor} {words} no price: at {side:g} times its prices {free.objective} and {bound.objective}"
        return
    free, bound = (
        own(with_prices(one.source, vendor, told.factor * (1.0 + above * ASIDE)), *args)
        for args in ((), (vendor, held.get("least", -np.inf), held.get("most", np.inf)))
    )
    told_at = f"{vendor} {words} {told.factor:.6f}"
    if free.proven and bound.proven and free.objective is not None:
        lost = np.inf if bound.objective is None else one.gain(free) - one.gain(bound)
        if lost > SLACK * one.size:
            yield f"{told_at}: work changes {ASIDE:.1%} beside it already, for {lost:.6f}"
    factor = told.factor * (1.0 - above * FAR)
    free, bound = (
        own(with_prices(one.source, vendor, factor), *args)
        for args in ((), (vendor, held.get("least", -np.inf), held.get("most", np.inf)))
    )
    known = free.proven and bound.proven and free.objective is not None and bound.objective is not None
    if known and one.m.case.file.objective == ("net-value",) and one.gain(free) - one.gain(bound) <= 1e-9 * one.size:
        yield f"{told_at}: nothing changes {FAR:.1%} beyond it"


def _margin(one: Page, margin: Margin) -> Iterator[str]:
    """A next return above the hurdle would have been bought with money left, a last one below it left out but for a limit."""
    m = one.m
    if m.case.file.objective != ("net-value",):
        return
    worth = _slope(one.source["products"][margin.product], _labels(m.answer, margin.product))
    if worth is not None:
        factors = formulate(m.case).layout.payments.value_factor  # later value is discounted
        worth *= float(factors[list(m.case.products).index(margin.product)])
    weighed = m.plan.escaped_error_cost or "penalty" in str(one.source) or "late" in str(one.source["products"])
    if worth is not None and abs(worth - margin.value) > 1e-6 * max(1.0, worth) and not weighed:
        yield f"{margin.product}: the next label is worth {margin.value:.6f}, its curve says {worth:.6f}"
    left = m.found.left.amount if m.found is not None and m.found.left is not None else 0.0
    if margin.advice == "fund" and left > 1e-3 * one.size and margin.cost is not None:
        step = 1e-3 * _labels(m.answer, margin.product) * margin.cost
        if step < left and not any(check.binding and check.family.startswith("budget") for check in m.checks):
            yield f"{margin.product}: to be funded, {margin.returns}, with {left} left"


def _slope(product: Case, labels: float) -> float | None:
    """What one more label is worth by the table of a product's curve; None near its joints, beyond it, and with gates."""
    value = product["value"]
    points = value["curve"]
    if "gates" in value or not isinstance(points, list) or labels >= points[-1]["labels"]:
        return None
    if any(abs(labels - point["labels"]) <= 2e-3 * labels for point in points):
        return None
    low, high = next((a, b) for a, b in itertools.pairwise(points) if a["labels"] <= labels < b["labels"])
    worth = float(str(value["worth"]).split()[0])
    slopes = [(b["score"] - a["score"]) / (b["labels"] - a["labels"]) for a, b in itertools.pairwise(points)]
    if slopes != sorted(slopes, reverse=True):
        return None  # pieces of its hull take their place
    return worth * float((high["score"] - low["score"]) / (high["labels"] - low["labels"]))


def _labels(answer: Answer, product: str) -> float:
    assert answer.plan is not None
    table = answer.plan.products.set_index("product")
    return float(table.loc[product, "effective_labels"])


def _sheets(one: Page) -> Iterator[str]:
    """Award sheets and the buyer's page add up to the plan, and their walk-away prices are the price times the factor."""
    m = one.m
    lines, plan = awarded(m), m.plan
    items = dict.fromkeys(m.case.vendors, 0.0)
    for line in lines:
        items[line.vendor] += line.items
    for row in plan.vendors.to_dict("records"):
        if m.case.vendors[row["vendor"]].team is None and abs(items[row["vendor"]] - row["items"]) > 1e-6:
            yield f"{row['vendor']}: {items[row['vendor']]} items awarded, {row['items']} planned"
    for name in {line.vendor for line in lines}:
        (amount,) = [tile.amount for tile in award(m, name).tiles if tile.name == "Amount"]
        billed = sum(one.amount for one in plan.entries if one.vendor == name and one.clause not in ("review",))
        if abs(float(amount.replace(",", "")) - billed) > 0.011:
            yield f"award of {name}: {amount}, billed {billed}"
    offers = {offer.vendor: offer for offer in m.found.offers} if m.found is not None else {}
    tables = [table for section in buyer(m).sections if section.title == "Walk-away prices" for table in section.tables]
    for row in tables[0].rows if tables else ():
        now, some, everything = row[3], row[5], row[6]
        for text, limit in ((some, offers[row[0]].loses_some), (everything, offers[row[0]].loses_all)):
            if limit is not None and limit.factor is not None and text[0].isdigit():
                right = float(now.split()[0].replace("_", "")) * limit.factor
                if not 0.0 <= right - float(text.split()[0].replace("_", "")) <= 1.1e-3 * right:
                    yield f"buyer's page, {row[0]}: {text} told, {right}"


def _register(one: Page) -> Iterator[str]:
    """What each assumed figure changes at both ends is what the case with it changes."""
    study = assumptions(one.source)
    base = one.m.answer.objective
    rows = {row["figure"]: row for row in study.rows}
    for point in study.points[1:]:
        row, side = rows[str(point.at["figure"])], point.at["side"]
        changed = dict(point.settings)
        try:
            answer = solve(read_case(one.source, settings=changed), method="plain")
        except CaseError:
            continue
        after = answer.objective if answer.plan is not None else None
        told = row[f"change_{side}"]
        if after is None or told is None:
            if (after is None) != (told is None):
                yield f"{row['figure']} {side}: {told}, planned: {after}"
        elif answer.status is Status.OPTIMAL and base is not None and abs(after - base - told) > SLACK * one.size:
            yield f"{row['figure']} {side}: {told:.6f}, planned: {after - base:.6f}"
