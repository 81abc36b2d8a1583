"""Clauses of contracts, of the rate card and of levers, as limits that may be in the way of a plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.explaining.conflicts.amounts import shown
from allocate.explaining.conflicts.moves import DOWN, UP, Move
from allocate.explaining.conflicts.written import Written, amount_at, at, dotted, value_path


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
    path = path if isinstance(at(case, path), dict) else (*path, number)
    where = (*path, "steps", len(tiers.steps) - 1, "up-to")
    yield amount_at(case, f"last tier of {name}", "up to", where, (UP,))


def rates(case: Case) -> Iterator[Written]:
    """Limits that lines of the rate card state."""
    for number, rate in enumerate(case.file.rates):
        pair = f"{rate.product} with {rate.vendor}"
        address: Path_ = ("rates", rate.product, rate.vendor, *([rate.workflow] if rate.workflow else []))
        for key, words, sense in (
            ("capacity", "at most", UP),
            ("minimum-order", "at least", DOWN),
            ("lead", "", DOWN),
        ):
            text = at(case, ("rates", number, key))
            if text is None:
                continue
            name = dotted((*address, key))
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
        if lever.from_ is not None:
            yield _taken(case, f"start of the lever {name}", f"from {at(case, (*path, 'from'))}", (*path, "from"))
        if lever.applies == "always":
            yield _taken(case, f"use of the lever {name}", "always, once it is bought", (*path, "applies"))


def _taken(case: Case, subject: str, words: str, path: Path_) -> Written:
    """A clause without an amount: it holds or is taken away."""
    return Written(subject, words, path, case.document.place(path), ((dotted(path), None),))


def fees(case: Case) -> Iterator[Written]:
    """Money that is owed whole or not at all: fees, seats, the cost of switching and of levers."""
    for name in case.vendors:
        path: Path_ = ("vendors", name)
        of_contract = (*path, "contract", "fees")
        for where, words in (
            ((*path, "onboarding"), f"onboarding of {name}"),
            ((*of_contract, "onboarding"), f"onboarding of {name}"),
            ((*of_contract, "retainer"), f"retainer of {name}"),
            ((*of_contract, "product-start"), f"start of each product with {name}"),
        ):
            yield from _fee(case, words, where)
        yield from _seats(case, name, (*of_contract, "seat"))
    for number, rate in enumerate(case.file.rates):
        address: Path_ = ("rates", rate.product, rate.vendor, *([rate.workflow] if rate.workflow else []))
        words = f"start of {rate.product} with {rate.vendor}"
        yield from _fee(case, words, ("rates", number, "start-fee"), (*address, "start-fee"))
    for name in case.products:
        yield from _fee(case, f"switching {name} away from its incumbent", ("products", name, "incumbent", "switching"))
    for name in case.file.levers:
        yield from _fee(case, f"cost of the lever {name}", ("levers", name, "cost"))
        yield from _fee(case, f"running cost of the lever {name}", ("levers", name, "running-cost"))


def _seats(case: Case, vendor: str, path: Path_) -> Iterator[Written]:
    """Seats and licences, with what one of them carries."""
    found = at(case, path)
    places = [path] if isinstance(found, dict) else [(*path, n) for n in range(len(found or ()))]
    for where in places:
        one = at(case, where)
        words = f"{shown(str(one['price']))} a seat, each carries {shown(str(one['carries']))}"
        moves = (Move(dotted((*where, "price")), str(one["price"]), DOWN),)
        place, removal = case.document.place(where), ((dotted(where), None),)
        yield Written(f"seats of {one.get('name') or vendor}", words, where, place, removal, moves, is_money=True)


def _fee(case: Case, subject: str, where: Path_, address: Path_ | None = None) -> Iterator[Written]:
    """A fee where one is written; address: how `--set` names its place, where that is not the place itself."""
    text = at(case, where)
    if text is not None:
        name = dotted(address or where)
        place, moves = case.document.place(where), (Move(name, str(text), DOWN),)
        yield Written(subject, shown(str(text)), where, place, ((name, None),), moves, is_money=True)
