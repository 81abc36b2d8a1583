"""At which prices vendors would enter the plan, lose some of their work, and lose all of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, Decimal

import numpy as np

from allocate.case.load import Case
from allocate.case.paths import scaled
from allocate.costing.table import Routes
from allocate.costing.terms.rate_line import tier_of
from allocate.explaining.re_solve import Again
from allocate.explaining.thresholds import CLOSE, HAIR, Priced, Threshold, crossing, made
from allocate.plan import Plan
from allocate.solvers.live import Change
from allocate.tables.frames import table_of

LITTLE = 0.01
"""A vendor with less than this share of the spend counts as chosen little."""
SOME = 1e-3
"""Work that is more, or less, by this part of itself counts as more, or less."""
PLANS = 6
"""Plans for which there has to be work left before a vendor's prices are asked about."""
LEFT = Threshold(None, "left")
SPARE = 1e-7
"""A vendor without which a plan is worse by no more than this part of it is not needed."""
HIGHEST_TRIED = 64.0
"""No vendor is asked what it would do at a higher multiple of its prices."""


@dataclass(frozen=True)
class Offer:
    """A vendor's prices, and where its work would change if all of them moved by one factor."""

    vendor: str
    share: float
    """Its share of the spend now."""
    work: float
    """Equivalent units it makes now."""
    enters: Threshold | None
    """Below it the vendor gets more work than now; only asked for vendors with none or little, and never for people of your own."""
    product: str
    """Product and workflow it would enter the plan with: the largest part of its work just below that price."""
    workflow: str
    price: float | None
    """What its contract asks for such an item now."""
    entry: float | None
    """What it would have to ask."""
    asks: str
    """Its price for that work as its contract counts it, as in `420 PHP/h`; of prices by volume the first step's."""
    target: str
    """What it would have to ask, in the same unit."""
    loses_some: Threshold | None
    """Above it the vendor has less work than now; None where it has none."""
    loses_all: Threshold | None
    """Above it the vendor has no work at all."""


def offers(again: Again, plan: Plan) -> tuple[Offer, ...]:
    """Every vendor with the prices at which it would enter the plan, or lose work.

    All prices of a vendor (of its contract, of its lines of the rate card, of every step of its tiers) move by one
    factor; fees, commitments and your own review stay. Work is in equivalent units, and counts as changed from a
    thousandth on.
    """
    vendors = table_of(plan, "vendors")
    spend = vendors["spend"] + vendors["fees"] + vendors["overhead"]
    shares = spend / max(float(spend.sum()), 1e-300)
    found = dict[int, Offer]()
    for number, vendor in enumerate(np.argsort(-shares, kind="stable").tolist(), start=1):
        again.tell(f"prices at which vendors gain or lose work, {number} of {len(shares)}")
        found[vendor] = _within(again, vendor, float(shares[vendor]))
    return tuple(found[vendor] for vendor in sorted(found))


def _within(again: Again, vendor: int, share: float) -> Offer:
    """The offer of a vendor as far as there is work left for it."""
    if again.affords_some(PLANS, made=again.live.mixed):
        offer = _offer(again, vendor, share)
        if again.is_enough or again.affords:
            return offer
        enters, some, every = (_or_left(one) for one in (offer.enters, offer.loses_some, offer.loses_all))
        if LEFT in (enters, some, every):
            again.leave("offers", offer.vendor)
        return replace(offer, enters=enters, loses_some=some, loses_all=every)
    offer = _nothing_asked(again, vendor, share)
    if not _has_prices(again, vendor):
        return offer
    again.leave("offers", offer.vendor)
    own = again.built.layout.case.vendors[offer.vendor].own_people
    idle = offer.work <= _speck(again)
    return replace(
        offer,
        enters=LEFT if (idle or share < LITTLE) and not own else None,
        loses_some=None if idle else LEFT,
        loses_all=None if idle else LEFT,
    )


def _or_left(one: Threshold | None) -> Threshold | None:
    """A threshold that is not known is one that was left: there is no work left."""
    return LEFT if one is not None and one.state == "unknown" else one


def _offer(again: Again, vendor: int, share: float) -> Offer:
    layout, offer = again.built.layout, _nothing_asked(again, vendor, share)
    now = offer.work
    idle = now <= _speck(again)
    if not _has_prices(again, vendor):
        return offer
    priced = Priced(again, vendor)
    if priced.linear:
        again.at_prices[vendor] = priced.solve
    own = layout.case.vendors[offer.vendor].own_people
    if (idle or share < LITTLE) and not own:
        enters = _end_of_work(priced) if idle else None
        if enters is None or (enters.factor is not None and enters.factor > 1.0):
            enters = crossing(priced, now * (1.0 + SOME) + _speck(again), 0.0, 1.0, above=False, more=True)
        offer = _came_in(priced, replace(offer, enters=enters))
    if idle:
        return offer
    if _is_spare(again, vendor):
        spare = Threshold(1.0, "exact")
        return replace(offer, loses_some=spare, loses_all=spare)
    everything = _end_of_work(priced)
    top = everything.factor * (1.0 + 2.0 * HAIR) if everything.factor is not None else HIGHEST_TRIED
    if everything.state == "unknown":
        return replace(offer, loses_some=everything, loses_all=everything)
    some = crossing(priced, now * (1.0 - SOME), 1.0, top, above=True)
    return replace(offer, loses_some=some, loses_all=everything)


