"""Columns of FOCUS 1.4, the FinOps Open Cost and Usage Specification, and those of them that a plan fills.

The lists are those of the specification as ratified on 4 June 2026, each column with when a dataset must have it
(github.com/FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, tag v1.4: datasets cost_and_usage and contract_commitment).
"""

from __future__ import annotations

COST_AND_USAGE = tuple(
    """
    AllocatedMethodDetails AllocatedMethodId AllocatedResourceId AllocatedResourceName AllocatedTags AvailabilityZone BilledCost
    BillingAccountId BillingAccountName BillingAccountType BillingCurrency BillingPeriodEnd BillingPeriodStart CapacityReservationId
    CapacityReservationStatus ChargeCategory ChargeClass ChargeDescription ChargeFrequency ChargePeriodEnd ChargePeriodStart
    CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountQuantity CommitmentDiscountStatus
    CommitmentDiscountType CommitmentDiscountUnit CommitmentProgramEligibilityDetails ConsumedQuantity ConsumedUnit ContractApplied
    ContractedCost ContractedUnitPrice EffectiveCost HostProviderName InvoiceDetailId InvoiceId InvoiceIssuerName ListCost ListUnitPrice
    PricingCategory PricingCurrency PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice
    PricingQuantity PricingUnit RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory ServiceName ServiceProviderName
    ServiceSubcategory SkuId SkuMeter SkuPriceDetails SkuPriceId SubAccountId SubAccountName SubAccountType Tags
    """.split()
)
"""All columns of the dataset Cost and Usage."""
CONTRACT_COMMITMENT = tuple(
    """
    BillingCurrency ContractCommitmentApplicability ContractCommitmentBenefitCategory ContractCommitmentCategory ContractCommitmentCost
    ContractCommitmentCreated ContractCommitmentDescription ContractCommitmentDiscountPercentage ContractCommitmentDurationType
    ContractCommitmentFulfillmentInterval ContractCommitmentId ContractCommitmentLastUpdated ContractCommitmentLifecycleStatus
    ContractCommitmentModel ContractCommitmentOfferCategory ContractCommitmentPaymentInterval ContractCommitmentPaymentModel
    ContractCommitmentPaymentUpfrontPercentage ContractCommitmentPeriodEnd ContractCommitmentPeriodStart ContractCommitmentQuantity
    ContractCommitmentType ContractCommitmentUnit ContractId ContractPeriodEnd ContractPeriodStart InvoiceIssuerName PricingCurrency
    PricingCurrencyContractCommitmentCost ServiceProviderName
    """.split()
)
"""All columns of the dataset Contract Commitment."""
NOT_OF_A_PLAN = frozenset(
    """
    AllocatedMethodDetails AllocatedMethodId AllocatedResourceId AllocatedResourceName AllocatedTags AvailabilityZone BillingAccountType
    CapacityReservationId CapacityReservationStatus CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName
    CommitmentDiscountQuantity CommitmentDiscountStatus CommitmentDiscountType CommitmentDiscountUnit CommitmentProgramEligibilityDetails
    ListUnitPrice PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice RegionId RegionName
    ResourceId ResourceName ResourceType SubAccountType ContractCommitmentPaymentUpfrontPercentage
    """.split()
)
"""Columns that are only there where a provider has what they tell: machines, regions, list prices, discounts that are bought."""
OURS = ("x_CaseName", "x_Clause", "x_IsPlan", "x_ScenarioName")
"""Columns of our own: names begin with `x_`, and come after those of the specification."""
USAGE_COLUMNS = (*(name for name in COST_AND_USAGE if name not in NOT_OF_A_PLAN), *OURS)
COMMITMENT_COLUMNS = (
    *(name for name in CONTRACT_COMMITMENT if name not in NOT_OF_A_PLAN), "x_CaseName", "x_ScenarioName"
)  # fmt: skip
