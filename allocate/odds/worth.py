"""What labels are worth in every scenario, by the value curves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from allocate.case.load import Case
from allocate.costing.limits.amounts import last_period
from allocate.costing.table import Routes
from allocate.costing.value.values import ProductValue, curve_of, product_values
from allocate.numbers import Floats
from allocate.odds.drawn import Drawn
from allocate.odds.reading import Key, each_scenario
from allocate.tolerances import GATE_REACHED

_PLAIN = ("worth", "existing")
"""Keys of a value that change nothing of its curve."""


def values(drawn: Drawn, table: Routes, labels: Floats) -> tuple[Floats, Floats]:
    """Money and scores of each product with effective labels of shape (P, scenarios); both of that shape, scores nan without a curve.

    The curves are fitted once where nothing of them is drawn.
    """
    money, scores = np.zeros(labels.shape), np.full(labels.shape, np.nan)
    known = product_values(drawn.case, table)
    if not known:
        return money, scores
    changed = _worth(drawn, known)
    for product, one in known.items():
        worth, existing = changed["worth", product], changed["existing", product]
        curves = _curves(drawn, table, product, one)
        if not curves:
            money[product], scores[product] = _of(one, labels[product], worth, existing)
        for scenario, other in enumerate(curves):
            inside = product, slice(scenario, scenario + 1)
            own = [part[scenario if len(part) > 1 else 0] for part in (worth, existing)]
            money[inside], scores[inside] = _of(other, labels[inside], own[0], own[1])
    return money, scores


def _curves(drawn: Drawn, table: Routes, product: int, one: ProductValue) -> list[ProductValue]:
    """A product's value in each scenario where its curve, or what its gates pay, is drawn; empty where one stands for all."""
    name = list(drawn.case.products)[product]
    of_value = [path for path in drawn.ratios if path[:3] == ("products", name, "value")]
    of_curve = [path for path in of_value if path[3] not in _PLAIN]
    if one.gates and (of_value or any(path[0] == "exchange" for path in drawn.ratios)):
        return [product_values(drawn.at(scenario), table)[product] for scenario in range(drawn.count)]
    if not of_curve:
        return []
    there = Drawn(drawn.case, drawn.count, {path: drawn.ratios[path] for path in of_curve})
    specs = (there.at(scenario).products[name].value for scenario in range(drawn.count))
    return [replace(one, curve=curve_of(spec.curve, one.existing)[0]) for spec in specs if spec is not None]


def _of(one: ProductValue, labels: Floats, worth: Floats | float, existing: Floats | float) -> tuple[Floats, Floats]:
    """Money and score of effective labels by a curve, shape of the labels; see `ProductValue.money`."""
    added = np.maximum(labels, 0.0)
    money: Floats = worth * one.curve.gain(existing, added)
    for gate in one.gates:
        if 0.0 < gate.labels < np.inf:
            money = money + np.where(added >= gate.labels * (1.0 - GATE_REACHED), gate.worth, 0.0)
    return money, one.curve.score(existing + labels)


def _worth(drawn: Drawn, known: Mapping[int, ProductValue]) -> dict[Key, Floats]:
    """Money per point and labels there are already of each product with a curve, by scenario."""
    from allocate.costing.terms.prices import in_case_currency

    def read(case: Case) -> Iterator[tuple[Key, Floats]]:
        blocks = list(case.products.values())
        for product in known:
            spec = blocks[product].value
            assert spec is not None
            due = int(last_period(case)[product]) - 1
            each = 0.0 if spec.worth is None else in_case_currency(case, spec.worth)[due]
            yield ("worth", product), np.array(each)
            existing = spec.existing.number if spec.existing else 0.0
            yield ("existing", product), np.array(existing)

    return each_scenario(drawn.moving({"products": ("value",), "exchange": None}), read)
