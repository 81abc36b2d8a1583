"""Percentages and units written short, misspelt or of another kind. Each gives one problem, with a fix that fits."""

from __future__ import annotations

import pytest
from mistakes import told_once_each

MISTAKES = [
    pytest.param(
        [("case.yaml", "accuracy: 97%", "accuracy: 97")],
        "case.yaml:17:15",
        "products.moderation.accuracy is outside 0% to 100% ('97')",
        "did you mean `97%`?",
        id="97 for 97%",
    ),
    pytest.param(
        [("case.yaml", "accuracy: 97%", "accuracy: 9700%")],
        "case.yaml:17:15",
        "products.moderation.accuracy is outside 0% to 100% ('9700%')",
        "write a share, as in `50%`",
        id="9700%",
    ),
    pytest.param(
        [("case.yaml", "factor: 110%", "factor: 95")],
        "case.yaml:33:37",
        "vendors.acme.season.0.factor has two readings, 95% and 9,500% ('95')",
        "write `95%` or `9_500%`",
        id="a factor in percent without its sign",
    ),
    pytest.param(
        [("case.yaml", "factor: 110%", "factor: 110")],
        "case.yaml:33:37",
        "vendors.acme.season.0.factor is outside 0% to 10000% ('110')",
        "did you mean `110%`?",
        id="a factor in hundreds without its sign",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "scenarios:",
                "levers: {l: {cost: 1k USD, effect: {products: [moderation], accuracy: -0.4%}}}\nscenarios:",
            )
        ],
        "case.yaml:42:71",
        "levers.l.effect.accuracy expects score points, got a percentage ('-0.4%')",
        "write `-0.4 points`",
        id="a percentage of points",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "scenarios:",
                "levers: {l: {cost: 1k USD, effect: {products: [moderation], hours: -45}}}\nscenarios:",
            )
        ],
        "case.yaml:42:68",
        "levers.l.effect.hours is outside -100% to 1000% ('-45')",
        "did you mean `-45%`?",
        id="a change in percent without its sign",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "scenarios:",
                "levers: {l: {cost: 1k USD, effect: {products: [moderation], hours: 5}}}\nscenarios:",
            )
        ],
        "case.yaml:42:68",
        "levers.l.effect.hours has two readings, 5% and 500% ('5')",
        "write `5%` or `500%`",
        id="a change with two readings",
    ),
    pytest.param(
        [("case.yaml", "shrinkage: 15%", "shrinkage: 15 pct")],
        "case.yaml:27:55",
        "vendors.in-house.shrinkage does not know the unit 'pct', did you mean '%'?",
        "write `15%`",
        id="percent in short",
    ),
    pytest.param(
        [("case.yaml", "shrinkage: 15%", "shrinkage: 15 points")],
        "case.yaml:27:55",
        "vendors.in-house.shrinkage expects a percentage, got '15 points'",
        "write it as in `50%`",
        id="points for a percentage",
    ),
    pytest.param(
        [("case.yaml", "hurdle: 1.2", "hurdle: 1.2\ndiscount: 8%")],
        "case.yaml:8:11",
        "discount expects a share per year, got a percentage ('8%')",
        "write it as in `8 %/year`",
        id="a share by the year without a year",
    ),
    pytest.param(
        [("case.yaml", "lead: 1 week", "lead: 8 h")],
        "case.yaml:31:11",
        "vendors.acme.lead expects calendar time of zero or more, got '8 h'",
        "write it as in `1 week` or `3 days`",
        id="hours for a lead",
    ),
    pytest.param(
        [("case.yaml", "1_200 h/week", "1_200 weeks")],
        "case.yaml:30:15",
        "vendors.acme.capacity expects working hours or items per week or month, a number of items, or working time, got calendar time ('1_200 weeks')",
        "write it as in `1_200 h/week`",
        id="weeks for hours",
    ),
    pytest.param(
        [("case.yaml", "90 s/scan", "90 USD/scan")],
        "case.yaml:22:13",
        "products.triage.effort expects working time per unit, got money per item ('90 USD/scan')",
        "write it as in `12 s/scan`",
        id="money for time",
    ),
    pytest.param(
        [("case.yaml", "hours: 40 h/week", "hours: 40 images/week")],
        "case.yaml:27:33",
        "vendors.in-house.hours expects working hours per week or month, got items per week or month ('40 images/week')",
        "write it as in `40 h/week`",
        id="items for hours",
    ),
    pytest.param(
        [("case.yaml", "1_200 h/week", "50_000 carbon/week")],
        "case.yaml:30:15",
        "vendors.acme.capacity does not know the unit 'carbon'",
        "write a unit of the cost model, which `allocate model` lists; or define your own in the case: `units: {carbon: carbons}`",
        id="a unit of nobody",
    ),
    pytest.param(
        [("case.yaml", "1_200 h/week", "50_000 query/week")],
        "case.yaml:30:15",
        "vendors.acme.capacity does not know the unit 'query'",
        "write a unit of the cost model, which `allocate model` lists; or define your own in the case: `units: {query: queries}`",
        id="a unit of nobody with another plural",
    ),
    pytest.param(
        [("case.yaml", "1_200 h/week", "1_200 h/weak")],
        "case.yaml:30:15",
        "vendors.acme.capacity does not know the unit 'weak', did you mean 'week'?",
        "write `1_200 h/week`",
        id="a unit close to one that does not fit",
    ),
    pytest.param(
        [("case.yaml", "5_000 scans", "5_000 spans")],
        "case.yaml:23:13",
        "products.triage.demand does not know the unit 'spans', did you mean 'scans'?",
        "write `5_000 scans`",
        id="a unit close to another's",
    ),
    pytest.param(
        [("case.yaml", "5_000 scans", "5_000 images")],
        "case.yaml:23:13",
        "products.triage counts scans, not images ('5_000 images')",
        "write `5_000 scans`",
        id="another noun",
    ),
    pytest.param(
        [("rates.csv", "60 images/h", "60 frames/min")],
        "rates.csv:2:40",
        "moderation counts images, not frames ('60 frames/min')",
        "write `60 images/min`",
        id="pace of another noun in minutes",
    ),
    pytest.param(
        [("case.yaml", "lead: 1 week", "lead: 2 wks")],
        "case.yaml:31:11",
        "vendors.acme.lead does not know the unit 'wks', did you mean 'weeks'?",
        "write `2 weeks`",
        id="a week in short",
    ),
    pytest.param(
        [("case.yaml", "300 PHP/h", "300 PHP per hour")],
        "case.yaml:32:34",
        "vendors.acme.contract.price: '300 PHP per hour' has 'per' in words",
        "write `300 PHP/hour`",
        id="per in words",
    ),
    pytest.param(
        [("case.yaml", "90 s/scan", "90s/scan")],
        "case.yaml:22:13",
        "products.triage.effort: '90s/scan' has no space between number and unit",
        "write `90 s/scan`",
        id="no space",
    ),
    pytest.param(
        [("case.yaml", "90 s/scan", "90 sek/skan")],
        "case.yaml:22:13",
        "products.triage.effort does not know the unit 'sek'",
        "write it as in `12 s/scan`",
        id="two unknown units",
    ),
]


test_mistakes = told_once_each(MISTAKES)
