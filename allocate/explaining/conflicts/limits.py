"""Every limit a case states: products, capacities, contracts, rates, levers, rules and money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from allocate.case.clauses.wages import written_at
from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.moments import When
from allocate.case.paths import dotted
from allocate.case.rules import KINDS
from allocate.case.schema import Product, Rule, Team, Vendor
from allocate.explaining.conflicts.amounts import shown
from allocate.explaining.conflicts.clauses import contracts, fees, levers, rates
from allocate.explaining.conflicts.moves import DOWN, UP, Move
from allocate.explaining.conflicts.written import Written, amount_at, moment, value_path
from allocate.units import kind_of


def limits_of(case: Case) -> tuple[Written, ...]:
    """Every limit a case states, products first, money last: what comes late is named only where it has to be.

    Among things of one kind by name, so that of those that are alike the same is named in whatever order they are written.
    """
    kinds = (_products, _capacities, contracts, rates, levers, _rules, _money, fees)
    return tuple(one for kind in kinds for one in sorted(kind(case), key=_owner))


def _owner(one: Written) -> str:
    """Name of the product, vendor or lever a limit stands with; of a rule, a rate and money what it is a limit of."""
    return str(one.path[1]) if one.path[0] in ("products", "vendors", "levers") else one.subject


def _products(case: Case) -> Iterator[Written]:
    for name, product in case.products.items():
        path: Path_ = ("products", name)
        for one in _demand(case, name, path):
            yield _with_points(one, product, path)
        for number in reversed(range(len(product.milestones))):
            if product.milestones[number].penalty is None:
                yield _milestone(case, name, path, number)
        block = (*path, "work-in-progress")
        where = value_path(case, block, "at-most")
        if where is not None:
            subject = f"work in progress of {name}"
            yield amount_at(case, subject, "at most", where, (UP,), block=block, product=name)
        where = value_path(case, (*path, "accuracy"), "at-least")
        if where is not None and (product.accuracy is None or product.accuracy.penalty is None):
            yield amount_at(
                case, f"accuracy of {name}", "at least", where, (DOWN,), block=(*path, "accuracy"), product=name
            )
        for key, words in (("at-least", "value"), ("score-at-least", "score")):
            if case.document.get((*path, "value", key)) is not None:
                yield amount_at(case, f"{words} of {name}", "at least", (*path, "value", key), (DOWN,), product=name)
        if product.deadline is not None and product.deadline.late is None:
            yield _dated(case, f"deadline of {name}", ("products", name, "deadline"), "date", product.deadline.date)
        if product.from_ is not None:
            yield _dated(case, f"begin of {name}", ("products", name, "from"), "", product.from_)
        if product.arrives:
            where = (*path, "arrives")
            parts = (
                f"in {many} parts" if (many := len(product.arrives)) > 1 else f"from {product.arrives[0].from_.text}"
            )
            words, place = parts, case.document.place(where)
            yield Written(f"arrival of {name}", words, where, place, ((dotted(*where), None),), (), product=name)


def _demand(case: Case, name: str, path: Path_) -> Iterator[Written]:
    where = value_path(case, (*path, "demand"), "exactly")
    may_be_missing = case.products[name].demand.penalty is not None
    if where is not None:
        words, senses = ("at most", (UP,)) if may_be_missing else ("exactly", (DOWN, UP))
        block = (*path, "demand") if may_be_missing else None
        yield amount_at(case, f"demand of {name}", words, where, senses, block=block, product=name)
        return
    for key, sense in (("at-least", DOWN), ("at-most", UP)):
        if case.document.get((*path, "demand", key)) is not None and not (may_be_missing and sense == DOWN):
            words = key.replace("-", " ")
            yield amount_at(case, f"demand of {name}", words, (*path, "demand", key), (sense,), product=name)


def _with_points(demand: Written, product: Product, path: Path_) -> Written:
    """A demand with what counts in points of it: without the demand they mean nothing, and they may be missed anyway."""
    penalty = None if product.accuracy is None else product.accuracy.penalty
    if penalty is None or kind_of(penalty) != "money/points":
        return demand
    return replace(demand, removal=(*demand.removal, (dotted(*path, "accuracy"), None)))


def _milestone(case: Case, name: str, path: Path_, number: int) -> Written:
    where = (*path, "milestones", number)
    by = str(case.document.get((*where, "by")))
    one = amount_at(case, f"milestone of {name}", f"by {by} at least", (*where, "at-least"), (DOWN,), product=name)
    later = moment(case, (*where, "by"), case.products[name].milestones[number].by)
    return Written(
        one.subject, one.words, where, case.document.place(where), ((dotted(*where), None),),
        (*one.moves, *later), product=name,
    )  # fmt: skip


def _dated(case: Case, subject: str, block: Path_, key: str, when: When) -> Written:
    where = (value_path(case, block, key) if key else None) or block
    text = str(case.document.get(where))
    moves = moment(case, where, when) if key else ()
    place = case.document.place(where)
    return Written(subject, text, where, place, ((dotted(*block), None),), moves, product=str(block[1]))


def _capacities(case: Case) -> Iterator[Written]:
    where: Path_
    for name, vendor in case.vendors.items():
        path: Path_ = ("vendors", name)
        if vendor.people is not None:
            yield _people(case, name, path, ("hours",) if vendor.hours is not None else ())
        if vendor.team is not None:
            yield _team(case, name, path, vendor.team)
            yield from _team_limits(case, name, (*path, "team"), vendor.team)
        if one := _capacity(case, name, path, vendor):
            yield one
        if vendor.utilisation is not None:
            yield amount_at(case, f"utilisation of {name}", "at most", (*path, "utilisation"), (UP,), by_time=True)
        if vendor.lead is not None and vendor.lead.number > 0:
            yield amount_at(case, f"lead of {name}", "", (*path, "lead"), (DOWN,))
    for name in case.file.resources:
        where = ("resources", name)
        yield amount_at(case, f"resource '{name}'", "at most", (*where, "capacity"), (UP,), block=where, by_time=True)
    team = case.file.review_team
    if team is not None and team.capacity is not None:
        where = ("review-team", "capacity")
        yield amount_at(case, "hours of the review team", "at most", where, (UP,), by_time=True)
    if team is not None and team.utilisation is not None:
        where = ("review-team", "utilisation")
        yield amount_at(case, "utilisation of the review team", "at most", where, (UP,), by_time=True)
    if team is not None and team.people is not None:
        more = ("hours",) if team.answer is None else ("hours", "answer")
        yield _people(case, "the review team", ("review-team",), more)


def _people(case: Case, name: str, path: Path_, more: Sequence[str]) -> Written:
    """How many people there are; more: keys that are taken away with them."""
    where = (*path, "people")
    text = str(case.document.get(where))
    move = Move(dotted(*where), text, UP, "count", noun="people")
    removal = tuple((dotted(*path, key), None) for key in ("people", *more))
    place = case.document.place(where)
    return Written(f"people of {name}", move.shown(text), where, place, removal, (move,), by_time=True)


def _team(case: Case, name: str, path: Path_, team: Team) -> Written:
    """An in-house team; taken away, any number of hours can be had at its wage."""
    where, people, wage = (written_at(case.vendors, (*path, "team", *key)) for key in ((), ("people",), ("wage",)))
    text = str(case.document.get(people))
    move = Move(dotted(*people), text, UP, "count", noun="people")
    words = f"{move.shown(text)} on the payroll" + (", nobody hired" if team.hire is None else "")
    removal: tuple[tuple[str, str | None], ...] = (
        (dotted(*path, "contract", "price"), str(case.document.get(wage))),
        (dotted(*where), None),
    )
    if where == path:
        removal = tuple(
            (dotted(*path, key), None) for key in ("staffing", "people", "hours") if key in case.document.get(path)
        )
    place = case.document.place(people)
    return Written(f"team of {name}", words, where, place, removal, (move,), by_time=True)


def _team_limits(case: Case, name: str, path: Path_, team: Team) -> Iterator[Written]:
    """What keeps an in-house team from growing: hires, their notice, overtime, seats."""
    if team.hire is not None:
        if team.hire.at_most is not None:
            where = (*path, "hire", "at-most")
            move = Move(dotted(*where), str(case.document.get(where)), UP, "count", noun="people")
            words, place = f"at most {move.shown(move.text)}", case.document.place(where)
            yield Written(f"hires of {name}", words, where, place, ((dotted(*where), None),), (move,), by_time=True)
        if team.hire.per_period is not None:
            where = (*path, "hire", "per-period")
            move = Move(dotted(*where), str(case.document.get(where)), UP, "count", noun="people")
            words, place = f"at most {move.shown(move.text)} at once", case.document.place(where)
            yield Written(
                f"hires of {name} in a period", words, where, place, ((dotted(*where), None),), (move,), by_time=True
            )
        if team.hire.notice is not None:
            yield amount_at(case, f"notice of hires of {name}", "", (*path, "hire", "notice"), (DOWN,))
    if team.overtime is not None:
        where = (*path, "overtime", "at-most")
        text, most = str(case.document.get(where)), ((dotted(*where), "100%"),)
        move, place = Move(dotted(*where), text, UP), case.document.place(where)
        yield Written(f"overtime of {name}", f"at most {text}", where, place, most, (move,), by_time=True)
    if team.shifts is not None:
        where = (*path, "shifts", "seats")
        move = Move(dotted(*where), str(case.document.get(where)), UP, "count", noun="people")
        many, place = len(team.shifts.further), case.document.place(where)
        words = move.shown(move.text) + (f" in each of {many + 1} shifts" if many else "")
        yield Written(f"seats of {name}", words, where, place, ((dotted(*path, "shifts"), None),), (move,))


def _capacity(case: Case, name: str, path: Path_, vendor: Vendor) -> Written | None:
    """A vendor's capacity with the steps and the calendar that change it; they are taken away together."""
    rows = [n for n, row in enumerate(case.file.calendar) if row.vendor == name and row.capacity is not None]
    where = (*path, "capacity")
    removal: list[tuple[str, Any]] = [(dotted("calendar", n, "capacity"), None) for n in rows]
    if vendor.capacity_steps:
        removal.append((dotted(*path, "capacity-steps"), None))
    if vendor.capacity is None and not removal:
        return None
    place = case.document.place(where if vendor.capacity is not None else (*path, "capacity-steps"))
    words, moves = "by the calendar", ()
    if vendor.capacity is not None:
        text = str(case.document.get(where))
        words = f"at most {shown(text)}" + (", with steps" if removal else "")
        moves = () if removal else (Move(dotted(*where), text, UP),)  # type: ignore[assignment]
        removal.append((dotted(*where), None))
    elif rows:
        place = case.document.place(("calendar", rows[0], "capacity"))
    by_time = vendor.capacity is None or "/" in words
    return Written(f"capacity of {name}", words, where, place, tuple(removal), moves, by_time=by_time)


