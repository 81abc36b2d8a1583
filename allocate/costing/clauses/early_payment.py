"""The discount for paying early: whether it is taken, and what it saves a year."""

from __future__ import annotations

from allocate.case.load import Case
from allocate.case.schema import EarlyPayment, Vendor
from allocate.costing.terms.discounting import yearly_rate
from allocate.costing.terms.prices import DAYS_PER_YEAR


def early_payment(case: Case, vendor: Vendor) -> EarlyPayment | None:
    """The discount for paying early, where the plan takes it."""
    early = vendor.contract.early_payment
    if early is None or early.taken == "never":
        return None
    saved, rate = worth_of_paying_early(vendor), yearly_rate(case)
    if early.taken == "when-it-pays" and saved is not None and rate is not None and saved < rate:
        return None
    return early


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
