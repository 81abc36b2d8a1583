r"""How likely accuracy floors hold that rest on samples: items right of so many checked say an accuracy only roughly.

Each sample leaves its accuracy as :math:`\text{Beta}(k + \tfrac12, n - k + \tfrac12)` (Jeffreys), independent of the others, and
what the plan delivers follows from it through its workflows. Where a floor rests on one sample the chance is exact, to the
interpolation of a workflow's formula; where on several, it is the share of `DRAWS` Latin hypercube draws.

Who chooses the best of many samples chooses luck with it. The chance among all candidates takes what their samples say of
candidates in general as prior, in place of Jeffreys': Beta with the mean of all samples and the variance between them
(Kleinman, Journal of the American Statistical Association, 1973); given that prior, choosing does no harm (Efron, 2011).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter

import numpy as np

from allocate.case.document import Path_
from allocate.case.load import Case
from allocate.costing.table import Routes
from allocate.costing.terms import levers
from allocate.costing.terms.rate_card import RateLines, rate_lines
from allocate.costing.terms.rate_line import Line
from allocate.costing.work.workflows import delivered_accuracy
from allocate.numbers import Floats
from allocate.plan import Plan, routes_of
from allocate.program.arrays import frozen
from allocate.quantiles import beta_below, beta_quantile, stratified
from allocate.tables.frames import table_of

DRAWS = 4_096
"""Draws over which several samples are taken together."""
POINTS = 257
"""Points of a workflow's accuracy between which it is interpolated."""
CANDIDATES = 3
"""Fewest measured candidates that say something of candidates in general."""


@dataclass(frozen=True)
class Sample:
    """Items checked, and how many of them were right."""

    vendor: str
    right: float
    checked: int


@dataclass(frozen=True)
class MeasuredFloor:
    """An accuracy floor of a plan that rests on samples."""

    product: str
    at_least: float
    of: str
    """What keeps it: `average`, `each-vendor` or `each-delivery`."""
    confidence: float | None
    """With which the case asks for it."""
    samples: tuple[Sample, ...]
    """Those the plan's vendors were measured by."""
    chance: float
    """That the floor holds, by these samples."""
    is_exact: bool
    candidates: int
    """Measured candidates for the product, those of the plan included."""
    chance_as_chosen: float | None
    """The same with what all candidates' samples say of candidates in general; None where there are too few of them."""

    @property
    def lowest(self) -> float:
        """The lower of both chances."""
        return self.chance if self.chance_as_chosen is None else min(self.chance, self.chance_as_chosen)


def measured_floors(case: Case, plan: Plan, ways: Routes) -> tuple[MeasuredFloor, ...]:
    """The accuracy floors of a plan that rest on samples, in the order of products; none where nothing was measured."""
    asked = [name for name, one in case.products.items() if one.accuracy is not None]
    if not asked or not _is_measured(case):
        return ()
    card, lines = rate_lines(case), table_of(plan, "lines")
    routes, items = np.array(routes_of(plan, ways), dtype=np.int64), np.asarray(lines["items"], dtype=np.float64)
    found = []
    for name in asked:
        inside = (lines["product"] == name) & (items > 0.0)
        if inside.any():
            one = _floor(case, name, ways, card, routes[inside], items[inside], lines["delivered"][inside])
            found += [one] if one is not None else []
    return tuple(found)


def _is_measured(case: Case) -> bool:
    """Whether any accuracy of the case rests on a sample."""
    counts = [one.checked for one in case.vendors.values()] + [one.checked for one in case.file.rates]
    return any(count is not None for count in counts) or any(one.of for one in case.spreads.amounts.values())


