"""Standard hours made per hour worked, where a case has no rate card for a pace to stand in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from allocate.actuals.estimators import Estimate
from allocate.actuals.overlay import amount
from allocate.actuals.reading import Actuals
from allocate.actuals.stated import Measured
from allocate.case.load import Case, revised
from allocate.case.paths import dotted
from allocate.costing.work.products import standard_times

Pace = tuple[str, str, Measured]
"""Product, vendor and what was measured of its pace."""


def productivities(
    case: Case, actuals: Actuals, paces: Sequence[Pace], drivers: Sequence[Measured], notes: list[str]
) -> Iterator[Measured]:
    """What vendors make per hour against the standard time, all their products together, each by the hours it took.

    drivers: what the overlay says of drivers: standard times are those with them. A pair that a rate card leaves out is told.
    """
    without = [one for one in paces if not case.rate_card.of_pair(*one[:2])]
    if case.file.rates:
        notes += [
            f"the case has rates, and none of {product} with {vendor}: its pace has no place there."
            for product, vendor, _ in without
        ]
        return
    said = {one.path: amount(one.estimate.value, one.unit) for one in drivers if one.written}
    measured = revised(case, said) if said else case
    standard = dict(zip(measured.products, standard_times(measured).tolist(), strict=True))
    for vendor in dict.fromkeys(vendor for _, vendor, _ in without):
        mine = [(product, one) for product, of, one in without if of == vendor and standard[product] > 0.0]
        hours = [_hours(actuals, product, vendor) for product, _ in mine]
        if not sum(hours) > 0.0:
            continue
        value, low, high = (
            sum(h * standard[product] * getattr(one.estimate, which) for h, (product, one) in zip(hours, mine, strict=True))
            / sum(hours)
            for which in ("value", "low", "high")
        )  # fmt: skip
        n, people = sum(one.estimate.n for _, one in mine), max(one.estimate.people for _, one in mine)
        named = ", ".join(product for product, _ in mine)
        yield Measured(
            f"productivity of {vendor}", dotted("vendors", vendor, "productivity"), "", Estimate(value, low, high, n, people),
            f"standard time over time at work, {named}; there is no rate card for a pace", actuals.source,
        )  # fmt: skip


def _hours(actuals: Actuals, product: str, vendor: str) -> float:
    work = actuals.work
    mine = (work["product"] == product) & (work["vendor"] == vendor) & work["role"].isin(("label", "agreement"))
    return float(work.loc[mine & (work["outcome"] != "skipped"), "seconds"].sum()) / 3600.0
