"""Contracts: the keys of all clauses that a vendor's contract can have."""

from __future__ import annotations

from allocate.case.blocks import Block
from allocate.case.clauses.ceiling import Ceiling
from allocate.case.clauses.commitment import Committed
from allocate.case.clauses.early_payment import PaidEarly
from allocate.case.clauses.lateness import ByLateness
from allocate.case.clauses.minimum_order import MinimumOrder
from allocate.case.clauses.onboarding import Onboarding
from allocate.case.clauses.order_multiple import OrderMultiple
from allocate.case.clauses.payment import PaidWhen
from allocate.case.clauses.price import Price, WorkDoneAgain
from allocate.case.clauses.price_lock import Lockable
from allocate.case.clauses.product_start import ProductStart
from allocate.case.clauses.quality import ByAccuracy
from allocate.case.clauses.rebate import PaidBack
from allocate.case.clauses.retainer import Retainer
from allocate.case.clauses.seats import Seats
from allocate.case.clauses.tiers import PricesByVolume
from allocate.case.clauses.volume_discount import Discounted

# The keys of the last base come first, in messages and on pages.


class Fees(Seats, ProductStart, Retainer, Onboarding):
    """Money that does not depend on the items.

    What is for the vendor as a whole (onboarding, retainer, a commitment not used up) counts towards no limit on some
    products; a product's start does. What is paid once is paid in the first period."""


class _WithFees(Block):
    fees: Fees = Fees.model_construct()
    """Money that does not depend on the items."""


class Contract(
    PaidWhen,
    PaidEarly,
    PaidBack,
    Discounted,
    ByLateness,
    ByAccuracy,
    _WithFees,
    Ceiling,
    OrderMultiple,
    MinimumOrder,
    Committed,
    WorkDoneAgain,
    PricesByVolume,
    Lockable,
    Price,
):
    """How a vendor charges."""
