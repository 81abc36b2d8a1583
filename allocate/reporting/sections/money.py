"""Where the money goes: products, vendors, marginal returns against the hurdle, unit economics."""

from __future__ import annotations

from typing import Any

from allocate.errors import readable
from allocate.finance.payees import LABELLING, VENDORS, by_kind, by_payee
from allocate.reporting import charts
from allocate.reporting.document import Chart, Section, Table
from allocate.reporting.material import Material, listing, table
from allocate.reporting.wording import LABEL, listed
from allocate.tables.column import headed
from allocate.tables.formats import COUNT, Format, money, percent
from allocate.tables.plan import PAYEES, SPEND, UNIT_ECONOMICS, less_taken_off
from allocate.tolerances import HALF_A_CENT

SHOWN = 12
"""Products or vendors a picture shows before the others are taken together."""
PARTS = 7
"""Vendors with a colour of their own."""
OTHERS = "all others"


def spend(m: Material) -> Section:
    """Spend by product, split by who is paid."""
    rows = [row for row in m.products if row["spend"] > 0]
    sums = _paid_to(m)
    if not rows:
        return Section("Where the money goes", ("The plan spends nothing on any product.",))
    first = max(sums, key=lambda name: sums[name])
    sentences = [
        f"{first} gets the largest part: {money(sums[first])} {m.currency}, {percent(sums[first] / m.plan.spend)} of the spend."
    ]
    idle = [m.vendor[row["vendor"]] for row in m.vendors if row["items"] <= 0]
    sentences += [f"Without work: {listed(idle, 6)}."] if idle else []
    shared = sum(row["shared"] for row in rows)
    if abs(shared) >= HALF_A_CENT:
        sentences.append(
            f"{money(shared)} {m.currency} of it is fees, licences, commitments less rebates, idle pay, levers and penalties, "
            "shared out by the work they are for."
        )
    return Section("Where the money goes", tuple(sentences), _spend_chart(m, rows, [*sums]))


def _paid_to(m: Material) -> dict[str, float]:
    """What everybody who is paid gets for products, the most first."""
    sums: dict[str, float] = {}
    for (product, who), amount in m.paid.items():
        if product:
            sums[who] = sums.get(who, 0.0) + amount
    return dict(sorted(sums.items(), key=lambda one: -one[1]))


def payees(m: Material) -> Section | None:
    """Who gets the money, kind by kind; None where vendors get all of it."""
    if set(by_kind(m.case, m.plan)) <= {VENDORS}:
        return None
    rows = by_payee(m.case, m.plan).rows("kind", "paid_to", "amount", "share")
    cells = [
        {"kind": kind, "paid_to": m.vendor.get(name) or readable(name, LABEL), "amount": amount, "share": share}
        for kind, name, amount, share in rows
    ]
    columns = headed(
        PAYEES, kind="kind", paid_to="paid to", amount=f"amount ({m.currency})", share="share of the spend"
    )
    done = listing("payees", columns, cells, shown=SHOWN, order="by kind, largest first")
    kinds = [f"{money(amount)} to {kind}" for kind, amount in by_kind(m.case, m.plan).items()]
    return Section(
        "Who gets the money",
        (f"Of {money(m.plan.spend)} {m.currency}: {listed(kinds, 6)}.",),
        tables=(done,),
        is_wide=True,
    )


def _spend_chart(m: Material, rows: list[dict[str, Any]], paid: list[str]) -> Chart:
    shown, own = [row["product"] for row in rows[:SHOWN]], _coloured(m, rows[:SHOWN], paid)
    cells: dict[tuple[str, str], float] = {}
    for (product, who), amount in m.paid.items():
        if product in shown:
            at = m.product[product], who if who in own else OTHERS
            cells[at] = cells.get(at, 0.0) + amount
    order, series = [m.product[name] for name in shown], own + ([OTHERS] if len(paid) > len(own) else [])
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
    if len(paid) > len(own):
        notes.append(f"the {len(own)} of {len(paid):,} who get most of these have a colour of their own")
    most = rows[0]
    said = f"Bars of spend by product, split by who is paid. Largest: {m.product[most['product']]}, {money(most['spend'])} {m.currency}."
    figures = _spend_table(m, rows, paid)
    return Chart(charts.stacked(drawn, order, series, m.currency), said, figures, note="; ".join(notes))


