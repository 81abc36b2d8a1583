"""Contracts as plain numbers: fees, commitments, ceilings and orders, and the currency each is written in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.case.schema import Contract, Vendor
from allocate.case.terms import INVOICED
from allocate.costing.readings import read_once
from allocate.costing.terms.prices import by_time, currency_of, exchange_rates, in_case_currency
from allocate.costing.terms.windows import Windows, windows
from allocate.exact import array_of, element
from allocate.numbers import Floats
from allocate.units import Quantity

FEES = "platform fees"
"""What a least platform fee counts."""


@dataclass(frozen=True, eq=False)
class Promise:
    """What a vendor is paid at least in each of some windows."""

    vendor: int
    least: float
    counts: str | None
    """What is counted: `h`, `EU`, items or a driver, or `FEES`; None: prices."""
    currency: str
    """The currency it is written, and counted, in; of work, that of the price of what is missing."""
    windows: Windows
    price: Floats
    """Money of the case's currency for one that is missing, by window, at the rates of its last period, shape (W,)."""
    share: float
    """Share of what is missing that is paid."""
    clause: str = "commitment"

    @property
    def in_money(self) -> bool:
        """Whether prices or fees are counted, and no work."""
        return self.counts in (None, FEES)


@dataclass(frozen=True, eq=False)
class Terms:
    """What a vendor's contract asks beside the price: fees in the case's currency, limits in their own."""

    vendor: int
    begins: int
    """Position of the period in which a vendor that is used begins: the first, or the first one planned where others are past."""
    onboarding: float
    """Once, when the vendor is used."""
    retainer: Floats
    """In each period, when the vendor is used at all, shape (T,)."""
    product_start: Floats
    """Once for each product the vendor starts on, shape (P,)."""
    product_begins: tuple[int, ...]
    """Position of the period in which that falls due, product by product."""
    owed_before: int
    """Position of the first period whose fees ask for work: those of earlier ones are owed by who was taken on by then; else 0."""
    started: NDArray[np.bool_]
    """Whether its start on a product is owed already, shape (P,)."""
    commitment: Promise | None
    """What is paid at least in each window once it is used; None where nothing is committed."""
    minimum_invoice: Promise | None
    """What is paid at least in each window with work; None where nothing is."""
    minimum_fee: Promise | None
    """What the platform's fees come to at least in each window with work; None where nothing is said."""
    minimum_order: Floats
    """Least items of each product it works on, shape (P,)."""
    order_multiple: float
    """Items of a lot; 0 where any number may be ordered."""
    ceiling: float
    """Most money of the contract; infinite without one."""
    ceiling_in: str
    """The currency it is written, and counted, in."""

    @property
    def engages(self) -> bool:
        """Whether using the vendor at all costs something."""
        return (
            self.onboarding > 0
            or bool(self.retainer.any())
            or (self.commitment is not None and self.commitment.least > 0)
        )

    @property
    def starts(self) -> NDArray[np.bool_]:
        """Whether starting on a product costs or asks something, shape (P,)."""
        found: NDArray[np.bool_] = (self.product_start > 0) | (self.minimum_order > 0)
        return found


@read_once
def terms(case: Case) -> tuple[Terms, ...]:
    """The terms of every vendor, in the case's order."""
    start_fees, minimum_orders = _stated(case, "start_fee"), _stated(case, "minimum_order")
    return tuple(
        _terms(case, position, vendor, start_fees, minimum_orders)
        for position, vendor in enumerate(case.vendors.values())
    )


Amounts = Mapping[int, Mapping[int, Quantity]]
"""Amounts by position of vendor, then of product."""


def _stated(case: Case, column: str) -> Amounts:
    """What the rate card states for single pairs, by position of vendor, then of product."""
    products = {name: position for position, name in enumerate(case.products)}
    vendors = {name: position for position, name in enumerate(case.vendors)}
    found: dict[int, dict[int, Quantity]] = {}
    for rate in case.file.rates:
        amount: Quantity | None = getattr(rate, column)
        if amount is not None:
            found.setdefault(vendors[rate.vendor], {})[products[rate.product]] = amount
    return found


