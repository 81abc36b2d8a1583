"""What one delivered item is billed as: units of what its price counts, and how often work done again is billed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.work.products import counts, item_of
from allocate.costing.work.workflows import Work
from allocate.exact import array_of
from allocate.numbers import Booleans, Floats, Integers, blank, placed


@dataclass(frozen=True, eq=False)
class Part:
    """What prices ask beside their first part for units of one noun, shape (N,)."""

    noun: str
    price: Floats
    """Money for a unit, in the currency of the first part; 0 where a line asks none."""
    units: Floats
    """Units in one delivered item before work is done again."""
    billed: Floats
    """How often they are billed."""


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
    parts: tuple[Part, ...] = ()
    """Further parts of prices, one for each noun the case has them per."""

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
    parts = tuple(_part(case, lines, work, once, eu, times, noun) for noun in part_nouns(case))
    return Billing(once, times, again, units, billed, parts)


def part_nouns(case: Case) -> list[str]:
    """What further parts of prices are per, in the whole case."""
    parts = [part for one in case.vendors.values() for part in one.contract.plus]
    parts += [part for rate in case.file.rates for part in rate.plus]
    return list(dict.fromkeys(part.per() or "item" for part in parts))


def _part(case: Case, lines: RateLines, work: Work, once: Floats, eu: Floats, times: Floats, noun: str) -> Part:
    """The part of prices that is per a noun."""
    own = [line.plus_per(noun) for line in lines]
    price = array_of([0.0 if one is None else one.number for one in own])
    rows = [number for number, one in enumerate(own) if one is not None]
    alone = replace(lines.take(rows), nouns=(noun,), noun=np.zeros(len(rows), dtype=np.int32))
    units = work.made * units_of(case, alone, noun, work.passes, once[rows], eu[rows])
    often = np.where(_billed_again(case, alone), times[rows] if noun == "h" else work.repeat[rows], 1.0)
    return Part(noun, price, placed(blank(len(lines)), rows, units), placed(np.ones(len(lines)), rows, often))


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


@dataclass(frozen=True, eq=False)
class Parts:
    """Further parts of prices, each per a noun of its own."""

    nouns: tuple[str, ...]
    units: Floats
    """Units billed of one delivered item, shape (R, K)."""
    billed: Floats
    """Money for them in the currency of the price, before season and escalation, shape (R, K)."""

    def of(self, rows: Any) -> Parts:
        """Those of some routes."""
        return Parts(self.nouns, self.units[rows], self.billed[rows])


def parts_taken(case: Case, columns: Mapping[str, NDArray[Any]]) -> Parts | None:
    """The further parts among columns of the routes; None where no price has any."""
    if "part_units" not in columns:
        return None
    nouns = tuple({"h": "hour"}.get(noun, noun) for noun in part_nouns(case))
    return Parts(nouns, columns["part_units"], columns["part_billed"])
