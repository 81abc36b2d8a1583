"""What a vendor is paid once, when it is used."""

from __future__ import annotations

from allocate.program.model import Model


def onboarding(model: Model) -> None:
    r"""A vendor that is used is paid its onboarding once, at the start.

    .. math:: \sum_v O_v \, y_v \qquad [\text{money}]

    with y of `engagement`, and 1 in its place for vendors taken on before the first planned period. It adds money, and no row.

    Dual: none of its own; what it weighs shows in the choice of vendors.
    """
    for family in ("used", "taken_on"):
        opened = model.program.columns.get(family)
        if opened is not None:
            vendors = opened.index["vendor"]
            terms = [model.layout.terms[vendor] for vendor in vendors]
            fees = [one.onboarding if bool(one.owed_before) is (family == "taken_on") else 0.0 for one in terms]
            model.charge(opened, fees, vendors, [one.begins for one in terms])
