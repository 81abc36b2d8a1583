"""What a plan owes, clause by clause, by the contracts' text and its lines alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from allocate.exact import Floats, array_of
from allocate.verification.clauses import CLAUSES
from allocate.verification.entries import Entry, Number, Owed

if TYPE_CHECKING:
    from allocate.verification.work import Work


@dataclass(frozen=True)
class Bill:
    """Every clause's entries, worked out when they are asked for."""

    work: Work

    @cached_property
    def by_clause(self) -> dict[str, Owed]:
        """What each clause asks for, in the order of the bill; a clause may count what those before it ask."""
        owed: dict[str, Owed] = {}
        for clause in CLAUSES:
            if clause.owed is not None:
                owed[clause.name] = clause.owed(self.work, owed)
        return owed

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry, in the order of an invoice."""
        order = {name: position for position, name in enumerate([*self.work.stated.vendors, ""])}
        entries = [entry for owed in self.by_clause.values() for entry in owed.entries]
        entries.sort(key=lambda one: (order[one.vendor], one.period, one.window, one.clause, one.about))
        return tuple(entries)

    @cached_property
    def told(self) -> tuple[Entry, ...]:
        """The same with every figure rounded once."""
        return tuple(entry.rounded() for entry in self.entries)

    @cached_property
    def lines(self) -> Floats:
        """What each line of the plan bears of all clauses, shape (N,)."""
        total: list[Number] = [0.0] * len(self.work.made)
        for owed in self.by_clause.values():
            for line, amount in enumerate(owed.lines):
                total[line] = amount + total[line]
        return array_of(total)

    @cached_property
    def total(self) -> Number:
        """All money owed."""
        return sum((entry.amount for entry in self.entries), 0.0)
