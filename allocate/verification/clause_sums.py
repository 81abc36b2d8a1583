"""A plan's invoice beside what the contracts' text comes to, clause by clause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from allocate.tolerances import COMMITTED, LIMIT_KEPT
from allocate.verification import told
from allocate.verification.work import Work

Key = tuple[str, str, str, str]
"""Clause, vendor, what it is about, and for which window."""


@dataclass
class _Sum:
    """What is asked under one key: money, the periods it is owed in, and the products it is for."""

    amount: float = 0.0
    size: float = 0.0
    periods: set[int] = field(default_factory=set)
    products: set[tuple[int, ...]] = field(default_factory=set)


def wrong_clauses(work: Work, plan: told.Plan) -> Iterator[str]:
    """Clauses whose sums, or the periods these are owed in, are not those of the contracts' text, with both in words."""
    ours, theirs = _sums(work.bill.told), _sums(plan.entries)
    money = sum(one.size for one in ours.values())
    rounding = COMMITTED * money
    yield from _in_all(ours, theirs, rounding)
    for key in sorted({*ours, *theirs}):
        right, given = ours.get(key, _Sum()), theirs.get(key, _Sum())
        words = _words(*key)
        if not abs(given.amount - right.amount) <= LIMIT_KEPT * abs(right.amount) + rounding:
            yield f"{words}: the invoice asks {given.amount:.10g}, the contract says {right.amount:.10g}"
        elif right.size > rounding and given.periods != right.periods:
            ours_due, theirs_due = (", ".join(map(work.label, sorted(one.periods))) for one in (right, given))
            yield f"{words}: falls due in {ours_due}, the invoice has it in {theirs_due}"
        elif right.size > rounding and given.products != right.products:
            yield f"{words}: the invoice has it for other products than the contract says"


def _words(clause: str, vendor: str, about: str, window: str) -> str:
    whose = vendor if about == vendor else f"{about} with {vendor}" if vendor else about
    return f"{clause} of {whose}{', ' if window == 'the horizon' else ' in '}{window}"


def _in_all(ours: dict[Key, _Sum], theirs: dict[Key, _Sum], rounding: float) -> Iterator[str]:
    """Both sums of every clause on which they differ, and what all others come to; nothing where all agree."""
    sums: dict[str, list[float]] = {}
    for which, of in enumerate((ours, theirs)):
        for key, one in of.items():
            sums.setdefault(key[0], [0.0, 0.0])[which] += one.amount
    apart = {
        clause: both
        for clause, both in sums.items()
        if not abs(both[1] - both[0]) <= LIMIT_KEPT * abs(both[0]) + rounding
    }
    for clause, (right, given) in apart.items():
        yield f"{clause} in all: the invoice asks {given:.10g}, the contract says {right:.10g}"
    if apart:
        agreed = sum(right for clause, (right, _) in sums.items() if clause not in apart)
        yield f"all other clauses: {agreed:.10g} by both"


def _sums(entries: Iterable[told.Entry]) -> dict[Key, _Sum]:
    """Sums of entries; the steps of a rebate, or of prices by volume, count together."""
    sums: dict[Key, _Sum] = {}
    for entry in entries:
        about = entry.about.partition(", step ")[0]
        one = sums.setdefault((entry.clause, entry.vendor, about, entry.window), _Sum())
        one.amount += float(entry.amount)
        one.size += abs(float(entry.amount))
        one.periods.add(entry.period)
        one.products.add(tuple(entry.products))
    return sums
