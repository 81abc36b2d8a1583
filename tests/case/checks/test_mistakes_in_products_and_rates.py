"""Mistakes in products and rates: dates, demand, pairs, nouns. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

import pytest
from mistakes import told_once_each

MISTAKES = [
    pytest.param(
        [("case.yaml", "deadline: 2027-03-05", "deadline: 2026-03-05")],
        "case.yaml:16:15",
        "'2026-03-05' is before the horizon starts (2027-01-04)",
        "write a later date, or start the horizon earlier",
        id="a deadline before the start",
    ),
    pytest.param(
        [("case.yaml", "deadline: 2027-03-05", "deadline: 2027-01-06")],
        "case.yaml:16:15",
        "nothing can be delivered by '2027-01-06'",
        "write a later date: the first delivery is on 2027-01-08",
        id="a deadline before the first delivery",
    ),
    pytest.param(
        [("case.yaml", "deadline: 2027-03-05", "deadline: 2027-02-30")],
        "case.yaml:16:15",
        "products.moderation.deadline: '2027-02-30' is not in the calendar",
        "2027-02 has 28 days",
        id="a deadline that is no day",
    ),
    pytest.param(
        [("case.yaml", "deadline: 2027-03-05", "deadline: 5.3.2027")],
        "case.yaml:16:15",
        "products.moderation.deadline: '5.3.2027' has two readings: 5 March 2027 and 3 May 2027",
        "write `2027-03-05` or `2027-05-03`",
        id="a deadline in another notation",
    ),
    pytest.param(
        [("case.yaml", "week 4", "wk4")],
        "case.yaml:15:23",
        "products.moderation.milestones.0.by: 'wk4' is neither a date nor a week",
        "write `week 4`",
        id="a week in another notation",
    ),
    pytest.param(
        [("case.yaml", "week 4", "week 0")],
        "case.yaml:15:23",
        "products.moderation.milestones.0.by: 'week 0' is before the first week",
        "weeks and months count from 1: write `week 1`",
        id="week zero",
    ),
    pytest.param(
        [("case.yaml", "week 4", "week 11")],
        "case.yaml:15:23",
        "the milestone by week 11 is after the deadline 2027-03-05",
        "move it before the deadline",
        id="a milestone after the deadline",
    ),
    pytest.param(
        [("case.yaml", "week 4", "week 13")],
        "case.yaml:15:23",
        "'week 13' is after the horizon ends (2027-03-28, week 12)",
        "write an earlier one, or lengthen the horizon",
        id="a milestone after the horizon",
    ),
    pytest.param(
        [("case.yaml", "week 4", "2027-09-01")],
        "case.yaml:15:23",
        "'2027-09-01' is after the horizon ends (2027-03-28, week 12)",
        "write an earlier one, or lengthen the horizon",
        id="a milestone dated after the horizon",
    ),
    pytest.param(
        [("case.yaml", "8_000 images", "800_000 images")],
        "case.yaml:15:41",
        "the milestone asks for 800_000 images, the demand for at most 120_000 images",
        "lower the milestone",
        id="a milestone above the demand",
    ),
    pytest.param(
        [("case.yaml", "8_000 images", "8_000 frames")],
        "case.yaml:15:41",
        "products.moderation counts images, not frames ('8_000 frames')",
        "write `8_000 images`",
        id="a milestone in another noun",
    ),
    pytest.param(
        [("case.yaml", "at-least: 20_000 images", "at-least: 200_000 images")],
        "case.yaml:14:13",
        "demand at-least (200_000 images) is above at-most (120_000 images)",
        "swap them, or correct one",
        id="demand at least above at most",
    ),
    pytest.param(
        [("case.yaml", "at-least: 20_000 images", "exactly: 20_000 images")],
        "case.yaml:14:13",
        "products.moderation.demand: demand has either exactly, or at-least and at-most",
        "remove one of them",
        id="demand exactly and at least",
    ),
    pytest.param(
        [("case.yaml", "5_000 scans", "5_000 images")],
        "case.yaml:23:13",
        "products.triage counts scans, not images ('5_000 images')",
        "write `5_000 scans`",
        id="demand in another noun",
    ),
    pytest.param(
        [("rates.csv", "triage,", "moderation,in-house,0.6 USD/image,,\ntriage,")],
        "rates.csv:4:1",
        "two rates for moderation with in-house, first in line 2 of rates.csv",
        "keep one of them",
        id="two rates for one pair",
    ),
    pytest.param(
        [("rates.csv", "moderation,acme", "moderation,acne")],
        "rates.csv:3:12",
        "the rate is for a vendor that is not there: 'acne'",
        "did you mean 'acme'?",
        id="a rate for an unknown vendor",
    ),
    pytest.param(
        [("rates.csv", "moderation,acme", "moderaton,acme")],
        "rates.csv:3:1",
        "the rate is for a product that is not there: 'moderaton'",
        "did you mean 'moderation'?",
        id="a rate for an unknown product",
    ),
    pytest.param(
        [("rates.csv", "pace\n", "pace,workflow\n"), ("rates.csv", "60 images/h", "60 images/h,sampled-6")],
        "rates.csv:2:52",
        "there is no workflow 'sampled-6'",
        "did you mean 'sampled-5'?",
        id="a rate for an unknown workflow",
    ),
    pytest.param(
        [("rates.csv", "moderation,acme", ",acme")],
        "rates.csv:3:1",
        "an entry of rates needs the key 'product'",
        "add `product: …`",
        id="a rate without a product",
    ),
    pytest.param(
        [("case.yaml", "contract: {per: hour, price: 300 PHP/h}", "contract: {}")],
        "rates.csv:3:1",
        "the rate for moderation with acme has no price, and neither has the vendor's contract",
        "fill in the price",
        id="a rate without any price",
    ),
    pytest.param(
        [("rates.csv", "triage,in-house,40 USD/h,,\n", "")],
        "case.yaml:20:3",
        "no vendor has a rate for triage",
        "add a line for it to the rates",
        id="a product nobody has a rate for",
    ),
    pytest.param(
        [("rates.csv", "60 images/h", "60 frames/h")],
        "rates.csv:2:40",
        "moderation counts images, not frames ('60 frames/h')",
        "write `60 images/h`",
        id="a pace in another noun",
    ),
    pytest.param(
        [
            ("case.yaml", "rates: rates.csv\n", ""),
            ("case.yaml", "contract: {per: hour, price: 300 PHP/h}", "contract: {}"),
        ],
        "case.yaml:26:1",
        "no vendor has a price",
        "add `rates:`, or give a vendor `contract: {price: …}`",
        id="no price anywhere",
    ),
]


test_mistakes = told_once_each(MISTAKES)
