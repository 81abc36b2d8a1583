"""Pilots of a case: the exact answers, simulation against them, several at once, contracts, and what people are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocate.errors import CaseError
from allocate.odds import pilot_weighing as module
from allocate.odds.pilot_words import as_object, sentences
from allocate.odds.pilots import pilots
from tests.command_line import Run
from tests.odds.pilot_case import two_vendors, weigh


@pytest.mark.slow
@pytest.mark.parametrize(("images", "best", "go", "net"), [(100_000, 320, 280, 2_579.82), (20_000, 136, 119, 50.49)])
def test_the_exact_pilot(images: int, best: int, go: int, net: float) -> None:
    """From the case file to the answer: 320 images and go at 280 right for 100,000 images, 136 and 119 for 20,000."""
    found = weigh(two_vendors(images))
    assert found.exact
    assert found.best is not None
    assert found.run(found.best)[0][1].items == best
    assert found.best.net == pytest.approx(net, abs=0.005)
    assert found.best.costs == pytest.approx(500 + 0.40 * best, abs=1e-6)
    outcomes = found.rules["first"].outcomes
    assert [(one.least, one.most) for one in outcomes] == [(0, go - 1), (go, best)]
    assert [one.ordered for one in outcomes] == [best, images]
    assert sum(one.chance for one in outcomes) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.slow
def test_no_pilot_for_few_images() -> None:
    """Of 5,000 images knowing everything is worth 168.08 USD, less than 500 USD: no pilot is weighed, and that is said."""
    found = weigh(two_vendors(5_000))
    assert found.everything == pytest.approx(168.08, abs=0.005)
    assert found.worths == ()
    assert found.best is None
    assert list(sentences(found)) == [
        "No pilot of this can pay: knowing everything would be worth 168.08 USD at most, and the cheapest pilot costs 500.40 USD."
    ]


@pytest.mark.slow
def test_chances_of_going() -> None:
    """Of a pilot of 100 images, go at 87: chances at true accuracies are binomial tails."""
    rule = weigh(two_vendors(items=[100])).rules["first"]
    assert rule.outcomes[1].least == 87
    go = dict(zip(rule.truths.tolist(), rule.chances[:, 1].tolist(), strict=True))
    assert all(later >= earlier for earlier, later in zip(list(go.values()), list(go.values())[1:], strict=False))
    np.testing.assert_allclose(rule.chances.sum(axis=1), 1.0)


@pytest.mark.slow
def test_simulation_comes_near_the_exact_worth() -> None:
    """Told nothing of a Beta, 32 scenarios gone through by every count find pilots worth what is exact, within 5%."""
    exact, simulated = (weigh(two_vendors(items=[100, 300]), 32, exact) for exact in (True, False))
    assert {one.how for one in simulated.worths} == {"every outcome"}
    for one in simulated.worths:
        same = next(other for other in exact.worths if other.choice == one.choice)
        assert one.worth == pytest.approx(same.worth, rel=0.05)
        assert 0.0 < one.worth <= simulated.everything


@pytest.mark.slow
def test_drawn_measurements() -> None:
    """With pace to learn beside accuracy, measurements are drawn: worth stays below that of everything, the same every time."""
    document = two_vendors(items=[50, 200], annotators=[2, 10], learns=["accuracy", "rework"])
    document["workflows"] = {
        "checked": {"review": {"share": "100%", "catch": "50%", "time": "2 s/image", "rework": "vendor"}}
    }
    document["review-team"] = {"wage": "20 USD/h"}
    first, again = (weigh(document, 24, False) for _ in range(2))
    assert {one.how for one in first.worths} <= {"weights", "regression"}
    assert [one.worth for one in first.worths] == [one.worth for one in again.worths]
    assert all(one.worth <= first.everything + 1e-9 for one in first.worths)


@pytest.mark.slow
def test_more_people_tell_a_pace_better() -> None:
    """A pilot for the pace of people paid by the hour: ten people on 100 items are worth more than two on 200."""
    document = two_vendors(items=[100, 200], annotators=[2, 10], learns="pace", cost="0 USD", check="0 USD/image")
    document["vendors"]["b"] |= {"accuracy": "95%", "productivity": "100% ±40%", "contract": {"price": "58 USD/h"}}
    found = pilots(document, 32)
    by_design = {(design.items, design.people): one.worth for one in found.worths for _, design in found.run(one)}
    assert by_design[100, 10] > by_design[200, 2]
    assert by_design[200, 10] >= 0.95 * by_design[100, 10]


@pytest.mark.slow
def test_a_commitment_waits_for_the_pilot() -> None:
    """B asks for 20,000 USD, used or not: signed before the pilot it is paid where the pilot says stop, which happens in 29%."""
    document = two_vendors(items=[320])
    document["vendors"]["b"]["contract"]["commitment"] = "20_000 USD"
    found = weigh(document, 24, False)
    assert found.best is not None
    (signing,) = found.signings
    stops = found.rules["first"].outcomes[0].chance
    # Where it stops, the commitment less what the pilot's own images come to is paid for nothing, or images are taken for it.
    assert 0.0 < signing.costs <= stops * (20_000 - 320 * 0.35) + 1.0
    assert any("Keep the commitment of b open" in line for line in sentences(found))


@pytest.mark.slow
def test_a_pilot_is_no_whole_lot() -> None:
    """B sells lots of 1,000: a pilot of 320 images is made all the same, and costs what it costs without lots."""
    document = two_vendors(items=[320])
    document["vendors"]["b"]["contract"]["order-multiple"] = "1_000 images"
    (with_lots,), (without,) = (weigh(one, 16, False).worths for one in (document, two_vendors(items=[320])))
    assert with_lots.net == pytest.approx(without.net, abs=40.0)


@pytest.mark.slow
def test_onboarding_is_paid_by_the_pilot() -> None:
    """B's onboarding of 8,000 USD makes A the choice without a pilot, at 60,000 USD; with one it is paid whatever it shows.

    B then costs 63,000 USD in all as it seems, 3,000 USD more than A: so much the pilot costs beside 500 USD and its checks.
    """
    document = two_vendors(items=[320])
    document["vendors"]["b"]["contract"]["fees"] = {"onboarding": "8_000 USD"}
    (worth,) = weigh(document).worths
    assert worth.costs == pytest.approx(500 + 0.40 * 320 + 3_000, abs=1e-6)


def _two_pilots() -> dict[str, Any]:
    document = two_vendors(40_000, items=[100, 300], cost="50 USD", check="0 USD/image")
    document["vendors"]["c"] = document["vendors"]["b"] | {"contract": {"price": "0.34 USD/image"}}
    document["pilots"]["second"] = document["pilots"]["first"] | {"vendor": "c"}
    return document


@pytest.mark.slow
def test_pilots_are_chosen_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two unknown vendors: eight choices are compared, both pilots beat either; changing one at a time finds the same."""
    together = pilots(_two_pilots(), 16)
    assert len(together.worths) == 8
    assert together.best is not None
    alone = max(one.net for one in together.worths if len(together.run(one)) == 1)
    assert together.best.net >= alone
    monkeypatch.setattr(module, "MOST_TOGETHER", 4)
    greedy = pilots(_two_pilots(), 16)
    assert greedy.best is not None
    assert greedy.best.choice == together.best.choice


