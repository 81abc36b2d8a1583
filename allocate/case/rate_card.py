"""The rate card read by product, by vendor and by pair, so that a check of each does not go through all of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from allocate.case.schema import Rate

Key = TypeVar("Key", bound=Hashable)
Lines: TypeAlias = "tuple[tuple[int, Rate], ...]"
"""Lines of a rate card, each with its position in it."""


@dataclass(frozen=True)
class RateCard:
    """All lines of a rate card; what nobody sells has no lines."""

    rates: tuple[Rate, ...]

    def of_product(self, product: str) -> Lines:
        """Lines for a product, in their order."""
        return self._by_product.get(product, ())

    def of_vendor(self, vendor: str) -> Lines:
        """Lines of a vendor, in their order."""
        return self._by_vendor.get(vendor, ())

    def of_pair(self, product: str, vendor: str) -> Lines:
        """Lines for a product with a vendor, in their order."""
        return self._by_pair.get((product, vendor), ())

    @cached_property
    def _by_product(self) -> Mapping[str, Lines]:
        return self._sorted(lambda rate: rate.product)

    @cached_property
    def _by_vendor(self) -> Mapping[str, Lines]:
        return self._sorted(lambda rate: rate.vendor)

    @cached_property
    def _by_pair(self) -> Mapping[tuple[str, str], Lines]:
        return self._sorted(lambda rate: (rate.product, rate.vendor))

    def _sorted(self, key: Callable[[Rate], Key]) -> dict[Key, Lines]:
        found: dict[Key, list[tuple[int, Rate]]] = {}
        for position, rate in enumerate(self.rates):
            found.setdefault(key(rate), []).append((position, rate))
        return {name: tuple(lines) for name, lines in found.items()}
