"""At which prices vendors would come in, lose some of their work, and lose all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Vendor
from allocate.costing.routes import Routes, routes
from allocate.explain.again import Again, Resolved
from allocate.plan import Plan
from allocate.program.arrays import ProgramArrays, frozen
from allocate.program.build import Built, build
from allocate.solvers.live import Change
from allocate.units import Quantity

Floats = NDArray[np.float64]

LITTLE = 0.01
"""A vendor with less than this share of the spend counts as chosen little."""
SOME = 1e-3
"""Work that is more, or less, by this part of itself counts as more, or less."""
HAIR = 1e-6
"""Prices are found to this part of themselves in linear programs."""
CLOSE = 2e-3
"""The same in integer programs, where each price tried is a search of its own."""
DEAREST = 64.0
"""No vendor is asked what it would do at a higher multiple of its prices."""


@dataclass(frozen=True)
class Threshold:
    """A factor on all of a vendor's prices at which its work changes."""

    factor: float | None
    """None where there is none within reach, or it is not known."""
    state: str
    """exact (to `HAIR`, integer programs to `CLOSE`); never (no price does it); unknown (the time ended)."""


@dataclass(frozen=True)
class Offer:
    """A vendor's prices, and where its work would change if all of them moved by one factor."""

    vendor: str
    share: float
    """Its share of the spend now."""
    work: float
    """Equivalent units it makes now."""
    enters: Threshold | None
    """Below it the vendor gets more work than now; only asked for vendors with none or little."""
    product: str
    """Product and workflow it would come in with: the largest part of its work just below that price."""
    workflow: str
    price: float | None
    """What its contract asks for such an item now."""
    entry: float | None
    """What it would have to ask."""
    loses_some: Threshold | None
    """Above it the vendor has less work than now; None where it has none."""
    loses_all: Threshold | None
    """Above it the vendor has no work at all."""


def offers(again: Again, plan: Plan) -> tuple[Offer, ...]:
    """Every vendor with the prices at which it would come in, or lose work.

    All prices of a vendor (of its contract, of its lines of the rate card, of every step of its tiers) move by one
    factor; fees, commitments and your own review stay. Work is in equivalent units, and counts as changed from a
    thousandth on.
    """
    spend = (plan.vendors["spend"] + plan.vendors["fees"]).to_numpy()
    shares = spend / max(float(spend.sum()), 1e-300)
    return tuple(_offer(again, vendor, float(share)) for vendor, share in enumerate(shares))


class Priced:
    """A case's program with all prices of one vendor times a factor."""

    def __init__(self, again: Again, vendor: int) -> None:
        self.again = again
        self.vendor = vendor
        self._one = again.live.arrays
        self._known: dict[float, float | None] = {}
        self._lines: dict[float, tuple[float, float]] = {}
        two = self.built(2.0).program.arrays()
        self._two = two if _alike(self._one, two) else None
        if self._two is not None and again.derives:
            # What is derived from prices need not move in proportion to them: a third program has to agree.
            four, told = self.built(4.0).program.arrays(), self.at(4.0)
            near = all(np.allclose(a, b) for a, b in zip(_numbers(four), _numbers(told), strict=True))
            self._two = two if _alike(two, four) and near else None

    @property
    def linear(self) -> bool:
        """Whether the program is linear and its numbers move in proportion to the factor, so that two of them give all."""
        return self._two is not None and not self.again.derives

    @property
    def tolerance(self) -> float:
        """To which part of itself a factor is found."""
        return HAIR if self.linear else CLOSE

    def built(self, factor: float) -> Built:
        """The program made anew from the case."""
        layout = self.again.built.layout
        case = with_prices(layout.case, self.vendor, factor)
        return build(case, routes(case), layout.values)

    def at(self, factor: float) -> ProgramArrays:
        """The program at a factor, from the two made before."""
        assert self._two is not None
        one, two, part = self._one, self._two, factor - 1.0
        costs, value = (a + part * (b - a) for a, b in ((one.costs, two.costs), (one.value, two.value)))
        lower, upper = one.row_lower.copy(), one.row_upper.copy()
        for side, other in ((lower, two.row_lower), (upper, two.row_upper)):
            finite = np.isfinite(side)
            side[finite] += part * (other[finite] - side[finite])
        matrix = replace(one.matrix, value=frozen(value))
        return replace(one, costs=frozen(costs), matrix=matrix, row_lower=frozen(lower), row_upper=frozen(upper))

    def solve(self, factor: float) -> Resolved:
        """The plan at a factor."""
        if self._two is not None:
            return self.again.arrays(self.at(factor))
        return self.again.program(lambda: self.built(factor))

    def work(self, factor: float) -> float | None:
        """Equivalent units the vendor makes at a factor; 0 where no plan is possible, None where that is not known."""
        if factor not in self._known:
            after = self.solve(factor)
            if after.worth.state == "impossible":
                self._known[factor] = 0.0
            elif after.values is None or after.worth.state != "exact":
                self._known[factor] = None
            else:
                self._known[factor] = made(after.built, self.vendor, after.values)
                self._remember(factor, after.values)
        return self._known[factor]

    def _remember(self, factor: float, values: Floats) -> None:
        """What the plan at a factor costs there, and how that moves with the factor if the plan stays."""
        if self._two is not None:
            slope = float((self._two.costs - self._one.costs) @ values)
            self._lines[factor] = (float(self.at(factor).costs @ values), slope)

    def seen(self, low: float, high: float) -> list[tuple[float, float]]:
        """Factors between two that were tried before, and the vendor's work there."""
        return [(at, work) for at, work in sorted(self._known.items()) if low < at < high and work is not None]

    def remember_base(self) -> None:
        """Take the plan at the case's own prices for known."""
        values = self.again.base.values
        if values is not None:
            self._remember(1.0, values)

    def even(self, one: float, other: float) -> float | None:
        """The factor at which the plans found at two factors cost the same; None where that is not known."""
        if one not in self._lines or other not in self._lines:
            return None
        (first, rising), (second, falling) = self._lines[one], self._lines[other]
        if abs(rising - falling) <= 1e-12 * max(abs(rising), abs(falling)):
            return None
        return (second - other * falling - first + one * rising) / (rising - falling)