def _floor(
    case: Case, name: str, ways: Routes, card: RateLines, routes: Floats, items: Floats, delivered: Floats
) -> MeasuredFloor | None:
    """One product's floor; None where no line of it rests on a sample."""
    floor = case.products[name].accuracy
    assert floor is not None
    samples = _by_vendor(
        {path: sample for row in routes.tolist() for path, sample in _sample(case, card[int(ways.line[row])]).items()}
    )
    if not samples:
        return None
    every = _by_vendor(
        {
            path: sample
            for row in np.flatnonzero(card.product == list(case.products).index(name)).tolist()
            for path, sample in _sample(case, card[row]).items()
        }
    )
    part = {"each-vendor": ways.vendor[routes], "each-delivery": delivered}.get(floor.of, np.zeros(len(items)))
    parts = [(routes[part == one], items[part == one]) for one in np.unique(part).tolist()]
    reached = _Reached(case, ways, card, floor.at_least, parts)
    priors = dict.fromkeys(samples, (0.5, 0.5))
    general = _general(list(every.values())) if len(every) >= CANDIDATES else None
    return MeasuredFloor(
        product=name,
        at_least=floor.at_least,
        of=floor.of,
        confidence=floor.confidence,
        samples=tuple(samples.values()),
        chance=reached.chance(samples, priors),
        is_exact=len(samples) == 1,
        candidates=len(every),
        chance_as_chosen=None if general is None else reached.chance(samples, dict.fromkeys(samples, general)),
    )


def _sample(case: Case, line: Line) -> dict[Path_, Sample]:
    """The sample a line's accuracy was measured by, by the path of the accuracy; empty where there is none."""
    if line.rate.accuracy is not None:
        path: Path_ = ("rates", case.file.rates.index(line.rate), "accuracy")
        accuracy, checked = line.rate.accuracy, line.rate.checked
    else:
        path, accuracy, checked = ("vendors", line.rate.vendor, "accuracy"), line.serves.accuracy, line.serves.checked
    counted = next((one for one in case.spreads.amounts.values() if one.path == path and one.of), None)
    if counted is not None:
        return {path: Sample(line.rate.vendor, counted.right, int(counted.of))}
    return {path: Sample(line.rate.vendor, accuracy * checked, checked)} if accuracy is not None and checked else {}


def _by_vendor(samples: Mapping[Path_, Sample]) -> dict[Path_, Sample]:
    """Samples in an order that is not that of writing."""
    return dict(sorted(samples.items(), key=lambda pair: (pair[1].vendor, pair[1].checked, pair[1].right)))


def _general(samples: Sequence[Sample]) -> tuple[float, float]:
    """What samples say of candidates in general: the Beta prior with their mean and the variance between them.

    Where the samples differ no more than chance would have it, all candidates count as one: the prior is as strong as the others'
    samples together.
    """
    right, checked = (
        np.array([getattr(one, key) for one in samples], dtype=np.float64) for key in ("right", "checked")
    )
    mean = (right.sum() + 0.5) / (checked.sum() + 1.0)
    apart = (checked * (right / checked - mean) ** 2).sum() / (mean * (1.0 - mean)) - (len(samples) - 1)
    share = apart / (checked.sum() - (checked**2).sum() / checked.sum() - (len(samples) - 1))
    others = float(checked.sum()) * (1.0 - 1.0 / len(samples))
    strength = others if share <= 0.0 else min(max(1.0 / share - 1.0, 1.0), others)
    return mean * strength, (1.0 - mean) * strength


@lru_cache(maxsize=64)
def _drawn(name: str, right: float, wrong: float) -> Floats:
    """Accuracies as a sample leaves them, by Beta quantiles; many plans of a study rest on the same samples."""
    u = np.linspace(0.5 / POINTS, 1.0 - 0.5 / POINTS, POINTS)
    return frozen(np.interp(stratified(1, name, DRAWS), u, beta_quantile(u, right, wrong)))


