"""Lines of the rate card: who can make what, and which of them serve a workflow."""

from __future__ import annotations

from dataclasses import dataclass

from allocate.case.load import Case
from allocate.case.schema import Product, Rate, Tiers, Vendor
from allocate.errors import CaseError, Problem
from allocate.units import Quantity


@dataclass(frozen=True)
class Line:
    """One line of the rate card with its vendor and product, before workflows are applied."""

    number: int
    product: int
    """Position of the product, and so on."""
    vendor: int
    rate: Rate
    name: str
    """The product's name."""
    asks: Product
    serves: Vendor

    @property
    def workflow(self) -> str | None:
        """The only workflow it is for; what it states is then of the finished item."""
        return self.rate.workflow

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

    @property
    def tiers(self) -> Tiers | None:
        """The prices by volume it falls under; a line with a price of its own falls under none."""
        return None if self.rate.price is not None else tier_of(self.serves, self.name)

    @property
    def finished_price(self) -> bool:
        """Whether the price asked is for the finished item, all passes and rework included."""
        return self.workflow is not None and self.rate.price is not None

    @property
    def finished_pace(self) -> bool:
        """Whether the pace stated is that of the finished item."""
        return self.workflow is not None and self.rate.pace is not None

    @property
    def finished_accuracy(self) -> bool:
        """Whether the accuracy stated is that of the finished item."""
        return self.workflow is not None and self.rate.accuracy is not None


def tier_of(vendor: Vendor, product: str) -> Tiers | None:
    """The tiers that price a product with a vendor, the first that names it; None where a plain price does."""
    return next((t for t in vendor.contract.tiers if t.products is None or product in t.products), None)


def rate_lines(case: Case) -> list[Line]:
    """The rate card; without one every vendor with a contract price, and every team, serves every product."""
    products = {name: position for position, name in enumerate(case.products)}
    vendors = {name: position for position, name in enumerate(case.vendors)}
    rates = list(case.file.rates) or [
        Rate(product=product, vendor=name)
        for product in products
        for name, vendor in case.vendors.items()
        if vendor.contract.price is not None or tier_of(vendor, product) is not None or vendor.team is not None
    ]
    return [
        Line(
            number,
            products[rate.product],
            vendors[rate.vendor],
            rate,
            rate.product,
            case.products[rate.product],
            case.vendors[rate.vendor],
        )
        for number, rate in enumerate(rates)
    ]


def offered(case: Case, lines: list[Line]) -> dict[str, list[Line]]:
    """Lines for each workflow: those on the product's menu; one that names the workflow stands before a general one.

    Raises CaseError for products that no line serves with a workflow of their menu.
    """
    menus = [set(product.workflows or case.file.workflows) for product in case.products.values()]
    found: dict[str, list[Line]] = {}
    for name in case.workflows:
        chosen: dict[tuple[int, int], Line] = {}
        for line in lines:
            if name in menus[line.product] and line.workflow in (None, name):
                pair = (line.product, line.vendor)
                if pair not in chosen or line.workflow is not None:
                    chosen[pair] = line
        found[name] = list(chosen.values())
    _everybody_served(case, found)
    return found


def _everybody_served(case: Case, found: dict[str, list[Line]]) -> None:
    served = {line.product for chosen in found.values() for line in chosen}
    problems = []
    for position, (name, product) in enumerate(case.products.items()):
        if position not in served:
            menu = ", ".join(product.workflows or case.file.workflows)
            message = f"no rate for {name} is for a workflow of its menu ({menu})"
            fix = "put the workflows its rates name on the menu, or leave the workflow of a rate blank"
            problems.append(Problem(message, case.place("products", name), fix))
    if problems:
        raise CaseError(problems)
