"""The limits of a case as they were written: their words, their place, how to take them away and how to move them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.schema import Product, Rule, Team, Vendor
from allocate.case.schema.vendors import KINDS
from allocate.errors import Place
from allocate.explain.conflicts.amounts import number_of, shown, unit_of, with_number
from allocate.explain.conflicts.moves import DOWN, UP, Move
from allocate.units import kind_of

FAR = 1000
"""Times its amount a limit is moved where a program cannot do without it."""

Settings = tuple[tuple[str, Any], ...]
"""Overrides in order: a dotted path and its new value, None to take it away."""


@dataclass(frozen=True)
class Written:
    """A limit the case states, or a fact (a price, a pace, the horizon) that a repair may change instead."""

    subject: str
    """What it is a limit of, as in `demand of video` or `rule 'half'`."""
    words: str
    """What it says, as in `exactly 500,000 frames`."""
    path: Path_
    place: Place | None = field(compare=False)
    removal: Settings
    """Overrides that take it away; of a fact, that make it no obstacle."""
    moves: tuple[Move, ...] = ()
    is_fact: bool = False
    is_money: bool = False
    product: str | None = None
    by_time: bool = False
    """Whether a longer horizon would give more of it."""

    @property
    def loose(self) -> Settings:
        """Overrides that move it so far that it is no obstacle, for a program that needs some bound."""
        if {move.sense for move in self.moves} == {DOWN, UP} and self.path[0] == "products":
            far = with_number(self.moves[0].text, FAR * number_of(self.moves[0].text))
            block = dotted(self.path[:3])
            return ((block, {"at-most": far}),) if len(self.path) == 3 else ((f"{block}.at-most", far), *self.removal)
        if not self.moves or self.moves[0].sense != UP or self.moves[0].kind not in ("amount", "count"):
            return self.removal
        move = self.moves[0]
        return ((move.path, with_number(move.text, FAR * number_of(move.text))),)


def limits_of(case: Case) -> tuple[Written, ...]:
    """Every limit a case states, products first, money last."""
    return (
        *_products(case),
        *_capacities(case),
        *_contracts(case),
        *_rates(case),
        *_rules(case),
        *_money(case),
    )


def facts_of(case: Case) -> tuple[Written, ...]:
    """What is no limit but could be changed too: paces and prices written in the case, and the horizon."""
    return tuple(_facts(case))


def dotted(path: Path_) -> str:
    """A path as `--set` names it; names with dots in quotation marks."""
    return ".".join(f'"{part}"' if "." in str(part) else str(part) for part in path)


def _at(case: Case, path: Path_) -> Any:
    """What the document has at a path; None where it has nothing."""
    try:
        return case.document.at(path)
    except (KeyError, IndexError, TypeError):
        return None


def _value(case: Case, path: Path_, key: str) -> Path_ | None:
    """The path of a value that may stand bare or as a key of a mapping; None where it is not written."""
    found = _at(case, path)
    if isinstance(found, dict):
        return (*path, key) if found.get(key) is not None else None
    return path if found is not None else None


def _amount(
    case: Case,
    subject: str,
    relation: str,
    path: Path_,
    senses: tuple[int, ...],
    *,
    block: Path_ | None = None,
    **more: Any,
) -> Written:
    """A limit that is one amount at one path; block: what is taken away with it, where that is more."""
    text = str(_at(case, path))
    name = dotted(path)
    return Written(
        subject=subject,
        words=f"{relation} {shown(text)}".strip(),
        path=path,
        place=case.document.place(path),
        removal=((dotted(block or path), None),),
        moves=tuple(Move(name, text, sense) for sense in senses),
        **more,
    )


def _products(case: Case) -> Iterator[Written]:
    for name, product in case.products.items():
        path: Path_ = ("products", name)
        for one in _demand(case, name, path):
            yield _with_points(one, product, path)
        for number in reversed(range(len(product.milestones))):
            if product.milestones[number].penalty is None:
                yield _milestone(case, name, path, number)
        block = (*path, "work-in-progress")
        where = _value(case, block, "at-most")
        if where is not None:
            subject = f"work in progress of {name}"
            yield _amount(case, subject, "at most", where, (UP,), block=block, product=name)
        where = _value(case, (*path, "accuracy"), "at-least")
        if where is not None and (product.accuracy is None or product.accuracy.penalty is None):
            yield _amount(
                case, f"accuracy of {name}", "at least", where, (DOWN,), block=(*path, "accuracy"), product=name
            )
        for key, words in (("at-least", "value"), ("score-at-least", "score")):
            if _at(case, (*path, "value", key)) is not None:
                yield _amount(case, f"{words} of {name}", "at least", (*path, "value", key), (DOWN,), product=name)
        if product.deadline is not None and product.deadline.late is None:
            yield _deadline(case, name, product)


def _demand(case: Case, name: str, path: Path_) -> Iterator[Written]:
    where = _value(case, (*path, "demand"), "exactly")
    may_be_missing = case.products[name].demand.penalty is not None
    if where is not None:
        words, senses = ("at most", (UP,)) if may_be_missing else ("exactly", (DOWN, UP))
        block = (*path, "demand") if may_be_missing else None
        yield _amount(case, f"demand of {name}", words, where, senses, block=block, product=name)
        return
    for key, sense in (("at-least", DOWN), ("at-most", UP)):
        if _at(case, (*path, "demand", key)) is not None and not (may_be_missing and sense == DOWN):
            words = key.replace("-", " ")
            yield _amount(case, f"demand of {name}", words, (*path, "demand", key), (sense,), product=name)


def _with_points(demand: Written, product: Product, path: Path_) -> Written:
    """A demand with what counts in points of it: without the demand they mean nothing, and they may be missed anyway."""
    penalty = None if product.accuracy is None else product.accuracy.penalty
    if penalty is None or kind_of(penalty) != "money/points":
        return demand
    return replace(demand, removal=(*demand.removal, (dotted((*path, "accuracy")), None)))


def _milestone(case: Case, name: str, path: Path_, number: int) -> Written:
    where = (*path, "milestones", number)
    by = str(_at(case, (*where, "by")))
    one = _amount(case, f"milestone of {name}", f"by {by} at least", (*where, "at-least"), (DOWN,), product=name)
    later = _moment(case, (*where, "by"), case.products[name].milestones[number].by)
    return Written(
        one.subject, one.words, where, case.document.place(where), ((dotted(where), None),),
        (*one.moves, *later), product=name,
    )  # fmt: skip


def _deadline(case: Case, name: str, product: Product) -> Written:
    block: Path_ = ("products", name, "deadline")
    where = _value(case, block, "date") or block
    assert product.deadline is not None
    text = str(_at(case, where))
    moves = _moment(case, where, product.deadline.date)
    return Written(
        f"deadline of {name}", text, where, case.document.place(where), ((dotted(block), None),), moves, product=name
    )


def _moment(case: Case, path: Path_, when: Any) -> tuple[Move, ...]:
    """How a point of the horizon can be moved: by periods, or by days, to the horizon's end."""
    text, periods = str(_at(case, path)), case.periods
    if when.date is not None:
        return (Move(dotted(path), text, UP, "date", max(0, (periods.end - when.date).days)),)
    if when.unit == periods.unit:
        return (Move(dotted(path), text, UP, "week", max(0, periods.count - (when.period or 0))),)
    return ()


