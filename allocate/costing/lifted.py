"""A case whose figures are cells: what is costed from it comes out as formulas over the sheet of inputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, ClassVar, cast

from allocate.case.clauses import CLAUSES, price_lock
from allocate.case.clauses.review import Lots
from allocate.case.clauses.wages import written_at
from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.case.moments import When
from allocate.case.schema import Block
from allocate.case.workbook import PERCENT
from allocate.formula import cell
from allocate.units import Quantity, Units

WORDS: Mapping[str, str] = {
    **{path.replace("NAME", "*"): words for clause in CLAUSES for path, words in clause.figures.items()},
    "products.*.effort": "standard time",
    "products.*.drivers.*": "{last} per item",
    "products.*.complexity.*": "complexity: {last}",
    "products.*.error-cost": "cost of an escaped error",
    "vendors.*.accuracy": "accuracy of one pass",
    "vendors.*.season.factor": "season",
    "rates.accuracy": "accuracy of one pass",
    "exchange.*": "exchange rate",
    "exchange.*.rate": "exchange rate",
    "levers.*.cost": "cost of a lever",
    "workflows.*.correlation": "errors of passes that go together",
    "workflows.*.annotator-spread": "how far annotators lie from the mean",
    "workflows.*.gold.share": "gold items",
    "workflows.*.agreement.share": "labelled twice",
    "tasks.*.base": "base time",
    "tasks.*.drivers.*": "time of one {last}",
    "tasks.*.default-drivers.*": "{last} per item",
}
"""What inputs are called, by their path without positions in lists; all others go by their keys."""
LIFTED = ("products", "vendors", "rates", "exchange", "levers", "review_team")
"""Blocks of a case whose figures money, work and quality follow from."""
KEPT = frozenset({
    "lead", "leads", "capacity", "capacity_steps", "checked", "learning", "value", "demand", "milestones", "deadline",
    "in_progress", "hours", "turnover", "queue", "holidays", "within", "payment", "beyond", "ceiling", "minimum_order",
    "order_multiple", "confidence", "good", "bad", "producer_risk", "consumer_risk", "shrinkage", "ramp", "notice", "at_most",
})  # fmt: skip
"""Keys that decide when and how much is made, and not what it costs: they stay as they are."""
WHOLE = frozenset({"size", "sample", "accept"})
"""Whole numbers that formulas follow all the same."""
WHOLE_OF_TWO = frozenset({"sample", "accept", "reject", "second", "accept_both"})
"""Those of double sampling that stay as they are."""
_LEADING = re.compile(r"\s*[+-]?[\d_.]+(?:[eE][+-]?\d+)?(?:bn|k|M)?\s*")
_ABSENT = object()


@dataclass(frozen=True)
class Input:
    """A figure of the case or the cost model, as it is written."""

    path: Path_
    """Where a case says it; after `model` that of the cost model."""
    unit: str
    value: float = field(compare=False)
    factor: float = field(compare=False)
    """Of its unit to base units, or to those of the time it is written in."""
    what: str = field(compare=False)
    about: str = field(compare=False)


def input_of(value: Quantity | float, units: Units, path: Path_, what: str, about: str) -> Input:
    """A figure as an input: an amount in the unit it is written in, a number as a share."""
    if not isinstance(value, Quantity):
        return Input(path, PERCENT, float(value), 1.0, what, about)
    unit = value.text[len(found[0]) :].strip() if (found := _LEADING.match(value.text)) else ""
    if unit == PERCENT:
        return Input(path, PERCENT, value.number, 1.0, what, about)
    factor = units.quantity(f"1 {unit}").each
    return Input(path, unit, float(f"{value.each / factor:.15g}"), factor, what, about)


def units_of(case: Case) -> Units:
    """The units a case is written in."""
    return Units({**case.model.units, **case.file.units})


def lifted(case: Case, figure: Callable[[Hashable, float], Any] = cell) -> Case:
    """The case with an input's cell in place of every figure that money, work and quality follow from.

    figure: makes what stands there of the input and its value in base units.
    """
    lift = _Lift(case, units_of(case), figure)
    data: Any = case.document.data
    found = {}
    for name in LIFTED:
        found[name] = lift.any(getattr(case.file, name), (_key(name),), data.get(_key(name), _ABSENT), name)
    tasks = {name: lift.block(one, ("model", "tasks", name), _ABSENT) for name, one in case.model.tasks.items()}
    found["vendors"] = {name: _with_defaults(lift, name, one) for name, one in found["vendors"].items()}
    workflows = {}
    for name, one in case.workflows.items():
        own = case.file.workflows.get(name) is not None
        where: Path_ = ("workflows", name) if own else ("model", "workflows", name)
        workflows[name] = lift.block(one, where, data["workflows"][name] if own else _ABSENT)
    return replace(
        case,
        file=case.file.model_copy(update=found),
        model=case.model.model_copy(update={"tasks": tasks}),
        workflows=workflows,
    )


def revalued(case: Case, figures: Mapping[Path_, Any]) -> Case:
    """The case with other numbers in place of some of its figures; nothing is read or checked again.

    figures: by the path of the figure, what its number in base units is multiplied by; formulas make cells of them.
    Paths at which no figure stands change nothing: `figures_at` tells them.
    """
    found = dict[Path_, Any]()
    return _revalued(case, figures, found)


def figures_at(case: Case, paths: Iterable[Path_]) -> dict[Path_, float]:
    """The number in base units at each of some paths at which a figure stands."""
    found = dict[Path_, Any]()
    _revalued(case, dict.fromkeys(paths, 1.0), found)
    return found


def _revalued(case: Case, figures: Mapping[Path_, Any], found: dict[Path_, Any]) -> Case:
    paths = [*figures, *(lever for path in figures if (lever := price_lock.planned_at(path)) is not None)]
    ways = frozenset(path[:length] for path in paths for length in range(1, len(path) + 1))
    lift = _Revalued(case, units_of(case), cell, figures, found, ways)
    data: Any = case.document.data
    names = {path[0] for path in paths}
    file = {
        name: lift.any(getattr(case.file, name), (_key(name),), data.get(_key(name), _ABSENT), name)
        for name in case.file.model_fields_set
        if _key(name) in names and name != "workflows"
    }
    workflows = dict(case.workflows)
    for name in [one for one in workflows if ("workflows", one) in ways and case.file.workflows.get(one) is not None]:
        workflows[name] = lift.any(workflows[name], ("workflows", name), data["workflows"][name], name)
    model = case.model
    if "model" in names:
        tasks = {name: lift.any(one, ("model", "tasks", name), _ABSENT, name) for name, one in model.tasks.items()}
        model = model.model_copy(update={"tasks": tasks})
        for name in [one for one in workflows if case.file.workflows.get(one) is None]:
            workflows[name] = lift.any(workflows[name], ("model", "workflows", name), _ABSENT, name)
    return replace(case, file=case.file.model_copy(update=file), model=model, workflows=workflows)


def _key(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _with_defaults(lift: _Lift, name: str, one: Any) -> Any:
    """A vendor that says its accuracy and productivity itself: there is room for them in the case."""
    defaults = lift.case.model.defaults
    missing = [key for key in ("accuracy", "productivity") if getattr(one, key) is None]
    said = {key: lift.number(getattr(defaults, key), ("vendors", name, key)) for key in missing}
    return one.model_copy(update=said)


@dataclass(frozen=True)
class _Lift:
    """Goes through blocks of a case and what is written of them side by side."""

    case: Case
    units: Units
    figure: Callable[[Hashable, float], Any]
    kept: ClassVar[frozenset[str]] = KEPT
    """Keys that stay as they are."""

    def any(self, value: Any, path: Path_, data: Any, key: str, when: str = "") -> Any:
        """A value of any kind, lifted."""
        if isinstance(value, Quantity):
            return self.quantity(value, path, when)
        if isinstance(value, Block):
            return self.block(value, path, data, when)
        if isinstance(value, tuple):
            return tuple(self._of_list(one, path, data, number, key) for number, one in enumerate(value))
        if isinstance(value, Mapping):
            known = data if isinstance(data, dict) else {}
            return {name: self.any(one, (*path, name), known.get(name, _ABSENT), key) for name, one in value.items()}
        if isinstance(value, float) or (key in WHOLE and isinstance(value, int)):
            return self.number(value, path, when)
        return value

    def _of_list(self, value: Any, path: Path_, data: Any, number: int, key: str) -> Any:
        """An entry of a list; a short form without the list stands where the list would."""
        if isinstance(data, list):
            return self.any(value, (*path, number), data[number] if number < len(data) else _ABSENT, key)
        return self.any(value, (*path, number) if data is _ABSENT else path, data, key)

    def block(self, block: Any, path: Path_, data: Any, when: str = "") -> Any:
        """A block; written as a bare value, that is the one figure in it."""
        start = getattr(block, "from_", None)
        when = f" from {start.text}" if isinstance(start, When) else when
        found, among = dict[str, Any](), block.model_fields_set - self.kept
        if isinstance(block, Lots) and block.second is not None:
            among -= WHOLE_OF_TWO  # which numbers of wrong items have a second sample follows from them
        if isinstance(data, dict) and " + " in str(data.get("price")) and "plus" in among:
            where = (*path, "price")  # a price written as a sum: its parts by their numbers
            found["price"] = self.quantity(block.price, (*where, 0), when)
            found["plus"] = tuple(self.quantity(one, (*where, n), when) for n, one in enumerate(block.plus, 1))
            among -= {"price", "plus"}
        several = isinstance(data, str) and len(among) > 1
        for name in among:
            where, inside = (*path, name) if several else path, data
            if data is _ABSENT or isinstance(data, dict):
                where = (*path, _key(name))
                inside = data.get(_key(name), _ABSENT) if isinstance(data, dict) else _ABSENT
            found[name] = self.any(getattr(block, name), where, inside, name, when)
        return block.model_copy(update=found)

    def quantity(self, value: Quantity, path: Path_, when: str = "") -> Quantity:
        """An amount whose number is a cell; a number of products is whole and stays."""
        if value.of() == "product":
            return value
        one = self._input(value, path, when)
        each = self.figure(one, one.value * one.factor)
        if value.in_time is None:
            return replace(value, number=each)
        scale = self.units.quantity(f"1 {one.unit}")
        return replace(value, number=each * (scale.number / scale.each), in_time=each)

    def number(self, value: float, path: Path_, when: str = "") -> float:
        """A share, or a plain number, as a cell."""
        one = self._input(value, path, when)
        return cast(float, self.figure(one, one.value))

    def _input(self, value: Quantity | float, path: Path_, when: str) -> Input:
        path = price_lock.written_at(written_at(self.case.vendors, path))
        keys = [str(key) for key in path if not isinstance(key, int) and key != "model"]
        of_name = keys[0] not in ("rates", "review-team")
        plain = [keys[0], *(["*"] if of_name else []), *keys[2 if of_name else 1 :]]
        said = WORDS.get(".".join(plain)) or WORDS.get(".".join([*plain[:-1], "*"]))
        what = said.format(last=keys[-1]) if said else " ".join(keys[2 if of_name else 1 :]).replace("-", " ")
        found = input_of(value, self.units, path, what + when, self._about(path, keys))
        return replace(found, unit="") if isinstance(value, int) or "complexity" in keys else found

    def _about(self, path: Path_, keys: list[str]) -> str:
        """What an input is of: a name, and which step of what."""
        if path[0] == "rates":
            rate = self.case.file.rates[int(path[1])]
            return " / ".join([rate.product, rate.vendor, *([rate.workflow] if rate.workflow else [])])
        if path[0] == "review-team":
            return "review team"
        parts = [keys[1]]
        for key, position in pairwise(path):
            if isinstance(position, int) and key not in ("season", "platform-fee-steps", "cost-steps", keys[1]):
                parts.append(f"{'step' if key in ('steps', 'quality', 'lateness') else key} {position + 1}")
        return ", ".join(parts)


@dataclass(frozen=True)
class _Revalued(_Lift):
    """Goes to single figures and multiplies them."""

    figures: Mapping[Path_, Any]
    found: dict[Path_, Any]
    """The number of each figure that was there."""
    ways: frozenset[Path_]
    """Paths that lead to a figure."""
    kept: ClassVar[frozenset[str]] = frozenset()

    def any(self, value: Any, path: Path_, data: Any, key: str, when: str = "") -> Any:
        """A value of any kind; where no figure is on its way it stays as it is."""
        return super().any(value, path, data, key, when) if path in self.ways or self._named(path) else value

    def _named(self, path: Path_) -> Path_ | None:
        """The path a figure is moved under: its own, or that of the sum it is written in; None where it stays."""
        path = price_lock.written_at(path)
        return next((one for one in (path, path[:-1]) if one in self.figures), None)

    def quantity(self, value: Quantity, path: Path_, when: str = "") -> Quantity:
        """An amount, multiplied."""
        named = self._named(path)
        if named is None:
            return value
        self.found[named] = value.number
        factor, own = self.figures[named], value.in_time
        return replace(value, number=factor * value.number, in_time=None if own is None else factor * own)

    def number(self, value: float, path: Path_, when: str = "") -> float:
        """A share, or a plain number, multiplied."""
        named = self._named(path)
        if named is None:
            return value
        self.found[named] = value
        return cast(float, self.figures[named] * value)
