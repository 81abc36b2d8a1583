"""The case file's grammar: frozen pydantic models, one per block, every key documented; also the JSON Schema."""

from allocate.case.blocks import Block, Names
from allocate.case.clauses.commitment import Commitment
from allocate.case.clauses.early_payment import EarlyPayment
from allocate.case.clauses.lateness import LatenessStep
from allocate.case.clauses.levers import Lever, LeverEffect, LeverOpens
from allocate.case.clauses.platform_fee import FeeStep
from allocate.case.clauses.pre_labelling import CostStep, PreLabel
from allocate.case.clauses.price_lock import PriceLock
from allocate.case.clauses.quality import AccuracyStep
from allocate.case.clauses.rebate import Rebate
from allocate.case.clauses.review import Adjudicate, Lots, Review, ReviewTeam
from allocate.case.clauses.seats import Seat
from allocate.case.clauses.stock import Need, Stock
from allocate.case.clauses.switching import Incumbent
from allocate.case.clauses.tiers import Tiers, TierStep
from allocate.case.clauses.wages import Hire, Overtime, Release, Shift, Shifts, Team
from allocate.case.holidays import Holidays
from allocate.case.rules.count import CountRule
from allocate.case.rules.exclusive import ExclusiveRule
from allocate.case.rules.fix import FixRule
from allocate.case.rules.funded import FundedRule
from allocate.case.rules.incompatible import IncompatibleRule
from allocate.case.rules.needs import NeedsRule
from allocate.case.rules.only import OnlyRule
from allocate.case.rules.share import ShareRule
from allocate.case.rules.spend import SpendRule
from allocate.case.rules.steady import SteadyRule
from allocate.case.schema.case_file import CaseFile, ObjectiveName
from allocate.case.schema.contracts import Contract, Fees
from allocate.case.schema.done import Done, DoneBegun, DonePaid, DoneSeats, DoneStaff, DoneWork, Frozen
from allocate.case.schema.money import Budget, BudgetLimit, ExchangeStep, Horizon, Targets
from allocate.case.schema.pilots import Pilot, PilotCheck, PilotLook, PilotSizes
from allocate.case.schema.products import AccuracyFloor, Deadline, Demand, Milestone, Product, Quality
from allocate.case.schema.rates import CalendarRow, Rate
from allocate.case.schema.resources import Resource
from allocate.case.schema.rules import Rule
from allocate.case.schema.value import Curve, CurvePoint, PowerLawSpec, Transfer, Value, WorthStep
from allocate.case.schema.vendors import CapacityStep, SeasonStep, Vendor
from allocate.case.schema.workflows import Menu, Workflow

__all__ = [
    "AccuracyFloor",
    "AccuracyStep",
    "Adjudicate",
    "Block",
    "Budget",
    "BudgetLimit",
    "CalendarRow",
    "CapacityStep",
    "CaseFile",
    "Commitment",
    "Contract",
    "CostStep",
    "CountRule",
    "Curve",
    "CurvePoint",
    "Deadline",
    "Demand",
    "Done",
    "DoneBegun",
    "DonePaid",
    "DoneSeats",
    "DoneStaff",
    "DoneWork",
    "EarlyPayment",
    "ExchangeStep",
    "ExclusiveRule",
    "FeeStep",
    "Fees",
    "FixRule",
    "Frozen",
    "FundedRule",
    "Hire",
    "Holidays",
    "Horizon",
    "IncompatibleRule",
    "Incumbent",
    "LatenessStep",
    "Lever",
    "LeverEffect",
    "LeverOpens",
    "Lots",
    "Menu",
    "Milestone",
    "Names",
    "Need",
    "NeedsRule",
    "ObjectiveName",
    "OnlyRule",
    "Overtime",
    "Pilot",
    "PilotCheck",
    "PilotLook",
    "PilotSizes",
    "PowerLawSpec",
    "PreLabel",
    "PriceLock",
    "Product",
    "Quality",
    "Rate",
    "Rebate",
    "Release",
    "Resource",
    "Review",
    "ReviewTeam",
    "Rule",
    "SeasonStep",
    "Seat",
    "ShareRule",
    "Shift",
    "Shifts",
    "SpendRule",
    "SteadyRule",
    "Stock",
    "Targets",
    "Team",
    "TierStep",
    "Tiers",
    "Transfer",
    "Value",
    "Vendor",
    "Workflow",
    "WorthStep",
]  # fmt: skip
