"""Price locks: a price that is agreed now, for a fee, whatever the vendor will ask later."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from allocate.case import amounts as a
from allocate.case.blocks import Block
from allocate.case.context import Context, exactly, line_of, makers
from allocate.case.document import Document, Path_, remove, walk
from allocate.case.index import PAID_WAGES, Check, Clause
from allocate.errors import Problem
from allocate.units import Quantity, kind_of

if TYPE_CHECKING:
    from allocate.case.schema import Lever, LeverEffect

NAMED = "price lock of "
"""Beginning of the names of levers that locks are planned as."""
_KEYS = {
    "fee": "cost",
    "by": "from",
    "upto": "upto",
    "until": "until",
    "at-least": "least",
    "indexed": "indexed",
    "signed": "bought",
}
"""What a lock's keys are called in the lever."""


class PriceLock(Block):
    """A price that holds from a period on where it is signed; a plan signs it where that pays.

    It is planned as a lever of the name `price lock of VENDOR`, and lines of a plan say whether they are at the locked price.
    Season changes a locked price as it changes every price, and what contracts take off or add goes on top; so do escalation and
    `indexation`, unless it is not `indexed`."""

    price: a.Price
    """The locked price, of what the contract's price counts."""
    by: a.WhenType | None = None
    """Last period in which it can be signed, and first of the work it is for; the fee is paid then. Absent: the first."""
    fee: a.Money | None = None
    """Paid once where it is signed."""
    upto: a.Volume | None = None
    """Most that is bought at it, in items or in what the price counts; absent: no end."""
    until: a.WhenType | None = None
    """Day it holds until, or the last week or month of the work it is for; absent: the end of the horizon."""
    at_least: a.Volume | None = None
    """Least that is bought at it once it is signed, the term it is given for, in items or in what the price counts; absent: none."""
    indexed: a.Truth | None = None
    """Whether the vendor's escalation and `indexation` raise the locked price too; absent: true. `false`: it stays as it is written."""
    signed: a.Truth | None = None
    """Decided already: true or false; absent: the plan decides."""


class Lockable(Block):
    """Keys of a contract."""

    price_lock: PriceLock | None = None
    """The price could be locked now, for a fee."""


def lay_out(document: Document) -> tuple[str, ...]:
    """Put each lock of a document among its levers, in place; the names of these. Those of before are taken out first."""
    take_back(document)
    laid = []
    vendors: Any = document.data.get("vendors")
    levers: Any = document.data.get("levers")
    for name, vendor in vendors.items() if isinstance(vendors, dict) else ():
        lock = _lock(vendor)
        if not isinstance(lock, dict) or not (levers is None or isinstance(levers, dict)) or "price" not in lock:
            continue
        where: Path_ = ("vendors", name, "contract", "price-lock")
        lever: dict[str, Any] = {new: lock[old] for old, new in _KEYS.items() if lock.get(old) is not None}
        if NAMED + name in (levers or {}):
            continue  # a lever of another meaning, which `reach` refuses
        lever |= {"title": _title(name), "effect": {"vendors": name, "locked-price": lock["price"]}}
        levers = document.data["levers"] = levers or {}
        levers[NAMED + name] = lever
        _places(document, where, ("levers", NAMED + name), lever)
        laid.append(NAMED + name)
    return tuple(laid)


def written_at(path: Path_) -> Path_:
    """Where a figure of a lock's lever is written: in the contract; all other paths as they are."""
    if len(path) < 3 or path[0] != "levers" or not str(path[1]).startswith(NAMED):
        return path
    lock: Path_ = ("vendors", str(path[1]).removeprefix(NAMED), "contract", "price-lock")
    keys = {new: old for old, new in _KEYS.items()} | {"effect": "price"}
    return (*lock, keys[str(path[2])]) if path[2] in keys else path