def _capacities(case: Case) -> Iterator[Written]:
    for name, vendor in case.vendors.items():
        path: Path_ = ("vendors", name)
        if vendor.people is not None:
            yield _people(case, name, path, ("hours",) if vendor.hours is not None else ())
        if vendor.team is not None:
            yield _team(case, name, path, vendor.team)
        if one := _capacity(case, name, path, vendor):
            yield one
        if vendor.lead is not None and vendor.lead.number > 0:
            yield _amount(case, f"lead of {name}", "", (*path, "lead"), (DOWN,))
    team = case.file.review_team
    if team is not None and team.capacity is not None:
        where: Path_ = ("review-team", "capacity")
        yield _amount(case, "hours of the review team", "at most", where, (UP,), by_time=True)
    if team is not None and team.people is not None:
        more = ("hours",) if team.answer is None else ("hours", "answer")
        yield _people(case, "the review team", ("review-team",), more)


def _people(case: Case, name: str, path: Path_, more: Sequence[str]) -> Written:
    """How many people there are; more: keys that are taken away with them."""
    where = (*path, "people")
    text = str(_at(case, where))
    move = Move(dotted(where), text, UP, "count", noun="people")
    removal = tuple((dotted((*path, key)), None) for key in ("people", *more))
    place = case.document.place(where)
    return Written(f"people of {name}", move.shown(text), where, place, removal, (move,), by_time=True)


