"""What a check knows: the case, its model, the periods, and where things were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from allocate.case.document import Document, Path_
from allocate.case.horizon import Periods, periods
from allocate.case.names import Suggestions
from allocate.case.rate_card import RateCard
from allocate.errors import Problem
from allocate.units import Units

if TYPE_CHECKING:
    from allocate.case.model import ModelFile, Task
    from allocate.case.schema import CaseFile, Product


@dataclass(frozen=True)
class Context:
    """A case whose faulty entries are left out, with what is needed to tell what is missing from what is wrong."""

    file: CaseFile
    model: ModelFile
    model_document: Document
    units: Units
    document: Document
    positions: Mapping[str, list[int]]
    faulty: frozenset[str]
    """Blocks of which a part was left out."""

    @cached_property
    def periods(self) -> Periods:
        """The periods of the horizon."""
        return periods(self.file.horizon)

    @cached_property
    def suggestions(self) -> Suggestions:
        """What was probably meant by names that are not there."""
        return Suggestions()

    @cached_property
    def rate_card(self) -> RateCard:
        """The rates, read by product, vendor and pair."""
        return RateCard(self.file.rates)

    def problem(
        self, path: Path_, message: str, fix: str | None = None, of_key: bool = False, code: str | None = None
    ) -> Problem:
        """A problem at a path of the file (list positions as they were before faulty entries were left out)."""
        if len(path) > 1 and isinstance(path[1], int) and str(path[0]) in self.positions:
            path = (path[0], self.positions[str(path[0])][path[1]], *path[2:])
        return Problem(message, self.document.place(path, of_key), fix, code=code)

    def names(self, key: str) -> list[str]:
        """Names written under a key, faulty entries included."""
        data = self.document.data.get(key)
        return [str(name) for name in data] if isinstance(data, dict | list) else []

    def listed(self, key: str) -> bool:
        """Whether the names under a key are known: it holds keys and values, as it should."""
        return isinstance(self.document.data.get(key), dict)

    def model_names(self, key: str) -> list[str]:
        """Names written under a key of the cost model, faulty entries included."""
        return [str(name) for name in self.model_document.data.get(key) or ()]

    def workflows(self) -> set[str]:
        """Workflows a case may name."""
        return {*self.model_names("workflows"), *self.names("workflows")}

    def task(self, product: Product) -> Task | None:
        """The task of a product, None where it has none (or one that is not right)."""
        return self.model.tasks.get(product.task) if product.task else None

    def item(self, product: Product) -> str | None:
        """The noun a product counts, None where it is not known."""
        task = self.task(product)
        return product.item or (task.item if task else None)

    def drivers(self, product: Product) -> set[str]:
        """Drivers a product has a count of: its own, and its task's defaults."""
        task = self.task(product)
        return {*product.drivers, *(task.default_drivers if task else ())}

    def unknown(
        self, path: Path_, names: Iterable[str], key: str, noun: str, extra: tuple[str, ...] = ()
    ) -> Iterator[Problem]:
        """A problem for every name that the case does not list under a key."""
        known = dict.fromkeys(self.names(key))
        for name in names if self.listed(key) else ():
            if name not in known and name not in extra:
                yield self.problem(
                    path, f"there is no {noun} '{name}'", self.suggestions.of(name, [*known, *extra], f"{key} {extra}")
                )


def exactly(text: str, noun: str) -> str:
    """An amount's text with another noun: `8_000 images` for `8_000 frames`, `60 images/min` for `60 frames/min`."""
    counted, slash, rest = text.partition("/")
    number = counted.split()[0] if counted.split() else "1"
    return f"{number} {noun}{slash}{rest}"


def makers(c: Context, product: str) -> set[str]:
    """Vendors that have a rate for a product; without rates those that have a price for everything, and every team."""
    if c.document.data.get("rates"):
        return {rate.vendor for _, rate in c.rate_card.of_product(product)}
    return {
        name
        for name, vendor in c.file.vendors.items()
        if vendor.contract.price is not None
        or vendor.team is not None
        or any(tiers.products is None or product in tiers.products for tiers in vendor.contract.tiers)
    }


def line_of(c: Context, path: Path_) -> str:
    """Where the other culprit stands, to be put after it."""
    place = c.problem(path, "").place
    return f" (line {place.line})" if place is not None and place.line else ""
