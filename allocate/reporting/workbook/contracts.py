"""The sheet of contracts: tiers, wages, fees, seats, commitments and rebates, by formulas from the inputs and the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.schema import Contract
from allocate.costing.table import Routes
from allocate.costing.terms.prices import exchange_rates
from allocate.costing.terms.schedules import schedules
from allocate.costing.terms.windows import Windows, parts_of
from allocate.plan import Plan
from allocate.reporting.workbook.book import Book, reference
from allocate.reporting.workbook.columns import AT as PLAN_AT
from allocate.reporting.workbook.inputs import Inputs
from allocate.reporting.workbook.moving import Moving
from allocate.reporting.workbook.terms import Term, number
from allocate.units import Quantity

SHEET = "Contracts"
FIRST = 3
TOO_FEW = "too few hours"
CLOSE = 1e-7
"""Relative distance within which a formula's money is the invoice's."""
COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("vendor", "text", 20), ("window", "text", 13), ("clause", "text", 14), ("about", "text", 32), ("in the window", "items", 14),
    ("from", "items", 12), ("up to", "items", 12), ("would cost", "money", 14), ("accuracy", "share", 10),
    ("change, share", "share", 10), ("change, money per unit", "price", 11), ("quantity", "items", 14), ("unit", "text", 9), ("price", "price", 13),
    ("factor", "small", 10), ("amount", "money", 15), ("figures", "text", 16),
)  # fmt: skip
"""Name, kind and width of every column."""
AT = {name: position for position, (name, _, _) in enumerate(COLUMNS)}
Floats = NDArray[np.float64]
Key = tuple[str, str, str, str]
"""Vendor, window, clause and what it is about: what an entry of the invoice goes by."""


@dataclass(frozen=True)
class Owed:
    """A row of the sheet: cells of how many, at which price, and of the money."""

    quantity: Term
    amount: Term
    of_lines: bool
    """Whether lines of the plan carry it."""


@dataclass(eq=False)
class Contracts:
    """The sheet being written, row by row; what it owes by the key of the invoice's entry."""

    inputs: Inputs
    plan: Plan
    ways: Routes
    route: Sequence[int]
    moving: Moving
    owed: dict[Key, Owed] = field(default_factory=dict)
    figures: list[str] = field(default_factory=list)
    """Clauses that stand as figures, in words."""
    teams: set[int] = field(default_factory=set)
    """Positions of the vendors whose teams stand here."""
    prices: Floats = field(default_factory=lambda: np.zeros(0))
    """What the plan's lines pay in their column of prices; 0 for lines that stand as figures."""
    row: int = FIRST

    def __post_init__(self) -> None:
        lines, ways, route = self.plan.lines, self.ways, np.array(self.route, dtype=np.int64)
        self.period = lines["period"].to_numpy(dtype=np.int64) - 1
        self.items = lines["items"].to_numpy(dtype=np.float64)
        self.vendor, self.product = ways.vendor[route], ways.product[route]
        self.schedule = ways.schedule[route]
        self.units = self.items * ways.billable[route]
        self.hours = lines["hours"].to_numpy(dtype=np.float64)
        self.fills = self.items * ways.counted[route]
        self.right = self.items * lines["accuracy"].to_numpy(dtype=np.float64)
        self.line_prices = self.items * ways.price[route, self.period]
        self.rated = self.units * self._rates()
        self.delivered = np.minimum(self.period + ways.lead[route], self.case.periods.count - 1)
        entries = self.plan.invoice.to_dict("records")
        self.true: dict[Key, float] = defaultdict(float)
        for entry in entries:
            self.true[key_of(entry)] += float(entry["amount"])

    def _rates(self) -> Floats:
        """Exchange rate of the money that each line's bonus and malus are in, shape (N,)."""
        rates, vendors = exchange_rates(self.case), list(self.case.vendors.values())
        currency = [(*bonus_currencies(one.contract), self.case.currency)[0] for one in vendors]
        table = np.array([rates[one] for one in currency])
        found: Floats = table[self.vendor, self.period]
        return found

    @property
    def book(self) -> Book:
        """The workbook."""
        return self.inputs.book

    @property
    def case(self) -> Case:
        """The case."""
        return self.inputs.case

    def begin(self) -> None:
        """Write the head of the sheet."""
        self.book.text(SHEET, 0, 0, "What contracts owe beside prices of single lines", "title")
        words = "Quantities come from the sheet Plan, prices from Inputs; the sheet Invoice and the plan's lines take their money from here."
        self.book.text(SHEET, 1, 0, words, "quiet")
        self.book.columns(SHEET, FIRST - 1, COLUMNS, ("price", "amount", "would cost"))
        self.book.page(SHEET, 3, FIRST - 1)

    def put(self, column: str, term: Term | float) -> Term:
        """Write a cell of the row."""
        term = term if isinstance(term, Term) else number(term)
        return self.book.formula(SHEET, self.row, AT[column], term, COLUMNS[AT[column]][1])

    def entry(self, key: Key, quantity: Term | float, unit: str, price: Term | float, factor: Term | float = 1.0, of_lines: bool = False, true: float | None = None) -> Owed:  # fmt: skip
        """Write a row: quantity times price times factor; a figure where that is not what the invoice says.

        true: what the invoice says, where it has more than one entry of the key.
        """
        for column, text in zip(("vendor", "window", "clause", "about"), key, strict=True):
            self.book.text(SHEET, self.row, AT[column], text)
        self.book.text(SHEET, self.row, AT["unit"], unit)
        many, each, times = self.put("quantity", quantity), self.put("price", price), self.put("factor", factor)
        money, true = many * each * times, self.true.get(key, 0.0) if true is None else true
        if abs(money.value - true) > CLOSE * max(1.0, abs(true)):
            money = number(true)
            self.book.text(SHEET, self.row, AT["figures"], "figure", "quiet")
            self.figures.append(f"{key[2]} of {key[0] or key[3]}")
        found = Owed(many, self.put("amount", money), of_lines)
        self.owed[key] = found
        self.row += 1
        return found

    def enough(self, worked: Term, there: Term) -> None:
        """Say in the row where more is worked than there is."""
        text = f'=IF({worked.text}>{there.text}*(1+1E-9)+1E-9,"{TOO_FEW}","")'
        self.book.sheets[SHEET].write_formula(self.row, AT["figures"], text, self.book.format("text", "quiet"), "")

    @property
    def short(self) -> str:
        """How many rows say so, as a part of a formula."""
        letter = reference(SHEET, 0, AT["figures"]).split("$")[1]
        return f'COUNTIF({SHEET}!${letter}${FIRST + 1}:${letter}${max(self.row, FIRST + 1)},"{TOO_FEW}")'

    def finish(self) -> None:
        """Say so where there is nothing."""
        if self.row > FIRST:
            self.book.hide(SHEET, COLUMNS)
        if self.row == FIRST:
            self.book.text(SHEET, FIRST, 0, "Nothing: every amount of this plan is a price of a single line.", "quiet")

    def gathered(
        self, column: str, keys: Mapping[str, int], weights: Floats, values: Floats, by: str = "period"
    ) -> Term:
        """The sum of a column of the plan over lines with some keys, each period by its weight, shape (T,).

        by: the period of the work, or in which it is `delivered`.
        """
        mine = np.ones(len(values), dtype=bool)
        for name, key in keys.items():
            mine &= {"vendor number": self.vendor, "product number": self.product, "schedule": self.schedule}[
                name
            ] == key
        value = float((values * weights[self.period if by == "period" else self.delivered])[mine].sum())
        chosen = "".join(f",{self.span(name)},{key}" for name, key in keys.items())
        parts = []
        for first, last, weight in _runs(weights):
            within = "" if (first, last) == (0, len(weights) - 1) else _within(self.span(by), first, last)
            times = "" if weight == 1.0 else f"{weight!r}*"
            parts.append(f"{times}SUMIFS({self.span(column)}{chosen}{within})")
        return Term(f"({'+'.join(parts)})" if parts else "0", value)

    def span(self, column: str) -> str:
        """A column of the plan's lines."""
        letter = reference("Plan", 0, PLAN_AT[column]).split("$")[1]
        return f"Plan!${letter}$2:${letter}${max(len(self.items), 1) + 1}"

    def money(self, what: str, about: str, amount: Quantity, path: Path_, period: int, times: float = 1.0) -> Term:
        """An amount of money as an input, in the case's currency at the rate of a period."""
        cell = self.inputs.quantity(what, about, amount, path)
        return cell * times * self.moving.exchange[amount.currency or self.case.currency][period]

    def prices_within(self, vendor: int, over: Windows, currency: str) -> list[Term]:
        """What a vendor's prices come to in each of some windows, in a currency: lines outside of tiers, and its tiers.

        Each is put into it at the rate it was taken out at, that of the period it is owed in.
        """
        name, shares = self.ways.vendors[vendor], parts_of(self.case.periods, over)
        last = {
            label: int(period)
            for one in schedules(self.case)
            if one.vendor == vendor
            for label, period in zip(one.windows.labels, one.windows.last, strict=True)
        }
        rates = None if currency == self.case.currency else self.moving.exchange[currency]
        found = []
        for window in range(len(over.labels)):
            own = number(0)
            for weights, rate in self._runs_of_rates(over.weights[window], currency):
                part = self.gathered("price", {"vendor number": vendor, "schedule": -1}, weights, self.prices)
                own = part / rate + own
            for key, one in self.owed.items():
                if key[0] == name and key[2] in ("tier", "surplus") and key[1] in shares and shares[key[1]][window]:
                    amount = one.amount if rates is None else one.amount / rates[last[key[1]]]
                    own = own + amount * float(shares[key[1]][window])
            found.append(own)
        return found

    def _runs_of_rates(self, weights: Floats, currency: str) -> list[tuple[Floats, Term]]:
        """Weights of a window's periods cut where the exchange rate of a currency may change, each part with its rate."""
        if currency == self.case.currency:
            return [(weights, number(1))]
        case, rates = self.case, self.moving.exchange[currency]
        starts = {case.periods.first_from(one.from_) if one.from_ else 0 for one in case.file.exchange[currency]}
        ends = sorted({*starts, case.periods.count})
        inside = np.arange(case.periods.count)
        parts = [(np.where((inside >= a) & (inside < b), weights, 0.0), rates[a]) for a, b in pairwise(ends) if b > a]
        return [(some, rate) for some, rate in parts if some.any()]

    def amounts(self, of_lines: bool) -> Sequence[Term]:
        """Money of all rows that lines carry, or of those that belong to no line."""
        return [one.amount for one in self.owed.values() if one.of_lines == of_lines]


def key_of(entry: Mapping[Any, Any]) -> Key:
    """What an entry of the invoice goes by."""
    return (str(entry["vendor"]), str(entry["window"]), str(entry["clause"]), str(entry["about"]))


def bonus_currencies(contract: Contract) -> list[str]:
    """Currencies of the steps of bonus and malus that are in money."""
    steps = [*(one.price for one in contract.quality), *(one.price for one in contract.lateness)]
    return sorted({one.currency for one in steps if one.currency is not None})


def _runs(weights: Floats) -> list[tuple[int, int, float]]:
    """Periods one after the other of equal weight, those of none left out."""
    found: list[tuple[int, int, float]] = []
    for position, weight in enumerate(weights.tolist()):
        if weight == 0.0:
            continue
        if found and found[-1][1] == position - 1 and found[-1][2] == weight:
            found[-1] = (found[-1][0], position, weight)
        else:
            found.append((position, position, weight))
    return found


def _within(span: str, first: int, last: int) -> str:
    if first == last:
        return f",{span},{first + 1}"
    return f',{span},">={first + 1}",{span},"<={last + 1}"'
