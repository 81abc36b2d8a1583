"""Value curves of a case: read, checked, and cut into straight pieces within a stated money error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from allocate.case.load import Case
from allocate.case.schema import Curve as CurveSpec
from allocate.case.schema import Product
from allocate.case.schema.value import ENDLESS, Value
from allocate.costing.limits import NOTHING, Ignoring
from allocate.costing.limits.amounts import demand, last_period
from allocate.costing.supply.past import with_teams
from allocate.costing.supply.purse import money_and_least
from allocate.costing.supply.throughput import lightest_content
from allocate.costing.table import Routes
from allocate.costing.terms.prices import in_case_currency
from allocate.costing.value import curves as value
from allocate.costing.value import fitting, pieces
from allocate.costing.value.fan import Fan
from allocate.costing.value.measured import FAR_ENOUGH, fan_of, measured_points
from allocate.costing.value.shapes import ShapedCurve
from allocate.costing.value.transfers import with_transfers
from allocate.errors import CaseError, Problem
from allocate.numbers import Floats

FAN_REACH = 8.0
"""How many times the most labels measured a fan is used for, where the case does not say."""
EASED = 1000.0
"""How many times what can be bought is still worth something where limits are moved, of items whose last worth has no end."""


@dataclass(frozen=True)
class ProductValue:
    """What effective labels add to one product."""

    product: int
    curve: value.Curve
    existing: float
    """Effective labels there are already."""
    worth: float
    """Money per score point, in the case's currency."""
    segments: value.Segments
    """Straight pieces of the score gain over the labels that can be bought."""
    reach: float
    """Most effective labels that can be bought."""
    spread: float = float("nan")
    """Root mean square distance of the points from a fitted curve, in score points; nan where nothing was fitted."""
    spec: CurveSpec | None = None
    """The curve as the case writes it."""
    gates: tuple[pieces.Gate, ...] = ()
    """Scores that pay a sum of their own."""
    steps: tuple[pieces.Step, ...] = ()
    """Places between the pieces that labels pass only when all before are there."""
    more_beyond: bool = False
    """Whether the curve steepens, or a gate pays, beyond the labels that can be bought."""
    per_item: bool = False
    """Whether items are worth something by themselves: its curve has no scores that anybody would measure."""

    @property
    def complete(self) -> bool:
        """Whether the pieces go to the end of the curve, and not only as far as labels can be bought."""
        if isinstance(self.curve, value.TableCurve):
            last = self.curve.labels[-1] - self.existing
        else:
            last = self.curve.last - self.existing if isinstance(self.curve, value.LimitedCurve) else np.inf
        return self.reach >= last or bool(self.steps and self.segments.lengths.sum() >= last * (1.0 - 1e-12))

    @property
    def fan(self) -> Fan | None:
        """P10, P50 and P90 of what its points predict, whatever was fitted; None for a formula, for points as they are, and for
        points above the ceiling."""
        if self.spec is None or self.spec.points is None or self.spec.fit == "table":
            return None
        try:
            return fan_of(self.spec)
        except ValueError:
            return None

    @property
    def error(self) -> float:
        """Most money by which the pieces understate the curve."""
        return self.worth * self.segments.error

    def money(self, labels: float) -> float:
        """Value of so many effective labels by the curve itself, not its pieces."""
        added = max(labels, 0.0)
        of_points = self.worth * float(self.curve.gain(self.existing, added)) if self.worth else 0.0
        return of_points + sum(gate.earned(added) for gate in self.gates)

    def labels_for(self, score: float) -> float:
        """Effective labels to add until the curve reaches a score; infinite when those that can be bought never do."""
        need = labels_to_add(self.curve, self.existing, score)
        return need if need <= self.reach * (1.0 + 1e-12) else np.inf


def labels_to_add(curve: value.Curve, existing: float, score: float) -> float:
    """Effective labels to add to those there are until a curve reaches a score; infinite where it never does."""
    if score <= float(curve.score(existing)):
        return 0.0
    return value.labels_at(curve, score) - existing


