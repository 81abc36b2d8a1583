"""What is paid once when a vendor is first used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocate.exact import element
from allocate.tolerances import AT_WORK
from allocate.verification.clause import Before
from allocate.verification.entries import Entry, Owed
from allocate.verification.exchange import worth

if TYPE_CHECKING:
    from allocate.verification.work import Work


def working(work: Work) -> Iterator[tuple[int, str, list[int]]]:
    """Position and name of every vendor that makes anything, with the products it makes."""
    pairs = work.pairs()
    for vendor, name in enumerate(work.stated.vendors):
        products = [product for product in range(len(pairs)) if element(pairs[product, vendor]) > AT_WORK]
        if products or (work.case.past is not None and name in work.case.past.committed):
            yield vendor, name, products


def begins(work: Work, vendor: str, product: str | None = None) -> int:
    """Position of the period in which what is owed once falls due: the first one planned for who has not worked before it."""
    past = work.case.past
    if past is None:
        return 0
    before = {one.product for one in past.work if one.vendor == vendor and one.items > AT_WORK}
    if taken_on(work, vendor, product):
        return 0
    return 0 if (product in before if product else before) else past.first


def taken_on(work: Work, vendor: str, product: str | None = None) -> bool:
    """Whether facts say that a vendor was taken on (was started on a product): that is owed whether it works or not."""
    done = work.case.file.done
    return done is not None and any((one.vendor, one.product) == (vendor, product) for one in done.begun)


def engaged(work: Work) -> Iterator[tuple[int, str, int]]:
    """Position and name of every vendor that has anything to get for being there, and how many first periods it gets it for."""
    at_work = {name for _, name, _ in working(work)}
    for vendor, name in enumerate(work.stated.vendors):
        if name in at_work:
            yield vendor, name, work.case.periods.count
        elif taken_on(work, name):
            yield vendor, name, work.case.planned_from


def once(
    work: Work, vendor: str, clause: str, about: str, amount: float, products: tuple[int, ...], period: int
) -> Entry:
    """An entry that is owed once, in a period."""
    return Entry(vendor, "the horizon", clause, about, 1.0, "once", amount, amount, period, products)


def everything(work: Work) -> tuple[int, ...]:
    """Positions of all products, for what is owed for a vendor as a whole."""
    return tuple(range(len(work.stated.products)))


def owed(work: Work, before: Before) -> Owed:
    """The contract's fee and the vendor's own, once."""
    entries = []
    for _, name, _ in engaged(work):
        vendor = work.case.vendors[name]
        due = begins(work, name)
        amount = worth(work.case, vendor.contract.fees.onboarding, due) + worth(work.case, vendor.onboarding, due)
        if amount > 0:
            entries.append(once(work, name, "onboarding", name, amount, everything(work), due))
    return Owed(entries)
