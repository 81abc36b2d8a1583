"""Where the money goes: products, vendors, marginal returns against the hurdle, unit economics."""

from __future__ import annotations

from typing import Any

from allocate.reporting import charts
from allocate.reporting.document import Chart, Section, Table
from allocate.reporting.material import Material, listing, table
from allocate.reporting.wording import listed
from allocate.tables.column import headed
from allocate.tables.formats import COUNT, Format, money, percent
from allocate.tables.plan import SPEND, UNIT_ECONOMICS

SHOWN = 12
"""Products or vendors a picture shows before the others are taken together."""
PARTS = 7
"""Vendors with a colour of their own."""
OTHERS = "all others"


def spend(m: Material) -> Section:
    """Spend by product, parted by vendor."""
    rows = [row for row in m.products if row["spend"] > 0]
    vendors = [row["vendor"] for row in m.vendors if row["spend"] > 0]
    first = m.vendors[0]
    who = (
        f"{m.vendor[first['vendor']]} has the largest part: {money(first['owed'])} {m.currency}, "
        f"{percent(first['owed'] / m.plan.spend if m.plan.spend else 0.0)} of the spend."
    )
    idle = [m.vendor[row["vendor"]] for row in m.vendors if row["items"] <= 0]
    sentences = [who, *([f"Without work: {listed(idle, 6)}."] if idle else [])]
    fees = sum(row["fees"] for row in m.vendors)
    if fees > 0:
        sentences.append(f"{money(fees)} {m.currency} of fees belong to no product and are not in the picture.")
    sentences += [f"{words}, and are not in the picture." for words in (*_overhead(m), *_to_nobody(m))]
    if not rows:
        return Section("Where the money goes", ("The plan spends nothing on any product.",))
    return Section("Where the money goes", tuple(sentences), _spend_chart(m, rows, vendors))


def _overhead(m: Material) -> list[str]:
    """What teams cost beside the work, in words; nothing where there is none."""
    overhead = sum(row["overhead"] for row in m.vendors)
    return [f"{money(overhead)} {m.currency} of teams' idle hours, hiring and releasing belong to no product"] * bool(
        overhead
    )


def _to_nobody(m: Material) -> list[str]:
    """What is paid to none of the vendors, in words."""
    paid = m.plan.invoice[m.plan.invoice["vendor"] == ""].groupby("clause")["amount"].sum()
    words = {
        "lever": "levers belong to no vendor",
        "penalty": "penalties for what is missing or late belong to no vendor",
    }
    return [f"{money(float(paid[clause]))} {m.currency} of {words[clause]}" for clause in words if clause in paid]


def _spend_chart(m: Material, rows: list[dict[str, Any]], vendors: list[str]) -> Chart:
    shown, own = [row["product"] for row in rows[:SHOWN]], _coloured(m, rows[:SHOWN], vendors)
    cells: dict[tuple[str, str], float] = {}
    for (product, vendor), amount in m.paid.items():
        at = m.product[product], m.vendor[vendor] if vendor in own else OTHERS
        cells[at] = cells.get(at, 0.0) + amount
    order = [m.product[name] for name in shown]
    series = [m.vendor[name] for name in own] + ([OTHERS] if len(vendors) > len(own) else [])
    drawn = [
        {"name": name, "series": part, "amount": cells[name, part]}
        for name in order
        for part in series
        if (name, part) in cells
    ]
    notes = []
    if len(rows) > SHOWN:
        left = sum(row["spend"] for row in rows[SHOWN:])
        notes.append(
            f"the {SHOWN} of {len(rows):,} products with the largest spend; the others have {money(left)} {m.currency} together"
        )
    if len(vendors) > len(own):
        notes.append(
            f"the {len(own)} of {len(vendors):,} vendors with the largest part of these have a colour of their own"
        )
    most = rows[0]
    said = f"Bars of spend by product, parted by vendor. Largest: {m.product[most['product']]}, {money(most['spend'])} {m.currency}."
    figures = _spend_table(m, rows, vendors)
    return Chart(charts.stacked(drawn, order, series, m.currency), said, figures, note="; ".join(notes))


def _coloured(m: Material, rows: list[dict[str, Any]], vendors: list[str]) -> list[str]:
    """Vendors with a colour of their own: all where there are few, else those with most of the spend that is shown."""
    if len(vendors) <= PARTS + 1:
        return vendors
    paid = {name: sum(m.paid.get((row["product"], name), 0.0) for row in rows) for name in vendors}
    return sorted(vendors, key=lambda name: -paid[name])[:PARTS]


