"""A bidder's feedback sheet: where its offer stands, line by line. It shows no other bidder's name, price or figure."""

from __future__ import annotations

from allocate.errors import readable
from allocate.reporting.document import Report, Section
from allocate.reporting.material import Material, table
from allocate.reporting.procurement.awarded import awarded, bidders, of_vendor, price_now
from allocate.reporting.wording import counted
from allocate.tables.formats import count
from allocate.tables.frames import table_of

BANDS = ((0.0005, "lowest"), (0.05, "within 5%"), (0.15, "5% to 15% above"), (0.3, "15% to 30% above"))
"""How far an offer is from the lowest: in bands, for a distance by itself would tell the lowest price."""
FAR = "more than 30% above"
KEPT = "done by own people"
SPECK = 1e-9
"""Rounding of figures that are the same."""


def feedback(m: Material, vendor: str) -> Report:
    """Rank and band of each line a vendor offers, among those who bid for it; own people are no bidders."""
    made = dict.fromkeys(m.case.products, 0.0)
    for one in of_vendor(awarded(m), vendor):
        made[one.product] += one.items
    price, right = _lowest(m, per_accurate=False), _lowest(m, per_accurate=True)
    rows, kept = [], _kept(m)
    for product in m.case.products:
        if vendor not in price.get(product, {}):
            continue
        workflow = right[product][vendor][1]
        rows.append([
            m.product[product], m.workflow[workflow], readable(price_now(m.case, product, vendor, workflow), 40),
            *_standing(price[product], vendor), *_standing(right[product], vendor),
            f"{count(made[product])} items" if made[product] > 0 else KEPT if product in kept else "no award",
        ])  # fmt: skip
    won = sum(items > 0 for items in made.values())
    header = [
        "line", "workflow", "your price", "rank by price", "from the lowest", "rank per right item", "from the lowest", "award"
    ]  # fmt: skip
    words: tuple[str, ...] = (
        "Rank by price counts what the contract asks for a delivered item. Rank per right item counts the checking it takes as "
        "well, over the share of items that are right: better accuracy moves an offer up. Each line by its best workflow.",
        "Prices by volume count with their first step; fees are not in the ranks.",
        "Ranks alone do not decide: an award also depends on accuracy, capacity, dates and the buyer's other rules.",
    )
    if any(row[-1] == KEPT for row in rows):
        words += (f"{KEPT.capitalize()}: no bidder gets the line.",)
    return Report(
        f"Feedback: {m.vendor[vendor]}",
        readable(m.case.name, 80),
        f"{counted(len(rows), 'line')} offered, {won} awarded.",
        (),
        (),
        (
            Section(
                "Your offer, line by line",
                words,
                tables=(table("lines", header, rows, 3, shown=len(rows)),),
                is_wide=True,
            ),
        ),
        Section("How this was made", ("From all offers for the same work, planned together.",), is_wide=True),
    )


def _kept(m: Material) -> set[str]:
    """Products that are made, and by no bidder."""
    who = set(bidders(m.case))
    made: dict[str, set[str]] = {}
    for product, vendor in table_of(m.plan, "lines").rows("product", "vendor"):
        made.setdefault(product, set()).add(vendor)
    return {product for product, vendors in made.items() if not vendors & who}


def _lowest(m: Material, per_accurate: bool) -> dict[str, dict[str, tuple[float, str]]]:
    """Each bidder's lowest figure for each product, in the first period, with the workflow that has it."""
    routes, whom = m.answer.routes, set(bidders(m.case))
    found: dict[str, dict[str, tuple[float, str]]] = {product: {} for product in routes.products}
    for route in range(routes.count):
        product, vendor, workflow, levers = routes.key(route)
        if vendor not in whom or levers:
            continue
        figure = float(routes.price[route, 0] + routes.adjustment[route, 0])
        if per_accurate:
            if routes.accuracy[route] <= 0:
                continue
            figure = float(routes.unit_cost[route, 0] / routes.accuracy[route])
        before = found[product].get(vendor)
        if before is None or figure < before[0]:
            found[product][vendor] = (figure, workflow)
    return found


def _standing(offers: dict[str, tuple[float, str]], vendor: str) -> tuple[str, str]:
    """Rank among those who bid, and the band of the distance from the lowest."""
    mine, lowest = offers[vendor][0], min(figure for figure, _ in offers.values())
    rank = 1 + sum(figure < mine - SPECK * abs(mine) for figure, _ in offers.values())
    above = mine / lowest - 1.0 if lowest > 0 else 0.0 if mine <= 0 else float("inf")
    band = next((words for most, words in BANDS if above <= most + SPECK), FAR)
    return f"{rank} of {len(offers)}", band
