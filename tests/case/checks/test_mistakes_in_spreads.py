"""Malformed spreads, and blocks `uncertain` that do not fit: each gives one problem, at its place, with its fix."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from mistakes import told_once_each

from allocate.errors import Problem

EFFORT, SHRINKAGE, CAPACITY = "90 s/scan", "shrinkage: 15%", "capacity: 1_200 h/week"


def uncertain(text: str) -> list[tuple[str, str, str]]:
    """The edit that adds a block `uncertain`."""
    return [("case.yaml", "currency: USD\n", f"currency: USD\nuncertain: {{{text}}}\n")]


def lever(hours: str) -> list[tuple[str, str, str]]:
    """The edit that adds a lever with an effect on hours."""
    text = f"levers: {{tool: {{cost: 2k USD, effect: {{hours: {hours}}}}}}}"
    return [("case.yaml", "currency: USD\n", f"currency: USD\n{text}\n")]


DONE = "{product: triage, vendor: own, workflow: single-pass, period: 1, items: 500 scans ±10%}"

MISTAKES = [
    pytest.param(
        [("case.yaml", EFFORT, "90 s/scan ±")],
        "case.yaml:22:13",
        "products.triage.effort is not an amount with one range around it ('90 s/scan ±')",
        "write it as in `12 s/scan ±20%`",
        id="nothing after the sign",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "±20%")],
        "case.yaml:22:13",
        "products.triage.effort is not an amount with one range around it ('±20%')",
        "write it as in `12 s/scan ±20%`",
        id="nothing before the sign",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "90 s/scan ±20% ±5%")],
        "case.yaml:22:13",
        "products.triage.effort is not an amount with one range around it ('90 s/scan ±20% ±5%')",
        "write it as in `12 s/scan ±20%`",
        id="two ranges around one amount",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "90 ±20% s/scan")],
        "case.yaml:22:13",
        "products.triage.effort has its range before its unit ('90 ±20% s/scan')",
        "write `90 s/scan ±20%`",
        id="the range before the unit",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "90 s/scan ±20")],
        "case.yaml:22:13",
        "products.triage.effort has a range without a unit ('20')",
        "write `90 s/scan ±20%`",
        id="a range without a unit",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "90 s/scan ±2 USD")],
        "case.yaml:22:13",
        "products.triage.effort has a range that is neither a percentage nor in the unit of the amount ('2 USD')",
        "write it as in `12 s/scan ±20%`",
        id="a range of another kind",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "90 s/scan ±-20%")],
        "case.yaml:22:13",
        "products.triage.effort has a range below zero ('-20%')",
        "write `90 s/scan ±20%`",
        id="a range below zero",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "90 s/scan ±100%")],
        "case.yaml:22:13",
        "products.triage.effort reaches down to zero or below (±100%)",
        "write low, likely and high, as in `30 .. 90 .. 225 s/scan`",
        id="a range down to zero",
    ),
    pytest.param(
        [("case.yaml", "demand: 5_000 scans", "demand: 6_000 scans ±100%")],
        "case.yaml:23:13",
        "products.triage.demand reaches down to zero or below (±100%)",
        "write low, likely and high, as in `2000 .. 6000 .. 15000 scans`",
        id="a large amount with a range down to zero",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "90 s/scan ±130%")],
        "case.yaml:22:13",
        "products.triage.effort reaches down to zero or below (±130%)",
        "write low, likely and high, as in `30 .. 90 .. 225 s/scan`",
        id="a range below nothing",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "90 s/scn ±20%")],
        "case.yaml:22:13",
        "products.triage.effort does not know the unit 'scn'",
        "write `90 s/scan ±20%`",
        id="a unit misspelt before a range",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "60 .. 120 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort does not have three parts, low .. likely .. high ('60 .. 120 s/scan')",
        "write low, likely and high, as in `8 .. 12 .. 24 s/image`",
        id="two parts",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "60 .. 90 .. 120 .. 150 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort does not have three parts, low .. likely .. high ('60 .. 90 .. 120 .. 150 s/scan')",
        "write low, likely and high, as in `8 .. 12 .. 24 s/image`",
        id="four parts",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "60 .. 90 .. s/scan")],
        "case.yaml:22:13",
        "products.triage.effort: 's/scan' is not an amount",
        "write it as in `12 s/scan ±20%`",
        id="a part without a number",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "120 .. 90 .. 60 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort does not rise from low to high: 120 .. 90 .. 60 s/scan",
        "write low, likely and high in this order",
        id="high before low",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "60 .. 130 .. 120 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort does not rise from low to high: 60 .. 130 .. 120 s/scan",
        "write low, likely and high in this order",
        id="likely above high",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "60 .. 61 .. 120 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort has its middle too near its low: 60 .. 61 .. 120 s/scan",
        "take a middle from 67.4 to 106 s/scan, or a nearer low",
        id="a middle too near its low",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "60 .. 119 .. 120 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort has its middle too near its high: 60 .. 119 .. 120 s/scan",
        "take a middle from 67.4 to 106 s/scan, or a nearer high",
        id="a middle too near its high",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "60 .. 90 .. 120 s/scn")],
        "case.yaml:22:13",
        "products.triage.effort does not know the unit 'scn'",
        "write `60 .. 90 .. 120 s/scan`",
        id="a unit misspelt after three parts",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "60 s .. 90 s/scan .. 120 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort has a low of another kind than its middle: '60 s' beside '90 s/scan'",
        "write its low in the unit of '90 s/scan'",
        id="parts of different kinds",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "0 .. 90 .. 120 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort has a low that is not above zero: 0 .. 90 .. 120 s/scan",
        "write what it falls below in one case in ten",
        id="a low of zero",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "60 .. 90 .. 2.500 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort: '2.500 s/scan' has two readings: 2.5 and 2,500",
        "write that part as `2.5 s/scan` or `2_500 s/scan`",
        id="a part with two readings",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "60 to 120 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort is a range of two ('60 to 120 s/scan')",
        "write low, likely and high, as in `60 .. 90 .. 120 s/scan`",
        id="a range in words",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "60 – 120 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort is a range of two ('60 – 120 s/scan')",
        "write low, likely and high, as in `60 .. 90 .. 120 s/scan`",
        id="a range with a dash",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "900-1,100 scans")],
        "case.yaml:22:13",
        "products.triage.effort is a range of two ('900-1,100 scans')",
        "write low, likely and high, as in `9.6 .. 12 .. 18 s/scan`",
        id="a range of what may not stand there",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "1.000-1.200 s/scan")],
        "case.yaml:22:13",
        "products.triage.effort is a range of two ('1.000-1.200 s/scan')",
        "write low, likely and high, as in `1 .. 1.1 .. 1.2 s/scan` or `1_000 .. 1_100 .. 1_200 s/scan`",
        id="a range with several readings",
    ),
    pytest.param(
        [("case.yaml", EFFORT, "188 of 200")],
        "case.yaml:22:13",
        "products.triage.effort is a count of items ('188 of 200'), and no share is asked here",
        "write it as in `12 s/scan ±20%`",
        id="a count where time is asked",
    ),
    pytest.param(
        [("case.yaml", SHRINKAGE, "shrinkage: 90% ±20%")],
        "case.yaml:27:55",
        "vendors.in-house.shrinkage reaches up to 108%, and a share stays below 100%: 72 .. 90 .. 108%",
        "write low, likely and high, as in `72 .. 90 .. 96.9%`",
        id="a share above one by its range",
    ),
    pytest.param(
        [("case.yaml", SHRINKAGE, "shrinkage: 10 .. 15 .. 20")],
        "case.yaml:27:55",
        "vendors.in-house.shrinkage is a share without a percent sign: 10 .. 15 .. 20",
        "write `10 .. 15 .. 20%`",
        id="a share without a percent sign",
    ),
    pytest.param(
        [("case.yaml", SHRINKAGE, "shrinkage: 0% .. 15% .. 20%")],
        "case.yaml:27:55",
        "vendors.in-house.shrinkage has a low that is not above zero: 0 .. 15 .. 20%",
        "write what it falls below in one case in ten",
        id="a share down to nothing",
    ),
    pytest.param(
        [("rates.csv", "97%", "210 of 200")],
        "rates.csv:2:36",
        "rates.moderation.in-house.accuracy has more items right than were checked ('210 of 200')",
        "write the items right first, as in `188 of 200`",
        id="more right than checked",
    ),
    pytest.param(
        [("rates.csv", "97%", "97/100")],
        "rates.csv:2:36",
        "rates.moderation.in-house.accuracy counts with a slash ('97/100')",
        "write `97 of 100`",
        id="a count with a stroke",
    ),
    pytest.param(
        [("rates.csv", "97%", "97.5 of 100")],
        "rates.csv:2:36",
        "rates.moderation.in-house.accuracy does not count whole items ('97.5 of 100')",
        "write it as in `188 of 200`",
        id="a count of parts of items",
    ),
    pytest.param(
        [("rates.csv", "0.52 USD/image", "0.60 .. 0.52 .. 0.50 USD/image")],
        "rates.csv:2:21",
        "rates.moderation.in-house.price does not rise from low to high: 0.6 .. 0.52 .. 0.5 USD/image",
        "write low, likely and high in this order",
        id="a cell from high to low",
    ),
    pytest.param(
        [("case.yaml", CAPACITY, "capacity: {value: 1_200 h/week, low: 900 h/week}")],
        "case.yaml:30:15",
        "vendors.acme.capacity has no high",
        "add `high: …`, what is exceeded in one case in ten",
        id="a low without a high",
    ),
    pytest.param(
        [("case.yaml", CAPACITY, "capacity: {low: 900 h/week, high: 1_300 h/week}")],
        "case.yaml:30:15",
        "vendors.acme.capacity has a spread without a value",
        "add its P50, as in `value: 1_200 h/week`",
        id="no value",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                CAPACITY,
                "capacity: {value: 1_200 h/week, likely: 1_200 h/week, low: 900 h/week, high: 1_300 h/week}",
            )
        ],
        "case.yaml:30:23",
        "vendors.acme.capacity has both value and likely",
        "keep one of them",
        id="two values",
    ),
    pytest.param(
        [("case.yaml", CAPACITY, "capacity: {value: 1_200 h/week, hgih: 1_300 h/week, low: 900 h/week}")],
        "case.yaml:30:37",
        "vendors.acme.capacity has an unknown key 'hgih' in its spread",
        "write `high`",
        id="a key misspelt",
    ),
    pytest.param(
        [("case.yaml", CAPACITY, "capacity: {value: 1_200 h/week, sprad: 10%}")],
        "case.yaml:30:37",
        "vendors.acme.capacity has an unknown key 'sprad' in its spread",
        "write `spread`",
        id="the only key of a spread misspelt",
    ),
    pytest.param(
        [("case.yaml", CAPACITY, "capacity: {value: 1_200 h/week, low: 900 h/week, high: 1_300 images/week}")],
        "case.yaml:30:60",
        "vendors.acme.capacity has a high of another kind than its middle: '1_300 images/week' beside '1_200 h/week'",
        "write its high in the unit of '1_200 h/week'",
        id="a high of another kind",
    ),
    pytest.param(
        [("case.yaml", CAPACITY, "capacity: {value: 1_200 h/week, low: 900 h/week, high: 1_300 h/week, spread: 10%}")],
        "case.yaml:30:82",
        "vendors.acme.capacity has both a spread and a low or high",
        "keep one of them",
        id="a range said twice",
    ),
    pytest.param(
        [("case.yaml", CAPACITY, "capacity: {value: 1_200 h/week ±10%, weekly: 5%}")],
        "case.yaml:30:23",
        "vendors.acme.capacity has a spread in its value ('1_200 h/week ±10%') and in keys beside it",
        "keep one of them",
        id="a spread in a spread",
    ),
    pytest.param(
        [("case.yaml", CAPACITY, "capacity: {value: 1_200 h/week, low: [900], high: 1_300 h/week}")],
        "case.yaml:30:42",
        "vendors.acme.capacity has a low that is not an amount (got a list)",
        "write one amount, as in `low: 12 s/image`",
        id="a list for a low",
    ),
    pytest.param(
        [("case.yaml", CAPACITY, "capacity: {value: 1_200 h/week, weekly: 100%}")],
        "case.yaml:30:45",
        "vendors.acme.capacity has a weekly spread that is not a percentage below 100% ('100%')",
        "write it as in `weekly: 15%`",
        id="a weekly spread of everything",
    ),
    pytest.param(
        [("case.yaml", CAPACITY, "capacity: {value: 1_200 h/week, weekly: 5 h}")],
        "case.yaml:30:45",
        "vendors.acme.capacity has a weekly spread that is not a percentage below 100% ('5 h')",
        "write it as in `weekly: 15%`",
        id="a weekly spread in hours",
    ),
    pytest.param(
        [("case.yaml", SHRINKAGE, "shrinkage: {right: 188}")],
        "case.yaml:27:55",
        "vendors.in-house.shrinkage counts items without 'of'",
        "write it as in `{right: 188, of: 200}`",
        id="a count without its items",
    ),
    pytest.param(
        [("case.yaml", SHRINKAGE, "shrinkage: {right: 188, of: 200, value: 94%}")],
        "case.yaml:27:84",
        "vendors.in-house.shrinkage has both counts and 'value'",
        "keep one of them",
        id="a count and a value",
    ),
    pytest.param(
        [("case.yaml", "deadline: 2027-03-05", "deadline: week 9 ±1")],
        "case.yaml:16:15",
        "products.moderation.deadline takes no spread",
        "give one value: `2027-03-05`, `week 9` or `month 3`",
        id="a date with a spread",
    ),
    pytest.param(
        [("case.yaml", "horizon: {start: 2027-01-04, weeks: 12}", "horizon: {start: 2027-01-04, weeks: 12 ±2}")],
        "case.yaml:4:37",
        "horizon.weeks takes no spread",
        "give one value: plain number, e.g. `12`",
        id="a whole number with a spread",
    ),
    pytest.param(
        [("case.yaml", "lead: 1 week", "lead: 1 week ±20%")],
        "case.yaml:31:11",
        "vendors.acme.lead takes no spread",
        "give one value: calendar time from work to delivery, e.g. `1 week`",
        id="a lead with a spread",
    ),
    pytest.param(
        uncertain("factors: {guideline: {low: 95%, likely: 102%, high: 140%, of: [effort of triag]}}"),
        "case.yaml:3:76",
        "there is no amount 'effort of triag'",
        "did you mean 'effort of triage'?",
        id="a cause of an unknown amount",
    ),
    pytest.param(
        uncertain("factors: {guideline: {low: 95%, likely: 102%, high: 140%, of: [products.triage]}}"),
        "case.yaml:3:76",
        "'products.triage' is not an amount but a block of the case",
        "name an amount in it, or say it in words, as in `effort of scans`",
        id="a cause of a block",
    ),
    pytest.param(
        uncertain("factors: {guideline: {low: 95%, likely: 102%, high: 140%, of: [horizon.weeks]}}"),
        "case.yaml:3:76",
        "'horizon.weeks' takes no spread and no factor",
        "name an amount",
        id="a cause of what takes none",
    ),
    pytest.param(
        uncertain("factors: {guideline: {low: 140%, likely: 102%, high: 95%, of: effort of triage}}"),
        "case.yaml:3:34",
        "the factor 'guideline' does not rise from low to high: 1.4 .. 1.02 .. 0.95",
        "write low below likely below high, all above zero",
        id="a factor that falls",
    ),
    pytest.param(
        uncertain("factors: {guideline: {low: 95%, high: 140%, of: effort of triage}}"),
        "case.yaml:3:34",
        "the factor 'guideline' has its middle too near its low: 0.95 .. 1 .. 1.4",
        "take a likely factor from 101.4% to 131.2%, or a nearer low",
        id="a factor with its middle too near its low",
    ),
    pytest.param(
        uncertain("factors: {strike: {chance: 10%, of: capacity of acme}}"),
        "case.yaml:3:31",
        "uncertain.factors.strike: an event has a chance and what happens then",
        "write it as in `{chance: 10%, then: 60%, of: …}`",
        id="an event without what happens",
    ),
    pytest.param(
        uncertain("factors: {strike: {chance: 10%, then: 60%, high: 120%, of: capacity of acme}}"),
        "case.yaml:3:31",
        "uncertain.factors.strike: a cause is either a factor (low, likely, high) or an event (chance, then)",
        "remove one of them",
        id="an event and a factor in one",
    ),
    pytest.param(
        uncertain("factors: {strike: {chance: 10%, then: 0%, of: capacity of acme}}"),
        "case.yaml:3:51",
        "an event leaves nothing of its amounts",
        "write a factor above zero",
        id="an event that leaves nothing",
    ),
    pytest.param(
        uncertain("factors: {strike: {chance: 10%, then: 60%, of: [effort of triage, products.triage.effort]}}"),
        "case.yaml:3:60",
        "'products.triage.effort' is listed twice",
        "keep one of them",
        id="an amount named twice",
    ),
    pytest.param(
        uncertain("known: [{of: effort of triage, from: week 3}]"),
        "case.yaml:3:26",
        "'effort of triage' has no spread",
        "write one where it stands, as in `90 s/scan ±20%`",
        id="known of an amount without a spread",
    ),
    pytest.param(
        uncertain(
            "known: [{of: guidelin, from: week 3}], factors: {guideline: {low: 95%, likely: 102%, high: 140%, of: effort of triage}}"
        ),
        "case.yaml:3:26",
        "there is no amount 'guidelin'",
        "did you mean 'guideline'?",
        id="what will be known misspelt",
    ),
    pytest.param(
        uncertain(
            "known: [{of: guideline, from: week 30}], factors: {guideline: {low: 95%, likely: 102%, high: 140%, of: effort of triage}}"
        ),
        "case.yaml:3:43",
        "'week 30' is after the horizon, when nothing is planned",
        "leave it out, or name an earlier period",
        id="known after the horizon",
    ),
    pytest.param(
        uncertain("together: [{amounts: [effort of triage], correlation: 160%}]"),
        "case.yaml:3:67",
        "uncertain.together.0.correlation is outside -100% to 100% ('160%')",
        "write a share, as in `60%`",
        id="a correlation above one",
    ),
    pytest.param(
        uncertain("scenarios: 1001"),
        "case.yaml:3:12",
        "uncertain: scenarios are drawn in 8 equal parts (1,001 are not)",
        "write `scenarios: 1000`",
        id="scenarios that make no equal parts",
    ),
    pytest.param(
        uncertain("stretch: 0%"),
        "case.yaml:3:12",
        "uncertain: a stretch is above zero",
        "write it as in `stretch: 130%`",
        id="a stretch of nothing",
    ),
    pytest.param(
        lever("-10% .. -5% .. 2%"),
        "case.yaml:3:47",
        "levers.tool.effect.hours has a high that is not below zero, as its middle is: -10 .. -5 .. 2%",
        "write what it exceeds in one case in ten, below zero too, as in `-10 .. -5 .. -2.5%`",
        id="a range across zero",
    ),
    pytest.param(
        lever("-10% ±120%"),
        "case.yaml:3:47",
        "levers.tool.effect.hours reaches up to zero or above (±120%)",
        "write low, likely and high, as in `-25 .. -10 .. -3.33%`",
        id="a range up to zero",
    ),
    pytest.param(
        lever("-90% .. -89% .. -30%"),
        "case.yaml:3:47",
        "levers.tool.effect.hours has its middle too near its low: -90 .. -89 .. -30%",
        "take a middle from -74.9 to -36.1%, or a nearer low",
        id="a middle below zero too near its low",
    ),
    pytest.param(
        [("case.yaml", "currency: USD\n", f"currency: USD\ndone: {{planned-from: week 3, work: [{DONE}]}}\n")],
        "case.yaml:3:109",
        "done.work.0.items takes no spread",
        "give one value: amount with unit, e.g. `200 images`",
        id="a spread of what is done",
    ),
]

test_malformed_spreads = told_once_each(MISTAKES)


def test_all_malformed_spreads_are_told_at_once(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    """Three in the case and one in a table: four problems, each once."""
    edits = [
        ("case.yaml", EFFORT, "90 s/scan ±120%"),
        ("case.yaml", CAPACITY, "capacity: {value: 1_200 h/week, low: 900 h/week}"),
        ("case.yaml", SHRINKAGE, "shrinkage: 10 .. 15 .. 20"),
        ("rates.csv", "97%", "210 of 200"),
    ]
    assert len(problems_of(edits)) == 4


def test_correlations_that_cannot_be_name_their_pairs(problems_of: Callable[..., tuple[Problem, ...]]) -> None:
    """Two that both go with a third cannot go against each other: the pairs are named, nothing is repaired."""
    pairs = (
        ("effort of triage", "error cost of moderation", "90%"),
        ("error cost of moderation", "worth of moderation", "90%"),
    )
    joint = [
        f"{{amounts: [{a}, {b}], correlation: {c}}}"
        for a, b, c in (*pairs, ("effort of triage", "worth of moderation", "-90%"))
    ]
    edits = [
        *uncertain(f"together: [{', '.join(joint)}]"),
        ("case.yaml", EFFORT, "90 s/scan ±20%"),
        ("case.yaml", "error-cost: 0.40 USD/image", "error-cost: 0.40 USD/image ±20%"),
        ("case.yaml", "18k USD/point", "18k USD/point ±20%"),
    ]
    (problem,) = problems_of(edits)
    assert str(problem.place) == "case.yaml:3:23"
    assert problem.message.startswith("no amounts can go together like this: ")
    assert "products.moderation.error-cost and products.moderation.value.worth 90%" in problem.message
    assert "products.moderation.value.worth and products.triage.effort -90%" in problem.message
