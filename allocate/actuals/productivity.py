"""Standard hours made per hour worked, where a case has no rate card for a pace to stand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from allocate.actuals.estimators import Estimate
from allocate.actuals.overlay import PRODUCTIVITY, amount
from allocate.actuals.paces import Pace
from allocate.actuals.reading import Actuals
from allocate.actuals.stated import Measured, beside
from allocate.case.load import Case, revised
from allocate.case.paths import dotted
from allocate.costing.work.products import standard_times


def productivities(
    case: Case, actuals: Actuals, paces: Sequence[Pace], drivers: Sequence[Measured], notes: list[str]
) -> Iterator[Measured]:
    """What vendors make per hour against the standard time: all their products together, and each where they have several.

    The overlay then says who makes what, as everybody did, each with its own productivity. drivers: what the overlay says of
    drivers: standard times are those with them. A pair that a rate card leaves out is told.
    """
    without = [one for one in paces if not case.rate_card.of_pair(one.product, one.vendor)]
    if case.file.rates:
        notes += [
            f"the case has rates, and none of {product} with {vendor}: its pace has no place there."
            for product, vendor in dict.fromkeys((one.product, one.vendor) for one in without)
        ]
        return
    said = {one.path: amount(one.estimate.value, one.unit) for one in drivers if one.written}
    measured = revised(case, said) if said else case
    standard = dict(zip(measured.products, standard_times(measured).tolist(), strict=True))
    apart: list[Measured] = []
    for vendor in dict.fromkeys(one.vendor for one in without):
        mine = [one for one in without if one.vendor == vendor and standard[one.product] > 0.0]
        whole = [one for one in mine if not one.workflow]
        hours = [_hours(actuals, one.product, vendor) for one in whole]
        if not sum(hours) > 0.0:
            continue
        some = [one for one in mine if one.workflow or len(whole) > 1]
        everything = len(whole) == len(case.products) > 1
        yield replace(_of_all(actuals, whole, hours, standard), written=not everything)
        apart += [_of_one(case, actuals, one, standard[one.product]) for one in some]
    yield from apart


def _of_all(actuals: Actuals, whole: Sequence[Pace], hours: Sequence[float], standard: Mapping[str, float]) -> Measured:
    """A vendor's figure, its products weighed by the hours they took."""
    value, low, high = (
        sum(h * standard[one.product] * getattr(one.measured.estimate, which) for h, one in zip(hours, whole, strict=True))
        / sum(hours)
        for which in ("value", "low", "high")
    )  # fmt: skip
    estimates = [one.measured.estimate for one in whole]
    n, people = sum(one.n for one in estimates), max(one.people for one in estimates)
    named, vendor = ", ".join(one.product for one in whole), whole[0].vendor
    return Measured(
        f"{PRODUCTIVITY} of {vendor}", dotted("vendors", vendor, PRODUCTIVITY), "", Estimate(value, low, high, n, people),
        f"standard time over time at work, {named}; there is no rate card for a pace", actuals.source,
    )  # fmt: skip


def _of_one(case: Case, actuals: Actuals, pace: Pace, standard: float) -> Measured:
    """The figure of one product, or of one workflow of it, beside what the case says of the vendor."""
    one = pace.measured.estimate
    found = Measured(
        f"{PRODUCTIVITY} of {pace.measured.figure.removeprefix('pace of ')}", dotted("vendors", pace.vendor, PRODUCTIVITY), "",
        Estimate(standard * one.value, standard * one.low, standard * one.high, one.n, one.people),
        "standard time over time at work", actuals.source, of=(pace.product, pace.vendor, pace.workflow),
    )  # fmt: skip
    return replace(beside(case, found), path="", stated_range=None, held=None)


def _hours(actuals: Actuals, product: str, vendor: str) -> float:
    work = actuals.work
    mine = (work["product"] == product) & (work["vendor"] == vendor) & work["role"].isin(("label", "agreement"))
    return float(work.loc[mine & (work["outcome"] != "skipped"), "seconds"].sum()) / 3600.0
