"""The discount for paying early: whether it is taken, and what it saves a year."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import EarlyPayment, Vendor
from allocate.costing.bill.clause import Clause, Owed
from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.costing.bill.make import entries_by_line
from allocate.costing.clauses.quality import averages
from allocate.costing.terms.discounting import yearly_rate
from allocate.costing.terms.prices import DAYS_PER_YEAR
from allocate.exact import array_of, element, total
from allocate.numbers import Floats, may_be

NAME = "early payment"


def early_payment(case: Case, vendor: Vendor) -> EarlyPayment | None:
    """The discount for paying early, where the plan takes it."""
    early = vendor.contract.early_payment
    if early is None or early.taken == "never":
        return None
    saved, rate = worth_of_paying_early(vendor), yearly_rate(case)
    if early.taken == "when-it-pays" and saved is not None and rate is not None and saved < rate:
        return None
    return early


def discounts(case: Case) -> Floats:
    """Share that each vendor takes off for paying early, shape (V,); 0 where it is not taken."""
    terms = [early_payment(case, vendor) for vendor in case.vendors.values()]
    return array_of([one.discount if one is not None else 0.0 for one in terms])


def worth_of_paying_early(vendor: Vendor) -> float | None:
    r"""What the discount for paying early saves as a share per year; None where it is paid no earlier for it.

    .. math:: \left(\frac{1}{1 - d}\right)^{365.25 / (N - n)} - 1

    with d the discount, n the days within which it is granted and N those of the contract: the usual cost of trade credit.
    """
    early, payment = vendor.contract.early_payment, vendor.contract.payment
    if early is None or early.within is None or payment is None or isinstance(payment, str):
        return None
    sooner = (payment.number - early.within.number) * 7
    if early.discount >= 1.0:
        return float("inf")
    return float((1.0 - early.discount) ** (-DAYS_PER_YEAR / sooner) - 1.0)


def owed(ledger: Ledger) -> Owed:
    """The discount on prices, and on what accuracy and lead change them by."""
    lines, routes = ledger.lines, ledger.lines.routes
    discount = routes.discount[lines.route]
    changed = ledger.beside_volume(routes.quality, routes.quality_share)
    changed = changed + ledger.beside_volume(routes.lateness, routes.lateness_share)
    by_item = -discount * (np.where(ledger.plain, ledger.price, 0.0) + changed)
    shares = (routes.quality_share + routes.lateness_share + routes.lever_share)[lines.route]
    each = by_item - np.where(ledger.plain, 0.0, discount * (ledger.price + ledger.paid * shares))
    entries = [*_by_window(ledger), *entries_by_line(lines, by_item, NAME)]
    for average in averages(ledger):
        off = routes.discount[lines.route[average.inside]]
        each[average.inside] = each[average.inside] - off * average.each
        if may_be(off[0]):
            entries.append(average.entry(ledger, NAME, -element(off[0]) * total(average.each)))
    return Owed(entries, each)


def _by_window(ledger: Ledger) -> Iterator[Entry]:
    """The discount on what prices by volume come to in each window, with the shares of it that are added or taken off."""
    routes = ledger.lines.routes
    for window in ledger.filled:
        by_share = (routes.quality_share, routes.lateness_share, routes.lever_share)
        shares = [share for each in by_share for share in window.shares(each)]
        some = [(money * share, each * share) for money, share, each in shares if may_be(money * share)]
        changed = sum([*window.prices, *(money for money, _ in some)], 0.0)
        each = sum((each for _, each in some), window.owed * window.factor)
        yield from window.shared(NAME, [(changed, -window.one_share(routes.discount), each)])


CLAUSE = Clause("early_payment", owed)