@dataclass(frozen=True, eq=False)
class _Reached:
    """What parts of a product's work reach when accuracies are as they may be."""

    case: Case
    ways: Routes
    card: RateLines
    least: float
    parts: Sequence[tuple[Floats, Floats]]
    """Routes and items of each part that keeps the floor by itself."""

    def chance(self, samples: Mapping[Path_, Sample], priors: Mapping[Path_, tuple[float, float]]) -> float:
        """Chance that every part keeps the floor."""
        shapes = {
            path: (one.right + priors[path][0], one.checked - one.right + priors[path][1])
            for path, one in samples.items()
        }
        if len(shapes) == 1:
            ((path, shape),) = shapes.items()
            return self._of_one(path, *shape)
        drawn = {path: _drawn(f"{path} by its sample", *shape) for path, shape in shapes.items()}
        return float(np.mean(self._keeps(drawn)))

    def _of_one(self, path: Path_, right: float, wrong: float) -> float:
        """The same of one sample: what every part reaches rises with it, so the floor is kept from some accuracy on."""
        low, high = 0.0, 1.0
        if not self._keeps({path: np.array([1.0])})[0]:
            return 0.0
        for _ in range(4):
            grid = np.linspace(low, high, POINTS)
            first = int(np.argmax(self._keeps({path: grid})))
            low, high = float(grid[max(first - 1, 0)]), float(grid[first])
        return 1.0 - float(beta_below(high, right, wrong))

    def _keeps(self, accuracies: Mapping[Path_, Floats]) -> Floats:
        """Whether every part keeps the floor, for each of the accuracies, shape (N,)."""
        kept = np.ones(len(next(iter(accuracies.values()))), dtype=bool)
        for routes, items in self.parts:
            right = sum(many * self._accuracy(int(row), accuracies) for row, many in zip(routes, items, strict=True))
            kept &= np.asarray(right >= (self.least - 1e-9) * items.sum())
        return kept

    def _accuracy(self, route: int, accuracies: Mapping[Path_, Floats]) -> Floats | float:
        """Accuracy at delivery of a route, for each of the accuracies of its passes."""
        line = self.card[int(self.ways.line[route])]
        path = next(iter(_sample(self.case, line)), None)
        if path is None or path not in accuracies:
            return float(self.ways.accuracy[route])
        name, sets = (
            self.ways.workflows[self.ways.workflow[route]],
            self.ways.combinations[self.ways.combination[route]],
        )
        ends = accuracies[path]
        grid = ends if len(ends) <= POINTS else np.linspace(float(ends.min()), float(ends.max()), POINTS)
        lines = self.card.take([int(self.ways.line[route])] * len(grid))
        added = (
            levers.changes(self.case, name, self.card.take([int(self.ways.line[route])]), sets).accuracy[0]
            if sets
            else 0.0
        )
        # A lever's points on top of a sample's upper end count as all right.
        found = delivered_accuracy(self.case, name, replace(lines, accuracy=np.minimum(grid + added, 1.0)))
        return found if grid is ends else np.interp(ends, grid, found)


def chance_in_words(chance: float) -> str:
    """A chance to a hundredth; never certain, and never none, where it is only nearly so.

    >>> chance_in_words(0.9999), chance_in_words(0.954), chance_in_words(0.001)
    ('more than 99%', '95%', 'less than 1%')
    """
    if 0.995 <= chance < 1.0:
        return "more than 99%"
    return "less than 1%" if 0.0 < chance < 0.005 else f"{chance:.0%}"


def floor_notes(floors: Sequence[MeasuredFloor]) -> tuple[str, ...]:
    """What is said of floors that rest on samples, one sentence each."""
    return tuple(map(_note, sorted(floors, key=attrgetter("product"))))


MEASURED = " rests on samples ("
"""What such a note has in it, and no other."""


def _note(one: MeasuredFloor) -> str:
    by = "; ".join(f"{sample.vendor} {sample.right:.0f} right of {sample.checked:,}" for sample in one.samples[:3])
    more = f" and {len(one.samples) - 3} more" if len(one.samples) > 3 else ""
    words = {"average": "", "each-vendor": " of each vendor", "each-delivery": " of each delivery"}[one.of]
    said = f"the accuracy of {one.product}{MEASURED}{by}{more}): its floor of {one.at_least * 100:.6g}%{words} holds with a chance of {chance_in_words(one.chance)}"
    if one.chance_as_chosen is not None and one.chance_as_chosen < one.chance - 0.005:
        said += (
            f", and of {chance_in_words(one.chance_as_chosen)} since the best of {one.candidates} measured were chosen"
        )
    sure = one.confidence or 0.9
    if one.lowest < sure and one.confidence is None:
        said += "; `confidence: 90%` beside the floor asks for more certainty"
    return said
