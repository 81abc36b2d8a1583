"""The steps of prices by volume, list after list: those that hold first, and those that follow where prices end on a date."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case.clauses.tiers import TierStep
from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.schema import Tiers, Vendor


def stated_steps(vendor: Vendor, tiers: Tiers) -> Iterator[tuple[str, TierStep, Path_]]:
    """Every step that may price a product: when it holds in words, empty for the first list, and where in the contract its price is."""
    contract, after = vendor.contract, ""
    for one in _lists(vendor, tiers):
        at: Path_ = ("tiers", contract.tiers.index(one)) if len(contract.tiers) > 1 else ("tiers",)
        for position, step in enumerate(one.steps):
            yield after, step, (*at, "steps", position, "price")
        after = "" if one.prices_end is None else f" after {one.prices_end.text}"
    if after and contract.price is not None:
        yield after, TierStep.model_construct(price=contract.price), ("price",)


def in_turn(case: Case, vendor: Vendor, tiers: Tiers) -> tuple[list[tuple[TierStep, ...]], list[int]]:
    """The steps of each list that holds in its turn, and how many periods are over when each ends: one that a date lies in is the old one's."""
    lists: dict[str, tuple[TierStep, ...]] = {}
    for words, step, _ in stated_steps(vendor, tiers):
        lists[words] = (*lists.get(words, ()), step)
    ends = (one.prices_end for one in _lists(vendor, tiers))
    return list(lists.values()), [case.periods.first_from(end) + 1 for end in ends if end is not None]


def _lists(vendor: Vendor, tiers: Tiers) -> list[Tiers]:
    """Prices by volume, and the later ones for the same products that follow them."""
    every, found = vendor.contract.tiers, [tiers]
    for later in every[every.index(tiers) + 1 :]:
        if found[-1].prices_end is not None and set(later.products or ()) == set(tiers.products or ()):
            found.append(later)
    return found
