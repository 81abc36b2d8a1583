"""Resources: what several vendors take of together."""

from __future__ import annotations

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names


class Resource(Block):
    """What vendors share: people two of them lend one another, seats of a tool, energy, items that a platform lets through."""

    capacity: a.Capacity
    """How much there is for all of them: by time, as in `900 h/week` or `5_000 images/month`, or in all over the horizon, as in
    `120 h` or `50_000 boxes`. It counts hours, EU, items, or what products have so many of (drivers)."""
    vendors: Names | None = None
    """Vendors that share it; absent: all."""
    note: a.Text | None = None
    """For people; nothing is computed from it."""
