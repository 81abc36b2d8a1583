"""What a clause does to the bill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from allocate.costing.bill.entries import Entry
from allocate.costing.bill.ledger import Ledger
from allocate.numbers import Floats


@dataclass(frozen=True, eq=False)
class Owed:
    """What one clause asks of a plan."""

    entries: Iterable[Entry]
    each: Floats | None = None
    """What it costs each line of the plan beside its price, shape (N,); None where it belongs to no line."""
    overhead: Mapping[str, float] = field(default_factory=dict)
    """Money by vendor that belongs to no line though others of the clause's entries do."""


@dataclass(frozen=True)
class Clause:
    """What a clause does to the bill."""

    name: str
    owed: Callable[[Ledger], Owed] | None = None
    of_lines: bool = True
    """Whether its entries are for lines of the plan, or for a vendor as a whole."""
    instead: str = ""
    """Where this floor has nothing to do for it: why."""


def entries_only(owed: Callable[[Ledger], Iterable[Entry]]) -> Callable[[Ledger], Owed]:
    """A clause whose money stands in its entries alone: no line of the plan has it beside its price."""
    return lambda ledger: Owed(owed(ledger))
