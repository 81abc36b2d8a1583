"""What a plan must reach: accuracy of what is delivered, value and scores of products, value of the portfolio."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from allocate.verification.checks import Check
from allocate.verification.exchange import currency_of
from allocate.verification.past import left_out, planned
from allocate.verification.soft_limits import missed

if TYPE_CHECKING:
    from allocate.case.schema import Quality
    from allocate.verification.work import Work
    from allocate.verification.work_content.item import Item


def accuracies(work: Work) -> Iterator[Check]:
    """Floors on the accuracy of all that is delivered, of each vendor's, and of each period's."""
    together, vendors = np.zeros(len(work.items), dtype=np.int64), work.stated.vendors
    yield from _floors(work, "accuracy_floor", "average", together, lambda _: "")
    yield from _floors(work, "accuracy_floor_vendor", "each-vendor", work.vendor, lambda v: f" by {vendors[v]}")
    yield from _floors(
        work, "accuracy_floor_delivery", "each-delivery", work.period + work.lead,
        lambda t: f" delivered in {work.label(t)}",
    )  # fmt: skip


def _floors(
    work: Work, family: str, of: str, part: NDArray[np.integer[Any]], words: Callable[[int], str]
) -> Iterator[Check]:
    """Floors on the accuracy of parts of what is made of a product; parts nothing is made of have none."""
    for product, (name, asked) in enumerate(work.case.products.items()):
        floor = asked.accuracy
        if floor is None or floor.of != of:
            continue
        asked_of = work.product == product
        if left_out(work, f"accuracy of {name}"):
            asked_of = asked_of & planned(work)
        if of == "each-delivery":
            asked_of = asked_of & (part >= work.case.planned_from)
        for one in np.unique(part[asked_of]).tolist():
            inside = asked_of & (part == one)
            made = work.summed(work.items, inside)
            if made <= 0:
                continue
            right = zip(work.items[inside].tolist(), np.flatnonzero(inside).tolist(), strict=True)
            used = sum((items * work.made[line].assured for items, line in right), 0.0) / made
            key = (product,) if of == "average" else (product, one)
            surely = f" with {floor.confidence:g} confidence" if floor.confidence else ""
            subject = f"accuracy of {name}{words(one)}{surely}"
            check = Check(family, key, subject, "share", used, floor.at_least, True, made)
            yield missed.accuracy(work, check, product, words(one))


def qualities(work: Work) -> Iterator[Check]:
    """Floors and ceilings of further qualities, of all that is delivered of a product or of what each vendor makes."""
    for product, asked in enumerate(work.case.products.values()):
        for number, (name, quality) in enumerate(asked.qualities.items()):
            each = np.array([_share_of(work, quality, item) if item.product == product else 0.0 for item in work.made])
            apart = quality.of == "each-vendor"
            for vendor in np.unique(work.vendor[work.product == product]).tolist() if apart else [-1]:
                inside = (work.product == product) & ((work.vendor == vendor) | (not apart))
                made = work.summed(work.items, inside)
                if made <= 0:
                    continue
                used, by = (
                    work.summed(work.items * each, inside) / made,
                    f" by {work.stated.vendors[vendor]}" if apart else "",
                )
                subject = f"{name} of {work.stated.products[product]}{by}"
                family, key = (
                    ("quality_limit_vendor", (product, number, vendor))
                    if apart
                    else ("quality_limit", (product, number))
                )
                least = quality.at_least is not None
                limit = quality.at_least if quality.at_least is not None else quality.at_most
                assert limit is not None
                yield Check(family, key, subject, "share", used, limit, least, made)


def _share_of(work: Work, quality: Quality, item: Item) -> float:
    """Share of a line's items that is good (or has the fault) in some way, once its workflow's review has put some right."""
    share = float(quality.vendors[work.stated.vendors[item.vendor]])
    review = list(work.case.workflows.values())[item.workflow].review
    if review is None or review.share is None or quality.catch is None:
        return share
    left = 1.0 - float(review.share * quality.catch)
    return share * left if quality.at_most is not None else 1.0 - (1.0 - share) * left


def values(work: Work) -> Iterator[Check]:
    """Least value and score of each product, and least value of all."""
    stated = work.stated
    labels = work.labels
    for position, value in stated.values.items():
        name = stated.products[position]
        terms, worth = work.case.products[name].value, float(work.worth[position])
        assert terms is not None
        if terms.at_least is not None:
            unit = currency_of(work.case, terms.at_least)
            used = worth / stated.rate(unit, stated.last_periods[position] - 1)
            yield Check("value_floor", (position,), f"value of {name}", unit, used, terms.at_least.number, True)
        if terms.score_at_least is not None:
            score, least = value.curve.score(value.existing + labels[position]), terms.score_at_least.number
            need = value.labels_for(least)
            slope = value.curve.slope(value.existing + need) if math.isfinite(need) else 0.0
            per_point = 1.0 / slope if slope > 0 else 1.0
            yield Check("score_floor", (position,), f"score of {name}", "points", score, least, True, per_point)
    target = work.case.file.targets.value
    if target is not None:
        unit = currency_of(work.case, target)
        rates = np.array([stated.rate(unit, last - 1) for last in stated.last_periods])
        used, key = float((work.worth / rates).sum()), (len(stated.products),)
        yield Check("value_floor", key, "value of the portfolio", unit, used, target.number, True)
