"""Fees, commitments and rebates of an invoice, counted again from the contract's words and what the prices came to.

Nothing of `allocate.costing` is used but the tables of routes and the entries that are checked: windows, exchange rates and
steps are read here once more, in another way.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

import numpy as np

from allocate.case.schema import Commitment, Rebate
from allocate.exact import by_pair
from allocate.tolerances import AT_WORK, COMMITTED, HALF_A_CENT, LIMIT_KEPT
from allocate.units import Quantity
from allocate.verification.work import Floats, Work

PRICES = ("items", "tier", "surplus")
"""Clauses whose money counts towards commitments and rebates; fees, bonus and malus do not."""
_Key = tuple[str, str, str]
"""Clause, vendor, and the window it is for or the product it is about."""


def wrong_promises(work: Work) -> Iterator[str]:
    """Onboarding, starts of products, commitments and rebates that are not what the contracts say, in words."""
    right: dict[_Key, tuple[float, int]] = {}
    for position, name in enumerate(work.case.vendors):
        right |= _fees(work, position, name) | _commitment(work, position, name) | _rebate(work, name)
    given: dict[_Key, float] = {}
    when: dict[_Key, set[int]] = {}
    for entry in work.owed.entries:
        if entry.clause in ("onboarding", "product start", "commitment", "rebate"):
            of_window = entry.clause in ("commitment", "rebate")
            key = (entry.clause, entry.vendor, entry.window if of_window else entry.about)
            given[key] = given.get(key, 0.0) + entry.amount
            when.setdefault(key, set()).add(entry.period)
    money = sum(abs(entry.amount) for entry in work.owed.entries)
    for key in sorted({*given, *right}):
        asked, (says, period) = given.get(key, 0.0), right.get(key, (0.0, -1))
        words = f"{key[0]} of {key[1]}, {key[2]}"
        if not abs(asked - says) <= LIMIT_KEPT * abs(says) + COMMITTED * money:
            yield f"{words}: the invoice asks {asked:.10g}, the contract says {says:.10g}"
        elif key in when and says and when[key] != {period}:
            yield f"{words}: falls due in {work.label(period)}, the invoice has it in {work.label(min(when[key]))}"


def _fees(work: Work, position: int, name: str) -> dict[_Key, tuple[float, int]]:
    """What is paid once: for the vendor, and for each product it works on; in the first period."""
    case, ways = work.case, work.routes
    vendor, fees = case.vendors[name], case.vendors[name].contract.fees
    made = by_pair(work.product, work.vendor, work.items, (len(ways.products), len(ways.vendors)))[:, position]
    found: dict[_Key, tuple[float, int]] = {}
    for product in np.flatnonzero(made > AT_WORK).tolist():
        both = [one for one in (fees.onboarding, vendor.onboarding) if one is not None]
        found["onboarding", name, name] = (sum(_worth(work, one, 0) for one in both), 0)
        pair = (ways.products[product], name)
        stated = [one.start_fee for one in case.file.rates if (one.product, one.vendor) == pair and one.start_fee]
        fee = stated[-1] if stated else fees.product_start
        found["product start", name, pair[0]] = (0.0 if fee is None else _worth(work, fee, 0), 0)
    return found


def _commitment(work: Work, position: int, name: str) -> dict[_Key, tuple[float, int]]:
    """What is missing of a commitment in each window, owed in its last period, by a vendor that works at all."""
    stated: Commitment | None = work.case.vendors[name].contract.commitment
    at_work = by_pair(work.product, work.vendor, work.items, (len(work.routes.products), len(work.routes.vendors)))
    if stated is None or not (at_work[:, position] > AT_WORK).any():
        return {}
    least, currency, found = stated.at_least.number, _currency(work, stated.at_least), {}
    for label, (used, last) in _billed(work, name, currency, stated.window).items():
        missing = least - used
        if missing > COMMITTED * least:
            found["commitment", name, label] = (missing * _rate(work, currency, last), last)
    return found


def _rebate(work: Work, name: str) -> dict[_Key, tuple[float, int]]:
    """What is paid back of each window's money, in its last period."""
    stated: Rebate | None = work.case.vendors[name].contract.rebate
    if stated is None:
        return {}
    currency, found = _currency(work, stated.steps[0].at_least), {}
    for label, (used, last) in _billed(work, name, currency, stated.window).items():
        back = 0.0
        for number, step in enumerate(stated.steps):
            start, further = step.at_least.number, stated.steps[number + 1 :]
            if used < start - HALF_A_CENT or used <= 0:
                break
            if stated.kind == "all-unit":
                back = step.back * used
            else:
                end = further[0].at_least.number if further else used
                back += step.back * max(0.0, min(used, end) - start)
        found["rebate", name, label] = (-back * _rate(work, currency, last), last)
    return found


def _billed(work: Work, name: str, currency: str, kind: str) -> Mapping[str, tuple[float, int]]:
    """What the prices of a vendor came to in each window, in a currency, and the window's last period."""
    windows = _windows(work, kind)
    found = dict.fromkeys(windows, 0.0)
    for entry in work.owed.entries:
        if entry.vendor == name and entry.clause in PRICES:
            money = entry.amount / _rate(work, currency, entry.period)
            inside = _inside(entry.window, windows)
            if inside is not None:
                found[inside] += money
                continue
            for label, shares in windows.items():
                found[label] += money * float(shares[entry.period])
    return {label: (found[label], int(np.flatnonzero(shares)[-1])) for label, shares in windows.items()}


def _inside(label: str, windows: Mapping[str, Floats]) -> str | None:
    """The window that one of a kind lies in by its name: a month in its quarter; None for what is split by its days."""
    if label in windows:
        return label
    year, _, month = label.partition("-")
    quarter = f"{year}-Q{(int(month) + 2) // 3}" if month.isdigit() and year.isdigit() else ""
    return next((one for one in (quarter, "the horizon") if one in windows), None)


def _windows(work: Work, kind: str) -> dict[str, Floats]:
    """The share of each period in every window of a kind, by the window's name; weeks are shared out by their days."""
    periods = work.case.periods
    if kind == "horizon":
        return {"the horizon": np.ones(periods.count)}
    found: dict[str, Floats] = {}
    for number, start in enumerate(periods.starts):
        if kind in ("period", "week"):
            found[work.label(number)] = np.eye(periods.count)[number]
            continue
        days = range(7) if periods.unit == "week" else range(1)
        for day in (start + datetime.timedelta(days=one) for one in days):
            part = f"{day.month:02d}" if kind == "month" else f"Q{1 + (day.month - 1) // 3}"
            shares = found.setdefault(f"{day.year}-{part}", np.zeros(periods.count))
            shares[number] += 1 / len(days)
    return found


def _currency(work: Work, amount: Quantity) -> str:
    return amount.currency or work.case.currency


def _rate(work: Work, currency: str, period: int) -> float:
    """What one of a currency is worth in the case's in a period: that of the last step begun."""
    if currency == work.case.currency:
        return 1.0
    steps = work.case.file.exchange[currency]
    begun = [one for one in steps if one.from_ is None or work.case.periods.first_from(one.from_) <= period]
    return float(begun[-1].rate.number)


def _worth(work: Work, amount: Quantity, period: int) -> float:
    return amount.number * _rate(work, _currency(work, amount), period)
