"""Prices by volume and wages of teams as formulas: what the plan's lines take their share of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.document import Path_
from allocate.case.schema import Tiers
from allocate.costing.lines import ends_at_money, tier_of
from allocate.costing.schedules import Schedule, schedules
from allocate.costing.teams import CLAUSES, Staff, Staffed, staffed, teams
from allocate.report.workbook.contracts import Contracts
from allocate.report.workbook.terms import Term, number, total
from allocate.report.workbook.unit_costs import early_payment

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shared:
    """What a line with a price of its kind pays for one unit: of a schedule by window, of a team by period."""

    schedules: Mapping[int, Sequence[tuple[Floats, Term]]]
    """Weights of the window by period, and the average price of its units."""
    hours: Mapping[tuple[int, int], Term]
    """Money of an hour of a team (by its vendor's position) in a period."""


def tiers_and_teams(sheet: Contracts, barred: frozenset[int]) -> Shared:
    """Write schedules and teams; barred: numbers of schedules with lines that no formula follows."""
    found: dict[int, Sequence[tuple[Floats, Term]]] = {}
    for schedule in schedules(sheet.case):
        used = bool((sheet.schedule == schedule.number).any())
        if used and not schedule.surplus and schedule.counts is None and schedule.number not in barred:
            found[schedule.number] = _schedule(sheet, schedule)
    hours: dict[tuple[int, int], Term] = {}
    for one in _staffed(sheet):
        hours |= _team(sheet, one)
    return Shared(found, hours)


def _schedule(sheet: Contracts, schedule: Schedule) -> list[tuple[Floats, Term]]:
    """Rows of a schedule: each step in each window; the average price of every window's units."""
    vendor = list(sheet.case.vendors)[schedule.vendor]
    prices, ends = _steps(sheet, vendor, schedule)
    found: list[tuple[Floats, Term]] = []
    for number_, label in enumerate(schedule.windows.labels):
        weights, first = schedule.windows.weights[number_], int(schedule.windows.first[number_])
        units = sheet.gathered("billed units", {"schedule": schedule.number}, weights, sheet.units)
        if units.value <= 0:
            continue
        currency = _tiers(sheet, vendor, schedule).steps[0].price.currency or sheet.case.currency
        season = sheet.moving.season[vendor][first]
        factor = sheet.moving.exchange[currency][first] * season
        # Steps that end at money are filled by what the units cost, season and escalation included.
        filling = season if ends_at_money(_tiers(sheet, vendor, schedule)) else number(1)
        filled = units * filling
        cells, whole = [], None
        for step, (each, end) in enumerate(zip(prices, ends, strict=True)):
            start = (ends[step - 1] if step else None) or number(0)
            whole = sheet.put("in the window", filled if whole is None else whole)
            sheet.put("from", start)
            if end is not None:
                sheet.put("up to", end)
            about = f"{schedule.words}, step {step + 1} of {len(prices)}"
            many = _part(whole, start, end, schedule.incremental, step == 0) / filling
            cells.append(sheet.entry((vendor, label, "tier", about), many, schedule.unit, each, factor, of_lines=True))
        assert whole is not None
        owed = total([one.amount for one in cells])
        _shares_on_top(sheet, vendor, label, schedule, owed)
        each = Term(f"IF({whole.text}=0,0,{owed.text}/{whole.text})", owed.value / whole.value)
        found.append((weights, each * filling))
    return found


def _tiers(sheet: Contracts, vendor: str, schedule: Schedule) -> Tiers:
    """The block of the contract a schedule is of."""
    found = tier_of(sheet.case.vendors[vendor], list(sheet.case.products)[schedule.products[0]])
    assert found is not None
    return found


def _shares_on_top(sheet: Contracts, vendor: str, label: str, schedule: Schedule, owed: Term) -> None:
    """Platform fee and discount that are shares of what the tiers of a window come to."""
    for clause in ("platform fee", "early payment"):
        key = (vendor, label, clause, schedule.words)
        if not sheet.true.get(key):
            continue
        serves = sheet.case.vendors[vendor]
        if clause == "platform fee" and serves.platform_fee is not None:
            share = sheet.inputs.quantity(
                "platform fee", vendor, serves.platform_fee, ("vendors", vendor, "platform-fee")
            )
        else:
            share = -1 * early_payment(sheet.inputs, vendor)
        sheet.entry(key, owed, sheet.case.currency, share, of_lines=True)


def _steps(sheet: Contracts, vendor: str, schedule: Schedule) -> tuple[list[Term], list[Term | None]]:
    """Price and end of every step as inputs; an end in money is what the units up to there cost."""
    blocks = sheet.case.vendors[vendor].contract.tiers
    tiers = _tiers(sheet, vendor, schedule)
    position = next(n for n, one in enumerate(blocks) if one is tiers)
    written = sheet.case.document.at(("vendors", vendor, "contract")).get("tiers")
    where: Path_ = ("vendors", vendor, "contract", "tiers", *(() if isinstance(written, dict) else (position,)))
    prices: list[Term] = []
    ends: list[Term | None] = []
    start, spent = number(0), number(0)
    for step, one in enumerate(tiers.steps):
        path: Path_ = (*where, "steps", step)
        about = f"{vendor}{f', tiers {position + 1}' if len(blocks) > 1 else ''}, step {step + 1}"
        prices.append(sheet.inputs.quantity("price of a step", about, one.price, (*path, "price")))
        end: Term | None = None
        if one.up_to is not None:
            end = sheet.inputs.quantity("end of a step", about, one.up_to, (*path, "up-to"))
            if one.up_to.currency is not None and tiers.kind == "all-unit":
                end = end / prices[0]
            elif one.up_to.currency is not None:
                money, end = end, start + (end - spent) / prices[-1]
                spent = money
            start = end
        ends.append(end)
    return prices, ends


def _part(units: Term, start: Term, end: Term | None, incremental: bool, first: bool) -> Term:
    """Units of a window that a step prices."""
    stop = end.value if end is not None else np.inf
    if incremental:
        top = f"MIN({units.text},{end.text})" if end is not None else units.text
        return Term(f"MAX(0,{top}-{start.text})", max(0.0, min(units.value, stop) - start.value))
    tests = [] if first else [f"{units.text}>{start.text}"]
    tests += [f"{units.text}<={end.text}"] if end is not None else []
    inside = (first or units.value > start.value) and units.value <= stop
    text = f"IF(AND({','.join(tests)}),{units.text},0)" if tests else units.text
    return Term(text, units.value if inside else 0.0)


def _staffed(sheet: Contracts) -> Sequence[Staffed]:
    """Every team as the plan has it."""
    found, staff = teams(sheet.case), sheet.plan.staff
    if not found or staff.empty:
        return ()
    names, count = list(sheet.case.vendors), sheet.case.periods.count
    tables = []
    for column in ("hired", "released", "overtime"):
        rows = [staff.loc[staff["team"] == names[one.vendor], column].to_numpy(dtype=np.float64) for one in found]
        tables.append(np.array(rows).reshape(len(found), count))
    return staffed(found, Staff(*tables))


def _team(sheet: Contracts, one: Staffed) -> dict[tuple[int, int], Term]:
    """Rows of a team by clause and period; money of an hour worked in each period."""
    name, team = list(sheet.case.vendors)[one.team.vendor], one.team
    block = sheet.case.vendors[name].team
    assert block is not None
    where: Path_ = ("vendors", name, "team")
    found: dict[tuple[int, int], Term] = {}
    sheet.teams.add(team.vendor)
    for period in range(sheet.case.periods.count):
        label, running = sheet.case.periods.label(period), list[Term]()
        there = float(one.hours[period] + one.overtime[period])
        ones = np.zeros(sheet.case.periods.count)
        ones[period] = 1.0
        worked = sheet.gathered("hours", {"vendor number": team.vendor}, ones, sheet.hours)
        base = sheet.money("wage", name, block.wage, (*where, "wage"), period) * sheet.moving.season[name][period]
        for clause, (many, money) in one.charges.items():
            quantity, owed = float(many[period]), float(money[period])
            if quantity == 0 or owed == 0:
                continue
            if clause == "wages":
                worked = sheet.put("in the window", worked)
                sheet.enough(worked, sheet.put("up to", there))
            price = _team_price(sheet, name, clause, period, base, owed / quantity)
            row = sheet.entry((name, label, clause, name), quantity, CLAUSES[clause], price)
            if clause in ("wages", "shift premium", "shift", "overtime"):
                running.append(row.amount)
        cost = total(running)
        if worked.value > 0 and cost.value > 0:
            hours = max(there, worked.value)
            found[team.vendor, period] = Term(f"({cost.text}/MAX({there!r},{worked.text}))", cost.value / hours)
    return found


def _team_price(sheet: Contracts, name: str, clause: str, period: int, wage: Term, each: float) -> Term:
    """Money of one unit of a clause of a team, by its input where there is one."""
    block = sheet.case.vendors[name].team
    assert block is not None
    where: Path_ = ("vendors", name, "team")
    if clause == "wages":
        return wage
    if clause == "overtime" and block.overtime is not None:
        path: Path_ = (*where, "overtime", "premium")
        return wage * (1 + sheet.inputs.share("premium on overtime", name, block.overtime.premium, path))
    if clause == "shift premium":
        return wage * (each / wage.value if wage.value else 0.0)
    for word, paid in (("hiring", block.hire), ("release", block.release)):
        if clause == word and paid is not None and paid.cost is not None:
            key = "hire" if word == "hiring" else "release"
            return sheet.money(f"cost of {word}", name, paid.cost, (*where, key, "cost"), period)
    return number(each)