def override_of(document: Document, parts: list[str]) -> list[str]:
    """The parts of an override's path; of a figure of a lock's lever, those of the contract, where it is written."""
    name = ".".join(parts[1:])
    vendors: Any = document.data.get("vendors")
    keys = {new: old for old, new in _KEYS.items()} | {"effect.locked-price": "price"}
    for vendor in vendors if parts[:1] == ["levers"] and isinstance(vendors, dict) else ():
        key = keys.get(name.removeprefix(f"{NAMED}{vendor}."))
        if key is not None and _lock(vendors[vendor]) is not None:
            return ["vendors", str(vendor), "contract", "price-lock", key]
    return parts


def _lock(vendor: Any) -> Any:
    """What a vendor's contract says of a lock; None where it has none."""
    contract = vendor.get("contract") if isinstance(vendor, dict) else None
    return contract.get("price-lock") if isinstance(contract, dict) else None


def planned_at(path: Path_) -> Path_ | None:
    """Where the lever of a lock has what stands at a path of a contract; None for what is no lock's."""
    if len(path) < 5 or path[0] != "vendors" or path[2:4] != ("contract", "price-lock"):
        return None
    lever: Path_ = ("levers", f"{NAMED}{path[1]}")
    if path[4] == "price":
        return (*lever, "effect", "locked-price")
    return (*lever, _KEYS[str(path[4])]) if path[4] in _KEYS else None


def _places(document: Document, where: Path_, into: Path_, lever: dict[str, Any]) -> None:
    """The lever's parts stand where the lock's do."""
    back = {new: old for old, new in _KEYS.items()} | {"effect": "price"}
    for path, _ in walk(lever):
        place = document.place((*where, *([back[path[0]]] if path and path[0] in back else [])))
        if place is not None:
            document.values[*into, *path] = place


def _title(vendor: str) -> str:
    """Of a lock's lever."""
    return f"The price of {vendor} is held"


def _is_laid_out(name: Any, lever: Any) -> bool:
    """Whether a lever is a lock's, or says what was decided on one and nothing else; others have their name by chance."""
    if not str(name).startswith(NAMED) or not isinstance(lever, dict):
        return False
    return lever.get("title") == _title(str(name).removeprefix(NAMED)) or set(lever) == {"bought"}


def take_back(document: Document) -> None:
    """Take the levers of locks out of a document, in place; what was decided on them is kept in the contracts."""
    levers: Any = document.data.get("levers")
    vendors: Any = document.data.get("vendors")
    found = [name for name, one in levers.items() if _is_laid_out(name, one)] if isinstance(levers, dict) else []
    for name in found:
        bought = levers[name].get("bought")
        lock = _lock(vendors.get(name.removeprefix(NAMED))) if isinstance(vendors, dict) else None
        if bought is not None and isinstance(lock, dict) and lock.get("signed") is None:
            lock["signed"] = bought
        remove(document, ("levers", name))
    if found and not levers:
        remove(document, ("levers",))


def is_said_twice(problem: Problem, laid: tuple[str, ...]) -> bool:
    """Whether a problem of a lever that was laid out is one of the lock itself, which says it in its own words."""
    return problem.message.startswith(tuple(f"levers.{name}" for name in laid))


def effect(c: Context, path: Path_, one: LeverEffect) -> Iterator[Problem]:
    """A locked price counts what the contract's price counts, of vendors that have one and no other."""
    locked = one.locked_price
    if locked is None:
        return
    path = (*path, "locked-price")
    if not one.vendors:
        yield c.problem(path, "a locked price needs its vendor", "name it, as in `vendors: acme`")
    for name in one.vendors or ():
        vendor = c.file.vendors.get(name)
        if vendor is None or vendor.team is not None:
            continue
        price, there = vendor.contract.price, line_of(c, ("vendors", name, "contract", "price"))
        own = next((n for n, rate in c.rate_card.of_vendor(name) if rate.price is not None), None)
        if own is not None:
            message = f"{name} has prices of its own for products{line_of(c, ('rates', own))}, and one price is locked"
            yield c.problem(path, message, "write the price in the contract, and leave it out of the rates")
        elif vendor.contract.tiers:
            message = f"prices of {name} depend on the volume bought, and one price is locked"
            yield c.problem(path, message, "lock what is a plain price, or write the steps with the locked price")
        elif price is None:
            yield c.problem(path, f"{name} has no price that could be locked", "add the contract's `price`")
        elif price.dimensions != locked.dimensions:
            message = f"'{locked.text}' is in other units than the price of {name} ('{price.text}'){there}"
            unit = f"{price.currency} per {price.per() or 'item'}"
            yield c.problem(path, message, f"write it in {unit}, as in `{price.text}`")