def product_values(case: Case, routes: Routes, ignoring: Ignoring = NOTHING) -> Mapping[int, ProductValue]:
    """The value curve of every product that has one, by the product's position.

    Raises CaseError for a curve that cannot be used: too few points, a table that falls, no labels to start from.
    """
    problems: list[Problem] = []
    found: dict[int, ProductValue] = {}
    reach = reachable_labels(case, routes, ignoring)
    for position, (name, product) in enumerate(case.products.items()):
        if product.value is None:
            continue
        try:
            found[position] = _product_value(case, position, product, float(reach[position]))
        except ValueError as error:
            place = case.place("products", name, "value", "curve")
            fix = _fitted(case, position, product, float(reach[position]))
            problems.append(Problem(f"products.{name}.value: {error}", place, fix))
    if problems:
        raise CaseError(problems)
    return found


def _fitted(case: Case, position: int, product: Product, reach: float) -> str | None:
    """What to do about a curve that cannot be used: fit one to its points, where that gives one."""
    assert product.value is not None
    spec = product.value.curve
    if spec.points is not None and spec.fit == "fan":
        labels, scores = measured_points(spec)
        existing = product.value.existing.number if product.value.existing else 0.0
        if max(scores) > spec.ceiling:
            return "correct the points, or write the `ceiling` that scores can reach"
        return f"write `extrapolate: {math.ceil(existing / labels[-1])}` or more" if existing > labels[-1] else None
    if spec.points is None or spec.fit != "table":
        return None
    fitted = spec.model_copy(update={"fit": "fan"})
    changed = product.model_copy(update={"value": product.value.model_copy(update={"curve_": fitted})})
    try:
        _product_value(case, position, changed, reach)
    except ValueError:
        return "correct the curve's points"
    return "correct the curve's points, or fit a curve to them, as in `fit: fan`"


def _product_value(case: Case, position: int, product: Product, reach: float) -> ProductValue:
    assert product.value is not None
    existing = product.value.existing.number if product.value.existing else 0.0
    curve, spread = curve_of(product.value.curve, existing)
    due = int(last_period(case)[position]) - 1
    worth = float(in_case_currency(case, product.value.worth)[due]) if product.value.worth is not None else 0.0
    if product.value.per_item and not np.isfinite(reach):
        raise ValueError("nothing limits how many items could be bought: add `demand: {at-most: …}`, or a budget")
    if product.value.per_item and isinstance(curve, value.TableCurve):
        curve = _ending(curve, existing, reach)
    if isinstance(curve, value.TableCurve):
        reach = min(reach, max(curve.labels[-1] - existing, 0.0))
    if isinstance(curve, value.LimitedCurve):
        if existing > curve.last:
            raise ValueError(
                f"there are {existing:,.0f} labels already, more than the {curve.last:,.0f} its fitted curve is used for"
            )
        reach = min(reach, curve.last - existing)
    if not np.isfinite(reach):
        raise ValueError("nothing limits how many labels could be bought: add `demand: {at-most: …}`, or a budget")
    points = float(curve.gain(existing, reach)) if reach > 0 else 0.0
    tolerance = max(case.file.value_tolerance * points, 1e-12)
    gates = _gates(case, product.value, curve, existing, due)
    end, more_beyond = _end(curve, existing, reach, gates, worth > 0.0)
    cut = pieces.pieces(curve, existing, end, tolerance, gates, worth > 0.0)
    return ProductValue(
        position,
        curve,
        existing,
        worth,
        cut.segments,
        reach,
        spread,
        product.value.curve,
        gates,
        cut.steps,
        more_beyond,
        product.value.per_item,
    )


def _gates(case: Case, spec: Value, curve: value.Curve, existing: float, due: int) -> tuple[pieces.Gate, ...]:
    """The gates of a product in the case's currency, in the period its time ends, lowest score first."""
    found = []
    for gate in spec.gates:
        labels = labels_to_add(curve, existing, gate.score_at_least.number)
        if isinstance(curve, value.TableCurve) and 0.0 < labels < np.inf:
            # A gate at a point of the table is at that point, whatever rounding says.
            points = np.array(curve.labels) - existing
            nearest = float(points[np.argmin(np.abs(points - labels))])
            labels = nearest if np.isclose(nearest, labels, rtol=1e-9, atol=0.0) else labels
        worth = float(in_case_currency(case, gate.worth)[due])
        found.append(pieces.Gate(gate.score_at_least.number, worth, labels))
    return tuple(sorted(found, key=lambda gate: gate.score))


