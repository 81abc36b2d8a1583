"""What a vendor is paid once, when it is used."""

from __future__ import annotations

from allocate.program.model import Model


def onboarding(model: Model) -> None:
    r"""A vendor that is used is paid its onboarding once, at the start.

    .. math:: \sum_v O_v \, y_v \qquad [\text{money}]

    with y of `engagement`. It adds money, and no row.

    Dual: none of its own; what it weighs shows in the choice of vendors.
    """
    used = model.program.columns.get("used")
    if used is not None:
        vendors = used.index["vendor"]
        terms = [model.layout.terms[vendor] for vendor in vendors]
        model.charge(used, [one.onboarding for one in terms], vendors, [one.begins for one in terms])
