"""Levers: optional investments that change what routes take, cost and give, or what vendors can do."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from allocate.case import amounts as a
from allocate.case.blocks import Block, Names, or_one
from allocate.case.clauses import price_lock
from allocate.case.context import Context, line_of, makers
from allocate.case.document import Path_
from allocate.case.index import LEVERS, VENDORS, Check, Clause
from allocate.case.names import OF_CAPACITY, suggestion
from allocate.case.reading import fail
from allocate.errors import Problem
from allocate.units import kind_of

REVIEW_TEAM = "review-team"


class LeverEffect(Block):
    """What a lever changes: the work of some routes, or the capacity of some vendors."""

    products: Names | None = None
    """Products whose routes it changes; absent: all."""
    vendors: Names | None = None
    """Vendors whose routes (or whose capacity) it changes; absent: all."""
    workflows: Names | None = None
    """Workflows it changes; absent: all."""
    hours: a.Change | None = None
    """Change of the vendor's hours of one pass, as in `-45%`; prices by the hour follow."""
    accuracy: a.ChangeInPoints | None = None
    """Change of the accuracy of one pass, before any review, in points."""
    price: a.Change | None = None
    """Change of the vendor's price. Of prices by volume it is taken of what the steps ask for the items it is about, as a line of its
    own on the bill; platform fees, commitments, ceilings and rebates count those prices before it."""
    locked_price: a.Price | None = None
    """The vendor's price itself, whatever the contract's comes to; what a `price-lock` is planned as."""
    capacity: a.ChangeInCapacity | None = None
    """Added to (or, below zero, taken from) the capacity of each vendor named, in the unit that is in. By time it is counted
    like that capacity, `+8 h/day` by the vendor's working days."""

    @model_validator(mode="after")
    def _some(self) -> LeverEffect:
        work = [key for key in ("hours", "accuracy", "price", "locked_price") if getattr(self, key) is not None]
        if not work and self.capacity is None:
            raise fail("the effect changes nothing", "write hours, accuracy, price or capacity, as in `hours: -45%`")
        if self.capacity is not None and (work or self.products is not None or self.workflows is not None):
            raise fail(
                "capacity belongs to vendors, whatever they make", "give it an effect of its own, with `vendors:` only"
            )
        if self.capacity is not None and not self.vendors:
            raise fail("the effect does not say whose capacity it changes", "write it as in `vendors: [acme]`")
        return self


class LeverOpens(Block):
    """Vendors and workflows that can be used only with the lever."""

    vendors: Names = ()
    """Vendors that cannot be used without it."""
    workflows: Names = ()
    """Workflows that cannot be used without it."""

    @model_validator(mode="after")
    def _some(self) -> LeverOpens:
        if not self.vendors and not self.workflows:
            raise fail("nothing is opened", "write it as in `vendors: […]` or `workflows: […]`")
        return self


class Lever(Block):
    """An optional investment: the plan buys it where it pays, whole or not at all."""

    title: a.Text | None = None
    """One line for people."""
    owner: a.Name | None = None
    """Who decides it."""
    reason: a.Name | None = None
    """Why it is considered."""
    cost: a.Money | None = None
    """Paid once, in the period the lever starts."""
    running_cost: a.MoneyPerTime | None = None
    """Paid in every period from the start to the end of the horizon, as in `500 USD/month`: the same in every month; in weeks
    by the days of each month."""
    cost_to: a.Name | None = None
    """Who is paid its cost: a vendor, as for the training of its people, or `review-team`; absent: whoever sells the lever. It counts
    in no vendor's share."""
    running_cost_to: a.Name | None = None
    """Who is paid its running cost, as in `review-team` for people of your own who run it; absent: whoever sells the lever."""
    from_: a.WhenType | None = Field(None, alias="from")
    """First period of work it can change; absent: the first of the horizon."""
    effect: Annotated[tuple[LeverEffect, ...], or_one(LeverEffect)] = ()
    """What it changes, one block or a list."""
    opens: LeverOpens | None = None
    """What can be used only with it."""
    applies: Literal["where-it-pays", "always"] = "where-it-pays"
    """where-it-pays: once bought, each route may be worked with or without it; always: with it only, from its start."""
    excludes: Names = ()
    """Levers that cannot be bought beside it."""
    needs: Names = ()
    """Levers it cannot do without."""
    upto: a.Volume | None = None
    """Most that is bought at its locked price, in items or in what the price counts; absent: no end."""
    until: a.WhenType | None = None
    """Of a locked price, the last period of the work it is for; absent: the horizon's last."""
    least: a.Volume | None = None
    """Of a locked price, least that is bought at it once the lever is bought; absent: none."""
    indexed: a.Truth | None = None
    """Of a locked price, whether escalation and `indexation` of its vendor raise it too; absent: true."""
    bought: a.Truth | None = None
    """Decided already: true or false; absent: the plan decides."""

    @model_validator(mode="after")
    def _some(self) -> Lever:
        if not self.effect and self.opens is None:
            raise fail("the lever does nothing", "write it as in `effect: {…}`, or what it `opens`")
        return self