def _end(
    curve: value.Curve, existing: float, reach: float, gates: Sequence[pieces.Gate], points_count: bool
) -> tuple[float, bool]:
    """How far the pieces go, and whether more could be gained beyond.

    A table with a step within reach is taken to its end: what limits the buying may be eased later, and a last piece
    without end would then stand for stretches that are steeper.
    """
    steps = [gate.labels for gate in gates if 0.0 < gate.labels < np.inf]
    steps += (pieces.steepenings(curve, existing, np.inf) - existing).tolist() if points_count else []
    if isinstance(curve, value.TableCurve) and any(pieces.within(labels, reach) for labels in steps):
        return max(curve.labels[-1] - existing, 0.0), False
    return reach, any(not pieces.within(labels, reach) for labels in steps)


def _ending(curve: value.TableCurve, existing: float, reach: float) -> value.TableCurve:
    """What items are worth, of which the last worth has no end, up to `EASED` times what can be bought: a size of the case."""
    last, end = curve.labels[-2], curve.labels[-1]
    upto = existing + EASED * max(reach, last - existing)
    if end < ENDLESS or not last < upto < end:
        return curve
    score = curve.scores[-2] + (upto - last) * float(curve.slopes[-1])
    return value.TableCurve((*curve.labels[:-1], upto), (*curve.scores[:-1], score))


def curve_of(spec: CurveSpec, existing: float = 0.0) -> tuple[value.Curve, float]:
    """The curve a case writes, and how far its points lie from it (score points, nan unless fitted).

    existing: labels there are already, from which on a fan's curve bends down.

    Raises ValueError for points no curve goes through.
    """
    if spec.power_law is not None:
        law = spec.power_law
        return value.PowerLaw(law.a, law.b, law.c, spec.ceiling), float("nan")
    labels, scores = measured_points(spec)
    if spec.fit == "table":
        return value.TableCurve(tuple(labels), tuple(scores)), float("nan")
    if spec.fit == "fan":
        times = FAN_REACH if spec.extrapolate is None else spec.extrapolate
        drawn = fan_of(spec).at(0.5 if spec.quantile is None else spec.quantile, existing)
        return value.LimitedCurve(drawn, times * labels[-1], labels[-1]), float("nan")
    if spec.fit == "best":
        fitted = fitting.fits(labels, scores, spec.ceiling)[0]
    else:
        fitted = fitting.fit(fitting.Family(spec.fit), labels, scores, spec.ceiling)
    last = np.inf if spec.extrapolate is None else spec.extrapolate * labels[-1]
    if isinstance(fitted.curve, ShapedCurve):
        # A logarithm would rise past a model without error.
        last = max(min(last, fitted.curve.labels_at(spec.ceiling)), labels[-1])
    return value.LimitedCurve(fitted.curve, last, labels[-1]), fitted.spread


def extrapolated(one: ProductValue, labels: float) -> str | None:
    """How far beyond its measured points a product's value rests, in words; None where there is nothing to say."""
    if one.spec is not None and isinstance(one.curve, value.TableCurve):
        last = one.curve.labels[-1]
        there = f"{last:,.0f} labels, and there are {one.existing:,.0f} already: more add nothing, because its curve ends there"
        return f"{there}; `fit: fan` tells what they may add" if one.spec.points and one.existing >= last else None
    if not isinstance(one.curve, value.LimitedCurve) or one.spec is None:
        return None
    total, measured, last = one.existing + labels, one.curve.measured, one.curve.last
    by_hand = "" if one.spec.fit == "fan" else f", by the case's own choice of curve (`fit: {one.spec.fit}`)"
    if total > last * (1.0 + 1e-9):
        return (
            f"{total:,.0f} labels, of which those beyond {last:,.0f} count for nothing (measured up to {measured:,.0f})"
        )
    if total >= last * (1.0 - 1e-6):
        return (
            f"{total:,.0f} labels, {total / measured:,.1f} times the most that were measured ({measured:,.0f}); beyond "
            f"these, labels are taken to add nothing{by_hand}"
        )
    if total > measured * (FAR_ENOUGH if not by_hand else 1.0 + 1e-9):
        return (
            f"{total:,.0f} labels, {total / measured:,.1f} times the most that were measured ({measured:,.0f}){by_hand}"
        )
    return None


