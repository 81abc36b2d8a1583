"""Incumbents, and what taking a product away from one costs."""

from __future__ import annotations

from collections.abc import Iterator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.context import Context, makers
from allocate.case.document import Path_
from allocate.case.index import FEES, Check, Clause
from allocate.errors import Problem


class Incumbent(Block):
    """Who made the product until now."""

    vendor: a.Name
    """Its name."""
    switching: a.Money | None = None
    """Cost of taking the product away from it, paid in the first period: handover, notice, guidelines written again."""
    paid_to: a.Name | None = None
    """Vendor that gets the cost of switching, as for a notice; absent: nobody, it is a cost of your own. Whoever gets it, it
    pays for no work: rules on shares of the spend leave it out."""
    below: a.Share = 0.05
    """Share of the product's items below which that is owed; absent: 5%, from which a vendor counts as one that works on it."""


def incumbents(c: Context) -> Iterator[Problem]:
    """An incumbent is a vendor of the case that can make the product."""
    for name, product in c.file.products.items():
        one = product.incumbent
        if one is None:
            continue
        path: Path_ = ("products", name, "incumbent")
        bare = isinstance((c.document.data["products"].get(name) or {}).get("incumbent"), str)
        at = path if bare else (*path, "vendor")
        unknown = list(c.unknown(at, [one.vendor], "vendors", "vendor"))
        yield from unknown
        if not unknown and not {"rates", "vendors"} & c.faulty and one.vendor not in makers(c, name):
            message = f"the incumbent of {name}, {one.vendor}, has no rate for it"
            yield c.problem(at, message, "add a rate, or name another vendor")
        paid_to = [one.paid_to] if one.paid_to is not None else []
        yield from c.unknown((*path, "paid-to"), paid_to, "vendors", "vendor")
        if paid_to and one.switching is None:
            message = "`paid-to` says who gets the cost of switching, and no `switching` says how much it is"
            yield c.problem((*path, "paid-to"), message, "add `switching: 5k USD`, or leave `paid-to` out")
        if "below" in one.model_fields_set and one.switching is None:
            message = "`below` says when switching costs, and no `switching` says how much"
            yield c.problem((*path, "below"), message, "add `switching: 5k USD`, or leave `below` out")


CLAUSE = Clause(
    "switching",
    keys=("products.NAME.incumbent",),
    checks=(Check(incumbents, frozenset({"products"})),),
    examples={"Incumbent": "{vendor: acme, switching: 6k USD, below: 20%}"},
    costs={FEES: ("switching",)},
    fees={"products.NAME.incumbent.switching": "switching {name} away from its incumbent"},
    pays_for_work=False,
    figures={
        "products.NAME.incumbent.switching": "cost of switching",
    },
)
