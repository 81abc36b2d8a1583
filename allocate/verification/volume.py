"""Prices by volume: which products are counted together, and which of the units of a window fall into which step."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from allocate.case.clauses.tiers import TierStep
from allocate.case.load import Case
from allocate.case.schema import Tiers, Vendor
from allocate.tolerances import SEAT_ROUNDING, STEP_BEGINS
from allocate.units import kind_of
from allocate.verification.entries import Number
from allocate.verification.exchange import currency_of
from allocate.verification.windows import Window, windows
from allocate.verification.work_content.card import priced_by
from allocate.verification.work_content.item import Item


@dataclass(frozen=True)
class Step:
    """A price, and the quantity it begins above and ends at."""

    start: float
    stop: float
    price: float

    @property
    def least(self) -> float:
        """The least quantity it holds for where all units cost its price."""
        return self.start + STEP_BEGINS * self.start

    def reached(self, quantity: Number) -> bool:
        """Whether a quantity is beyond its start by more than rounding."""
        return bool(quantity - self.start > 0.5 * STEP_BEGINS * self.start if self.start > 0 else quantity > 0)


@dataclass(frozen=True)
class Schedule:
    """Prices by volume of a vendor over products that are counted together."""

    number: int
    vendor: int
    products: tuple[int, ...]
    words: str
    tiers: Tiers
    currency: str
    steps: tuple[Step, ...]
    windows: tuple[Window, ...]
    followed: tuple[tuple[int, tuple[Step, ...]], ...]
    """Where the prices end on a date: the first period, and the steps, of each list that follows."""
    by_share: bool
    """Whether bonus and price reduction are shares of the prices of some lines, so that it matters which step a line falls into."""

    def within(self, window: Window) -> Schedule:
        """The same with the steps that hold in a window."""
        held = [steps for start, steps in self.followed if window.first >= start]
        return replace(self, steps=held[-1]) if held else self

    @property
    def noun(self) -> str:
        """What the price is per."""
        return self.tiers.steps[0].price.per() or "item"

    @property
    def counts(self) -> str | None:
        """What the steps count, where that is neither what the price is per nor money."""
        end = self.tiers.steps[0].up_to
        noun = None if end is None or end.currency is not None else end.of() or "item"
        return None if noun == self.noun else noun

    @property
    def in_money(self) -> bool:
        """Whether its steps end at money."""
        end = self.tiers.steps[0].up_to
        return end is not None and end.currency is not None

    @property
    def in_order(self) -> bool:
        """Whether lines fill the steps one after the other, of the periods, then of products and workflows."""
        return self.tiers.kind == "incremental" and (self.by_share or self.counts is not None)


def schedules(case: Case) -> tuple[Schedule, ...]:
    """Every list of prices by volume, written out by what is counted together."""
    told: list[Schedule] = []
    for vendor, (name, terms) in enumerate(case.vendors.items()):
        for tiers in terms.contract.tiers:
            followed = _followed(case, terms, tiers)
            over = _parted(case, windows(case.periods, tiers.window), [start for start, _ in followed])
            for products, words in _groups(case, name, tiers):
                told.append(
                    Schedule(
                        len(told), vendor, products, f"{name}: {words}", tiers,
                        currency_of(case, tiers.steps[0].price), _steps(tiers, tiers.steps), over, followed,
                        _changes_by_share(terms) or _changed_by_levers(case, name),
                    )
                )  # fmt: skip
    return tuple(told)


def _changes_by_share(vendor: Vendor) -> bool:
    changes = [*(step.price for step in vendor.contract.quality), *(step.price for step in vendor.contract.lateness)]
    return any(kind_of(change) == "fraction" for change in changes)


def _changed_by_levers(case: Case, vendor: str) -> bool:
    """Whether some lever changes a vendor's prices."""
    named = [one.vendors for lever in case.file.levers.values() for one in lever.effect if one.price is not None]
    return any(vendor in (names or (vendor,)) for names in named)


def _groups(case: Case, vendor: str, tiers: Tiers) -> Iterator[tuple[tuple[int, ...], str]]:
    """Products counted together, and what they are called; none where every rate has a price of its own."""
    names = list(case.products)
    inside = [name for name in names if _leaves_price(case, name, vendor, tiers)]
    if not inside:
        return
    groups: dict[str, list[str]] = {}
    for name in inside:
        key = {"all": ", ".join(inside), "product": name, "task": case.products[name].task or name}[tiers.over]
        groups.setdefault(key, []).append(name)
    for words, group in groups.items():
        yield tuple(names.index(name) for name in group), words


