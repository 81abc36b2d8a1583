"""The buyer's own page: at which price to walk away, what to ask for, what is saved. It is not for vendors."""

from __future__ import annotations

from collections.abc import Sequence

from allocate.errors import readable
from allocate.explaining.offers import Offer, price_at
from allocate.explaining.thresholds import Threshold
from allocate.reporting.document import Report, Section, Tile
from allocate.reporting.material import Material, table
from allocate.reporting.procurement.awarded import (
    Awarded,
    at_history,
    awarded,
    bidders,
    incumbent_cost,
    price_now,
    saved_against_history,
)
from allocate.reporting.wording import listed, worth
from allocate.tables.formats import NOTHING, money, percent, significant

UNKNOWN = "not asked: the case is large, `allocate report --award --thorough` asks"


def buyer(m: Material) -> Report:
    """What a buyer takes to the table, from the plan and its explanation."""
    lines, whom = awarded(m), bidders(m.case)
    mine = [one for one in lines if one.vendor in whom]
    saved = _savings(m, mine)
    sections = [_walk_away(m, mine, whom), _cuts(m, whom), _enter(m, whom), _savings_section(m, mine)]
    spend = sum(one.paid for one in mine)
    return Report(
        f"Buyer's page: {readable(m.case.file.title or m.case.name, 120)}",
        "For your own people, not for vendors",
        f"{money(spend)} {m.currency} of work is awarded to {len({one.vendor for one in mine})} of {len(whom)} bidders, before "
        "fees and rebates.",
        (
            "Prices are in the contracts' own units. A vendor's prices move together, and everything else stays: "
            "each figure is found by planning again.",
            *_own(m, whom),
        ),
        tuple(Tile(name, money(amount), about) for name, amount, about in saved),
        tuple(one for one in sections if one is not None),
        Section("How this was made", (f"From the plan of case {readable(m.case.name)}.",), is_wide=True),
    )  # fmt: skip


def _own(m: Material, whom: Sequence[str]) -> tuple[str, ...]:
    """Who works without bidding."""
    own = [m.vendor[name] for name in m.case.vendors if name not in whom]
    return (f"Your own people do not bid and get no sheet: {listed(own)}.",) if own else ()


def _offers(m: Material) -> dict[str, Offer]:
    return {one.vendor: one for one in m.found.offers} if m.found is not None else {}


def _pairs(lines: Sequence[Awarded]) -> dict[tuple[str, str, str], list[Awarded]]:
    """Lines by product, vendor and workflow."""
    found: dict[tuple[str, str, str], list[Awarded]] = {}
    for one in lines:
        found.setdefault((one.vendor, one.product, one.workflow), []).append(one)
    return found


def _walk_away(m: Material, lines: Sequence[Awarded], whom: Sequence[str]) -> Section | None:
    """Prices above which awarded work goes elsewhere."""
    offers, rows = _offers(m), []
    order = {name: position for position, name in enumerate(whom)}
    pairs = _pairs(lines)
    for vendor, product, workflow in sorted(pairs, key=lambda key: order[key[0]]):
        some, offer = pairs[vendor, product, workflow], offers.get(vendor)
        now = price_now(m.case, product, vendor, workflow)
        units = sum(one.units for one in some)
        each = significant(sum(one.paid for one in some) / units) if units > 0 else NOTHING
        ends = (
            [_above(now, offer.loses_some), _above(now, offer.loses_all)]
            if offer is not None
            else ["not asked", "not asked"]
        )
        rows.append([m.vendor[vendor], m.product[product], m.workflow[workflow], readable(now, 40), each, *ends])
    if not rows:
        return None
    header = [
        "vendor", "product", "workflow", "price now", f"average paid ({m.currency}/unit)", "some work goes elsewhere above",
        "walk away above",
    ]  # fmt: skip
    words = (
        "Above the walk-away price a plan without the vendor is better, or as good. Of prices by volume, the "
        "first step's; all steps move with it.",
        *([UNKNOWN.capitalize() + "."] if m.found is None else []),
    )
    return Section("Walk-away prices", words, tables=(table("prices", header, rows, 3, shown=len(rows)),), is_wide=True)


def _above(now: str, limit: Threshold | None) -> str:
    """A price at a threshold, in the unit it is written in."""
    if limit is None or limit.state in ("unknown", "left"):
        return "not known"
    if limit.factor is None:
        return "no price: nobody else can do it"
    return readable(price_at(now, limit.factor) or f"{percent(limit.factor - 1.0)} more", 40)


