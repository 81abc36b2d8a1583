"""Prices by volume and wages of teams as formulas: what the plan's lines take their share of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from allocate.case.document import Path_
from allocate.case.schema import Tiers
from allocate.costing.supply.surplus import buyable
from allocate.costing.supply.teams import CLAUSES, Staff, Staffed, staffed, teams
from allocate.costing.terms.rate_line import ends_at_money, tier_of
from allocate.costing.terms.schedules import Schedule, is_above
from allocate.reporting.workbook.bonus import Bonus, bonuses
from allocate.reporting.workbook.book import reference
from allocate.reporting.workbook.contracts import AT, SHEET, Contracts, Owed
from allocate.reporting.workbook.filling import Filling
from allocate.reporting.workbook.terms import Term, most, number, total
from allocate.reporting.workbook.unit_costs import early_payment
from allocate.tolerances import STEP_BEGINS

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shared:
    """What a line with a price of its kind pays for one unit: of a schedule by window, of a team by period."""

    schedules: Mapping[int, Sequence[tuple[Floats, Term]]]
    """Weights of the window by period, and the average price of its units."""
    hours: Mapping[tuple[int, int], Term]
    """Money of an hour of a team (by its vendor's position) in a period."""
    lines: Mapping[int, Term] = field(default_factory=dict)
    """Money of lines (by position) that fill steps one after the other."""
    bonuses: Mapping[tuple[int, int], Sequence[Bonus]] = field(default_factory=dict)
    """Bonus and malus by window, by positions of vendor and product."""


def tiers_and_teams(sheet: Contracts, barred: frozenset[int]) -> Shared:
    """Write schedules, teams and what windows change; barred: numbers of schedules with lines that no formula follows."""
    found: dict[int, Sequence[tuple[Floats, Term]]] = {}
    filling, lines = Filling(sheet), dict[int, Term]()
    for schedule in buyable(sheet.case, sheet.ways):
        # What is bought and not used is of another kind, or ends at what could be made.
        least = [step.least for step in schedule.offers]
        limited = any(schedule.reach(window) != least for window in range(len(schedule.windows.labels)))
        spare = schedule.surplus and (schedule.counts is not None or limited)
        if not (sheet.schedule == schedule.number).any() or schedule.number in barred or spare:
            continue
        if filled_in_order(schedule):
            found[schedule.number] = ()
            _in_order(sheet, schedule, filling, lines)
        else:
            found[schedule.number] = _schedule(sheet, schedule)
    if filling.most:
        filling.finish()
    hours: dict[tuple[int, int], Term] = {}
    for one in _staffed(sheet):
        hours |= _team(sheet, one)
    return Shared(found, hours, lines, bonuses(sheet))


def filled_in_order(schedule: Schedule) -> bool:
    """Whether lines fill a schedule's steps one after the other."""
    return schedule.in_order and bool((schedule.filling == 1.0).all())


def _in_order(sheet: Contracts, schedule: Schedule, filling: Filling, lines: dict[int, Term]) -> None:
    """Rows of a schedule whose steps lines fill one after the other; adds the money of each line."""
    vendor = list(sheet.case.vendors)[schedule.vendor]
    prices, ends = _steps(sheet, vendor, schedule)
    for number_, label in enumerate(schedule.windows.labels):
        parts, money = filling.window(schedule, label, schedule.windows.weights[number_], prices, ends)
        if not money:
            continue
        factor, cells = _factor(sheet, vendor, schedule, number_), list[Owed]()
        for step, (each, end) in enumerate(zip(prices, ends, strict=True)):
            sheet.put("from", (ends[step - 1] if step else None) or number(0))
            if end is not None:
                sheet.put("up to", end)
            about = f"{schedule.words}, step {step + 1} of {len(prices)}"
            cells.append(
                sheet.entry((vendor, label, "tier", about), parts[step], schedule.unit, each, factor, of_lines=True)
            )
        _shares_on_top(sheet, vendor, label, schedule, total([one.amount for one in cells]))
        for line, part in money.items():
            lines[line] = lines[line] + part * factor if line in lines else part * factor


def _factor(sheet: Contracts, vendor: str, schedule: Schedule, window: int) -> Term:
    """Season and escalation of a window's first period, exchange rate of its last, in which it is paid."""
    first, last = int(schedule.windows.first[window]), int(schedule.windows.last[window])
    return sheet.moving.exchange[schedule.currency][last] * sheet.moving.season[vendor][first]


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
        # Steps that end at money are filled by what the units cost, season and escalation included.
        money = ends_at_money(_tiers(sheet, vendor, schedule))
        filling = sheet.moving.season[vendor][first] if money else number(1)
        filled = units * filling
        if schedule.counts is not None:
            filled = sheet.gathered("counted units", {"schedule": schedule.number}, weights, sheet.fills)
        factor, window = _factor(sheet, vendor, schedule, number_), _Window(sheet, schedule, vendor, label, filled)
        if schedule.counts is not None:
            window.billed = units
        owed = total([one.amount for one in window.rows(prices, ends, filling, factor)])
        _shares_on_top(sheet, vendor, label, schedule, owed)
        base = units if schedule.counts is not None else window.whole
        each = Term(f"IF({base.text}=0,0,{owed.text}/{base.text})", owed.value / base.value)
        found.append((weights, each * filling))
    return found


@dataclass
class _Window:
    """A window of a schedule whose lines all have their part of every step."""

    sheet: Contracts
    schedule: Schedule
    vendor: str
    label: str
    whole: Term
    """What fills the steps."""
    billed: Term | None = None
    """What is billed, where that is something else."""

    def rows(self, prices: Sequence[Term], ends: Sequence[Term | None], filling: Term, factor: Term) -> list[Owed]:
        """Write every step, and where more may be bought than is used, what is bought so."""
        sheet, schedule, starts = self.sheet, self.schedule, [number(0), *(one or number(0) for one in ends[:-1])]
        about = [f"{schedule.words}, step {step + 1} of {len(prices)}" for step in range(len(prices))]
        first, made = sheet.row, list[Owed]()
        bought = [self._bought(start, step) for step, start in enumerate(starts)]
        best = self._best(prices, ends, bought, first) if schedule.surplus else []
        for step, (start, end, each) in enumerate(zip(starts, ends, prices, strict=True)):
            self.whole = sheet.put("in the window", self.whole)
            sheet.put("from", start)
            if end is not None:
                sheet.put("up to", end)
            if schedule.surplus:
                _would_cost(sheet, self.whole, end, bought[step], each)
                many = _if(best[step], self.whole)
            else:
                many = _part(self.whole, start, end, schedule.incremental, step == 0, self.billed)
            key = (self.vendor, self.label, "tier", about[step])
            made.append(sheet.entry(key, many / filling, schedule.unit, each, factor, of_lines=True))
        for step, each in enumerate(prices if schedule.surplus else ()):
            if step:
                many = _if(best[step], self._bought(starts[step], step) - self.whole) / filling
                key = (self.vendor, self.label, "surplus", about[step])
                made.append(sheet.entry(key, many, schedule.unit, each, factor, of_lines=True))
        return made

    def _bought(self, start: Term, step: int) -> Term:
        """What is bought at the price of a step: what is used, or the least it holds for."""
        return most(self.whole, start + STEP_BEGINS * start) if step else self.whole

    def _best(
        self, prices: Sequence[Term], ends: Sequence[Term | None], bought: Sequence[Term], first: int
    ) -> list[Term]:
        """Whether each step is the one that costs least; of equal ones the first, which has least bought."""
        costs = [
            float("inf") if end is not None and is_above(self.whole.value, end.value) else many.value * each.value
            for end, many, each in zip(ends, bought, prices, strict=True)
        ]
        cells = [reference(SHEET, first + step, AT["would cost"]) for step in range(len(prices))]
        span = f"{cells[0]}:{cells[-1].partition('!')[2]}"
        best = int(np.argmin(costs))
        return [Term(f"MATCH(MIN({span}),{span},0)={step + 1}", float(step == best)) for step in range(len(prices))]


def _would_cost(sheet: Contracts, whole: Term, end: Term | None, bought: Term, each: Term) -> None:
    """What the units of a window would cost at a step; empty where they are beyond its end."""
    cost = bought * each
    if end is None:
        sheet.put("would cost", cost)
        return
    beyond = is_above(whole.value, end.value)
    sheet.book.sheets[SHEET].write_formula(
        sheet.row, AT["would cost"], f'=IF({whole.text}>{_edge(end).text},"",{cost.text})', sheet.book.format("money"),
        "" if beyond else cost.value,
    )  # fmt: skip


def _if(holds: Term, then: Term) -> Term:
    return Term(f"IF({holds.text},{then.text},0)", then.value if holds.value else 0.0)


def _edge(end: Term) -> Term:
    """Above this the price is that beyond the end of a step; see `costing.schedules.is_above`."""
    return end + STEP_BEGINS / 2 * end if end.value > 0 else end


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
            # Bonus and malus that are shares of the tiers are discounted with them; lines work them out one by one.
            owed = owed + sum(
                sheet.true.get((vendor, label, one, schedule.words), 0.0) for one in ("quality", "lateness")
            )
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


def _part(
    units: Term, start: Term, end: Term | None, incremental: bool, first: bool, billed: Term | None = None
) -> Term:
    """Units of a window that a step prices; billed: where they are others than fill the steps, and all cost one price."""
    stop = end.value if end is not None else np.inf
    if incremental:
        top = f"MIN({units.text},{end.text})" if end is not None else units.text
        return Term(f"MAX(0,{top}-{start.text})", max(0.0, min(units.value, stop) - start.value))
    tests = [] if first else [f"{units.text}>{_edge(start).text}"]
    tests += [f"{units.text}<={_edge(end).text}"] if end is not None else []
    inside = (first or is_above(units.value, start.value)) and not is_above(units.value, stop)
    all_of_them = billed or units
    text = f"IF(AND({','.join(tests)}),{all_of_them.text},0)" if tests else all_of_them.text
    return Term(text, all_of_them.value if inside else 0.0)


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
