"""A line of the rate card: who makes what, and what is asked for it."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.schema import Product, Rate, Tiers, Vendor
from allocate.costing.terms.price_steps import stated_steps
from allocate.numbers import by_value
from allocate.units import Quantity


@dataclass(frozen=True)
class Line:
    """One line of the rate card with its vendor and product, before workflows are applied."""

    rate: Rate
    asks: Product
    serves: Vendor

    @property
    def name(self) -> str:
        """The product's name."""
        return self.rate.product

    @property
    def price(self) -> Quantity:
        """The line's price, else the first step of its tiers, else that of the vendor's contract; a team asks none."""
        if self.serves.team is not None:
            return Quantity(0.0, ((str(self.serves.team.wage.currency), 1), ("h", -1)))
        tiers = self.tiers
        price: Quantity | None = self.rate.price or (
            tiers.steps[0].price if tiers is not None else self.serves.contract.price
        )
        assert price is not None  # the case's checks see to it
        return price

    def plus_per(self, noun: str) -> Quantity | None:
        """The further part of its price that is per a noun."""
        parts = (
            self.rate.plus
            if self.rate.price is not None
            else ()
            if self.tiers is not None
            else self.serves.contract.plus
        )
        return next((part for part in parts if (part.per() or "item") == noun), None)

    @property
    def tiers(self) -> Tiers | None:
        """The prices by volume it falls under; a line with a price of its own falls under none."""
        return None if self.rate.price is not None else tier_of(self.serves, self.name)

    @property
    def lowest_step(self) -> float:
        """Lowest price volume can reach as a share of the first; 1 for a price that does not depend on volume."""
        tiers = self.tiers
        if tiers is None or by_value(tiers.steps[0].price.number) <= 0:
            return 1.0
        prices = [by_value(step.price.number) for _, step, _ in stated_steps(self.serves, tiers)]
        return float(min(prices) / prices[0])


def tier_of(vendor: Vendor, product: str) -> Tiers | None:
    """The tiers that price a product with a vendor, the first that names it; None where a plain price does."""
    return next((t for t in vendor.contract.tiers if t.products is None or product in t.products), None)


def ends_at_money(tiers: Tiers) -> bool:
    """Whether the steps of prices by volume end at money."""
    end = tiers.steps[0].up_to
    return end is not None and end.currency is not None


def counted_noun(tiers: Tiers) -> str | None:
    """What the steps count, where that is neither what the price is per nor money; None otherwise."""
    first = tiers.steps[0]
    if first.up_to is None or first.up_to.currency is not None:
        return None
    noun = first.up_to.of() or "item"
    return None if noun == (first.price.per() or "item") else noun
