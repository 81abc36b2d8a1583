"""What one delivered item is billed as: units of what its price counts, and how often work done again is billed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.work.products import counts, item_of
from allocate.costing.work.workflows import Work
from allocate.numbers import Booleans, Floats, Integers, blank, placed


@dataclass(frozen=True, eq=False)
class Billing:
    """What is billed of one delivered item of each line, shape (N,)."""

    once: Floats
    """Hours of the work done once."""
    times: Floats
    """How often the vendor's hours contain it."""
    again: Booleans
    """Whether work done again is billed."""
    units: Floats
    """Billable units before that."""
    billed: Floats
    """How often they are billed."""

    @property
    def billable(self) -> Floats:
        """Billable units, work done again included where it is billed."""
        return self.units * self.billed


def billing(case: Case, lines: RateLines, work: Work, eu: Floats) -> Billing:
    """What is billed of an item of each line; eu: its equivalent units, shape (N,)."""
    times = np.where(lines.finished_pace, 1.0, work.repeat)
    once = work.hours / times / work.made
    units = work.made * _units(case, lines, work, once, eu)
    again = _billed_again(case, lines)
    billed = np.where(again, np.where(_by_hour(lines), times, work.repeat), 1.0)
    return Billing(once, times, again, units, billed)


def _units(case: Case, lines: RateLines, work: Work, hours: Floats, eu: Floats) -> Floats:
    """Billable units of one delivered item before rework."""
    units = blank(len(lines))
    for position, noun in enumerate(lines.nouns):
        rows = np.flatnonzero(lines.noun == position)
        units = placed(units, rows, units_of(case, lines.take(rows), noun, work.passes, hours[rows], eu[rows]))
    return units


def units_of(case: Case, lines: RateLines, noun: str, passes: float, hours: Floats, eu: Floats) -> Floats:
    """Units of a noun in one delivered item before rework."""
    if noun == "h":
        return hours
    if noun == "EU":
        return eu * passes
    if noun == "label":
        return np.full(len(lines), passes)
    each = counts(case, lines.product, noun, lambda row: f"'{lines[row].price.text}'")
    # Of a finished item everything is included in its price; units counted within it are made in every pass.
    whole = lines.finished_price & is_item(case, lines.product, noun)
    units: Floats = np.where(whole, each, each * passes)
    return units


def _by_hour(lines: RateLines) -> NDArray[np.bool_]:
    """Which lines are billed by the hour."""
    found: NDArray[np.bool_] = np.array([noun == "h" for noun in lines.nouns], dtype=bool)[lines.noun]
    return found


def _billed_again(case: Case, lines: RateLines) -> NDArray[np.bool_]:
    """Which lines bill work that is done again."""
    stated = np.array([vendor.contract.rework_paid for vendor in case.vendors.values()], dtype=np.float64)[lines.vendor]
    again: NDArray[np.bool_] = np.where(np.isnan(stated), _by_hour(lines), stated == 1.0)
    for position, noun in enumerate(lines.nouns):
        again &= ~(lines.finished_price & (lines.noun == position) & is_item(case, lines.product, noun))
    return again


def is_item(case: Case, product: Integers, noun: str) -> NDArray[np.bool_]:
    """Whether a noun is the item of products given by position."""
    items = np.array([noun in ("item", item_of(case, one)) for one in case.products.values()], dtype=bool)
    found: NDArray[np.bool_] = items[product]
    return found