def _coloured(m: Material, rows: list[dict[str, Any]], paid: list[str]) -> list[str]:
    """Who has a colour: all where there are few, else those who get most of the spend that is shown."""
    if len(paid) <= PARTS + 1:
        return paid
    sums = {name: sum(m.paid.get((row["product"], name), 0.0) for row in rows) for name in paid}
    return sorted(paid, key=lambda name: -sums[name])[:PARTS]


def _spend_table(m: Material, rows: list[dict[str, Any]], paid: list[str]) -> Table:
    if len(paid) <= PARTS + 1:
        header = ["product", *paid, "in all"]
        cells = [
            [
                m.product[row["product"]],
                *(money(m.paid.get((row["product"], name), 0.0)) for name in paid),
                money(row["spend"]),
            ]
            for row in rows
        ]
        totals = [sum(m.paid.get((row["product"], name), 0.0) for row in rows) for name in paid]
        cells.append(["in all", *map(money, totals), money(sum(totals))])
        return table("products", header, cells, shown=len(cells))
    pairs = sorted(((pair, amount) for pair, amount in m.paid.items() if pair[0]), key=lambda one: (-one[1], one[0]))
    cells = [[m.product[product], who, money(amount)] for (product, who), amount in pairs]
    return table("pairs of product and who is paid", ["product", "paid to", m.currency], cells, 2, shown=len(cells))


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
        f"Costs are in {m.currency}, and are all money that a product causes: fees, licences, idle pay and levers too. An accurate item is one that is right at delivery; an equivalent unit (EU) is a "
        "standard amount of work, so that products can be compared."
    )
    rows = [_economics(m, row) for row in m.products]
    done = listing(
        "products", headed(UNIT_ECONOMICS, **heads), rows, shown=SHOWN, rest=rest, order="largest spend first"
    )
    return Section("What an item costs", (words,), tables=(done,), is_wide=True)


def _economics(m: Material, row: dict[str, Any]) -> dict[str, Any]:
    """A product's totals with what they come to for each item, and the score before and after."""
    items, before = row["items"], row["score_before"]
    score = "–" if before != before else f"{before:,.2f} → {row['score_after']:,.2f}"
    each = row["spend"] / items if items > 0 else None
    return {**row, "product": m.product[row["product"]], "cost_per_item": each, "score": score}


def vendors(m: Material) -> Section:
    """What each vendor makes and is paid."""
    heads: dict[str, str | tuple[str, Format]] = {
        "vendor": "vendor", "owed": f"spend ({m.currency})", "share": "share", "paid": "paid to the vendor", "items": "items", "hours": ("hours", COUNT),
        "equivalent_units": "EU", "accuracy": "accuracy", "cost_per_accurate_item": "per accurate item", "cost_per_eu": "per EU",
    }  # fmt: skip
    apart = [name for name in ("fees", "overhead") if any(row[name] != 0 for row in m.vendors)]
    heads |= {name: f"{less_taken_off(name, m.plan.entries) if name == 'fees' else name} in it" for name in apart}
    total = m.plan.spend or 1.0
    paid = {
        name: amount
        for kind, name, amount in by_payee(m.case, m.plan).rows("kind", "paid_to", "amount")
        if kind in (VENDORS, LABELLING)
    }
    rows = [
        {**row, "vendor": m.vendor[row["vendor"]], "share": row["owed"] / total, "paid": paid.get(row["vendor"], 0.0)}
        for row in m.vendors
    ]
    rest = None
    if others := m.vendors[SHOWN:]:
        owed = sum(row["owed"] for row in others)
        rest = {"vendor": f"{len(others):,} others together", "owed": money(owed), "share": percent(owed / total)}
    done = listing("vendors", headed(SPEND, **heads), rows, shown=SHOWN, rest=rest, order="largest spend first")
    return Section(
        "Spend by vendor",
        (
            "Spend has the work, the fees, and what goes with that work: checking by your own people, pre-labelling, platform fees. "
            "What the vendor itself is paid stands beside it. Per accurate item and per EU, levers count too.",
            *(
                ["Overhead is what a team costs beside the work: idle hours, hiring, releasing."]
                if "overhead" in apart
                else []
            ),
        ),
        tables=(done,),
        is_wide=True,
    )
