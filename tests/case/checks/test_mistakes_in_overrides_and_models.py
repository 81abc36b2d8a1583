"""Mistakes in scenarios, settings and cost models. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

MISTAKES = [
    pytest.param(
        [("case.yaml", "case: quarter", "case: quarter\nmodel: anotation")],
        {},
        "case.yaml:2:8",
        "there is no cost model 'anotation'",
        "did you mean 'annotation'?",
        id="a model that is not there",
    ),
    pytest.param(
        [("case.yaml", "case: quarter", "case: quarter\nmodel: ./mine.yaml")],
        {},
        "case.yaml:2:8",
        "there is no cost model './mine.yaml'",
        "shipped models: annotation; or the path of a file of your own, as in `model: ./model.yaml`",
        id="a model's path that is not there",
    ),
    pytest.param(
        [("case.yaml", "case: quarter", "case: quarter\nmodel: [a]")],
        {},
        "case.yaml:2:8",
        "model expects a name or a path",
        "write it as in `model: annotation`",
        id="a model that is a list",
    ),
    pytest.param(
        [
            ("case.yaml", "case: quarter", "case: quarter\nmodel: ./a.yaml"),
            ("a.yaml", None, "model: a\nextends: ./a.yaml\n"),
        ],
        {},
        "a.yaml:2:10",
        "the model extends itself: a.yaml -> a.yaml",
        "remove one `extends`",
        id="a model that extends itself",
    ),
    pytest.param(
        [
            ("case.yaml", "case: quarter", "case: quarter\nmodel: ./a.yaml"),
            ("a.yaml", None, "model: a\nextends: ./b.yaml\n"),
            ("b.yaml", None, "model: b\nextends: a.yaml\n"),
        ],
        {},
        "b.yaml:2:10",
        "the model extends itself: a.yaml -> b.yaml -> a.yaml",
        "remove one `extends`",
        id="models that extend each other",
    ),
    pytest.param(
        [
            ("case.yaml", "case: quarter", "case: quarter\nmodel: ./a.yaml"),
            ("a.yaml", None, "model: a\nextends: annotation\ntask: {}\n"),
        ],
        {},
        "a.yaml:3:1",
        "unknown key 'task', did you mean 'tasks'?",
        "write `tasks`",
        id="a model with an unknown key",
    ),
    pytest.param(
        [
            ("case.yaml", "case: quarter", "case: quarter\nmodel: ./a.yaml"),
            ("a.yaml", None, "model: a\nextends: annotation\ntasks:\n  mine: {item: image, base: 4 s/frame}\n"),
        ],
        {},
        "a.yaml:4:29",
        "'4 s/frame' is per frame, and should be per image",
        "write `4 s/image`",
        id="a model's time in another noun",
    ),
    pytest.param(
        [
            ("case.yaml", "case: quarter", "case: quarter\nmodel: ./a.yaml"),
            ("a.yaml", None, "model: a\nextends: annotation\nreference: image.bounding-box.two\n"),
        ],
        {},
        "a.yaml:3:12",
        "the reference 'image.bounding-box.two' is not a task of the model",
        "did you mean 'image.bounding-box.one'?",
        id="a model's reference that is not there",
    ),
    pytest.param(
        [],
        {"scenario": "lates"},
        "case.yaml:42:1",
        "there is no scenario 'lates'",
        "did you mean 'late'?",
        id="a scenario that is not there",
    ),
    pytest.param(
        [],
        {"settings": ["budget 5k USD"]},
        "--set",
        "'budget 5k USD' is not path=value",
        "write it as in `--set budget='300k USD'`",
        id="a setting without an equals sign",
    ),
    pytest.param(
        [],
        {"settings": ["hurdle.low=1"]},
        "--set hurdle.low=1",
        "the override 'hurdle.low' asks for a part of hurdle, which is a plain value",
        "override `hurdle` as a whole",
        id="a setting through a plain value",
    ),
    pytest.param(
        [],
        {"settings": ["vendors.acme.leed=1 week"]},
        "--set vendors.acme.leed=1 week",
        "unknown key 'leed' in vendors.acme, did you mean 'lead'?",
        "write `lead`",
        id="a setting of an unknown key",
    ),
    pytest.param(
        [],
        {"settings": ["vendors.acne.lead=1 week"]},
        "--set vendors.acne.lead=1 week",
        "the override is for a vendor that is not there: 'acne'",
        "write `vendors.acme.lead`",
        id="a setting of an unknown vendor",
    ),
    pytest.param(
        [],
        {"settings": ["budget.total=5k UDS"]},
        "--set budget.total=5k UDS",
        "budget.total does not know the unit 'UDS', did you mean 'USD'?",
        "write `5k USD`",
        id="a setting of a unit misspelt",
    ),
    pytest.param(
        [],
        {"settings": ["rates.moderation.acne.price=1 USD/image"]},
        "--set rates.moderation.acne.price=1 USD/image",
        "the rate is for a vendor that is not there: 'acne'",
        "did you mean 'acme'?",
        id="a setting of a rate for an unknown pair",
    ),
    pytest.param(
        [],
        {"settings": ["rates.moderation=1 USD/image"]},
        "--set rates.moderation=1 USD/image",
        "the override 'rates.moderation' does not name a rate of the case",
        "write `rates.PRODUCT.VENDOR.price`",
        id="a setting of a rate without its vendor",
    ),
    pytest.param(
        [],
        {"settings": ["rules.nobody.share.at-most=10%"]},
        "--set rules.nobody.share.at-most=10%",
        "'rules' has no entry 'nobody'",
        "known: no vendor above most",
        id="a setting of a rule that is not there",
    ),
    pytest.param(
        [],
        {"settings": [".=1"]},
        "--set .=1",
        "the override '.' names nothing",
        "write it as in `vendors.acme.lead`",
        id="a setting that names nothing",
    ),
    pytest.param(
        [],
        {"settings": ["budget={total: 5k USD"]},
        "--set budget={total: 5k USD",
        "the setting is not YAML: a mapping is opened here and not closed",
        "add `}` at its end",
        id="a setting with an unclosed bracket",
    ),
    pytest.param(
        [("case.yaml", "700 h/week", "700 h/wek")],
        {"scenario": "late"},
        "case.yaml:43:33",
        "vendors.acme.capacity does not know the unit 'wek', did you mean 'week'?",
        "write `700 h/week`",
        id="a scenario with a unit misspelt",
    ),
]


@pytest.mark.parametrize(("edits", "asked", "place", "message", "fix"), MISTAKES)
def test_mistake_is_told_once_with_place_and_fix(
    told_once: Callable[..., None],
    edits: list[Any],
    asked: dict[str, Any],
    place: str,
    message: str,
    fix: str,
) -> None:
    """A case with one mistake is refused with one problem: where it lies, what it is, what to write instead."""
    told_once(edits, place, message, fix, **asked)