def _numbers(arrays: ProgramArrays) -> tuple[Floats, ...]:
    return arrays.costs, arrays.value, arrays.row_lower, arrays.row_upper


def _alike(one: ProgramArrays, other: ProgramArrays) -> bool:
    """Whether two programs have the same columns, with the same bounds, in the same rows with sides of the same kinds."""
    pairs: list[tuple[Any, Any]] = [
        (one.start, other.start),
        (one.index, other.index),
        (one.lower, other.lower),
        (one.upper, other.upper),
    ]
    sides = [(one.row_lower, other.row_lower), (one.row_upper, other.row_upper)]
    pairs += [(np.isfinite(a), np.isfinite(b)) for a, b in sides]
    return all(np.array_equal(a, b) for a, b in pairs)


def made(built: Built, vendor: int, values: Floats) -> float:
    """Equivalent units a vendor makes."""
    layout = built.layout
    return float((values[layout.ids] * layout.equivalent_units)[layout.vendor == vendor].sum())


def with_prices(case: Case, vendor: int, factor: float) -> Case:
    """The case with all prices of a vendor times a factor."""
    name = list(case.vendors)[vendor]
    vendors = {**case.vendors, name: _dearer(case.vendors[name], factor)}
    rates = tuple(
        rate.model_copy(update={"price": _times(rate.price, factor)}) if rate.vendor == name else rate
        for rate in case.file.rates
    )
    return replace(case, file=case.file.model_copy(update={"vendors": vendors, "rates": rates}))


def _dearer(vendor: Vendor, factor: float) -> Vendor:
    contract = vendor.contract
    tiers = tuple(
        one.model_copy(
            update={
                "steps": tuple(
                    step.model_copy(update={"price": _times(step.price, factor), "up_to": _end(step.up_to, factor)})
                    for step in one.steps
                )
            }
        )
        for one in contract.tiers
    )
    changed = contract.model_copy(update={"price": _times(contract.price, factor), "tiers": tiers})
    return vendor.model_copy(update={"contract": changed})


def _times(price: Quantity | None, factor: float) -> Quantity | None:
    return None if price is None else replace(price, number=price.number * factor)


def _end(end: Quantity | None, factor: float) -> Quantity | None:
    """Where a step ends: at the same quantity, so an end in money moves with the prices."""
    return _times(end, factor) if end is not None and end.currency is not None else end


def _offer(again: Again, vendor: int, share: float) -> Offer:
    layout, values = again.built.layout, again.base.values
    assert values is not None
    now = made(again.built, vendor, values)
    idle = now <= _speck(again)
    mine = layout.vendor == vendor
    offer = Offer(layout.routes.vendors[vendor], share, now, None, "", "", None, None, None, None)
    if not mine.any() or not (layout.routes.price[layout.routes.vendor == vendor] > 0).any():
        return offer
    priced = Priced(again, vendor)
    if idle or share < LITTLE:
        enters = _end_of_work(priced) if idle else None
        if enters is None or (enters.factor is not None and enters.factor > 1.0):
            enters = _crossing(priced, lambda work: work > now * (1.0 + SOME) + _speck(again), 0.0, 1.0, above=False)
        offer = _came_in(priced, replace(offer, enters=enters), now)
    if idle:
        return offer
    everything = _end_of_work(priced)
    top = everything.factor if everything.factor is not None else DEAREST
    if everything.state == "unknown":
        return replace(offer, loses_some=everything, loses_all=everything)
    some = _crossing(priced, lambda work: work < now * (1.0 - SOME), 1.0, top * (1.0 + 2.0 * HAIR), above=True)
    return replace(offer, loses_some=some, loses_all=everything)


def _speck(again: Again) -> float:
    """Equivalent units that are rounding."""
    values, layout = again.base.values, again.built.layout
    assert values is not None
    return 1e-9 * max(1.0, float(values[layout.ids] @ layout.equivalent_units))


