"""What is no limit and could be changed too: paces, prices, the horizon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.explaining.conflicts.amounts import number_of, shown, unit_of, with_number
from allocate.explaining.conflicts.moves import DOWN, UP, Move
from allocate.explaining.conflicts.written import FAR, Written, at, dotted


def facts_of(case: Case) -> tuple[Written, ...]:
    """What is no limit but could be changed too: paces and prices written in the case, and the horizon."""
    return tuple(_facts(case))


def _facts(case: Case) -> Iterator[Written]:
    key = "weeks" if case.file.horizon.weeks is not None else "months"
    where: Path_ = ("horizon", key)
    length, text = case.periods.count, str(at(case, where))
    longest = min(4 * length, 1040 if key == "weeks" else 240)
    move = Move(dotted(where), text, UP, "count", longest - length, key)
    yield Written(
        "horizon", move.shown(text), where, case.document.place(where), ((dotted(where), str(longest)),), (move,),
        is_fact=True, by_time=True,
    )  # fmt: skip
    for name, product in case.products.items():
        if product.effort is not None:
            path: Path_ = ("products", name, "effort")
            yield _fact(case, f"work on {name}", path, "0.000001", product=name)
    for name, vendor in case.vendors.items():
        price = vendor.contract.price
        if vendor.people is not None and vendor.staffing is None:
            continue  # what may be somebody's wage is nothing to cut
        if price is not None and price.number > 0:
            path = ("vendors", name, "contract", "price")
            yield _fact(case, f"price of {name}", path, "0", is_money=True)
    if case.file.targets.value is not None or any(p.value and p.value.at_least for p in case.products.values()):
        yield from _gates(case)


def _gates(case: Case) -> Iterator[Written]:
    """What gates pay, where a value is asked for."""
    for name in case.products:
        path: Path_ = ("products", name, "value", "gates")
        found = at(case, path)
        for where in [path] if isinstance(found, dict) else [(*path, n) for n in range(len(found or ()))]:
            name_of, text = dotted((*where, "worth")), str(at(case, (*where, "worth")))
            words = f"{shown(text)} at {shown(str(at(case, (*where, 'score-at-least'))))}"
            removal = ((name_of, with_number(text, FAR * number_of(text))),)
            yield Written(
                f"gate of {name}", words, where, case.document.place(where), removal, (Move(name_of, text, UP),),
                is_fact=True, product=name,
            )  # fmt: skip


def _fact(case: Case, subject: str, path: Path_, least: str, **more: Any) -> Written:
    """An amount that is no limit, and what it would have to be to stand in nobody's way."""
    text = str(at(case, path))
    move = Move(dotted(path), text, DOWN)
    removal = ((dotted(path), f"{least} {unit_of(text)}"),)
    return Written(subject, shown(text), path, case.document.place(path), removal, (move,), is_fact=True, **more)
