"""An invoice written apart: contracts as plain data, what they owe by the words of their keys, in exact fractions.

Nothing of `allocate` is used. Every amount is worked out in the currency it is billed in, limits in the currency they are
written in, and converted once: at the exchange rate of the week it is owed in.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

START = datetime.date(2027, 1, 20)
"""A Wednesday: its second week reaches over the end of January."""
STEP = 10
"""Items between two points of the grid."""
CENT = Fraction(1, 200)
"""A spend this close below a step of a rebate has reached it."""


@dataclass(frozen=True)
class Vendor:
    """One vendor's contract; amounts are pairs of a number and a currency."""

    currency: str
    price: Fraction | None = None
    tiers: Sequence[tuple[int | None, Fraction]] = ()
    """Pairs of an end in images and a price."""
    kind: str = "incremental"
    tier_window: str = "horizon"
    surplus: bool = False
    """Whether more may be bought than is used, of all-unit steps."""
    rebate: Sequence[tuple[int, Fraction]] = ()
    """Pairs of a start and a share."""
    rebate_kind: str = "all-unit"
    rebate_in: str = "USD"
    rebate_window: str = "horizon"
    commitment: tuple[int, str] | None = None
    commitment_window: str = "horizon"
    ceiling: tuple[int, str] | None = None
    fee: Fraction = Fraction(0)
    """Platform fee, a share of the price."""
    most: int | None = None
    """Items a week."""


