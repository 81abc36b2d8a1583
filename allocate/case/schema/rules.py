"""Rules: restrictions on the mix, each of one kind."""

from __future__ import annotations

from pydantic import model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.reading import fail
from allocate.case.rules import KINDS
from allocate.case.rules.count import Count
from allocate.case.rules.exclusive import Exclusive
from allocate.case.rules.fix import Fix
from allocate.case.rules.funded import Funded
from allocate.case.rules.incompatible import Incompatible
from allocate.case.rules.needs import Needs
from allocate.case.rules.only import Only
from allocate.case.rules.share import Share
from allocate.case.rules.spend import Spend
from allocate.case.rules.steady import Steady


class _Stated(Block):
    name: a.Name
    """What reports and plans call it."""
    owner: a.Name | None = None
    """Who stands behind it."""
    reason: a.Name | None = None
    """Why it is there."""
    penalty: a.Penalty | None = None
    """What the rule may be broken for, in money per unit: of the share's measure (`0.15 USD/USD` of spend,
    `2 USD/h`, `0.05 USD/image`, `0.01 USD/EU`), per vendor or product too few or too many (`5k USD/vendor`), per hour, item or EU that a
    pace changes too much, per item in other rules. It weighs on the objective and is never spent; in another currency at the exchange rate of the period the rule is about, else
    of the last one. Absent: the rule is never broken."""


class Rule(Steady, Exclusive, Funded, Spend, Incompatible, Needs, Fix, Only, Count, Share, _Stated):
    """A restriction on the mix, with a name, an owner, a reason, and its force: hard, or a penalty in money."""

    @model_validator(mode="after")
    def _one_kind(self) -> Rule:
        if sum(getattr(self, kind) is not None for kind in KINDS) != 1:
            raise fail("a rule says exactly one thing", f"write one of {', '.join(KINDS)}")
        return self
