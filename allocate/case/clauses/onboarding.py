"""What a vendor asks once, when it is first used."""

from __future__ import annotations

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.index import FEES, Clause


class Onboarding(Block):
    """Keys of a contract's fees."""

    onboarding: a.Money | None = None
    """Once, when the vendor is first used."""


class OnboardingOfVendor(Block):
    """Keys of a vendor."""

    onboarding: a.Money | None = None
    """Paid once when the vendor is first used; short for the contract's fee."""


CLAUSE = Clause(
    "onboarding",
    keys=("vendors.NAME.contract.fees.onboarding", "vendors.NAME.onboarding"),
    costs={FEES: ("onboarding",)},
    fees={
        "vendors.NAME.onboarding": "onboarding of {name}",
        "vendors.NAME.contract.fees.onboarding": "onboarding of {name}",
    },
    figures={
        "vendors.NAME.contract.fees.onboarding": "onboarding",
    },
)
