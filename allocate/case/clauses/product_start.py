"""What a vendor asks once for each product it starts on."""

from __future__ import annotations

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.index import FEES, Clause


class ProductStart(Block):
    """Keys of a contract's fees."""

    product_start: a.Money | None = None
    """Once for each product the vendor starts on: guidelines, gold set, training."""


CLAUSE = Clause(
    "product_start",
    keys=("vendors.NAME.contract.fees.product-start", "rates.NAME.start-fee"),
    costs={FEES: ("product start",)},
    fees={
        "vendors.NAME.contract.fees.product-start": "start of each product with {name}",
        "rates.NAME.start-fee": "start of {product} with {vendor}",
    },
    figures={
        "vendors.NAME.contract.fees.product-start": "start of a product",
        "rates.start-fee": "start of a product",
    },
)