def levers(c: Context) -> Iterator[Problem]:
    """Levers name what the case has, start within the horizon, and change what can be changed."""
    opened: dict[tuple[str, str], str] = {}
    for name, lever in c.file.levers.items():
        where: Path_ = ("levers", name)
        if "+" in name or name.endswith(OF_CAPACITY):
            message = f"the lever '{name}' cannot be told apart in a plan, where levers are joined by '+'"
            yield c.problem(where, message, "rename it", of_key=True)
        if lever.from_ is not None and "horizon" not in c.faulty and c.periods.is_after(lever.from_):
            what = "price lock" if name.startswith(price_lock.NAMED) else "lever"
            message = f"the {what} starts in '{lever.from_.text}', after the horizon ends ({c.periods.end.isoformat()})"
            yield c.problem((*where, "from"), message, "start it earlier, or lengthen the horizon")
        for position, effect in enumerate(lever.effect):
            listed = isinstance(c.document.at((*where, "effect")), list)
            path: Path_ = (*where, "effect", position) if listed else (*where, "effect")
            yield from _effect(c, path, effect)
        yield from _opens(c, where, lever, opened)
        yield from _others(c, where, name, lever)
        yield from _paid(c, where, lever)


def _paid(c: Context, where: Path_, lever: Lever) -> Iterator[Problem]:
    """Who is paid is there."""
    for key, to in (("cost-to", lever.cost_to), ("running-cost-to", lever.running_cost_to)):
        if to is None or to in c.file.vendors:
            continue
        if to != REVIEW_TEAM:
            fix = c.suggestions.of(to, [*c.file.vendors, REVIEW_TEAM], "vendors")
            yield c.problem((*where, key), f"there is no vendor '{to}', nor is it `{REVIEW_TEAM}`", fix)
        elif c.file.review_team is None:
            fix = "add `review-team: {wage: …}`, or name a vendor"
            yield c.problem((*where, key), f"the case has no review team that could be paid for {where[1]}", fix)


def _effect(c: Context, path: Path_, effect: LeverEffect) -> Iterator[Problem]:
    for key, names in (("products", effect.products), ("vendors", effect.vendors)):
        yield from c.unknown((*path, key), names or (), key, key.removesuffix("s"))
    for name in effect.workflows or ():
        if name not in c.workflows():
            message = f"there is no workflow '{name}'"
            fix = suggestion(name, c.workflows()) or "name one of the case's or of the model's workflows"
            yield c.problem((*path, "workflows"), message, fix)
    lists = {"products": effect.products, "vendors": effect.vendors, "workflows": effect.workflows}
    for key, some in lists.items():
        if some is not None and not some:
            message = f"the effect names no {key.removesuffix('s')}"
            yield c.problem((*path, key), message, f"write a name, or leave `{key}` out")
    if effect.capacity is not None:
        yield from _capacity(c, path, effect)
    yield from price_lock.effect(c, path, effect)
    if effect.capacity is None and not {"vendors", "products", "rates"} & c.faulty:
        made = [n for n in effect.products or c.file.products if n in c.file.products]
        who = [n for n in effect.vendors or c.file.vendors if n in c.file.vendors]
        if made and who and not any(vendor in makers(c, product) for product in made for vendor in who):
            message = f"no vendor named here has a rate for {', '.join(made)}: the effect changes nothing"
            yield c.problem(path, message, "name other vendors or products, or add a rate")


