"""How many vendors work on each product, or on anything; for an at-least only those that make enough to count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.schema import CountRule
from allocate.tolerances import AT_WORK, LIMIT_KEPT
from allocate.verification.checks import Check
from allocate.verification.past import made_before
from allocate.verification.soft_limits.penalties import forced

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Vendors of every product a rule names, or of all together."""
    made = made_before(work)
    number, products, vendors = 0, list(work.stated.products), list(work.stated.vendors)
    for position, rule in enumerate(work.case.file.rules):
        if rule.count is None:
            continue
        counted = [vendors.index(name) for name in rule.count.vendors or vendors]
        named = products if rule.count.products == ("each",) else rule.count.products or ("",)
        for name in named:
            inside = work.product == products.index(name) if name else np.ones(len(work.items), dtype=bool)
            items = [work.summed(work.items, inside & (work.vendor == vendor)) for vendor in counted]
            subject = f"rule '{rule.name}': vendors{f' on {name}' if name else ''}"
            of = range(len(made)) if not name else [products.index(name)]
            there = sum(made[of, vendor].sum() > AT_WORK for vendor in counted)
            for at_least, limit in ((True, rule.count.at_least), (False, rule.count.at_most)):
                if limit is None:
                    continue
                limit = limit if at_least or rule.penalty is not None else max(limit, int(there))
                counts = _enough if at_least else _more
                used = float(counts(work, rule.count, inside, counted, items, _least(work, name)))
                words = f" ({_from(rule.count)} or more each)" if at_least or rule.count.counts_from is not None else ""
                check = Check("vendor_count", (position, number), subject + words, "vendors", used, limit, at_least)
                yield forced(work.case, position, check)
                number += 1


def _least(work: Work, name: str) -> float:
    """Items in any case: one, or 5% of the most asked for of a product (of the one asked for most), where that is less."""
    asked = [product.demand for key, product in work.case.products.items() if name in ("", key)]
    most = [amount.number for one in asked if (amount := one.exactly or one.at_most) is not None]
    return min(1.0, 0.05 * max(most)) if len(most) == len(asked) and max(most) > 0 else 1.0


def _enough(
    work: Work, rule: CountRule, inside: NDArray[np.bool_], counted: list[int], items: list[Any], floor: float
) -> int:
    """Vendors that make a whole item (or so many as stand for it), and the part or the items the rule counts from; their items are given."""
    least = rule.counts_from
    if least is not None and least.dimensions:
        return sum(amount >= (1.0 - LIMIT_KEPT) * max(floor, least.number) for amount in items)
    whole, amounts = _parts(work, rule, inside, counted)
    part = (0.05 if least is None else least.number) * whole - LIMIT_KEPT * whole
    return sum(
        many >= floor * (1.0 - LIMIT_KEPT) and amount >= part for many, amount in zip(items, amounts, strict=True)
    )


def _more(
    work: Work, rule: CountRule, inside: NDArray[np.bool_], counted: list[int], items: list[Any], _: float
) -> int:
    """Vendors that make anything, or more than the part or the items from which the rule counts; their items are given."""
    least = rule.counts_from
    if least is None or least.dimensions:
        uncounted = 0.0 if least is None else least.number * (1.0 + LIMIT_KEPT)
        return sum(amount > uncounted + AT_WORK for amount in items)
    whole, amounts = _parts(work, rule, inside, counted)
    return sum(amount > least.number * whole + LIMIT_KEPT * whole + AT_WORK for amount in amounts)


def _parts(work: Work, rule: CountRule, inside: NDArray[np.bool_], counted: list[int]) -> tuple[Any, list[Any]]:
    """All items (equivalent units of the portfolio), and those of each vendor."""
    each = work.items if rule.products is not None else work.items * work.each("equivalent_units")
    return work.summed(each, inside), [work.summed(each, inside & (work.vendor == vendor)) for vendor in counted]


def _from(rule: CountRule) -> str:
    return "5%" if rule.counts_from is None else rule.counts_from.text