def _leaves_price(case: Case, product: str, vendor: str, tiers: Tiers) -> bool:
    """Whether tiers price a product: they name it first, and some line of the card leaves its price to them."""
    if priced_by(case.vendors[vendor], product) is not tiers:
        return False
    lines = case.rate_card.of_pair(product, vendor)
    return not case.file.rates or any(rate.price is None for _, rate in lines)


def _followed(case: Case, vendor: Vendor, tiers: Tiers) -> tuple[tuple[int, tuple[Step, ...]], ...]:
    """What holds after prices that end, with the first period of each: the later lists for the same products, then the price."""
    found: list[tuple[int, tuple[Step, ...]]] = []
    lists = [one for one in vendor.contract.tiers if set(one.products or ()) == set(tiers.products or ())]
    for position, one in enumerate(lists):
        if one.prices_end is None:
            break
        ended, begun = one.prices_end, case.periods.starts
        start = ended.period or sum(day <= ended.date for day in begun if ended.date is not None)
        if position + 1 < len(lists):
            found.append((start, _steps(tiers, lists[position + 1].steps)))
        elif vendor.contract.price is not None:
            found.append((start, (Step(0.0, math.inf, vendor.contract.price.number),)))
    return tuple(found)


def _parted(case: Case, over: tuple[Window, ...], starts: Sequence[int]) -> tuple[Window, ...]:
    """Windows in which other prices begin, part by part."""
    found: list[Window] = []
    for window in over:
        inside = [start for start in starts if window.first < start <= window.last]
        for begin, end in pairwise([0, *inside, case.periods.count]):
            parts = tuple(part if begin <= n < end else Fraction(0) for n, part in enumerate(window.parts))
            label = f" until {case.periods.label(end - 1)}" if end in inside else f" from {case.periods.label(begin)}"
            found.append(Window(window.label + label * bool(inside), parts))
    return tuple(found)


def _steps(tiers: Tiers, stated: Sequence[TierStep]) -> tuple[Step, ...]:
    """The steps in what they count; one that ends at money ends at the units that cost so much."""
    steps: list[Step] = []
    start = spent = 0.0
    for step in stated:
        stop = math.inf
        if step.up_to is not None and step.up_to.currency is None:
            stop = step.up_to.number
        elif step.up_to is not None and tiers.kind == "all-unit":
            stop = step.up_to.number / stated[0].price.number
        elif step.up_to is not None:
            stop, spent = start + (step.up_to.number - spent) / step.price.number, step.up_to.number
        steps.append(Step(start, stop, step.price.number))
        start = stop
    return tuple(steps)


@dataclass(frozen=True)
class Part:
    """Units billed at one step of a window."""

    clause: str
    """`tier` for what is used, `surplus` for what is bought beside it."""
    step: int
    units: Number
    price: float


@dataclass(frozen=True)
class Billing:
    """What a window bills, before its season and exchange rate."""

    parts: Sequence[Part]
    owed: Sequence[Number]
    """By line, surplus included."""
    used: Sequence[Number]
    """By line, of what is used alone."""


@dataclass(frozen=True)
class Fill:
    """A line's part of a window: what is billed of it, and what fills the steps."""

    item: Item
    period: int
    units: Number
    counted: Number


def billing(schedule: Schedule, fills: Sequence[Fill], filling: float, reach: Sequence[float], spare: float) -> Billing:
    """What a window bills of the lines in it, none of them empty.

    filling: how far a unit fills the steps (season and escalation where they are of money). reach: quantity bought to have
    each step where less is used. spare: units billed to one that the steps count, of what is bought and not used.
    """
    units = sum((fill.units for fill in fills), 0.0)
    if schedule.in_order:
        in_order = _one_by_one(schedule, fills, 1.0 if schedule.counts is not None else filling)
        shares = [fill.units / units for fill in fills]
        return in_order if schedule.tiers.whole is None else _with_whole(schedule, in_order, shares, units)
    if schedule.tiers.whole is not None:
        parts = _whole(schedule, units)
    elif schedule.counts is None:
        parts = _alike(schedule, units * filling, reach)
        parts = [Part(part.clause, part.step, part.units / filling, part.price) for part in parts]
    else:
        counted = sum((fill.counted for fill in fills), 0.0)
        parts = _by_other_units(schedule, counted, units, reach, spare)
    owed = sum((part.units * part.price for part in parts), 0.0)
    used = sum((part.units * part.price for part in parts if part.clause == "tier"), 0.0)
    return Billing(parts, [fill.units / units * owed for fill in fills], [fill.units / units * used for fill in fills])


