"""One delivered item of a route: the hours it takes, how good it is, and what of it is billed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from allocate.case.load import Case
from allocate.case.schema import Product, Rate
from allocate.units import Quantity
from allocate.verification.work_content.accuracy import label_weight, noisy_classes
from allocate.verification.work_content.card import Levers
from allocate.verification.work_content.route import Stage, route_of

STAGES = ("label", "adjudicate", "review", "rework")
"""Stages an item goes through, in order."""


@dataclass(frozen=True)
class Item:
    """What one delivered item of a route takes and comes to; money in the currency of its price."""

    product: int
    vendor: int
    workflow: int
    levers: Levers
    line: int
    """Number of the line of the rate card."""
    standard: float
    """Hours of one pass at the pace stated, before proposals and levers."""
    equivalent_units: float
    hours: float
    review_hours: float
    checks: float
    """Times the review team looks at it."""
    accuracy: float
    assured: float
    """The accuracy that counts against a floor: with a confidence, what the checked items show."""
    effective: float
    lead: int
    """Periods from work to delivery."""
    weeks: float
    """Weeks of the vendor's own lead."""
    stages: tuple[Stage, ...]
    basis: str
    """What its price is per, as an invoice says it."""
    price: Quantity
    """As the contract or the rate card states it; of prices by volume the first step."""
    billed: float
    """Money for it at that price, before season and escalation, work done again included where it is paid."""
    by_levers: float
    """Share by which levers change its price, where that depends on volume; 0 elsewhere, where it is in what is billed."""
    held: bool
    """Whether that price is locked and does not rise."""
    further: tuple[tuple[str, float, float], ...]
    """Further parts of its price: what each is per, its units and the money for them, which `billed` includes."""
    billable: float
    """Units the price counts in it."""
    counted: float
    """Units the steps of prices by volume count in it."""
    by_volume: bool
    shown: float
    """Items worked on for it because of gold items; 1 without."""
    made: float
    """Items made for it: those worked on, and again those labelled twice for an audit of agreement."""
    proposals: float
    """Units the price of pre-labelling counts in it."""


def read_item(case: Case, names: tuple[str, str, str], levers: Levers, line: tuple[int, Rate]) -> Item:
    """One delivered item of a product with a vendor by a workflow (names), worked with levers, on a line of the card."""
    number, rate = line
    route = route_of(case, names, levers, rate)
    return Item(
        product=list(case.products).index(names[0]),
        vendor=list(case.vendors).index(names[1]),
        workflow=list(case.workflows).index(names[2]),
        levers=levers,
        line=number,
        standard=route.stated_hours,
        equivalent_units=route.equivalent_units,
        hours=route.hours,
        review_hours=sum(route.checking),
        checks=(route.made.adjudicated + route.made.looked_at) * route.made.times,
        accuracy=route.accuracy,
        assured=route.assured,
        effective=label_worth(route.product, names) or label_weight(route.accuracy, noisy_classes(case, route.product)),
        lead=route.lead,
        weeks=route.weeks,
        stages=route.stages,
        basis="hour" if route.noun == "h" else route.noun,
        price=route.price,
        billed=route.asked * route.billable + sum(money for _, _, money in route.further),
        by_levers=route.price_factor - 1.0 if route.steps is not None else 0.0,
        held=any(change.held for change in route.changes),
        further=tuple(("hour" if noun == "h" else noun, units, money) for noun, units, money in route.further),
        billable=route.billable,
        counted=route.counted,
        by_volume=route.steps is not None,
        shown=route.shown,
        made=route.worked,
        proposals=route.proposals,
    )


def label_worth(product: Product, names: tuple[str, str, str]) -> float | None:
    """Labels of the product's own points that have the score of one label of the route's source; None where it was not measured,
    and one where each item is worth something by itself.

    names: product, vendor, workflow. Points of both the vendor and the workflow come before those of one of them; the mean is
    geometric, each point by its runs.
    """
    if product.value is not None and product.value.per_item:
        return 1.0
    if product.value is None or not product.value.curve.of_sources:
        return None
    curve, (_, vendor, workflow) = product.value.curve, names
    best = [
        (p.labels, curve.ceiling - (p.error or 0.0) if p.score is None else p.score) for p in curve.own if p.labels > 0
    ]
    for who, how in ((vendor, workflow), (vendor, None), (None, workflow)):
        mine = [p for p in curve.of_sources if (p.vendor, p.workflow) == (who, how)]
        if mine:
            logs = [
                (
                    p.runs or 1,
                    _log_labels(best, curve.ceiling - (p.error or 0.0) if p.score is None else p.score)
                    - math.log(p.labels),
                )
                for p in mine
            ]
            return math.exp(math.fsum(runs * log for runs, log in logs) / math.fsum(runs for runs, _ in logs))
    return None


def _log_labels(points: list[tuple[float, float]], score: float) -> float:
    """Logarithm of the fewest labels with a score, straight between points; a point below an earlier one counts for nothing."""
    before: tuple[float, float] | None = None
    for labels, reached in sorted(points):
        if before is not None and reached <= before[1]:
            before = (labels, before[1])
            continue
        if reached >= score:
            if before is None or reached == score:
                return math.log(labels)
            start = math.log(before[0])
            return start + (math.log(labels) - start) * (score - before[1]) / (reached - before[1])
        before = (labels, reached)
    return math.inf