def reach(c: Context) -> Iterator[Problem]:
    """What is bought at most with a lever is counted in items of what its vendors make, or in what their prices count."""
    for name, lever in c.file.levers.items():
        if name.startswith(NAMED) and lever.title != _title(name.removeprefix(NAMED)):
            message = f"'{name}' is what a price lock of a contract is called"
            yield c.problem(("levers", name), message, "name the lever otherwise, or write the contract's `price-lock`")
            continue
        for key, amount in (("upto", lever.upto), ("least", lever.least)):
            if amount is not None:
                yield from _amount(c, name, lever, key, amount)
        locks = any(one.locked_price is not None for one in lever.effect)
        for key, given in (("until", lever.until), ("indexed", lever.indexed)):
            if given is not None and not locks:
                yield _of_no_price(c, ("levers", name, key))
        low, most = lever.least, lever.upto
        if low is not None and most is not None and low.dimensions == most.dimensions and low.number > most.number:
            message = f"the least that is bought ('{low.text}') is more than the most ('{most.text}')"
            yield c.problem(("levers", name, "least"), message, "write less")
        if (
            lever.until is not None
            and lever.from_ is not None
            and "horizon" not in c.faulty
            and (c.periods.first_from(lever.until) < c.periods.first_from(lever.from_))
        ):
            message = f"the price holds until '{lever.until.text}', before it can be signed ('{lever.from_.text}')"
            yield c.problem(("levers", name, "until"), message, "let it hold longer, or be signed earlier")


def _of_no_price(c: Context, path: Path_) -> Problem:
    return c.problem(
        path, f"`{path[-1]}` is about a locked price, and the lever locks none", "add `locked-price` to its effect"
    )


def _amount(c: Context, name: str, lever: Lever, key: str, amount: Quantity) -> Iterator[Problem]:
    """What is bought at a locked price is counted in items, or in what the price counts.

    In items of one kind only where its vendors make no others: the price of those would be locked without end.
    """
    path: Path_ = ("levers", name, key)
    vendors = {vendor for one in lever.effect if one.locked_price is not None for vendor in one.vendors or ()}
    if not vendors:
        yield _of_no_price(c, path)
        return
    prices = [c.file.vendors[v].contract.price for v in sorted(vendors) if v in c.file.vendors]
    bases = {price.per() or "item" for price in prices if price is not None}
    made = {
        item for name, one in c.file.products.items() if makers(c, name) & vendors and (item := c.item(one)) is not None
    }
    noun = amount.of()
    if kind_of(amount) == "money" or not {noun} <= {"item", *bases, *made}:
        message = f"'{amount.text}' is neither items nor what the price counts"
    elif noun in made and noun not in bases and len(made) > 1:
        others = ", ".join(c.units.plural(item) for item in sorted(made - {noun}))
        message = (
            f"'{amount.text}' does not say how many of the {others} are bought at the price, which holds for them too"
        )
    else:
        return
    what = next(iter(sorted(bases)), "item")
    yield c.problem(path, message, f"write `{exactly(amount.text, c.units.plural(what))}`")


CLAUSE = Clause(
    "price_lock",
    keys=("vendors.NAME.contract.price-lock",),
    checks=(Check(reach, frozenset({"levers", "vendors", "model"})),),
    examples={"PriceLock": "{price: 0.46 USD/page, by: week 2, fee: 500 USD, upto: 20_000 pages}"},
    not_for_teams=PAID_WAGES,
    meant={"price-lock": ("price",)},
    of_prices=("price-lock",),
)