def _alike(schedule: Schedule, quantity: Number, reach: Sequence[float]) -> list[Part]:
    """Steps that count what is billed, or its money."""
    steps = schedule.steps
    if schedule.tiers.kind == "incremental":
        parts = [Part("tier", n, min(quantity, step.stop) - step.start, step.price) for n, step in enumerate(steps)]
        return [part for part in parts if part.units > 0]
    held = max((n for n, step in enumerate(steps) if step.reached(quantity)), default=0)
    if schedule.tiers.surplus is None:
        return [Part("tier", held, quantity, steps[held].price)]
    offers = [(max(quantity, steps[held].least), held)]
    offers += [(max(quantity, reach[n]), n) for n in range(held + 1, len(steps)) if math.isfinite(reach[n])]
    bought, held = min(offers, key=lambda offer: (offer[0] * steps[offer[1]].price, offer[0]))
    parts = [Part("tier", held, quantity, steps[held].price)]
    return [*parts, Part("surplus", held, bought - quantity, steps[held].price)] if bought > quantity else parts


def whole_of(schedule: Schedule, units: Number) -> Number:
    """What is billed where so much is used: whole multiples, where the contract says of what."""
    whole = schedule.tiers.whole
    return units if whole is None else whole.number * max(math.ceil(units / whole.number - SEAT_ROUNDING), 0)


def _whole(schedule: Schedule, units: Number) -> list[Part]:
    """Whole multiples, as the steps price them: first what is used, then what is billed beside it."""
    assert schedule.tiers.whole is not None
    bought, rounding = whole_of(schedule, units), SEAT_ROUNDING * schedule.tiers.whole.number
    priced = _alike(schedule, bought, ()) if bought > 0 else []
    found, left = list[Part](), units
    for part in priced:
        inside = min(left, part.units)
        left = left - inside
        inside = part.units if part.units - inside <= rounding else inside
        found.append(Part("tier", part.step, inside, part.price))
        found.append(Part("surplus", part.step, part.units - inside, part.price))
    found.sort(key=lambda part: part.clause == "surplus")
    return [part for part in found if part.units > 0]


def _with_whole(schedule: Schedule, used: Billing, shares: Sequence[Number], units: Number) -> Billing:
    """What lines used one after the other, and their parts of what is billed beside it."""
    more = [part for part in _whole(schedule, units) if part.clause == "surplus"]
    money = sum((part.units * part.price for part in more), 0.0)
    owed = [amount + share * money for amount, share in zip(used.owed, shares, strict=True)]
    return Billing([*used.parts, *more], owed, used.used)


def _by_other_units(
    schedule: Schedule, counted: Number, units: Number, reach: Sequence[float], spare: float
) -> list[Part]:
    """All units at the last step that what the steps count has reached, or at a cheaper one bought so far that it holds."""
    steps = schedule.steps
    held = max((n for n, step in enumerate(steps) if step.reached(counted)), default=0)
    more: Number = 0.0
    least = steps[held].price * units
    if schedule.tiers.surplus is not None:
        for n in range(held + 1, len(steps)):
            beside = (reach[n] - counted) * spare if math.isfinite(reach[n]) else math.inf
            if math.isfinite(reach[n]) and steps[n].price * (units + beside) < least:
                held, more, least = n, beside, steps[n].price * (units + beside)
    parts = [Part("tier", held, units, steps[held].price)]
    return [*parts, Part("surplus", held, more, steps[held].price)] if more else parts


def _one_by_one(schedule: Schedule, fills: Sequence[Fill], filling: float) -> Billing:
    """Steps that lines fill one after the other."""
    order = sorted(
        range(len(fills)),
        key=lambda n: (fills[n].period, fills[n].item.product, fills[n].item.workflow, fills[n].item.levers),
    )
    in_steps: dict[int, Number] = {}
    money: list[Number] = [0.0] * len(fills)
    before: Number = 0.0
    for n in order:
        fill = fills[n].counted * filling
        if fill <= 0:
            continue
        after = fill + before
        for number, step in enumerate(schedule.steps):
            part = fills[n].units * (min(after, step.stop) - max(before, step.start)) / fill
            if part > 0:
                in_steps[number] = part + in_steps.get(number, 0.0)
                money[n] = part * step.price + money[n]
        before = after
    parts = [Part("tier", number, units, schedule.steps[number].price) for number, units in sorted(in_steps.items())]
    return Billing(parts, money, money)
