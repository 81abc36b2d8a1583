"""Causes of a difference in cost, and cases between two: each figure of the case belongs to one cause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from allocate.case.document import Path_

VOLUME, MIX, WORKFLOW = "volume", "mix", "workflow"
DRIVERS, PACE, REWORK = "drivers", "pace", "rework"
PRICE, TERMS, CURRENCY, IDLE = "price", "terms", "currency", "idle"

MEANING = {
    VOLUME: "how many items of each product, and when",
    MIX: "which vendor makes them",
    WORKFLOW: "how they are made and checked",
    DRIVERS: "boxes, words or minutes an item has; its standard time",
    PACE: "items an hour: productivity, measured pace, learning",
    REWORK: "what is done again: accuracy, passes, share reviewed",
    PRICE: "what is asked: list prices, seasons, wages",
    TERMS: "what the contract adds or takes off: steps, fees, commitments, rebates, bonuses",
    CURRENCY: "exchange rates",
    IDLE: "paid and not worked: people, shrinkage, working time",
}
"""Every cause in words, in the order of the textbook chain: quantities first at the price before, the price last."""
CAUSES = tuple(MEANING)
STANDARD = (VOLUME, MIX, WORKFLOW, DRIVERS, PACE, REWORK, IDLE, PRICE, TERMS, CURRENCY)
"""The order of the textbook chain: price variances are taken at the actual quantity."""
KINDS = {
    "external": (PRICE, CURRENCY, TERMS), "internal": (PACE, IDLE, WORKFLOW), "quality": (REWORK,),
    "volume and mix": (VOLUME, MIX, DRIVERS),
}  # fmt: skip
"""Causes by who can do something about them: the market, one's own operations, quality, or those who order the work."""
OF_LINES = frozenset((VOLUME, MIX, WORKFLOW))
"""Causes that lie in who makes what when; the horizon goes with volume."""

_ENTITIES = frozenset(("products", "vendors", "regions", "levers", "workflows", "units", "exchange"))
"""Blocks whose keys are names: what only one of two cases has is there in all cases between them."""
_DROPPED = frozenset(
    ("rules", "scenarios", "uncertain", "pilots", "risk", "objective", "budget", "hurdle", "title", "include", "stages")
)
"""What bears on the choice of a plan and not on what a plan costs."""
_PRICES = frozenset(
    ("price", "prices", "per", "wage", "season", "escalation", "indexation", "currency", "salary", "historic-price")
)
_SPEED = frozenset(("pace", "productivity", "learning"))
_QUALITY = frozenset(("accuracy", "checked"))
_VOTES = frozenset(("classes", "correlation", "spread"))
_TIME = frozenset(
    ("people", "hours", "shrinkage", "utilisation", "capacity", "capacity-steps", "holidays", "working-days", "ramp", "turnover", "ramp-from", "staffing")
)  # fmt: skip
_WORK = frozenset(("effort", "drivers", "task", "items-per", "complexity"))


def cause_of(path: Path_) -> str:
    """The cause a figure of a case belongs to, by its path."""
    top, names = str(path[0]), {str(step) for step in path}
    if top == "horizon":
        return VOLUME
    if top == "exchange":
        return CURRENCY
    if top in ("model", "workflows"):
        return DRIVERS if top == "model" else REWORK
    if top == "products":
        return DRIVERS if names & _WORK else REWORK if names & _VOTES else VOLUME
    if names & _SPEED:
        return PACE
    if top == "calendar" or (names & _PRICES and "platform-fee" not in names and not names & {"tiers"}):
        return PRICE
    if names & _QUALITY and "contract" not in names:
        return REWORK
    if names & _TIME and "contract" not in names:
        return IDLE
    return TERMS if top != "review-team" else IDLE


def between(before: Mapping[str, Any], after: Mapping[str, Any], causes: frozenset[str]) -> dict[str, Any]:
    """The case between two: figures of these causes as after, all others as before; whatever has a name in one is there.

    Rules, budgets and goals are left out: they bear on the choice of a plan, not on what a given plan costs.
    """
    first, second = ({key: value for key, value in one.items() if key not in _DROPPED} for one in (before, after))
    chosen = _Chosen(causes, _built_otherwise(first, second), (_asks(first), _asks(second)))
    return {**_blended(first, second, (), chosen), "case": before["case"], "objective": "cost"}


@dataclass(frozen=True)
class _Chosen:
    """The causes taken from the case after, and the vendors whose contracts the two cases build in different ways."""

    causes: frozenset[str]
    built: frozenset[str]
    asks: tuple[Callable[[Any], bool], Callable[[Any], bool]]

    def __call__(self, path: Path_) -> bool:
        """Whether the figure at a path is that of the case after.

        Where one contract has a price and the other has steps, no contract lies between the two: all its prices are terms.
        """
        steps = tuple(str(step) for step in path)
        of_contract = len(steps) > 3 and steps[0] == "vendors" and steps[2] == "contract" and steps[1] in self.built
        of_rate = len(steps) > 2 and steps[0] == "rates" and steps[2] in self.built
        if (of_contract and steps[3] in _SHAPE) or (of_rate and steps[-1] == "price"):
            return TERMS in self.causes
        return cause_of(path) in self.causes


_STEPS = ("tiers", "price-lock")
_SHAPE = ("per", "price", *_STEPS)
"""What a contract's prices are built of."""


def _built_otherwise(before: Mapping[str, Any], after: Mapping[str, Any]) -> frozenset[str]:
    """Vendors of both cases whose contract has steps or a lock in one of them, and none in the other."""
    both = [name for name in before.get("vendors") or () if name in (after.get("vendors") or ())]
    shapes = {name: [_contract(case, name) for case in (before, after)] for name in both}
    return frozenset(
        str(name) for name, (one, other) in shapes.items() if any((key in one) != (key in other) for key in _STEPS)
    )


