"""What was decided: who makes what and when, and which levers are bought."""

from __future__ import annotations

from allocate.costing.quality.unstated import MARK, unstated_of
from allocate.errors import readable
from allocate.reporting.document import Section
from allocate.reporting.material import Material, listing, table
from allocate.reporting.wording import LABEL, counted, listed
from allocate.tables.column import headed
from allocate.tables.formats import COUNT, money, spans
from allocate.tables.frames import table_of
from allocate.tables.plan import MIX
from allocate.tables.views import mix_rows
from allocate.tolerances import HALF_A_CENT

SHOWN = 16
"""Ways of making that stand on the page; a plan of more has them behind it."""


def plan(m: Material) -> Section:
    """Product, vendor, workflow, when, how much, for how much money."""
    rows = mix_rows(table_of(m.plan, "lines"))
    if not rows:
        return Section("The plan", ("Nothing is made.",), is_wide=True)
    keys = [name for name in ("product", "vendor", "workflow", "levers") if name in rows[0]]
    when: dict[tuple[str, ...], set[int]] = {}
    for *key, period in table_of(m.plan, "lines").rows(*keys, "period"):
        when.setdefault(tuple(map(str, key)), set()).add(int(period))
    order = {row["product"]: position for position, row in enumerate(m.products)}
    rows.sort(key=lambda row: (order[row["product"]], -row["spend"]))
    cells = [
        {
            **{str(name): cell for name, cell in row.items()},
            "product": m.product[row["product"]],
            "vendor": m.vendor[row["vendor"]],
            "workflow": m.workflow[row["workflow"]],
            "levers": readable(str(row.get("levers") or "–"), LABEL),
            "periods": spans(when[tuple(str(row[name]) for name in keys)], m.unit, "–"),
        }
        for row in rows
    ]
    heads = {name: name for name in keys} | {"periods": "when"}
    columns = headed(
        MIX, **heads, items=("items", COUNT), hours=("hours", COUNT), spend=f"spend ({m.currency})", accuracy="accuracy"
    )
    done = listing("ways of making", columns, cells, shown=SHOWN, order="products with the largest spend first")
    return Section("The plan", (*_around(m), *unstated(m)), tables=(done,), is_wide=True)


def unstated(m: Material) -> tuple[str, ...]:
    """Which accuracies of vendors in the plan are not stated."""
    names = unstated_of(m.case, table_of(m.plan, "lines").rows("product", "vendor"))
    taken = f"{100.0 * m.case.model.defaults.accuracy:.6g}%"
    if not names:
        return ()
    return (
        f"The accuracy of {listed([m.vendor[name] for name in names])} is not stated: {taken} is the cost model's, and every accuracy "
        f"with {MARK} rests on it.",
    )


def _around(m: Material) -> tuple[str, ...]:
    """What the lines do not show: products without work, and money of no line."""
    told = []
    if nothing := [m.product[row["product"]] for row in m.products if row["items"] <= 0]:
        told.append(f"No items of {listed(nothing)} are made.")
    apart = m.plan.spend - float(table_of(m.plan, "lines")["spend"].sum())
    if abs(apart) >= HALF_A_CENT:
        told.append(
            f"{money(apart)} {m.currency} of the spend belongs to no line: fees, licences, commitments less rebates, idle hours and "
            "hiring of teams, levers, penalties that are paid. What products cost, below, has their part of it."
        )
    return tuple(told)


def levers(m: Material) -> Section | None:
    """Levers bought, when and for how much, and those that are not; None in cases without levers."""
    offered = m.case.file.levers
    if not offered:
        return None
    bought = {str(row["lever"]): row for row in table_of(m.plan, "levers").records()}
    rows = []
    for name in sorted(offered, key=lambda name: name not in bought):
        lever, row = offered[name], bought.get(name)
        done = ["no", "–", "–", "–", "–"]
        if row is not None:
            done = [
                "yes", f"{m.unit} {row['from']}", money(row["once"]), money(row["running"]), money(row["cost"])
            ]  # fmt: skip
        owner = readable(lever.owner or "–", 40)
        rows.append([readable(name, LABEL), readable(lever.title or "–", 120), owner, *done])
    names = [readable(name, LABEL) for name in bought]
    words = f"The plan buys {listed(names)}." if names else "The plan buys none of the levers on offer."
    total = sum(float(row["cost"]) for row in bought.values())
    if names:
        words = f"{words[:-1]}, for {money(total)} {m.currency} in all."
    decided = [readable(name, LABEL) for name, lever in offered.items() if lever.bought is not None]
    said = (words, *([f"Decided by the case, not by the plan: {listed(decided)}."] if decided else []))
    header = ["lever", "what it is", "owner", "bought", "from", "once", "running", f"cost ({m.currency})"]
    blank = [n for n in (1, 2) if all(row[n] == "–" for row in rows)]
    kept = [n for n in range(len(header)) if n not in blank]
    cells = [[row[n] for n in kept] for row in rows]
    shown = table("levers", [header[n] for n in kept], cells, len(kept) - 3)
    return Section("Levers bought", said, tables=(shown,), is_wide=True)