def _team(case: Case, name: str, path: Path_, team: Team) -> Written:
    """An in-house team; taken away, any number of hours can be had at its wage."""
    where = (*path, "team")
    price = (dotted((*path, "contract", "price")), str(_at(case, (*where, "wage"))))
    most = None if team.hire is None else team.hire.at_most
    hires = ", nobody hired" if team.hire is None else f", {most} hires at most" if most is not None else ""
    keys = [("people",)] if most is None else [("people",), ("hire", "at-most")]
    moves = tuple(
        Move(dotted((*where, *key)), str(_at(case, (*where, *key))), UP, "count", noun="people") for key in keys
    )
    people = "person" if team.people == 1 else "people"
    words, removal = f"{team.people} {people}{hires}", (price, (dotted(where), None))
    place = case.document.place((*where, "people"))
    return Written(f"team of {name}", words, where, place, removal, moves, by_time=True)


def _capacity(case: Case, name: str, path: Path_, vendor: Vendor) -> Written | None:
    """A vendor's capacity with the steps and the calendar that change it; they are taken away together."""
    rows = [n for n, row in enumerate(case.file.calendar) if row.vendor == name and row.capacity is not None]
    where = (*path, "capacity")
    removal: list[tuple[str, Any]] = [(dotted(("calendar", n, "capacity")), None) for n in rows]
    if vendor.capacity_steps:
        removal.append((dotted((*path, "capacity-steps")), None))
    if vendor.capacity is None and not removal:
        return None
    place = case.document.place(where if vendor.capacity is not None else (*path, "capacity-steps"))
    words, moves = "by the calendar", ()
    if vendor.capacity is not None:
        text = str(_at(case, where))
        words = f"at most {shown(text)}" + (", with steps" if removal else "")
        moves = () if removal else (Move(dotted(where), text, UP),)  # type: ignore[assignment]
        removal.append((dotted(where), None))
    elif rows:
        place = case.document.place(("calendar", rows[0], "capacity"))
    by_time = vendor.capacity is None or "/" in words
    return Written(f"capacity of {name}", words, where, place, tuple(removal), moves, by_time=by_time)


def _contracts(case: Case) -> Iterator[Written]:
    for name, vendor in case.vendors.items():
        path, contract = ("vendors", name, "contract"), vendor.contract
        if contract.minimum_order is not None:
            yield _amount(case, f"minimum order of {name}", "at least", (*path, "minimum-order"), (DOWN,))
        if contract.order_multiple is not None:
            yield _amount(case, f"lots of {name}", "of", (*path, "order-multiple"), ())
        if contract.commitment is not None:
            where = _value(case, (*path, "commitment"), "at-least")
            assert where is not None
            block = (*path, "commitment")
            yield _amount(case, f"commitment to {name}", "at least", where, (DOWN,), block=block, is_money=True)
        for number, one in enumerate(contract.tiers):
            yield from _last_tier(case, name, number, one)
        if contract.ceiling is not None:
            yield _amount(
                case, f"ceiling of the contract with {name}", "at most", (*path, "ceiling"), (UP,), is_money=True
            )


def _last_tier(case: Case, name: str, number: int, tiers: Any) -> Iterator[Written]:
    """The end of the last step of prices by volume: nothing is sold beyond it."""
    if tiers.steps[-1].up_to is None:
        return
    path: Path_ = ("vendors", name, "contract", "tiers")
    path = path if isinstance(_at(case, path), dict) else (*path, number)
    where = (*path, "steps", len(tiers.steps) - 1, "up-to")
    yield _amount(case, f"last tier of {name}", "up to", where, (UP,))