def _contract(case: Mapping[str, Any], vendor: Any) -> Mapping[str, Any]:
    block = (case.get("vendors") or {}).get(vendor)
    found = block.get("contract") if isinstance(block, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _blended(before: Any, after: Any, path: Path_, causes: _Chosen) -> Any:
    if before == after:
        return after
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        keys = [*before, *(key for key in after if key not in before)]
        named = not path or (len(path) == 1 and path[0] in _ENTITIES)
        result: dict[str, Any] = {}
        for key in keys:
            below = (*path, str(key))
            if below == ("rates",):
                result[key] = _rates(before.get(key), after.get(key), causes)
            elif key in before and key in after:
                result[key] = _blended(before[key], after[key], below, causes)
            elif named or (key in after) == causes(below):
                result[key] = before[key] if key in before else after[key]
        return result
    if path[-1] == "workflows":
        return _menu(before, after)
    return after if causes(path or ("terms",)) else before


def _rates(before: Any, after: Any, causes: _Chosen) -> list[Any]:
    """Lines of the rate card by product, vendor and workflow; one that only one case has keeps its price until the other's contract asks one.

    One for a workflow, in place of the other's line for all workflows, comes and goes as a whole with its price, else its pace.
    """

    def by_name(rates: Any) -> dict[tuple[Any, ...], Mapping[str, Any]]:
        return {tuple(one.get(key) for key in ("product", "vendor", "workflow")): one for one in rates or ()}

    first, second = by_name(before), by_name(after)
    first_asks, second_asks = causes.asks
    lines = []
    for name in [*first, *(name for name in second if name not in first)]:
        if name in first and name in second:
            lines.append(_blended(first[name], second[name], ("rates", *map(str, name)), causes))
        else:
            path = ("rates", *map(str, name), "price")
            line, asks = (first[name], second_asks) if name in first else (second[name], first_asks)
            is_other = causes(path) == (name in first)
            if name[2] is not None and (*name[:2], None) in (second if name in first else first):
                states = next((key for key in ("price", "pace", "productivity", "accuracy") if key in line), "price")
                if causes((*path[:-1], states)) == (name in first):
                    continue  # the line for all workflows holds in its place
            lines.append(
                {key: value for key, value in line.items() if not (key == "price" and is_other and asks(name[1]))}
            )
    return lines


def _asks(case: Mapping[str, Any]) -> Callable[[Any], bool]:
    """Whether a vendor's contract in a case has prices for products without a price of their own."""
    return lambda vendor: any(key in _contract(case, vendor) for key in ("price", "tiers"))


def _menu(before: Any, after: Any) -> Any:
    """Workflows that either offers."""
    if isinstance(before, list) and isinstance(after, list):
        return [*before, *(one for one in after if one not in before)]
    return after


def lines_between(
    before: Mapping[tuple[str, ...], float], after: Mapping[tuple[str, ...], float], causes: Iterable[str]
) -> dict[tuple[str, ...], float]:
    """Items between two plans by (product, vendor, workflow and levers, period).

    Items of a product, times the vendors' shares of it, times the shares of workflows, times those of periods; each as before,
    or as after where its cause is among these. Periods go with volume. A share that one of the plans cannot say is the other's.
    """
    chosen = frozenset(causes)
    source = {VOLUME: after if VOLUME in chosen else before, MIX: after if MIX in chosen else before}
    source[WORKFLOW] = after if WORKFLOW in chosen else before
    other = {id(before): after, id(after): before}
    result: dict[tuple[str, ...], float] = {}
    for product, items in _sums(source[VOLUME], 1).items():
        vendors = _shares(source[MIX], product, other)
        for pair, share in vendors.items():
            for way, part in _shares(source[WORKFLOW], pair, other).items():
                for line, timed in _timed(source[VOLUME], way, other).items():
                    result[line] = result.get(line, 0.0) + items * share * part * timed
    return {line: items for line, items in result.items() if items > 0.0}


def _sums(plan: Mapping[tuple[str, ...], float], depth: int) -> dict[tuple[str, ...], float]:
    found: dict[tuple[str, ...], float] = {}
    for line, items in plan.items():
        found[line[:depth]] = found.get(line[:depth], 0.0) + items
    return found


def _shares(
    plan: Mapping[tuple[str, ...], float], name: tuple[str, ...], other: Mapping[int, Any]
) -> dict[tuple[str, ...], float]:
    """Shares one step below a name, of this plan or, where it has none of it, of the other."""
    for one in (plan, other[id(plan)]):
        below = {
            key: items for key, items in _sums(one, len(name) + 1).items() if key[: len(name)] == name and items > 0.0
        }
        if below:
            total = sum(below.values())
            return {key: items / total for key, items in below.items()}
    return {}


def _timed(
    plan: Mapping[tuple[str, ...], float], way: tuple[str, ...], other: Mapping[int, Any]
) -> dict[tuple[str, ...], float]:
    """Shares of periods: of this way of making it, else of the vendor, else of the product, in the plan whose periods hold."""
    for depth in (3, 2, 1):
        found: dict[str, float] = {}
        for line, items in plan.items():
            if line[:depth] == way[:depth] and items > 0.0:
                found[line[3]] = found.get(line[3], 0.0) + items
        if found:
            total = sum(found.values())
            return {(*way, period): items / total for period, items in found.items()}
    return _shares(other[id(plan)], way, other)
