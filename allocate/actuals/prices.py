"""What was really paid for an hour or an item, beside the price of the contract."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.actuals.estimators import Estimate
from allocate.actuals.grouped import is_written, nouns, of_rate
from allocate.actuals.reading import Actuals
from allocate.actuals.stated import Measured
from allocate.case.load import Case
from allocate.case.paths import dotted
from allocate.case.scenarios import path_of

if TYPE_CHECKING:
    import pandas as pd

_PRICE = re.compile(r"(?P<currency>[A-Z]{3})/(?P<per>\S+)")


def prices_paid(case: Case, actuals: Actuals, notes: list[str]) -> Iterator[Measured]:
    """Bills over the hours that were paid, or the items made, in the contract's currency: a difference is a finding, not a new price.

    Only where the contract has one price by the hour or by the item, and bills, hours and items are told for the same work; the
    bridge prices everything else by the contract's own words.
    """
    table = actuals.periods
    known = table[table["product"].isin(list(case.products)) & table["vendor"].isin(list(case.vendors))]
    for vendor in sorted({str(name) for name in table.loc[table["spend"] > 0.0, "vendor"]} & set(case.vendors)):
        own = table[table["vendor"] == vendor]
        made = known[(known["vendor"] == vendor) & (known["items"] > 0.0)]
        products = sorted({str(name) for name in made["product"]})
        path = dotted("vendors", vendor, "contract", "price")
        if len(products) == 1 and is_written(case, rate := of_rate(case, products[0], vendor, "price")):
            path = rate
        if not products or not is_written(case, path):
            continue
        unit = _unit(str(case.document.at(path_of(case.document, path))))
        bills = own[own["spend"] != 0.0]
        currencies = {str(name) for name in bills["currency"]}
        if unit is None or currencies != {unit[0]}:
            continue
        many = _units(case, products, unit[1], float(own["hours_paid"].sum()), float(own["hours_active"].sum()), made)
        if many is None or many[0] <= 0.0:
            continue
        spend = float(bills["spend"].sum())
        paid = spend / many[0]
        yield Measured(
            f"price paid to {vendor}", path, f"{unit[0]}/{unit[1]}", Estimate(paid, paid, paid, len(bills)),
            f"billed {spend:,.2f} {unit[0]} over {many[0]:,.1f} {many[1]}; a finding, not a new price", actuals.source,
            written=False,
        )  # fmt: skip


def _unit(written: str) -> tuple[str, str] | None:
    """Currency and what a price is for; None for prices written otherwise."""
    _, _, rest = written.strip().partition(" ")
    match = _PRICE.fullmatch(rest.replace(" ", ""))
    return (match["currency"], match["per"]) if match else None


def _units(
    case: Case, products: list[str], per: str, hours_paid: float, hours_active: float, made: pd.DataFrame
) -> tuple[float, str] | None:
    """How many units the bills are for, and what they are; None where they were not recorded."""
    if per in ("h", "hour"):
        return (hours_paid, "h paid") if hours_paid > 0.0 else (hours_active, "h of work")
    if all(per in nouns(case, product) for product in products):
        return float(made["items"].sum()), nouns(case, products[0])[1]
    return None