GATE = "the gate of"
"""How what becomes of a gate begins in words."""


def gate_notes(name: str, value: ProductValue, labels: float, currency: str) -> list[str]:
    """What becomes of each gate of a product when so many effective labels are added, in words."""
    found = []
    for gate in value.gates:
        what = f"{GATE} {name} at {gate.score:g} points"
        pays = f"{gate.worth:,.2f} {currency}"
        if gate.passed_before:
            found.append(f"{what} is reached by the labels there are: its {pays} are not counted")
        elif gate.earned(labels):
            found.append(f"{what} is reached: it pays {pays}")
        elif np.isinf(gate.labels):
            found.append(f"{what} ({pays}) is beyond what its curve ever reaches")
        else:
            found.append(f"{what} ({pays}) is not reached: {gate.labels - labels:,.0f} more effective labels would")
    return found


def reachable_labels(case: Case, routes: Routes, ignoring: Ignoring = NOTHING) -> Floats:
    """Most effective labels each product could get, shape (P,): by demand, by money, by vendors' hours and items."""
    count = len(routes.products)
    most_items = demand(case)[1].copy()
    most_items[[number for kind, number in ignoring if kind == "demand"]] = np.inf
    best = np.zeros(count)
    np.maximum.at(best, routes.product, routes.effective)
    money = np.full(count, np.inf)
    total, cheapest = (np.inf, np.zeros(0)) if ("money", 0) in ignoring else money_and_least(case, routes)
    if np.isfinite(total):
        with np.errstate(divide="ignore"):
            per_label = np.where(routes.effective > 0, cheapest / routes.effective, np.inf)
        least = np.full(count, np.inf)
        np.minimum.at(least, routes.product, per_label)
        money = np.divide(total, least, out=np.full(count, np.inf), where=least > 0)
    asked = np.multiply(most_items, best, out=np.zeros(count), where=best > 0)
    there = np.zeros(count)
    if routes.done is not None:
        np.add.at(there, routes.product[routes.done.route], routes.done.items * routes.effective[routes.done.route])
    reach: Floats = np.minimum(np.minimum(asked, money + there), _supply(case, routes, total, ignoring))
    return with_transfers(case, np.maximum(reach, there))


def _supply(case: Case, routes: Routes, money: float, ignoring: Ignoring) -> Floats:
    """Most effective labels each product could get if every vendor worked for it alone, shape (P,)."""
    most = np.full((len(routes.products), len(routes.vendors)), np.inf)
    capacities = with_teams(case, routes, money)
    contents = {
        noun: lightest_content(case, routes, noun, capacities) for noun in dict.fromkeys(one.noun for one in capacities)
    }
    for capacity in capacities:
        if ("capacity", capacity.vendor) in ignoring:
            continue
        inside, content = routes.vendor == capacity.vendor, contents[capacity.noun]
        counted = inside & (content > 0)
        per = np.zeros((len(routes.products),))
        np.maximum.at(per, routes.product[counted], routes.effective[counted] / content[counted])
        free = np.unique(routes.product[inside & ~counted])
        limited = np.setdiff1d(np.unique(routes.product[counted]), free)
        there = capacity.most.sum()
        supply = np.multiply(per, there, out=np.zeros_like(per), where=per > 0)
        most[limited, capacity.vendor] = np.minimum(most[limited, capacity.vendor], supply[limited])
    served = np.zeros_like(most, dtype=bool)
    served[routes.product, routes.vendor] = True
    total: Floats = np.where(served, most, 0.0).sum(axis=1)
    return total
