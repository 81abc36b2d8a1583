"""Quantities set by hand, from below and from above."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from allocate.verification.checks import Check
from allocate.verification.soft_limits.penalties import forced

if TYPE_CHECKING:
    from allocate.verification.work import Work


def kept(work: Work) -> Iterator[Check]:
    """Items of a product with a vendor, by a workflow where the rule names one."""
    workflows = list(work.case.workflows)
    by = np.array([workflows[item.workflow] for item in work.made])
    for number, rule in enumerate(work.case.file.rules):
        if rule.fix is None:
            continue
        product = work.stated.products.index(rule.fix.product)
        held = (work.product == product) & (work.vendor == work.stated.vendors.index(rule.fix.vendor))
        if rule.fix.workflow is not None:
            held &= by == rule.fix.workflow
        used, noun = work.summed(work.items, held), work.stated.nouns[product]
        for at_least in (True, False):
            subject = f"rule '{rule.name}': items held"
            check = Check("fixed_quantity", (number,), subject, noun, used, rule.fix.items.number, at_least)
            yield forced(work.case, number, check)