def _spend_table(m: Material, rows: list[dict[str, Any]], vendors: list[str]) -> Table:
    if len(vendors) <= PARTS + 1:
        header = ["product", *(m.vendor[name] for name in vendors), "in all"]
        cells = [
            [
                m.product[row["product"]],
                *(money(m.paid.get((row["product"], name), 0.0)) for name in vendors),
                money(row["spend"]),
            ]
            for row in rows
        ]
        totals = [sum(m.paid.get((row["product"], name), 0.0) for row in rows) for name in vendors]
        cells.append(["in all", *map(money, totals), money(sum(totals))])
        return table("products", header, cells, shown=len(cells))
    pairs = sorted(m.paid.items(), key=lambda pair: (-pair[1], pair[0]))
    cells = [[m.product[product], m.vendor[vendor], money(amount)] for (product, vendor), amount in pairs]
    return table("pairs of product and vendor", ["product", "vendor", m.currency], cells, 2, shown=len(cells))


def unit_economics(m: Material) -> Section:
    """What a product's items cost, true cost and cost per equivalent unit included."""
    heads = {"product": "product", "items": "items", "spend": f"spend ({m.currency})", "accuracy": "accuracy"}
    heads |= {"cost_per_item": "per item", "cost_per_accurate_item": "per accurate item", "cost_per_eu": "per EU"}
    heads |= {"value": f"value ({m.currency})", "score": "score"} if m.has_value else {}
    rest = None
    if others := m.products[SHOWN:]:
        rest = {"product": f"{len(others):,} others together"}
        rest |= {name: money(sum(row[name] for row in others)) for name in ("spend", "value")}
    words = (
        f"Costs are in {m.currency}. An accurate item is one that is right at delivery; an equivalent unit (EU) is a "
        "standard amount of work, so that products can be compared."
    )
    fees = sum(row["fees"] for row in m.vendors)
    apart: tuple[str, ...] = (
        (f"Fees and commitments of {money(fees)} {m.currency} belong to no product and are not in these.",)
        if fees
        else ()
    )
    apart += tuple(f"{said}, and not in these." for said in _overhead(m))
    rows = [_economics(m, row) for row in m.products]
    done = listing(
        "products", headed(UNIT_ECONOMICS, **heads), rows, shown=SHOWN, rest=rest, order="largest spend first"
    )
    return Section("What an item costs", (words, *apart), tables=(done,), is_wide=True)


def _economics(m: Material, row: dict[str, Any]) -> dict[str, Any]:
    """A product's totals with what they come to for each item, and the score before and after."""
    items, before = row["items"], row["score_before"]
    score = "–" if before != before else f"{before:,.2f} → {row['score_after']:,.2f}"
    each = row["spend"] / items if items > 0 else None
    return {**row, "product": m.product[row["product"]], "cost_per_item": each, "score": score}


def vendors(m: Material) -> Section:
    """What each vendor makes and is paid."""
    heads: dict[str, str | tuple[str, Format]] = {
        "vendor": "vendor", "owed": f"spend ({m.currency})", "share": "share", "items": "items", "hours": ("hours", COUNT),
        "equivalent_units": "EU", "accuracy": "accuracy", "cost_per_eu": "per EU",
    }  # fmt: skip
    apart = [name for name in ("fees", "overhead") if any(row[name] > 0 for row in m.vendors)]
    heads |= {name: f"{name} in it" for name in apart}
    total = m.plan.spend or 1.0
    rows = [{**row, "vendor": m.vendor[row["vendor"]], "share": row["owed"] / total} for row in m.vendors]
    rest = None
    if others := m.vendors[SHOWN:]:
        owed = sum(row["owed"] for row in others)
        rest = {"vendor": f"{len(others):,} others together", "owed": money(owed), "share": percent(owed / total)}
    done = listing("vendors", headed(SPEND, **heads), rows, shown=SHOWN, rest=rest, order="largest spend first")
    return Section(
        "Spend by vendor",
        (
            "The work, the fees, and the checking of that work by your own team.",
            *(
                ["Overhead is what a team costs beside the work: idle hours, hiring, releasing."]
                if "overhead" in apart
                else []
            ),
        ),
        tables=(done,),
        is_wide=True,
    )
