"""Take or pay: what a vendor is paid at least, in money or work, and what each invoice comes to at least."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from allocate.case import amounts as a
from allocate.case.blocks import Block, Window, or_mapping
from allocate.case.context import Context, line_of
from allocate.case.document import Path_
from allocate.case.index import OF_CONTRACTS, PAID_WAGES, TOOLING, VENDORS, Check, Clause, Whole
from allocate.case.terms import INVOICED, by_week, contracts, invoiced
from allocate.errors import Problem
from allocate.units import kind_of

if TYPE_CHECKING:
    from allocate.case.schema import Contract, Vendor


class Commitment(Block):
    """Take or pay: what is bought of the vendor at least in each window, once it is engaged, in money or in work.

    Of money, prices count towards it, fees do not; prices by volume that are billed over longer windows (tiers by quarter, a commitment
    by month) by their first step, in the period of the work. A window that the horizon cuts keeps its whole commitment, and a note says so.

    It is counted in the currency it is written in: what is billed in that currency as it is billed, whatever the exchange
    rate; what is billed in another at the rates of the period it is owed in. What is missing is paid in the window's last
    period, at the exchange rate of that period."""

    at_least: a.Promise
    """Money paid in each window, used or not; or what is bought: `10_000 images`, `2_000 h`, `500 EU`, or a driver."""
    shortfall: a.Share | None = None
    """Share of what is missing that is paid, as in `20%`; absent: all of it."""
    price: a.Price | None = None
    """Of a commitment in work, the price of what is missing; absent: the contract's, where that counts the same."""
    window: Window = "horizon"
    """How often it falls due: each period, month or quarter, or once for the horizon."""


class Committed(Block):
    """Keys of a contract."""

    commitment: Annotated[Commitment | None, or_mapping("at-least", Commitment | a.Promise | None)] = None
    """Take or pay: the larger of what is used and what was committed; or a share of what is missing, of money or of work."""
    minimum_invoice: a.MoneyPerTime | None = None
    """What prices of each month (week, quarter) with any work come to at least, as in `500 USD/month`. What is missing is paid
    in the last period; a month that the horizon cuts counts whole, and one without work owes nothing."""


def kept(c: Context) -> Iterator[Problem]:
    """It can be used up, and counts in windows that hold those of tiers."""
    for _, where, vendor in contracts(c):
        commitment = vendor.contract.commitment
        if commitment is not None:
            if kind_of(commitment.at_least) == "money":
                yield from by_week(c, (*where, "commitment", "window"), commitment.window)
                yield from _below_the_ceiling(c, where, vendor, commitment)
            else:
                yield from _in_work(c, (*where, "commitment"), vendor.contract, commitment)
        yield from _invoice(c, where, vendor.contract)


def _in_work(c: Context, path: Path_, contract: Contract, commitment: Commitment) -> Iterator[Problem]:
    """What is missing of work has a price, and the products have such work."""
    yield from by_week(c, (*path, "window"), commitment.window)
    least, price = commitment.at_least, commitment.price or contract.price
    noun = least.of() or "item"
    if price is None or price.per() != noun:
        message = f"nothing says what is paid for missing {c.units.plural(noun)} of '{least.text}'"
        money = price.currency if price is not None else c.file.currency
        fix = f"add `price: … {money}/{noun}`, the price of what is missing"
        yield c.problem((*path, "price") if commitment.price is not None else path, message, fix)
    counts = (noun in (c.item(one), "item", "h", "EU", *c.drivers(one)) for one in c.file.products.values())
    if noun == "label" or ("products" not in c.faulty and not any(counts)):
        message = f"'{least.text}' counts {c.units.plural(noun)}, of which no product has any"
        yield c.problem((*path, "at-least"), message, "write items, hours, EU, or a driver of the products")


def _invoice(c: Context, where: Path_, contract: Contract) -> Iterator[Problem]:
    """Invoices come by the week, month or quarter, in windows that hold those of tiers."""
    asked = contract.minimum_invoice
    if asked is not None:
        yield from invoiced(c, (*where, "minimum-invoice"), asked, "the minimum invoice", contract.tiers)


def _below_the_ceiling(c: Context, where: Path_, vendor: Vendor, commitment: Commitment) -> Iterator[Problem]:
    """The ceiling comes to as much."""
    path = (*where, "commitment")
    ceiling = vendor.contract.ceiling
    if ceiling is None or ceiling.currency != commitment.at_least.currency:
        return
    if ceiling.number < commitment.at_least.number:
        there = line_of(c, (*where, "ceiling"))
        message = f"the commitment ({commitment.at_least.text}) is above the ceiling ({ceiling.text}){there}"
        yield c.problem((*path, "at-least"), message, "lower it, or raise the ceiling")


def _whole(name: str, vendor: Vendor) -> Iterator[Whole]:
    """What is promised for a window is owed for all of it."""
    fee, promised, billed = vendor.minimum_platform_fee, vendor.contract.commitment, vendor.contract.minimum_invoice
    without = "{money} of it are paid without"
    if fee is not None:
        words = f"the platform of {name} takes the whole {fee.text} for it: {without} fees"
        yield Whole(("minimum platform fee",), INVOICED[fee.time], words)
    if promised is not None:
        words = f"{name} is promised the whole {promised.at_least.text} in it: {without} work"
        yield Whole(("commitment",), promised.window, words)
    if billed is not None:
        words = f"{name} bills the whole {billed.text} for it: {without} work"
        yield Whole(("minimum invoice",), INVOICED[billed.time], words)


CLAUSE = Clause(
    "commitment",
    keys=("vendors.NAME.contract.commitment", "vendors.NAME.contract.minimum-invoice"),
    fees={"vendors.NAME.contract.minimum-invoice": "minimum invoice of {name}"},
    checks=(Check(kept, OF_CONTRACTS),),
    examples={"Commitment": "{at-least: 8k USD, window: quarter}"},
    costs={VENDORS: ("commitment", "minimum invoice"), TOOLING: ("minimum platform fee",)},
    not_for_teams=PAID_WAGES,
    figures={
        "vendors.NAME.contract.commitment": "commitment",
        "vendors.NAME.contract.commitment.at-least": "commitment",
        "vendors.NAME.contract.commitment.shortfall": "share of what a commitment misses",
        "vendors.NAME.contract.commitment.price": "price of what a commitment misses",
    },
    meant={"commitment": ("at-least",)},
    shared_by="money",
    whole=_whole,
    of_prices=("commitment", "minimum-invoice"),
)
