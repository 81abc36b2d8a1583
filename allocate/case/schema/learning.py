"""Learning: hours of an item that fall as more of them are made."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names, or_one
from allocate.case.reading import fail


class Learning(Block):
    """How the hours a vendor needs for an item of a product fall with the items it has made of it."""

    rate: a.Share
    """What hours fall to whenever the items made double: of all items so far on average, or of the item made next."""
    model: Literal["wright", "crawford"] = "wright"
    """`wright`: the rate is that of the average of all items so far; `crawford`: that of each item by itself."""
    from_: a.Items = Field(alias="from")
    """Items made of the product at which the pace stated, or the standard time, holds."""
    experience: a.Items | None = None
    """Items of each product the vendor has made before the horizon; absent: none."""
    floor: a.Share | None = None
    """Least hours of an item, as a share of those stated; absent: hours fall without end."""
    products: Names | None = None
    """Products it is about; absent: all, each for itself."""

    @model_validator(mode="after")
    def _possible(self) -> Learning:
        if self.rate <= 0.5:
            message = f"a learning rate of {self.rate:.0%} makes more items take no more time than fewer"
            raise fail(message, "write what hours fall to at each doubling, as in `90%`")
        if self.from_.number <= 0:
            raise fail("learning starts from no items", "write the items at which the pace was measured: `500 items`")
        return self


LearningField = Annotated[
    tuple[Learning, ...],
    or_one(Learning),
]