def _capacity(c: Context, path: Path_, effect: LeverEffect) -> Iterator[Problem]:
    """Capacity is added to vendors that have one, in its unit, and no more is taken away than there is."""
    change = effect.capacity
    assert change is not None
    for name in effect.vendors or ():
        vendor = c.file.vendors.get(name)
        if vendor is None:
            continue
        stated = [vendor.capacity] if vendor.capacity is not None else []
        stated += [step.amount for step in vendor.capacity_steps]
        stated += [row.capacity for row in c.file.calendar if row.vendor == name and row.capacity is not None]
        units = {(kind_of(one), one.of()) for one in stated}
        if vendor.people is not None:
            units.add(("labour/calendar", "h"))
        if vendor.team is not None:
            message = (
                f"{name} is a team, whose hours follow from its people: a lever cannot change them ('{change.text}')"
            )
            yield c.problem(
                (*path, "capacity"), message, "let the plan hire or release people of the team, or leave it out here"
            )
        elif not units:
            message = f"{name} has no capacity that could change ('{change.text}')"
            yield c.problem((*path, "capacity"), message, f"write the capacity of {name}, or leave it out here")
        elif (kind_of(change), change.of()) not in units:
            have = stated[0].text if stated else "in hours per week"
            message = f"the capacity of {name} is {have}, the lever's is '{change.text}'"
            yield c.problem((*path, "capacity"), message, "write both in one unit")


def _opens(c: Context, where: Path_, lever: Lever, opened: dict[tuple[str, str], str]) -> Iterator[Problem]:
    """What is opened is there, and by one lever only."""
    if lever.opens is None:
        return
    path: Path_ = (*where, "opens")
    yield from c.unknown((*path, "vendors"), lever.opens.vendors, "vendors", "vendor")
    known = c.workflows()
    for name in lever.opens.workflows:
        if name not in known:
            fix = suggestion(name, known) or "name one of the case's or of the model's workflows"
            yield c.problem((*path, "workflows"), f"there is no workflow '{name}'", fix)
    for key, names in (("vendors", lever.opens.vendors), ("workflows", lever.opens.workflows)):
        for name in names:
            other = opened.setdefault((key, name), str(where[1]))
            if other != where[1]:
                by = f"'{other}'{line_of(c, ('levers', other))}"
                message = f"{name} is opened by the lever {by} too"
                yield c.problem((*path, key), message, "let one of them open it, and the other need that one")


def _others(c: Context, where: Path_, name: str, lever: Lever) -> Iterator[Problem]:
    """Levers excluded and needed are others of the case, and not at odds with one another or with what is decided."""
    for key, names in (("excludes", lever.excludes), ("needs", lever.needs)):
        path: Path_ = (*where, key)
        yield from c.unknown(path, names, "levers", "lever")
        if name in names:
            verb = "exclude" if key == "excludes" else "need"
            yield c.problem(path, f"a lever cannot {verb} itself", "name another lever")
        for other in names:
            one = c.file.levers.get(other)
            if one is None or other == name:
                continue
            if key == "excludes" and lever.bought and one.bought:
                message = f"{name} and {other}{line_of(c, ('levers', other))} exclude one another, and both are bought"
                yield c.problem(path, message, "leave one of them open, or write `bought: false`")
            if key == "needs" and lever.bought and one.bought is False:
                message = f"{name} is bought and needs {other}, which is not{line_of(c, ('levers', other))}"
                yield c.problem(path, message, "buy both, or neither")
    for needed in sorted(_all_needed(c, name) - {name}):
        if _excluded(c, name, needed):
            message = f"{name} needs {needed}, and they exclude one another"
            yield c.problem((*where, "needs"), message, "take one of the two out")
    for one_, other in itertools.combinations(sorted(_all_needed(c, name) - {name}), 2):
        if _excluded(c, one_, other):
            message = f"{name} needs {one_} and {other}, which exclude one another"
            yield c.problem((*where, "needs"), message, "need one of them only")


def _excluded(c: Context, one: str, other: str) -> bool:
    return other in c.file.levers[one].excludes or one in c.file.levers[other].excludes


def _all_needed(c: Context, name: str) -> set[str]:
    """Every lever one needs, directly or through others, itself included."""
    found = {name}
    while more := {n for one in found for n in c.file.levers[one].needs if n in c.file.levers} - found:
        found |= more
    return found


CLAUSE = Clause(
    "levers",
    keys=("levers.NAME",),
    checks=(Check(levers, frozenset({"levers", "workflows", "model"})),),
    costs={LEVERS: ("lever",), VENDORS: ("lever price",)},
    fees={
        "levers.NAME.cost": "cost of the lever {name}",
        "levers.NAME.running-cost": "running cost of the lever {name}",
    },
)