@dataclass(frozen=True)
class Written:
    """A case of one product, made exactly so often, at least cost."""

    weeks: int
    rates: dict[str, Sequence[Fraction]]
    """What a unit of each currency but the case's is worth, week by week."""
    vendors: dict[str, Vendor]
    items: int
    budget: tuple[int, str] | None = None
    weekly: tuple[int, str] | None = None
    limit: tuple[int, str, str] | None = None
    """A limit on what one vendor is paid: amount, currency, vendor."""
    share: tuple[str, Fraction] | None = None
    """A vendor, and its least share of the spend."""
    more: dict[str, Any] = field(default_factory=dict)

    def rate(self, currency: str, week: int) -> Fraction:
        """What one unit is worth in the case's currency."""
        return self.rates[currency][week] if currency in self.rates else Fraction(1)

    def case(self) -> dict[str, Any]:
        """The case as a file says it."""
        exchange = {
            name: [{"rate": f"{float(each[0])} USD"}]
            + [{"from": f"week {n + 1}", "rate": f"{float(one)} USD"} for n, one in enumerate(each) if n]
            for name, each in self.rates.items()
        }
        budget: dict[str, Any] = {}
        if self.budget is not None:
            budget["total"] = f"{self.budget[0]} {self.budget[1]}"
        if self.weekly is not None:
            budget["per-week"] = f"{self.weekly[0]} {self.weekly[1]}"
        if self.limit is not None:
            most, currency, vendor = self.limit
            budget["limits"] = [{"name": "one vendor", "at-most": f"{most} {currency}", "vendors": [vendor]}]
        return {
            "case": "currencies",
            "currency": "USD",
            "objective": "cost",
            "exchange": exchange,
            "horizon": {"start": str(START), "weeks": self.weeks},
            "products": {"p": {"item": "image", "effort": "36 s/image", "demand": {"exactly": f"{self.items} images"}}},
            "vendors": {name: _vendor(one) for name, one in self.vendors.items()},
            "workflows": {"plain": {}},
            **({"budget": budget} if budget else {}),
            **({"rules": [{"name": "share", "share": _share(*self.share)}]} if self.share is not None else {}),
            **self.more,
        }

    def grid(self) -> Iterator[dict[str, list[Fraction]]]:
        """Every plan whose quantities are multiples of the grid's step: items by vendor and week."""
        names = list(self.vendors)
        for parts in _parts(self.items // STEP, len(names) * self.weeks):
            yield {
                name: [Fraction(STEP * one) for one in parts[n * self.weeks : (n + 1) * self.weeks]]
                for n, name in enumerate(names)
            }


def _share(vendor: str, least: Fraction) -> dict[str, Any]:
    return {"vendor": vendor, "of": "spend", "at-least": f"{float(least)}"}


def _vendor(one: Vendor) -> dict[str, Any]:
    contract: dict[str, Any] = {}
    if one.price is not None:
        contract["price"] = f"{float(one.price)} {one.currency}/image"
    else:
        steps = [
            {"price": f"{float(price)} {one.currency}/image", **({} if end is None else {"up-to": f"{end} images"})}
            for end, price in one.tiers
        ]
        contract["tiers"] = {"kind": one.kind, "window": one.tier_window, "steps": steps}
        contract["tiers"] |= {"surplus": "allowed"} if one.surplus else {}
    if one.rebate:
        listed = [{"at-least": f"{start} {one.rebate_in}", "back": f"{float(back)}"} for start, back in one.rebate]
        contract["rebate"] = {"kind": one.rebate_kind, "window": one.rebate_window, "steps": listed}
    if one.commitment is not None:
        least = f"{one.commitment[0]} {one.commitment[1]}"
        contract["commitment"] = {"at-least": least, "window": one.commitment_window}
    if one.ceiling is not None:
        contract["ceiling"] = f"{one.ceiling[0]} {one.ceiling[1]}"
    found: dict[str, Any] = {"contract": contract}
    if one.fee:
        found["platform-fee"] = f"{float(one.fee)}"
    if one.most is not None:
        found["capacity"] = f"{one.most} images/week"
    return found


def _parts(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way to share whole units over cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _parts(total - first, cells - 1):
            yield (first, *rest)


def windows(kind: str, weeks: int) -> list[list[Fraction]]:
    """Part of each week that lies in each window of a kind, by its days."""
    if kind == "horizon":
        return [[Fraction(1)] * weeks]
    if kind == "period":
        return [[Fraction(int(week == one)) for week in range(weeks)] for one in range(weeks)]
    months: dict[tuple[int, int], list[Fraction]] = {}
    for week, day in itertools.product(range(weeks), range(7)):
        date = START + datetime.timedelta(days=7 * week + day)
        months.setdefault((date.year, date.month), [Fraction(0)] * weeks)[week] += Fraction(1, 7)
    return list(months.values())


def _last(window: Sequence[Fraction]) -> int:
    return max(week for week, part in enumerate(window) if part)


@dataclass(frozen=True)
class Amount:
    """Money of a vendor's invoice."""

    vendor: str
    money: Fraction
    currency: str
    week: int
    is_price: bool = False


def charged(one: Vendor, units: Fraction) -> Fraction:
    """What prices by volume come to for so many units of a window."""
    starts = [0, *(end for end, _ in one.tiers[:-1] if end is not None)]
    if one.kind == "incremental":
        ends = [*starts[1:], None]
        return sum(
            (
                (units if end is None else min(units, Fraction(end))) - start
            ) * price
            for start, end, (_, price) in zip(starts, ends, one.tiers, strict=True)
            if units > start
        )  # fmt: skip
    reached = max(n for n, start in enumerate(starts) if n == 0 or units > start)
    ways = [units * one.tiers[reached][1]]
    for start, (_, price) in zip(starts[reached + 1 :], one.tiers[reached + 1 :], strict=True):
        ways += [(start + Fraction(max(1, start), 10**6)) * price] if one.surplus and units else []
    return min(ways)


def prices(case: Written, name: str, made: Sequence[Fraction]) -> list[tuple[Fraction, int]]:
    """Money billed in the vendor's currency, by week or by window of its tiers, and the week it is owed in."""
    one = case.vendors[name]
    if one.price is not None:
        return [(one.price * items, week) for week, items in enumerate(made)]
    found = []
    for window in windows(one.tier_window, case.weeks):
        units = sum((items * part for items, part in zip(made, window, strict=True)), Fraction(0))
        found.append((charged(one, units), _last(window)))
    return found


def in_window(case: Written, name: str, made: Sequence[Fraction], kind: str, number: int, currency: str) -> Fraction:
    """What a vendor's prices come to in a window of a kind, in a currency."""
    one, window, found = case.vendors[name], windows(kind, case.weeks)[number], Fraction(0)
    by_week = one.price is not None or one.tier_window == "period"
    for position, (money, week) in enumerate(prices(case, name, made)):
        rate = Fraction(1) if currency == one.currency else case.rate(one.currency, week) / case.rate(currency, week)
        # Months and the horizon of tiers lie whole in windows of their own kind, and in the horizon.
        inside = window[week] if by_week else Fraction(int(kind == "horizon" or position == number))
        found += money * inside * rate
    return found


def invoice(case: Written, plan: dict[str, list[Fraction]]) -> list[Amount]:
    """Everything that is owed for a plan."""
    found = []
    for name, made in plan.items():
        one = case.vendors[name]
        for money, week in prices(case, name, made):
            found.append(Amount(name, money, one.currency, week, True))
            found.append(Amount(name, one.fee * money, one.currency, week))
        if one.commitment is not None and sum(made) > 0:
            least, currency = one.commitment
            for number, window in enumerate(windows(one.commitment_window, case.weeks)):
                short = least - in_window(case, name, made, one.commitment_window, number, currency)
                found.append(Amount(name, max(short, Fraction(0)), currency, _last(window)))
        for number, window in enumerate(windows(one.rebate_window, case.weeks) if one.rebate else ()):
            spend = in_window(case, name, made, one.rebate_window, number, one.rebate_in)
            found.append(Amount(name, -paid_back(one, spend), one.rebate_in, _last(window)))
    return found


def paid_back(one: Vendor, spend: Fraction) -> Fraction:
    """What comes back of a spend."""
    reached = [n for n, (start, _) in enumerate(one.rebate) if spend >= start - CENT]
    if not reached:
        return Fraction(0)
    if one.rebate_kind == "all-unit":
        return spend * one.rebate[reached[-1]][1]
    ends: list[int | None] = [*(start for start, _ in one.rebate[1:]), None]
    parts = [
        ((spend if ends[n] is None else min(spend, Fraction(ends[n]))) - one.rebate[n][0]) * one.rebate[n][1]
        for n in reached
    ]
    return sum((max(part, Fraction(0)) for part in parts), Fraction(0))


def total(case: Written, owed: Sequence[Amount]) -> Fraction:
    """All of it in the case's currency."""
    return sum((one.money * case.rate(one.currency, one.week) for one in owed), Fraction(0))


def counted(case: Written, owed: Sequence[Amount], currency: str) -> Fraction:
    """Amounts in a currency, each by the rates of the week it is owed in."""
    return sum(
        (
            one.money if one.currency == currency
            else one.money * case.rate(one.currency, one.week) / case.rate(currency, one.week)
            for one in owed
        ),
        Fraction(0),
    )  # fmt: skip


def broken(case: Written, plan: dict[str, list[Fraction]], owed: Sequence[Amount], near: Fraction) -> list[str]:
    """Limits a plan passes by more than a share of them."""
    found = []

    def hold(words: str, used: Fraction, most: int) -> None:
        if used > most + near * max(1, most):
            found.append(f"{words}: {float(used)} of {most}")

    for name, one in case.vendors.items():
        mine = [amount for amount in owed if amount.vendor == name]
        if one.ceiling is not None:
            hold(f"ceiling of {name}", counted(case, [a for a in mine if a.is_price], one.ceiling[1]), one.ceiling[0])
        if one.most is not None:
            hold(f"capacity of {name}", max(plan[name]), one.most)
        if case.limit is not None and case.limit[2] == name:
            hold(f"limit on {name}", counted(case, mine, case.limit[1]), case.limit[0])
    if case.share is not None:
        part = total(case, [amount for amount in owed if amount.vendor == case.share[0]])
        hold("share", case.share[1] * total(case, owed) - part, 0)
        hold("spend, of which no share is taken below nothing", -total(case, owed), 0)
    if case.budget is not None:
        hold("budget", counted(case, owed, case.budget[1]), case.budget[0])
    for week in range(case.weeks) if case.weekly is not None else ():
        hold(f"week {week + 1}", counted(case, [a for a in owed if a.week == week], case.weekly[1]), case.weekly[0])
    return found