def _rates(case: Case) -> Iterator[Written]:
    for number, rate in enumerate(case.file.rates):
        pair = f"{rate.product} with {rate.vendor}"
        address: Path_ = ("rates", rate.product, rate.vendor, *([rate.workflow] if rate.workflow else []))
        for key, words, sense in (
            ("capacity", "at most", UP),
            ("minimum-order", "at least", DOWN),
            ("lead", "", DOWN),
        ):
            text = _at(case, ("rates", number, key))
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


def _rules(case: Case) -> Iterator[Written]:
    for number, rule in enumerate(case.file.rules):
        if rule.penalty is not None:
            continue  # it may be broken already
        named = not set("=\"'") & set(rule.name) and not rule.name.isdecimal()
        path: Path_ = ("rules", rule.name if named else number)
        words, moves = _said(case, rule, ("rules", number), path)
        place = case.document.place(("rules", number))
        yield Written(f"rule '{rule.name}'", words, ("rules", number), place, ((dotted(path), None),), moves)


def _said(case: Case, rule: Rule, where: Path_, path: Path_) -> tuple[str, tuple[Move, ...]]:
    """What a rule says, and the amounts in it that can be moved."""
    kind = next(key for key in KINDS if getattr(rule, key) is not None)
    senses = {"at-most": (UP,), "at-least": (DOWN,), "items": (DOWN, UP)}
    body = _at(case, (*where, kind))
    moves = [
        Move(
            dotted((*path, kind, key)), str(body[key]), sense, *(("count", None, "vendors") if kind == "count" else ())
        )
        for key in senses
        if key in body
        for sense in senses[key]
    ]
    words = ", ".join(f"{key.replace('-', ' ')} {_plainly(inner)}" for key, inner in body.items())
    return f"{kind}: {words}", tuple(moves)


def _plainly(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else shown(str(value))


def _money(case: Case) -> Iterator[Written]:
    if _at(case, ("targets", "value")) is not None:
        yield _amount(case, "value of the portfolio", "at least", ("targets", "value"), (DOWN,))
    where = _value(case, ("budget",), "total")
    if where is not None:
        yield _amount(case, "budget", "at most", where, (UP,), is_money=True)
    for key in ("per-week", "per-month"):
        if _at(case, ("budget", key)) is not None:
            yield _amount(case, f"budget {key.replace('-', ' ')}", "at most", ("budget", key), (UP,), is_money=True)
    for number, limit in enumerate(case.file.budget.limits):
        named = not set("=\"'") & set(limit.name) and not limit.name.isdecimal()
        path: Path_ = ("budget", "limits", limit.name if named else number)
        place = case.document.place(("budget", "limits", number))
        text = str(_at(case, ("budget", "limits", number, "at-most")))
        move = Move(dotted((*path, "at-most")), text, UP)
        yield Written(
            f"budget limit '{limit.name}'", f"at most {shown(text)}", ("budget", "limits", number), place,
            ((dotted(path), None),), (move,), is_money=True,
        )  # fmt: skip


def _facts(case: Case) -> Iterator[Written]:
    key = "weeks" if case.file.horizon.weeks is not None else "months"
    where: Path_ = ("horizon", key)
    length, text = case.periods.count, str(_at(case, where))
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
        if price is not None and price.number > 0:
            path = ("vendors", name, "contract", "price")
            yield _fact(case, f"price of {name}", path, "0", is_money=True)


def _fact(case: Case, subject: str, path: Path_, least: str, **more: Any) -> Written:
    """An amount that is no limit, and what it would have to be to stand in nobody's way."""
    text = str(_at(case, path))
    move = Move(dotted(path), text, DOWN)
    removal = ((dotted(path), f"{least} {unit_of(text)}"),)
    return Written(subject, shown(text), path, case.document.place(path), removal, (move,), is_fact=True, **more)
