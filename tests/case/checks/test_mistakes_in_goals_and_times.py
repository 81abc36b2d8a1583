"""Mistakes in goals, rules, calendars and the horizon. Each gives one problem, at its place, with its fix."""

from __future__ import annotations

import pytest
from mistakes import told_once_each

MISTAKES = [
    pytest.param(
        [("case.yaml", "objective: net-value", "objective: cost")],
        "case.yaml:7:9",
        "hurdle has no meaning with `objective: cost`",
        "remove it, or write `objective: net-value`",
        id="a hurdle with objective cost",
    ),
    pytest.param(
        [("case.yaml", "objective: net-value", "objective: [net-value, net-value]")],
        "case.yaml:5:12",
        "the objective names a goal twice (net-value, net-value)",
        "list each goal once",
        id="an objective twice",
    ),
    pytest.param(
        [("case.yaml", "objective: net-value", "discount: 8%\nobjective: net-value")],
        "case.yaml:5:11",
        "discount expects a share per year, got a percentage ('8%')",
        "write it as in `8 %/year`",
        id="a discount rate without a year",
    ),
    pytest.param(
        [("case.yaml", "objective: net-value", "discount: -8 %/year\nobjective: net-value")],
        "case.yaml:5:11",
        "discount has a minus sign, and cannot be below 0 ('-8 %/year')",
        "write `8 %/year`",
        id="a discount rate below zero",
    ),
    pytest.param(
        [("case.yaml", "objective: net-value", "objective: net-valu")],
        "case.yaml:5:12",
        "objective does not know 'net-valu'",
        "did you mean 'net-value'?",
        id="an objective misspelt",
    ),
    pytest.param(
        [
            ("case.yaml", "    value: {curve: moderation.csv, worth: 18k USD/point, existing: 50_000 images}\n", ""),
            ("case.yaml", "    error-cost: 0.40 USD/image\n", ""),
        ],
        "case.yaml:5:12",
        "`objective: net-value` needs the value or error-cost of at least one product",
        "give a product `value:` or `error-cost:`, or write `objective: cost`",
        id="an objective of net value without values or costs of errors",
    ),
    pytest.param(
        [
            ("case.yaml", "objective: net-value", "objective: value"),
            ("case.yaml", "hurdle: 1.2\n", ""),
            ("case.yaml", "    value: {curve: moderation.csv, worth: 18k USD/point, existing: 50_000 images}\n", ""),
        ],
        "case.yaml:5:12",
        "`objective: value` needs the value of at least one product",
        "give a product `value:`, or write `objective: cost`",
        id="an objective of value with costs of errors alone",
    ),
    pytest.param(
        [("case.yaml", "{total: 250k USD,", "{total: 250k USD, per-month: 30k USD,")],
        "case.yaml:6:38",
        "the horizon is in weeks, the budget is per month",
        "write the amount of a week, as in `per-week: 20k USD`",
        id="a budget per month in a horizon of weeks",
    ),
    pytest.param(
        [("case.yaml", "products: [moderation]", "products: [moderaton]")],
        "case.yaml:6:78",
        "there is no product 'moderaton'",
        "did you mean 'moderation'?",
        id="a budget limit for an unknown product",
    ),
    pytest.param(
        [("case.yaml", "products: [moderation]}", "from: week 5, to: week 4}")],
        "case.yaml:6:86",
        "the limit 'boxes' ends before it starts",
        "move `to` later",
        id="a budget limit that ends before it starts",
    ),
    pytest.param(
        [("case.yaml", "vendor: each", "vendor: acne")],
        "case.yaml:41:70",
        "there is no vendor 'acne'",
        "did you mean 'acme'?",
        id="a rule for an unknown vendor",
    ),
    pytest.param(
        [("case.yaml", ", at-most: 80%", "")],
        "case.yaml:41:61",
        'rules."no vendor above most".share: a share needs at-most or at-least',
        "write it as in `at-most: 50%`",
        id="a rule without a limit",
    ),
    pytest.param(
        [("case.yaml", "vendor: each", "vendor: []")],
        "case.yaml:41:70",
        "the rule names no vendor",
        "write `vendor: each`, or the names",
        id="a rule that names nothing",
    ),
    pytest.param(
        [("case.yaml", "at-most: 80%", "at-most: 40%")],
        "case.yaml:41:96",
        "2 vendors with at most 40% each cannot make 100%",
        "write 50% or more, or add vendors",
        id="shares that cannot make 100%",
    ),
    pytest.param(
        [("case.yaml", "at-most: 80%", "at-least: 60%")],
        "case.yaml:41:97",
        "2 vendors with at least 60% each make more than 100%",
        "write at most 50%",
        id="shares that make more than 100%",
    ),
    pytest.param(
        [("case.yaml", "at-most: 80%", "at-most: 10%, at-least: 20%")],
        "case.yaml:41:61",
        'rules."no vendor above most".share: at-least is above at-most',
        "swap them",
        id="a share at least above at most",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "scenarios:\n",
                "  - {name: no vendor above most, share: {vendor: acme, at-most: 50%}}\nscenarios:\n",
            )
        ],
        "case.yaml:42:12",
        "two rules are named 'no vendor above most'",
        "rename one",
        id="two rules of one name",
    ),
    pytest.param(
        [("case.yaml", "from: week 8", "from: week 1")],
        "case.yaml:33:13",
        "the steps of vendors.acme.season are not in order of time",
        "list each period once, earliest first",
        id="season steps out of order",
    ),
    pytest.param(
        [("case.yaml", "900 h/week", "900 images/week")],
        "case.yaml:38:39",
        "'900 images/week' is not of the kind of acme's capacity ('1_200 h/week')",
        "use one unit for both",
        id="a calendar in another kind of capacity",
    ),
    pytest.param(
        [("case.yaml", "900 h/week", "900 images")],
        "case.yaml:38:39",
        "the capacity of one period is per week, got '900 images'",
        "write it like acme's capacity, which is '1_200 h/week'",
        id="a calendar's capacity without a week",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "vendor: acme, week: 3, capacity: 900 h/week",
                "vendor: in-house, week: 3, capacity: 900 h/week",
            )
        ],
        "case.yaml:38:43",
        "in-house has people, and its hours follow from them",
        "leave the capacity blank",
        id="a calendar for a vendor with people",
    ),
    pytest.param(
        [("case.yaml", "week: 3", "week: 30")],
        "case.yaml:38:26",
        "week 30 is after the horizon, which has 12 weeks",
        "drop the row, or lengthen the horizon",
        id="a calendar for a week past the horizon",
    ),
    pytest.param(
        [
            (
                "case.yaml",
                "workflows: [single-pass, sampled-5]",
                "  - {vendor: acme, week: 3}\nworkflows: [single-pass, sampled-5]",
            )
        ],
        "case.yaml:39:5",
        "two rows for acme in week 3",
        "keep one of them",
        id="two calendar rows for one week",
    ),
    pytest.param(
        [("case.yaml", "weeks: 12", "weeks: 0")],
        "case.yaml:4:37",
        "horizon.weeks is below 1 ('0')",
        "write it as in `12`",
        id="zero weeks",
    ),
    pytest.param(
        [("case.yaml", "weeks: 12", "weeks: 5000")],
        "case.yaml:4:10",
        "horizon: a horizon has at most 1,040 weeks or 240 months",
        "shorten it",
        id="5000 weeks",
    ),
    pytest.param(
        [("case.yaml", "weeks: 12", "weeks: 1.5")],
        "case.yaml:4:37",
        "horizon.weeks is not a whole number ('1.5')",
        "write it as in `12`",
        id="a week and a half",
    ),
    pytest.param(
        [("case.yaml", "weeks: 12", "weeks: 12 weeks")],
        "case.yaml:4:37",
        "horizon.weeks expects a plain number, got '12 weeks'",
        "write `12`",
        id="weeks with a unit",
    ),
    pytest.param(
        [("case.yaml", "weeks: 12", "weeks: 12, months: 3")],
        "case.yaml:4:10",
        "horizon: a horizon has either weeks or months",
        "write it as in `{start: 2027-01-04, weeks: 12}`",
        id="weeks and months",
    ),
    pytest.param(
        [("case.yaml", "2027-01-04", "9999-12-01")],
        "case.yaml:4:10",
        "the horizon runs past the year 9999",
        "start it earlier, or shorten it",
        id="a horizon past the year 9999",
    ),
    pytest.param(
        [("case.yaml", "2027-01-04", "2027-01-40")],
        "case.yaml:4:18",
        "horizon.start: '2027-01-40' is not in the calendar",
        "2027-01 has 31 days",
        id="a horizon that starts on no day",
    ),
    pytest.param(
        [("case.yaml", "2027-01-04", "week 3")],
        "case.yaml:4:18",
        "horizon.start: 'week 3' is not a date",
        "write it as in `2027-01-04`",
        id="a horizon that starts in a week",
    ),
    pytest.param(
        [("case.yaml", "hurdle: 1.2", "hurdle: 1.2 USD")],
        "case.yaml:7:9",
        "hurdle expects a plain number, got '1.2 USD'",
        "write `1.2`",
        id="a hurdle with a unit",
    ),
    pytest.param(
        [("case.yaml", "{people: 10, hours: 40 h/week,", "{people: 10, hours: 40 h/day,")],
        "case.yaml:27:33",
        "vendors.in-house.hours is more than the 24 hours of a day ('40 h/day')",
        "write it as in `40 h/week`",
        id="more hours than a day has",
    ),
    pytest.param(
        [("case.yaml", "{people: 10, hours: 40 h/week,", "{people: 10, hours: 800 h/month,")],
        "case.yaml:27:33",
        "vendors.in-house.hours is more than the 168 hours of a week ('800 h/month')",
        "write it as in `40 h/week`",
        id="more hours than a week has",
    ),
    pytest.param(
        [("case.yaml", "weeks: 12", "weeks: 12m")],
        "case.yaml:4:37",
        "horizon.weeks: '12m' has 'm' after its number",
        "write it as in `12`",
        id="a letter that would make millions of weeks",
    ),
    pytest.param(
        [("case.yaml", "hurdle: 1.2", "hurdle: 5k images")],
        "case.yaml:7:9",
        "hurdle expects a plain number, got '5k images'",
        "write `5k`",
        id="a number with thousands by a letter and a unit",
    ),
    pytest.param(
        [("case.yaml", "lead: 1 week", "lead: 8 h")],
        "case.yaml:31:11",
        "vendors.acme.lead expects calendar time of zero or more, got '8 h'",
        "write it as in `1 week` or `3 days`",
        id="a lead that is working time",
    ),
    pytest.param(
        [("case.yaml", "per: hour,", "per: hour, rework-paid: perhaps,")],
        "case.yaml:32:40",
        "vendors.acme.contract.rework-paid expects true or false, got 'perhaps'",
        "write `true` or `false`",
        id="truth that is neither",
    ),
    pytest.param(
        [("case.yaml", "budget: {total: 250k USD, ", "budget: {total: 250k USD, by: payed, ")],
        "case.yaml:6:31",
        "budget.by does not know 'payed'",
        "write one of worked, paid",
        id="a word for what counts towards the budget",
    ),
]


test_mistakes = told_once_each(MISTAKES)