def _came_in(priced: Priced, offer: Offer, now: float) -> Offer:
    """The offer with the route the vendor would come in with, from the plan just below its entry price."""
    enters = offer.enters
    if enters is None or enters.factor is None:
        return offer
    after = priced.solve(enters.factor * (1.0 - 2.0 * priced.tolerance))
    layout, before = priced.again.built.layout, priced.again.base.values
    if after.values is None or before is None:
        return offer
    more = (after.values[layout.ids] - before[layout.ids]) * layout.equivalent_units
    more[layout.vendor != priced.vendor] = -np.inf
    best = int(np.argmax(more))
    ways: Routes = layout.routes
    route = int(layout.route[best])
    price = float(ways.price[route, layout.period[best]])
    return replace(
        offer, product=ways.products[ways.product[route]], workflow=ways.workflows[ways.workflow[route]], price=price,
        entry=price * enters.factor,
    )  # fmt: skip


def _end_of_work(priced: Priced) -> Threshold:
    """The factor above which the vendor gets nothing.

    In a linear program: without the vendor the duals price its columns, and each column's reduced cost is linear in the
    factor, so the largest root is where the first of them would come in; a plan solved a hair below has to agree, else
    the factor is searched for.
    """
    if not priced.linear:
        return _searched_end(priced)
    again, layout = priced.again, priced.again.built.layout
    ids = layout.ids[layout.vendor == priced.vendor]
    nothing = np.zeros(len(ids))
    barred = again.change(Change(columns=ids, lower=nothing, upper=nothing))
    if barred.values is None or barred.row_duals is None:
        return Threshold(None, "never" if barred.worth.state == "impossible" else "unknown")
    sign = 1.0 if again.live.arrays.maximise else -1.0
    at_one, at_two = (sign * (a.costs - a.priced(barred.row_duals))[ids] for a in (priced.at(1.0), priced.at(2.0)))
    falls = at_one > at_two
    roots = np.full(len(ids), -np.inf)
    roots[falls] = 1.0 + at_one[falls] / (at_one[falls] - at_two[falls])
    if (~falls & (at_one > 1e-9)).any():
        return Threshold(None, "never")
    factor = float(roots.max(initial=-np.inf))
    if factor <= 0:
        return Threshold(None, "never")
    below = priced.work(factor * (1.0 - HAIR))
    if below is not None and below > _speck(again):
        return Threshold(factor, "exact")
    return _crossing(priced, lambda work: work <= _speck(again), 0.0, factor, above=True)


def _searched_end(priced: Priced) -> Threshold:
    """The same by search: between nothing and now for a vendor without work, else from now on in doublings."""
    again = priced.again
    assert again.base.values is not None

    def idle(work: float) -> bool:
        return work <= _speck(again)

    if idle(made(again.built, priced.vendor, again.base.values)):
        return _crossing(priced, idle, 0.0, 1.0, above=True)
    near = far = 1.0
    while far < DEAREST:
        near, far = far, 2.0 * far
        work = priced.work(far)
        if work is None:
            return Threshold(None, "unknown")
        if idle(work):
            return _crossing(priced, idle, near, far, above=True)
    return Threshold(None, "never")


def _crossing(priced: Priced, holds: Callable[[float], bool], low: float, high: float, *, above: bool) -> Threshold:
    """The factor between two above (or below) which something holds of the vendor's work.

    Looked for where the plans on both sides cost the same, and by halving where that does not close in on it.
    """
    far, near = (high, low) if above else (low, high)
    there = priced.work(far)
    if there is None:
        return Threshold(None, "unknown")
    if near == 1.0:  # at the case's own prices it is the plan itself
        priced.remember_base()
    here = priced.work(near) if near != 1.0 else None
    if not holds(there) or (here is not None and holds(here)):
        return Threshold(None, "never")
    for factor, before in priced.seen(min(near, far), max(near, far)):
        if min(near, far) < factor < max(near, far):
            near, far = (near, factor) if holds(before) else (factor, far)
    halve = False
    while abs(far - near) > priced.tolerance * max(far, near):
        width = abs(far - near)
        tried = [_middle(near, far)] if halve else _beside(priced, near, far)
        for factor in tried:
            if not min(near, far) < factor < max(near, far):
                continue
            work = priced.work(factor)
            if work is None:
                return Threshold(None, "unknown")
            near, far = (near, factor) if holds(work) else (factor, far)
        if max(far, near) < HAIR:
            return Threshold(None, "never")
        halve = abs(far - near) > width / 2.0
    return Threshold(far, "exact")


def _beside(priced: Priced, near: float, far: float) -> list[float]:
    """A hair to each side of where the plans at two factors cost the same; the middle where that is not between them."""
    even = priced.even(near, far)
    if even is None or not min(near, far) < even < max(near, far):
        return [_middle(near, far)]
    hair = 0.4 * priced.tolerance * max(even, HAIR)
    towards = 1.0 if far > near else -1.0
    return [even + towards * hair, even - towards * hair]


def _middle(near: float, far: float) -> float:
    return float(np.sqrt(far * near) if far > 4.0 * near > 0 else (far + near) / 2.0)
