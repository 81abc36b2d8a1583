"""The case file's grammar: frozen pydantic models, one per block, every key documented; also the JSON Schema."""

from allocate.case.schema.blocks import Block, Names
from allocate.case.schema.case_file import CaseFile, ObjectiveName
from allocate.case.schema.contracts import Commitment, Contract, Fees, Tiers, TierStep
from allocate.case.schema.money import Budget, BudgetLimit, ExchangeStep, Horizon, Targets
from allocate.case.schema.products import (
    AccuracyFloor,
    Curve,
    CurvePoint,
    Demand,
    Milestone,
    PowerLawSpec,
    Product,
    Value,
)
from allocate.case.schema.vendors import (
    CalendarRow,
    CapacityStep,
    CountRule,
    FixRule,
    NeedsRule,
    OnlyRule,
    Rate,
    ReviewTeam,
    Rule,
    SeasonStep,
    ShareRule,
    Vendor,
)
from allocate.case.schema.workflows import Adjudicate, Menu, PreLabel, Review, Workflow

__all__ = [
    "AccuracyFloor",
    "Adjudicate",
    "Block",
    "Budget",
    "BudgetLimit",
    "CalendarRow",
    "CapacityStep",
    "CaseFile",
    "Commitment",
    "Contract",
    "CountRule",
    "Curve",
    "CurvePoint",
    "Demand",
    "ExchangeStep",
    "Fees",
    "FixRule",
    "Horizon",
    "Menu",
    "Milestone",
    "Names",
    "NeedsRule",
    "ObjectiveName",
    "OnlyRule",
    "PowerLawSpec",
    "PreLabel",
    "Product",
    "Rate",
    "Review",
    "ReviewTeam",
    "Rule",
    "SeasonStep",
    "ShareRule",
    "Targets",
    "TierStep",
    "Tiers",
    "Value",
    "Vendor",
    "Workflow",
]
