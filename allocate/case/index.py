"""What the indexes of clauses and of rules list: of each its keys, its checks, and what other pages say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from allocate.case.context import Context
    from allocate.case.schema import Vendor
    from allocate.errors import Problem

VENDORS, WAGES, STAFFING = "vendors", "in-house wages", "hiring and release"
TOOLING, CHECKING, FEES = "tooling", "checking", "onboarding and fees"
LEVERS, PENALTIES = "levers", "penalties"
CATEGORIES = (VENDORS, WAGES, STAFFING, TOOLING, CHECKING, FEES, LEVERS, PENALTIES)
"""Categories of cost, in the order in which finance reads them."""
ADJUSTMENT, RECURRING = "adjustment", "recurring"
PAID_WAGES = "paid wages, busy or not"
"""Why a team of your own has no price, nor what is counted of prices: its wages stand in the team."""


class Check(NamedTuple):
    """A check of a case whose blocks are right by themselves."""

    run: Callable[[Context], Iterable[Problem]]
    needs: frozenset[str] = frozenset()
    """Blocks that must be right for it to mean anything."""


OF_CONTRACTS = frozenset({"model", "currency"})
"""Blocks that must be right for contracts to be checked."""


class Whole(NamedTuple):
    """What a contract counts by whole windows, though the horizon may have a part of one."""

    entries: tuple[str, ...]
    """Lines of the bill that come of it."""
    window: str
    words: str
    """What a note says of a window that is cut, with `{money}`."""
    at_no_money: bool = False
    """Whether it is said though nothing is owed, for a step may be missed."""


@dataclass(frozen=True)
class Clause:
    """What puts money on the bill or bounds what a contract sells, as the case states it."""

    name: str
    keys: tuple[str, ...]
    """Where it is written, as `--set` has it, NAME standing for a name."""
    checks: tuple[Check, ...] = ()
    examples: Mapping[str, str] = field(default_factory=dict)
    """Of its blocks that no shipped case writes out; made up, to show the form."""
    costs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Lines of the bill that come of it, by category of cost."""
    figures: Mapping[str, str] = field(default_factory=dict)
    """What its figures are called in a workbook, by path without positions in lists; others go by their keys."""
    meant: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Its blocks, and the amount that is meant where only the block is named."""
    fees: Mapping[str, str] = field(default_factory=dict)
    """Money that is owed whole or not at all, by its path, and what it is called where it is in the way of a plan; NAME stands for
    a name, or a position in the rate card, whose product and vendor the words may name."""
    of_prices: tuple[str, ...] = ()
    """Keys of a contract that count, or change, prices of single items."""
    shared_by: str = "work"
    """What lines share its money by that belongs to none of them: work, money, or what is done."""
    pays_for_work: bool = True
    """Whether its lines count in what is spent on products, as rules have it."""
    charged: str = ""
    """What its lines are beside use or a purchase: an `ADJUSTMENT` of what was due, or bought again in each window (`RECURRING`)."""
    not_for_teams: str | None = None
    """What a team of your own is that it may not have it; None: it may."""
    whole: Callable[[str, Vendor], Iterable[Whole]] | None = None
    """What the contract of a vendor, and its name, count by whole windows; None: nothing."""


@dataclass(frozen=True)
class RuleKind:
    """A kind of rule on the mix, as the case states it."""

    name: str
    measure: Callable[[Context, Any], tuple[str, tuple[str, ...]]]
    """What a rule is about, and the units that its penalty may be for."""
    checks: tuple[Check, ...] = ()
    examples: Mapping[str, str] = field(default_factory=dict)