def _rules(case: Case) -> Iterator[Written]:
    for number, rule in enumerate(case.file.rules):
        if rule.penalty is not None:
            continue  # it may be broken already
        named = not set("=\"'") & set(rule.name) and not rule.name.isdecimal()
        path: Path_ = ("rules", rule.name if named else number)
        words, moves = _said(case, rule, ("rules", number), path)
        place = case.document.place(("rules", number))
        yield Written(f"rule '{rule.name}'", words, ("rules", number), place, ((dotted(*path), None),), moves)


def _said(case: Case, rule: Rule, where: Path_, path: Path_) -> tuple[str, tuple[Move, ...]]:
    """What a rule says, and the amounts in it that can be moved."""
    kind = next(key for key in KINDS if getattr(rule, key) is not None)
    senses = {"at-most": (UP,), "at-least": (DOWN,), "items": (DOWN, UP)}
    counted: dict[str, tuple[Any, ...]] = {"count": ("count", None, "vendors"), "funded": ("count", None, "products")}
    body = case.document.get((*where, kind))
    moves = [
        Move(dotted(*path, kind, key), str(body[key]), sense, *counted.get(kind, ()))
        for key in senses
        if key in body
        for sense in senses[key]
    ]
    words = ", ".join(f"{key.replace('-', ' ')} {_plainly(inner)}" for key, inner in body.items())
    return f"{kind}: {words}", tuple(moves)


def _plainly(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else shown(str(value))


def _money(case: Case) -> Iterator[Written]:
    if case.document.get(("targets", "value")) is not None:
        yield amount_at(case, "value of the portfolio", "at least", ("targets", "value"), (DOWN,))
    where = value_path(case, ("budget",), "total")
    if where is not None:
        yield amount_at(case, "budget", "at most", where, (UP,), is_money=True)
    for key in ("per-week", "per-month"):
        if case.document.get(("budget", key)) is not None:
            yield amount_at(case, f"budget {key.replace('-', ' ')}", "at most", ("budget", key), (UP,), is_money=True)
    for number, limit in enumerate(case.file.budget.limits):
        named = not set("=\"'") & set(limit.name) and not limit.name.isdecimal()
        path: Path_ = ("budget", "limits", limit.name if named else number)
        place = case.document.place(("budget", "limits", number))
        text = str(case.document.get(("budget", "limits", number, "at-most")))
        move = Move(dotted(*path, "at-most"), text, UP)
        yield Written(
            f"budget limit '{limit.name}'", f"at most {shown(text)}", ("budget", "limits", number), place,
            ((dotted(*path), None),), (move,), is_money=True,
        )  # fmt: skip
