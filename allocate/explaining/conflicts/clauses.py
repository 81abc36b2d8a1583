"""Clauses of contracts, of the rate card and of levers, as limits that may be in the way of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from allocate.case.clauses import CLAUSES
from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.paths import dotted
from allocate.case.schema import Rate
from allocate.explaining.conflicts.amounts import shown
from allocate.explaining.conflicts.moves import DOWN, UP, Move
from allocate.explaining.conflicts.written import Written, amount_at, value_path

FEES = tuple((tuple(path.split(".")), words) for one in CLAUSES for path, words in one.fees.items())
"""Where each clause has money that is owed whole or not at all, and what it is called."""


def contracts(case: Case) -> Iterator[Written]:
    """What contracts ask for beside prices: orders, lots, commitments, the end of tiers, ceilings."""
    for name, vendor in case.vendors.items():
        path, contract = ("vendors", name, "contract"), vendor.contract
        if contract.minimum_order is not None:
            yield amount_at(case, f"minimum order of {name}", "at least", (*path, "minimum-order"), (DOWN,))
        if contract.order_multiple is not None:
            yield amount_at(case, f"lots of {name}", "of", (*path, "order-multiple"), ())
        if contract.commitment is not None:
            where = value_path(case, (*path, "commitment"), "at-least")
            assert where is not None
            block = (*path, "commitment")
            is_money = contract.commitment.at_least.currency is not None
            yield amount_at(case, f"commitment to {name}", "at least", where, (DOWN,), block=block, is_money=is_money)
        for number, one in enumerate(contract.tiers):
            yield from _last_tier(case, name, number, one)
        if contract.ceiling is not None:
            yield amount_at(
                case, f"ceiling of the contract with {name}", "at most", (*path, "ceiling"), (UP,), is_money=True
            )


def _last_tier(case: Case, name: str, number: int, tiers: Any) -> Iterator[Written]:
    """The end of the last step of prices by volume: nothing is sold beyond it."""
    if tiers.steps[-1].up_to is None:
        return
    path: Path_ = ("vendors", name, "contract", "tiers")
    path = path if isinstance(case.document.get(path), dict) else (*path, number)
    where = (*path, "steps", len(tiers.steps) - 1, "up-to")
    yield amount_at(case, f"last tier of {name}", "up to", where, (UP,))


def rates(case: Case) -> Iterator[Written]:
    """Limits that lines of the rate card state."""
    for number, rate in enumerate(case.file.rates):
        pair = f"{rate.product} with {rate.vendor}"
        address = _address(rate)
        for key, words, sense in (
            ("capacity", "at most", UP),
            ("minimum-order", "at least", DOWN),
            ("lead", "", DOWN),
        ):
            text = case.document.get(("rates", number, key))
            if text is None:
                continue
            name = dotted(*address, key)
            yield Written(
                f"{key.replace('-', ' ')} of {pair}",
                f"{words} {shown(text)}".strip(),
                ("rates", number, key),
                case.document.place(("rates", number, key)),
                ((name, None),),
                (Move(name, str(text), sense),),
                by_time=key == "capacity" and "/" in str(text),
            )


def levers(case: Case) -> Iterator[Written]:
    """What is decided about levers, and what they ask of one another."""
    for name, lever in case.file.levers.items():
        path: Path_ = ("levers", name)
        if lever.bought is not None:
            words = "bought" if lever.bought else "not bought"
            yield _taken(case, f"decision on the lever {name}", words, (*path, "bought"))
        for key, some in (("excludes", lever.excludes), ("needs", lever.needs)):
            if some:
                yield _taken(case, f"lever {name}", f"{key} {', '.join(some)}", (*path, key))
        for key, words, when in (("from", "start", lever.from_), ("until", "end", lever.until)):
            if when is not None:
                yield _taken(
                    case, f"{words} of the lever {name}", f"{key} {case.document.get((*path, key))}", (*path, key)
                )
        for key, words, sense in (("least", "at least", DOWN), ("upto", "at most", UP)):
            if getattr(lever, key) is not None:
                yield amount_at(case, f"what is bought with the lever {name}", words, (*path, key), (sense,))
        if lever.applies == "always":
            yield _taken(case, f"use of the lever {name}", "always, once it is bought", (*path, "applies"))


def _taken(case: Case, subject: str, words: str, path: Path_) -> Written:
    """A clause without an amount: it holds or is taken away."""
    return Written(subject, words, path, case.document.place(path), ((dotted(*path), None),))


def fees(case: Case) -> Iterator[Written]:
    """Money that is owed whole or not at all: fees, seats, the cost of switching and of levers."""
    blocks: tuple[tuple[str, Iterable[str | int]], ...] = (
        ("vendors", case.vendors), ("rates", range(len(case.file.rates))), ("products", case.products), ("levers", case.file.levers),
    )  # fmt: skip
    for block, names in blocks:
        for name in names:
            for path, words in FEES:
                if path[0] == block:
                    yield from _fee(case, words, (block, name, *path[2:]))
            if block == "vendors":
                yield from _seats(case, str(name), (block, name, "contract", "fees", "seat"))


def _seats(case: Case, vendor: str, path: Path_) -> Iterator[Written]:
    """Seats and licences, with what one of them carries."""
    found = case.document.get(path)
    places = [path] if isinstance(found, dict) else [(*path, n) for n in range(len(found or ()))]
    for where in places:
        one = case.document.get(where)
        words = f"{shown(str(one['price']))} a seat, each carries {shown(str(one['carries']))}"
        moves = (Move(dotted(*where, "price"), str(one["price"]), DOWN),)
        place, removal = case.document.place(where), ((dotted(*where), None),)
        yield Written(f"seats of {one.get('name') or vendor}", words, where, place, removal, moves, is_money=True)


def _fee(case: Case, words: str, where: Path_) -> Iterator[Written]:
    """A fee where one is written; words: what it is called, with the names of what it is for."""
    text, address, names = case.document.get(where), where, {"name": where[1]}
    if text is None:
        return
    if where[0] == "rates":
        rate = case.file.rates[int(where[1])]
        address, names = (*_address(rate), *where[2:]), {"product": rate.product, "vendor": rate.vendor}
    path, place = dotted(*address), case.document.place(where)
    moves = (Move(path, str(text), DOWN),)
    yield Written(words.format(**names), shown(str(text)), where, place, ((path, None),), moves, is_money=True)


def _address(rate: Rate) -> Path_:
    """How `--set` names a line of the rate card."""
    return ("rates", rate.product, rate.vendor, *([rate.workflow] if rate.workflow else []))