def _terms(case: Case, position: int, vendor: Vendor, start_fees: Amounts, minimum_orders: Amounts) -> Terms:
    contract = vendor.contract
    fees = contract.fees
    ceiling_in = case.currency
    if contract.ceiling is not None:
        ceiling_in = currency_of(case, contract.ceiling)
    name, past = list(case.vendors)[position], case.past
    begins = 0 if past is None else past.begins(name)
    starts = (
        (0,) * len(case.products) if past is None else tuple(past.begins(name, product) for product in case.products)
    )
    return Terms(
        vendor=position,
        begins=begins,
        onboarding=_money(case, fees.onboarding, begins) + _money(case, vendor.onboarding, begins),
        retainer=overdue(by_time(case, fees.retainer), begins),
        product_start=_start_fees(case, start_fees.get(position, {}), fees.product_start, starts),
        product_begins=starts,
        owed_before=case.planned_from if past is not None and past.has_begun(name) else 0,
        started=np.array([past is not None and past.has_begun(name, one) for one in case.products], dtype=np.bool_),
        commitment=_commitment(case, position, contract),
        minimum_invoice=_least(case, position, contract.minimum_invoice, None, "minimum invoice"),
        minimum_fee=_least(case, position, vendor.minimum_platform_fee, FEES, "minimum platform fee"),
        minimum_order=_by_product(case, minimum_orders.get(position, {}), contract.minimum_order),
        order_multiple=_number(contract.order_multiple),
        ceiling=np.inf if contract.ceiling is None else contract.ceiling.number,
        ceiling_in=ceiling_in,
    )


def _commitment(case: Case, vendor: int, contract: Contract) -> Promise | None:
    asked = contract.commitment
    if asked is None:
        return None
    least, share = asked.at_least, 1.0 if asked.shortfall is None else asked.shortfall
    over, money = windows(case.periods, asked.window), least.currency is not None
    missing = None if money else asked.price or contract.price
    currency = currency_of(case, least if missing is None else missing)
    each = share if missing is None else share * missing.number
    price = each * exchange_rates(case)[currency][over.last]
    return Promise(vendor, least.number, None if money else least.of() or "h", currency, over, price, share)


def _least(case: Case, vendor: int, asked: Quantity | None, counts: str | None, clause: str) -> Promise | None:
    """What each invoice comes to at least, or the fees on it."""
    if asked is None:
        return None
    over, currency = windows(case.periods, INVOICED[asked.time]), currency_of(case, asked)
    price = exchange_rates(case)[currency][over.last]
    return Promise(vendor, asked.each, counts, currency, over, price, 1.0, clause)


def overdue(amounts: Floats, begins: int) -> Floats:
    """Amounts by period, those before one falling due in it: what covers the whole horizon does so for who begins late, too."""
    if not begins:
        return amounts
    due = np.where(np.arange(len(amounts)) < begins, 0.0, amounts)
    due[begins] += amounts[:begins].sum()
    return due


def _by_product(case: Case, stated: Mapping[int, Quantity], contract: Quantity | None) -> Floats:
    """An amount of the contract by product, shape (P,), replaced where the rate card states one for the pair."""
    return array_of([_number(stated.get(product, contract)) for product in range(len(case.products))])


def _start_fees(case: Case, stated: Mapping[int, Quantity], contract: Quantity | None, starts: Sequence[int]) -> Floats:
    """The same of fees, each at the exchange rate of the period it falls due in."""
    return array_of([_money(case, stated.get(product, contract), when) for product, when in enumerate(starts)])


def _money(case: Case, amount: Quantity | None, when: int) -> float:
    return 0.0 if amount is None else element(in_case_currency(case, amount)[min(when, case.periods.count - 1)])


def _number(amount: Quantity | None) -> float:
    return 0.0 if amount is None else amount.number