def _cuts(m: Material, whom: Sequence[str]) -> Section | None:
    """What lower prices of vendors with work are worth: where asking pays most."""
    found = {f"prices of {name}": name for name in whom}
    rows = [
        [
            m.vendor[found[one.input]],
            one.step,
            worth(one.less, m.case.file.objective[0]),
            worth(one.more, m.case.file.objective[0]),
        ]
        for one in m.swings
        if one.input in found
    ]
    if not rows:
        return None
    header = ["vendor", "step", f"{m.goal} if its prices fall this far ({m.currency})", "if they rise"]
    done = table("vendors", header, rows, 2, shown=len(rows), order="where it pays most first")
    return Section("What a better price is worth", ("Ask first where it pays most.",), tables=(done,), is_wide=True)


def _enter(m: Material, whom: Sequence[str]) -> Section | None:
    """What to ask for of vendors with little or no work."""
    rows = []
    for one in m.found.offers if m.found is not None else ():
        if one.vendor not in whom or one.enters is None:
            continue
        if one.enters.factor is None:
            ask = "no price does it" if one.enters.state == "never" else "not known"
            rows.append([m.vendor[one.vendor], NOTHING, NOTHING, ask, NOTHING])
        else:
            what = f"{m.product[one.product]}, {m.workflow[one.workflow]}" if one.product else NOTHING
            cut = percent(1.0 - one.enters.factor)
            rows.append([m.vendor[one.vendor], what, readable(one.asks, 40), readable(one.target, 40), cut])
    if not rows:
        return None
    header = ["vendor", "would get", "price now", "ask for less than", "cut"]
    return Section(
        "What to ask of vendors with little or no work", ("Below this price the plan gives them work, or more of it.",),
        tables=(table("vendors", header, rows, 2, shown=len(rows)),), is_wide=True,
    )  # fmt: skip


def _savings(m: Material, lines: Sequence[Awarded]) -> list[tuple[str, float, str]]:
    """Savings in all, against history and against incumbents, where the case knows them."""
    found = []
    against = saved_against_history(m.case, lines)
    if against is not None:
        base = at_history(m.case, lines)
        found.append(
            ("Saved against historic prices", against, f"{m.currency}, {percent(against / base)} of {money(base)}")
        )
    known = [(one, cost) for one in lines if (cost := incumbent_cost(m, one)) is not None]
    if known:
        base, now = sum(cost for _, cost in known), sum(one.spend for one, _ in known)
        found.append(
            ("Saved against incumbents", base - now, f"{m.currency}, {percent((base - now) / base)} of {money(base)}")
        )
    return found


def _savings_section(m: Material, lines: Sequence[Awarded]) -> Section | None:
    """Savings by product and vendor."""
    rows = []
    for (vendor, product), some in _by_pair(lines).items():
        history = saved_against_history(m.case, some)
        known = [(one, cost) for one in some if (cost := incumbent_cost(m, one)) is not None]
        gained = sum(cost - one.spend for one, cost in known) if known else None
        if history is not None or gained is not None:
            before = _historic_text(m, some[0])
            rows.append([
                m.product[product], m.vendor[vendor], readable(price_now(m.case, product, vendor, some[0].workflow), 40), before,
                money(history), money(gained),
            ])  # fmt: skip
    if not rows:
        words = "No rate that gets work states a `historic-price`, and no product whose work moves has an `incumbent`: nothing to compare with."
        return Section("Savings", (words,), is_wide=True)
    header = ["product", "vendor", "price now", "historic price", "saved against it", "saved against the incumbent"]
    return Section("Savings", _how(m), tables=(table("savings", header, rows, 4, shown=len(rows)),), is_wide=True)


def _by_pair(lines: Sequence[Awarded]) -> dict[tuple[str, str], list[Awarded]]:
    found: dict[tuple[str, str], list[Awarded]] = {}
    for one in lines:
        found.setdefault((one.vendor, one.product), []).append(one)
    return found


def _historic_text(m: Material, one: Awarded) -> str:
    rates = [rate for _, rate in m.case.rate_card.of_pair(one.product, one.vendor) if rate.historic_price is not None]
    return readable(rates[0].historic_price.text, 40) if rates and rates[0].historic_price is not None else NOTHING


def _how(m: Material) -> tuple[str, ...]:
    return (
        f"In {m.currency}, for the quantities of the plan. Against the historic price: the work at that price, less what the vendor "
        "is paid for it. Against the incumbent: the items at the incumbent's cost in the same workflow, else its cheapest, "
        "checking included and before prices by volume, less what they cost now.",
    )
