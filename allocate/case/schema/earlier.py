"""Lines of an earlier plan, as a case holds them."""

from __future__ import annotations

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names


class EarlierLine(Block):
    """A line of an earlier plan: who was to make how many items, when."""

    product: a.Name
    """What they are of."""
    vendor: a.Name
    """Who was to make them."""
    workflow: a.Name | None = None
    """How they were to be made and checked; absent: the one workflow of the case."""
    period: a.Whole
    """Number of the period the work was to begin in, from 1."""
    items: a.ItemsOrNumber
    """How many."""
    levers: Names = ()
    """Levers they were to be worked with."""