@pytest.mark.parametrize(
    ("change", "message", "fix"),
    [
        ({"pilots": {}}, "the case has no pilots", "add one"),
        ({"learns": ["pace"], "annotators": 2}, "measures the pace of b, and all scenarios have the same", "spread"),
        ({"learns": ["rework"]}, "measures the rework of b, and all scenarios have the same", "review"),
    ],
)
def test_what_cannot_be_weighed(change: dict[str, Any], message: str, fix: str) -> None:
    """A case without pilots, and a pilot of what nobody calls uncertain, are told with what to write."""
    document = two_vendors()
    document["pilots"] = {} if "pilots" in change else {"first": document["pilots"]["first"] | change}
    with pytest.raises(CaseError) as caught:
        pilots(document, 16)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert fix in (problem.fix or "")


@pytest.mark.slow
def test_an_early_look() -> None:
    """A pilot that asks for one is told Simon's design, with what it needs and how it errs."""
    look = {"poor": "10%", "good": "30%", "wrongly-go": "5%", "wrongly-stop": "20%"}
    found = weigh(two_vendors(**{"early-look": look}))
    (told,) = [line for line in sentences(found) if "early look" in line]
    assert "check 10, and stop with 1 right or fewer; else check 29 in all, and go with 6 right or more" in told
    assert "73.6%" in told
    assert "15.0 items on average" in told


@pytest.mark.slow
def test_command(run: Run, tmp_path: Path) -> None:
    """The command prints tables and what to do; JSON has the same figures, CSV a row for each choice."""
    path = tmp_path / "case.json"
    path.write_text(json.dumps(two_vendors(items=[50, 100])))
    shown = run("pilot", path, "--scenarios", "16")
    assert "Is a pilot worth it? (USD)" in shown.out
    assert "Decide in week 3: go where at least" in shown.out
    found = json.loads(run("pilot", path, "--scenarios", "16", "--format", "json").out)
    assert [row["run"] for row in found["designs"]] == [
        [{"pilot": "first", "items": items, "people": 1, "checked": items}] for items in (100, 50)
    ]
    assert found["best"]["net"] == pytest.approx(found["best"]["worth"] - found["best"]["costs"])
    rows = run("pilot", path, "--scenarios", "16", "--format", "csv").out.splitlines()
    assert rows[0].startswith("pilots,items,annotators,costs,worth,error,net,how")
    assert len(rows) == 3
    assert "is a multiple of 8, such as 24" in run("pilot", path, "--scenarios", "17").err


@pytest.mark.slow
def test_same_bytes() -> None:
    """The same case gives the same answer, to the byte."""
    first, again = (
        json.dumps(as_object(weigh(two_vendors(items=[50, 200]), 8, False)), default=float) for _ in range(2)
    )
    assert first == again
