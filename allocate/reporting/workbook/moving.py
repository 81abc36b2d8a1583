"""The sheet of periods: exchange rates and price factors, which move from period to period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.case.document import Path_
from allocate.case.schema import CostStep, FeeStep
from allocate.costing.terms.prices import TIMES_A_YEAR, exchange_rates, price_factors, years_until
from allocate.reporting.workbook.book import Book
from allocate.reporting.workbook.inputs import Inputs
from allocate.reporting.workbook.terms import Term, number
from allocate.reporting.workbook.work import place_of
from allocate.units import Quantity

CLOSE = 1e-9
"""Relative distance within which a formula's figure is the library's."""


@dataclass(frozen=True)
class Moving:
    """Cells of what changes from period to period."""

    exchange: Mapping[str, Sequence[Term]]
    season: Mapping[str, Sequence[Term]]
    fees: Mapping[str, Sequence[Term]]
    """Platform fees of vendors whose fee changes by date."""
    pre_labels: Mapping[str, Sequence[Term]]
    """What pre-labelling asks per unit in workflows whose price changes by date."""


def periods_sheet(inputs: Inputs, vendors: Sequence[str]) -> Moving:
    """Write exchange rates and price factors of the vendors used, period by period."""
    book, case = inputs.book, inputs.case
    count = case.periods.count
    book.text("Periods", 0, 0, "Exchange rates and price factors by period", "title")
    book.header("Periods", 2, ["of", *(case.periods.label(position) for position in range(count))])
    book.sheets["Periods"].set_column(0, 0, 34)
    rates, factors, row = exchange_rates(case), price_factors(case), 3
    exchange: dict[str, Sequence[Term]] = {}
    for currency, numbers in rates.items():
        book.text("Periods", row, 0, f"{case.currency} for one {currency}")
        terms = _exchange(inputs, currency)
        exchange[currency] = [_checked(book, row, at, terms[at], float(numbers[at])) for at in range(count)]
        row += 1
    season: dict[str, Sequence[Term]] = {}
    for vendor in vendors:
        book.text("Periods", row, 0, f"prices of {vendor}: season and escalation")
        numbers = factors[list(case.vendors).index(vendor)]
        terms = _season(inputs, vendor)
        season[vendor] = [_checked(book, row, at, terms[at], float(numbers[at])) for at in range(count)]
        row += 1
    fees: dict[str, Sequence[Term]] = {}
    for vendor in vendors:
        one = case.vendors[vendor]
        if one.platform_fee is not None and one.platform_fee_steps:
            book.text("Periods", row, 0, f"platform fee of {vendor}")
            terms = _stepped(
                inputs,
                "platform fee",
                vendor,
                one.platform_fee,
                one.platform_fee_steps,
                ("vendors", vendor, "platform-fee"),
            )
            fees[vendor] = [book.formula("Periods", row, at + 1, terms[at], "small") for at in range(count)]
            row += 1
    pre_labels: dict[str, Sequence[Term]] = {}
    for name, workflow in case.workflows.items():
        before = workflow.pre_label
        if before is not None and before.cost is not None and before.cost_steps:
            book.text("Periods", row, 0, f"price of pre-labels in {name}")
            where = (*place_of(case, name), "pre-label", "cost")
            terms = _stepped(inputs, "price of pre-labels", name, before.cost, before.cost_steps, where)
            pre_labels[name] = [book.formula("Periods", row, at + 1, terms[at], "small") for at in range(count)]
            row += 1
    book.page("Periods", 1, 2)
    return Moving(exchange, season, fees, pre_labels)


def _stepped(inputs: Inputs, what: str, about: str, before: Quantity, steps: Sequence[FeeStep | CostStep], path: Path_) -> list[Term]:  # fmt: skip
    """An amount that changes by date, period by period, in its own unit."""
    periods = inputs.case.periods
    terms = [inputs.quantity(what, about, before, path)] * periods.count
    for position, step in enumerate(steps):
        where = (*path[:-1], f"{path[-1]}-steps", position, "amount")
        amount = inputs.quantity(f"{what} from {step.from_.text}", about, step.amount, where)
        start = periods.first_from(step.from_)
        terms[start:] = [amount] * (periods.count - start)
    return terms


def _checked(book: Book, row: int, position: int, term: Term, value: float) -> Term:
    """A formula where it comes to the library's figure, else the figure; no rate yet is an empty cell."""
    if not np.isfinite(value):
        return number(value)
    same = abs(term.value - value) <= CLOSE * max(1e-12, abs(value))
    return book.formula("Periods", row, position + 1, term if same else number(value), "small")


def _exchange(inputs: Inputs, currency: str) -> list[Term]:
    case, terms = inputs.case, [number(1)] * inputs.case.periods.count
    if currency == case.currency:
        return terms
    scalar = not isinstance(case.document.data["exchange"][currency], list)
    for position, step in enumerate(case.file.exchange[currency]):
        path = ("exchange", currency) if scalar else ("exchange", currency, position, "rate")
        words = f"{currency} from {step.from_.text}" if step.from_ is not None else currency
        rate = inputs.quantity("exchange rate", words, step.rate, path)
        start = case.periods.first_from(step.from_) if step.from_ is not None else 0
        terms[start:] = [rate] * (len(terms) - start)
    return terms


def _season(inputs: Inputs, vendor: str) -> list[Term]:
    case, one, terms = inputs.case, inputs.case.vendors[vendor], [number(1)] * inputs.case.periods.count
    for position, step in enumerate(one.season):
        path = ("vendors", vendor, "season", position, "factor")
        factor = inputs.share(f"season from {step.from_.text}", vendor, step.factor, path)
        start = case.periods.first_from(step.from_)
        terms[start:] = [factor] * (len(terms) - start)
    if one.escalation is not None:
        rise = inputs.quantity("escalation", vendor, one.escalation, ("vendors", vendor, "escalation"))
        growth = 1 + rise
        for position, passed in enumerate(
            (years_until(case.periods) * TIMES_A_YEAR[one.escalation.time or "year"]).tolist()
        ):
            power = Term(f"({growth.text})^{passed!r}", growth.value**passed)
            terms[position] = terms[position] * power if passed else terms[position]
    return terms
