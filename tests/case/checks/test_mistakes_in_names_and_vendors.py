"""Mistakes in names, tasks, units, workflows and vendors. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

import pytest
from mistakes import told_once_each

MISTAKES = [
    pytest.param(
        [("case.yaml", "case: quarter", 'case: "quar\\x07ter"')],
        "case.yaml:1:7",
        "case holds a character that cannot be shown (U+0007)",
        "write plain text on one line",
        id="a name with a control character",
    ),
    pytest.param(
        [("case.yaml", "case: quarter", "case: " + "q" * 501)],
        "case.yaml:1:7",
        "case has 501 characters; a name has at most 500",
        "shorten it",
        id="a name of 501 characters",
    ),
    pytest.param(
        [("case.yaml", "{box:", '{"b\u202eox":')],
        "case.yaml:13:15",
        "the name 'b\u202eox' holds a character that cannot be shown (U+202E)",
        "write plain text on one line",
        id="a driver's name with a direction mark",
    ),
    pytest.param(
        [("case.yaml", "case: quarter", "case: [a, b]")],
        "case.yaml:1:7",
        "case expects a name, got a list",
        "write a name",
        id="a name that is a list",
    ),
    pytest.param(
        [("case.yaml", "image.bounding-box", "image.bounding-bx")],
        "case.yaml:12:11",
        "the model 'annotation' has no task 'image.bounding-bx'",
        "did you mean 'image.bounding-box'?",
        id="a task that is not there",
    ),
    pytest.param(
        [("case.yaml", "{box: 5.2/image}", "{boxx: 5.2/image}")],
        "case.yaml:13:15",
        "task image.bounding-box has no driver 'boxx'",
        "did you mean 'box'?",
        id="a driver that is not there",
    ),
    pytest.param(
        [("case.yaml", "    drivers: {box: 5.2/image}\n", "")],
        "case.yaml:11:3",
        "products.moderation does not say how many boxes one image has",
        "add `drivers: {box: 3/image}`",
        id="a driver left out",
    ),
    pytest.param(
        [("case.yaml", "5.2/image", "5.2/frame")],
        "case.yaml:13:20",
        "products.moderation counts images, not frames ('5.2/frame')",
        "write `5.2/image`",
        id="a driver in another noun",
    ),
    pytest.param(
        [("case.yaml", "    deadline", "    complexity: {dense-scenes: 0}\n    deadline")],
        "case.yaml:16:32",
        "the factor 'dense-scenes' is not above zero",
        "write it as in `1.25`",
        id="a complexity factor of zero",
    ),
    pytest.param(
        [("case.yaml", "    deadline", "    complexity: {dense-scene: 1.2}\n    deadline")],
        "case.yaml:16:18",
        "'dense-scene' is almost the name of a factor of the task, 'dense-scenes'",
        "write `dense-scenes`, or another name",
        id="a complexity factor misspelt",
    ),
    pytest.param(
        [("case.yaml", "    effort: 90 s/scan\n", "")],
        "case.yaml:20:3",
        "products.triage has an item and no effort",
        "write `task: image.bounding-box`, or both `item: image` and `effort: 12 s/image`",
        id="neither task nor effort",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "    item: scan\n    effort: 90 s/scan\n    demand: 5_000 scans\n",
                "    item: slide\n    effort: 90 s/item\n    demand: 5_000 items\n",
            )
        ],
        "case.yaml:21:11",
        "'slide' is not a unit of the model or the case",
        "add `units: {slide: slides}`",
        id="an item that is no unit",
    ),
    pytest.param(
        [("case.yaml", "{scan: scans}", "{scan: scans, hour: hours}")],
        "case.yaml:8:28",
        "the unit 'hour' has a meaning already",
        "choose another word",
        id="a unit that means something already",
    ),
    pytest.param(
        [("case.yaml", "{scan: scans}", "{scan: scans, a/b: a/bs}")],
        "case.yaml:8:27",
        "'a/b: a/bs' does not name a unit",
        "write it as in `scan: scans`",
        id="a unit with a slash",
    ),
    pytest.param(
        [("case.yaml", "[single-pass, sampled-5]", "[single-pass, sampled-6]")],
        "case.yaml:39:26",
        "the model 'annotation' has no workflow 'sampled-6'",
        "did you mean 'sampled-5'?",
        id="a workflow that is not there",
    ),
    pytest.param(
        [("case.yaml", "workflows: [single-pass]", "workflows: [single-pas]")],
        "case.yaml:24:16",
        "there is no workflow 'single-pas'",
        "did you mean 'single-pass'?",
        id="a product's workflow that is not there",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "workflows: [single-pass, sampled-5]",
                "workflows: {mine: {passes: 2, majority: true}, single-pass: }",
            )
        ],
        "case.yaml:39:19",
        "workflows.mine: a majority needs an odd number of passes, three or more",
        "write it as in `passes: 3`",
        id="a majority of two",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "workflows: [single-pass, sampled-5]",
                "workflows: {mine: {review: {share: 5%, time: 3 s/image, time-factor: 50%}}, single-pass: }",
            )
        ],
        "case.yaml:39:28",
        "workflows.mine.review: a review has either time or time-factor",
        "write it as in `time: 30 s/image`",
        id="a review with its time twice",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "workflows: [single-pass, sampled-5]",
                "workflows: {mine: {review: {share: 5%, time: 3 s/frame}}, single-pass: }",
            )
        ],
        "case.yaml:39:46",
        "the workflow 'mine' has '3 s/frame', and moderation counts images, not frames",
        "write `3 s/item`, or give moderation a menu without it",
        id="a workflow's time in another noun",
    ),
    pytest.param(
        [
            ("case.yaml", "weeks: 12", "weeks: 2"),
            ("case.yaml", "    deadline: 2027-03-05\n", ""),
            ("case.yaml", "week 4", "week 2"),
            ("case.yaml", "week: 3", "week: 2"),
            ("case.yaml", ", {from: week 8, factor: 100%}", ""),
        ],
        "case.yaml:26:66",
        "the ramp has 3 steps, the horizon 2 weeks",
        "drop the last steps",
        id="a ramp longer than the horizon",
    ),
    pytest.param(
        [("case.yaml", "hours: 40 h/week, ", "")],
        "case.yaml:27:3",
        "vendors.in-house does not say how many hours its people work",
        "add `hours: 40 h/week`",
        id="people without hours",
    ),
    pytest.param(
        [("case.yaml", "people: 10, ", "")],
        "case.yaml:27:21",
        "vendors.in-house has hours of a person but no people",
        "add `people: 10`, or write `capacity: 400 h/week`",
        id="hours without people",
    ),
    pytest.param(
        [("case.yaml", "people: 10,", "people: 10, capacity: 300 h/week,")],
        "case.yaml:27:36",
        "vendors.in-house has its hours twice: as people and as capacity ('300 h/week')",
        "keep one of them",
        id="hours twice",
    ),
    pytest.param(
        [("case.yaml", "region: PH", "region: PX")],
        "case.yaml:29:13",
        "the model has no region 'PX'",
        "known: IN, KE, PH, US",
        id="a region that is not there",
    ),
]


test_mistakes = told_once_each(MISTAKES)
