"""How likely floors hold that rest on samples: exact for one, drawn for several, and lower where the best of many was chosen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from allocate import solve
from allocate.explaining.measured_floors import MeasuredFloor, measured_floors
from allocate.record.as_json import as_json


def case(vendors: dict[str, dict[str, Any]], floor: Any = "95%", **more: Any) -> dict[str, Any]:
    """One product with a floor on its accuracy, and vendors by name with price, accuracy and items checked."""
    return {
        "case": "samples",
        "currency": "USD",
        "objective": "cost",
        "horizon": {"start": "2027-01-04", "weeks": 1},
        "products": {"photos": {"item": "image", "effort": "12 s/image", "demand": "1_000 images", "accuracy": floor}},
        "vendors": {name: {"contract": {"price": one.pop("price")}, **one} for name, one in vendors.items()},
        **more,
    }


def floor_of(source: dict[str, Any]) -> tuple[MeasuredFloor, tuple[str, ...]]:
    """The one measured floor of the case's plan, and the plan's notes."""
    answer = solve(source)
    (found,) = measured_floors(answer.case, answer.plan, answer.routes)
    return found, answer.notes


def acme(accuracy: str, **more: Any) -> dict[str, dict[str, Any]]:
    """One vendor of an accuracy."""
    return {"acme": {"price": "0.40 USD/image", "accuracy": accuracy, **more}}


@pytest.mark.parametrize("stated", [{"accuracy": "96%", "checked": 250}, {"accuracy": "240 of 250"}])
def test_one_sample_gives_the_exact_chance(stated: dict[str, Any]) -> None:
    """240 right of 250 and a floor of 95%: the chance that Beta(240.5, 10.5) is at least 0.95, as SciPy has it."""
    found, notes = floor_of(case({"acme": {"price": "0.40 USD/image", **stated}}))
    assert found.is_exact
    assert found.chance == pytest.approx(stats.beta.sf(0.95, 240.5, 10.5), abs=1e-6)
    assert found.chance_as_chosen is None
    assert (
        "the accuracy of photos rests on samples (acme 240 right of 250): its floor of 95% holds with a chance of 76%; "
        "`confidence: 90%` beside the floor asks for more certainty"
    ) in notes


def test_a_floor_met_exactly_by_the_sample_is_a_coin_toss() -> None:
    """A plan at its floor, 190 right of 200 against 95%, keeps it about half of the time."""
    assert floor_of(case(acme("95%", checked=200)))[0].chance == pytest.approx(
        stats.beta.sf(0.95, 190.5, 10.5), abs=1e-6
    )
    assert 0.45 < floor_of(case(acme("95%", checked=200)))[0].chance < 0.55


def test_the_chance_goes_through_the_workflow() -> None:
    """Three votes by 90% right of 100 reach 97.2%: a floor of 96% asks 87.9% of each pass, by the formula of majorities."""
    workflows = {"votes": {"passes": 3, "majority": True}}
    found, _ = floor_of(case(acme("90%", checked=100), "96%", workflows=workflows))
    least = next(float(a) for a in np.linspace(0.85, 0.9, 500_001) if 3 * a**2 - 2 * a**3 >= 0.96)
    assert found.chance == pytest.approx(stats.beta.sf(least, 90.5, 10.5), abs=1e-5)


@pytest.mark.slow
def test_several_samples_are_taken_together() -> None:
    """A plan that mixes two vendors to its floor: the share of a million independent Beta draws that keeps it, within a point."""
    vendors = {
        "good": {"price": "0.50 USD/image", "accuracy": "196 of 200"},
        "fair": {"price": "0.30 USD/image", "accuracy": "92%", "checked": 300},
    }
    answer = solve(case(vendors))
    (found,) = measured_floors(answer.case, answer.plan, answer.routes)
    share = dict(zip(answer.plan.lines["vendor"], answer.plan.lines["items"], strict=True))
    random = np.random.default_rng(3)
    good, fair = random.beta(196.5, 4.5, 1_000_000), random.beta(276.5, 24.5, 1_000_000)
    assert not found.is_exact
    assert found.chance == pytest.approx(
        np.mean((share["good"] * good + share["fair"] * fair) / 1_000 >= 0.95), abs=0.01
    )


@pytest.mark.slow
def test_each_vendor_keeps_a_floor_of_its_own() -> None:
    """With `of: each-vendor` both vendors have to keep it: the product of two exact chances."""
    vendors = {
        name: {"price": "0.40 USD/image", "accuracy": f"{right} of 200", "capacity": "2 h/week"}
        for name, right in (("one", 195), ("two", 194))
    }
    found, _ = floor_of(case(vendors, {"at-least": "95%", "of": "each-vendor"}))
    both = stats.beta.sf(0.95, 195.5, 5.5) * stats.beta.sf(0.95, 194.5, 6.5)
    assert found.chance == pytest.approx(both, abs=0.01)


@pytest.mark.slow
def test_with_confidence_the_plan_is_sure_enough() -> None:
    """A floor with `confidence: 90%` is kept with about that chance at least, and nothing more is suggested."""
    vendors = {**acme("99.2%", checked=250), "cheap": {"price": "0.30 USD/image", "accuracy": "96%", "checked": 250}}
    found, notes = floor_of(case(vendors, {"at-least": "95%", "confidence": "90%"}))
    assert found.chance > 0.88
    assert not any("asks for more certainty" in note for note in notes)


@pytest.mark.slow
def test_choosing_the_best_of_many_costs_certainty() -> None:
    """Of ten vendors that are all 96% right the cheapest that measured 97% is no better: about no chance, where its sample says half.

    Their samples differ no more than chance would have it, so that all count as one: Beta of 2,400 right of 2,500 and its own.
    """
    right = [239, 241, 243, 238, 240, 237, 244, 242, 236, 240]
    vendors = {
        f"v{n}": {"price": f"{0.5 - 0.01 * n:.2f} USD/image", "accuracy": f"{one} of 250"}
        for n, one in enumerate(right)
    }
    found, notes = floor_of(case(vendors, {"at-least": "97%", "of": "each-vendor"}))
    assert [sample.vendor for sample in found.samples] == ["v6"]
    assert found.candidates == 10
    assert found.chance == pytest.approx(stats.beta.sf(0.97, 244.5, 6.5), abs=1e-6)
    assert found.chance_as_chosen == pytest.approx(
        stats.beta.sf(0.97, 2400.5 / 2501 * 2250 + 244, 100.5 / 2501 * 2250 + 6), abs=1e-6
    )
    assert found.chance_as_chosen < 0.01
    assert any("since the best of 10 measured were chosen" in note for note in notes)


def test_a_floor_that_rests_on_no_sample_says_nothing() -> None:
    """An accuracy that is only stated has no chance, and the JSON no key."""
    answer = solve(case(acme("96%")))
    assert measured_floors(answer.case, answer.plan, answer.routes) == ()
    assert "measured_floors" not in as_json(answer)


def test_the_record_of_a_plan_has_the_chances() -> None:
    """JSON has product, floor, samples and chances."""
    (found,) = as_json(solve(case(acme("240 of 250"))))["measured_floors"]
    assert (found["product"], found["at_least"], found["samples"][0]["checked"]) == ("photos", 0.95, 250)
    assert found["chance"] == pytest.approx(stats.beta.sf(0.95, 240.5, 10.5), abs=1e-6)
