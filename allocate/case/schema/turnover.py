"""Turnover of vendors: how many people leave, and how their places are filled again."""

from __future__ import annotations

from typing import Annotated

from allocate.case import amounts as a
from allocate.case.blocks import Block, or_mapping


class Turnover(Block):
    """People who leave a vendor. Unless their places are filled again, its capacity shrinks."""

    rate: a.LeavingRate
    """Leavers by time as a share of the people there: `3 %/month`, `45 %/year`; `3 %/month` is 3 % in every month."""
    vacancy: a.Lead | None = None
    """From a leaver's last day to the first of who comes after; absent: nobody comes, and capacity shrinks."""
    ramp: tuple[a.Share, ...] = ()
    """What who comes is worth in the first, second … period; whole afterwards."""


TurnoverField = Annotated[Turnover, or_mapping("rate", Turnover | a.LeavingRate)]