def _nothing_asked(again: Again, vendor: int, share: float) -> Offer:
    """What is known of a vendor before anything is asked."""
    values = again.base.values
    assert values is not None
    name = again.built.layout.routes.vendors[vendor]
    return Offer(name, share, made(again.built, vendor, values), None, "", "", None, None, "", "", None, None)


def _has_prices(again: Again, vendor: int) -> bool:
    """Whether a vendor has work it could do, at prices above nothing."""
    layout = again.built.layout
    priced = layout.routes.price[layout.routes.vendor == vendor] > 0
    return bool((layout.vendor == vendor).any() and priced.any())


def _is_spare(again: Again, vendor: int) -> bool:
    """Whether a plan without a vendor is worth as much, where value is what is sought: at no higher price is it needed then."""
    if again.built.aims[0].name != "value":
        return False
    ids = again.built.layout.ids[again.built.layout.vendor == vendor]
    gain = again.change(Change(columns=ids, lower=np.zeros(len(ids)), upper=np.zeros(len(ids)))).worth
    return gain.state == "exact" and gain.gain is not None and gain.gain >= -SPARE * again.size


def _speck(again: Again) -> float:
    """Equivalent units that are rounding."""
    values, layout = again.base.values, again.built.layout
    assert values is not None
    return 1e-9 * float(values[layout.ids] @ layout.equivalent_units)


def _came_in(priced: Priced, offer: Offer) -> Offer:
    """The offer with the route the vendor would enter the plan with, from the plan just below its entry price."""
    enters = offer.enters
    if enters is None or enters.factor is None:
        return offer
    after = priced.solve(enters.factor * (1.0 - 2.0 * (HAIR if priced.linear else CLOSE)))
    layout, before = priced.again.built.layout, priced.again.base.values
    if after.values is None or before is None:
        return offer
    more = (after.values[layout.ids] - before[layout.ids]) * layout.equivalent_units
    more[layout.vendor != priced.vendor] = -np.inf
    best = int(np.argmax(more))
    ways: Routes = layout.routes
    route = int(layout.route[best])
    price = float(ways.price[route, layout.period[best]])
    product, workflow = ways.products[ways.product[route]], ways.workflows[ways.workflow[route]]
    written = written_price(layout.case, product, offer.vendor, workflow)
    target = price_at(written, enters.factor)
    return replace(
        offer, product=product, workflow=workflow, price=price, entry=price * enters.factor, asks=written, target=target
    )


def written_price(case: Case, product: str, vendor: str, workflow: str) -> str:
    """What a vendor asks for a product as the case writes it; of prices by volume the first step's; empty for a team."""
    lines = [rate for _, rate in case.rate_card.of_pair(product, vendor) if rate.workflow in (workflow, None)]
    named = max(lines, key=lambda rate: rate.workflow is not None, default=None)
    contract, tiers = case.vendors[vendor].contract, tier_of(case.vendors[vendor], product)
    price = (named.price if named is not None else None) or (tiers.steps[0].price if tiers else contract.price)
    return price.text if price is not None else ""


def price_at(price: str, factor: float) -> str:
    """A written price times a factor, to four significant digits, rounded down: asking so little is enough."""
    amount = scaled(price, Decimal(factor))
    if amount is None:
        return ""
    number, _, unit = amount.partition(" ")
    exact = Decimal(number.replace("_", ""))
    digits = exact.quantize(Decimal(1).scaleb(exact.adjusted() - 3), rounding=ROUND_DOWN)
    return f"{digits.normalize():f} {unit}"


def _end_of_work(priced: Priced) -> Threshold:
    """The factor above which the vendor gets nothing.

    In a linear program: without the vendor the duals price its columns, and each column's reduced cost is linear in the
    factor, so the largest root is where the first of them would enter the plan; a plan solved a hair below has to agree, else
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
    return crossing(priced, _speck(again), 0.0, factor, above=True)


def _searched_end(priced: Priced) -> Threshold:
    """The same by search: between nothing and now for a vendor without work, else from now on.

    In doublings where each price tried is a search from the beginning, and expensive routes make it long.
    """
    again, nothing = priced.again, _speck(priced.again)
    assert again.base.values is not None
    if made(again.built, priced.vendor, again.base.values) <= nothing:
        return crossing(priced, nothing, 0.0, 1.0, above=True)
    if again.live.hot:
        return crossing(priced, nothing, 1.0, HIGHEST_TRIED, above=True)
    near = far = 1.0
    while far < HIGHEST_TRIED:
        near, far = far, 2.0 * far
        work = priced.work(far)
        if work is None:
            return Threshold(None, "unknown")
        if work <= nothing:
            return crossing(priced, nothing, near, far, above=True)
    return Threshold(None, "never")