def _paid_by_levers(m: Material) -> list[str]:
    """What levers pay people of your own, who are in no team's figures."""
    said = []
    for name, once, running in table_of(m.plan, "levers").rows("lever", "once", "running"):
        lever = m.case.file.levers[str(name)]
        pays = ((lever.cost_to, once), (lever.running_cost_to, running))
        for to, amount in pays:
            if to is not None and amount > 0 and (to not in m.case.vendors or m.case.vendors[to].own_people):
                who = m.vendor[to] if to in m.case.vendors else "the review team"
                what = f": {readable(lever.title, 120)}" if lever.title else ""
                said.append(
                    f"{readable(str(name), LABEL)} pays {who} {money(amount)} {m.currency}, beside the teams{what}."
                )
    return said


def people(m: Material) -> Section | None:
    """What happens to teams and people who are paid by the hour: how many, when they work, when they are idle."""
    staffed = table_of(m.plan, "staff")
    rows, words = [], []
    names = list(dict.fromkeys(map(str, staffed["team"])))
    for name in names:
        mine = [row for row in staffed.rows(*STAFF_SHOWN) if row[0] == name]
        first, last = mine[0], mine[-1]
        hired, released, worked, idle, overtime, spend = (sum(row[n] for row in mine) for n in range(2, 8))
        there = f"{first[1]:,.0f}" if first[1] == last[1] else f"{first[1]:,.0f} → {last[1]:,.0f}"
        rows.append([
            m.vendor[name], there, f"{hired:,.0f}", f"{released:,.0f}", f"{worked:,.0f}", f"{idle:,.0f}", f"{overtime:,.0f}",
            money(spend),
        ])  # fmt: skip
        words.append(_said(m, name, mine, hired, released, idle))
    by_hour = [_paid_by_hour(m, row) for row in m.vendors if _is_by_hour(m, row["vendor"])]
    words += [one for one in by_hour if one]
    words += _paid_by_levers(m)
    if not rows and not words:
        return None
    header = ["team", "people", "hired", "leave", "hours worked", "idle hours", "overtime", f"cost ({m.currency})"]
    tables = (table("teams", header, rows),) if rows else ()
    return Section("Your own people, and people paid by the hour", tuple(words), tables=tables, is_wide=True)


STAFF_SHOWN = ("team", "people", "hired", "released", "worked", "idle", "overtime", "spend", "period")
"""Columns of the staff table that the page adds up."""


def _said(m: Material, name: str, mine: list[tuple[float, ...]], hired: float, released: float, idle: float) -> str:
    changed = [
        f"{number:,.0f} {what} ({spans([int(row[8]) for row in mine if row[column] > 0], m.unit, '–')})"
        for column, number, what in ((2, hired, "hired"), (3, released, "released"))
        if number > 0
    ]
    stays = " and ".join(changed) if changed else "nobody is hired or released"
    paid = sum(one.amount for one in m.plan.entries if one.vendor == name and one.clause in ("hiring", "release"))
    if paid > HALF_A_CENT:
        stays += f", which costs {money(paid)} {m.currency}"
    when = [int(row[8]) for row in mine if row[5] > 0.5]
    rest = f"{idle:,.0f} h are paid and not needed ({spans(when, m.unit, '–')})" if when else "no hour is idle"
    return f"{m.vendor[name]}: {stays}; {rest}."


def _is_by_hour(m: Material, name: str) -> bool:
    block = m.case.vendors[name]
    return block.people is not None and block.team is None


def _paid_by_hour(m: Material, row: dict[str, object]) -> str:
    """What people who are paid for the hours they work get of the plan."""
    from allocate.costing.supply.throughput import paid_hours

    name = str(row["vendor"])
    block = m.case.vendors[name]
    assert block.people is not None
    there, worked = float(block.people.number * paid_hours(m.case, block).sum()), float(str(row["hours"]))
    if there <= 0:
        return ""
    if worked <= 0:
        return (
            f"{m.vendor[name]} ({counted(round(block.people.number), 'person', 'people')}) gets no work in this plan."
        )
    who = counted(round(block.people.number), "person", "people")
    return (
        f"{m.vendor[name]} ({who}) works {worked:,.0f} of the {there:,.0f} h its people are there, and is paid only for the hours "
        "worked; whoever employs them pays the rest."
    )
