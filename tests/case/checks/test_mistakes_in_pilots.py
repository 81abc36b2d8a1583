"""Mistakes in pilots: each told once, at its place, with what to write."""

from __future__ import annotations

from typing import Any

from mistakes import told_once_each

FIRST = "pilots: {p: {vendor: acme, product: moderation, items: [50, 100], by: week 2, decide: week 3}}\n"


def pilot(old: str, new: str) -> list[Any]:
    """The edit that gives the case a pilot with something else in it."""
    assert old in FIRST
    return [("case.yaml", "products:\n", FIRST.replace(old, new) + "products:\n")]


def also(text: str) -> list[Any]:
    """The edit that gives the pilot more keys."""
    return pilot("decide: week 3", f"decide: week 3, {text}")


SECOND = pilot("}}", "}, q: {vendor: acme, product: moderation, items: 20, by: week 1, decide: week 2}}")
"""A second pilot of the same pair."""

MISTAKES = [
    (pilot("acme", "acmee"), 'case.yaml:10:22', "there is no vendor 'acmee'", "did you mean 'acme'?"),
    (pilot("moderation", "moderatin"), 'case.yaml:10:37', "there is no product 'moderatin'", "did you mean 'moderation'?"),
    (pilot("[50, 100]", "[100, 50]"), 'case.yaml:10:56', "'50' follows '100', and is not more", 'write the sizes from small to large, each once'),
    (pilot("[50, 100]", "[50, 50.5]"), 'case.yaml:10:56', "'50.5' is not a whole number of items", 'write whole numbers'),
    (pilot("[50, 100]", "[0]"), 'case.yaml:10:56', 'the pilot has no size but 0', 'write sizes, as in `[50, 100, 200]`'),
    (pilot("[50, 100]", "[50 scans]"), 'case.yaml:10:56', "moderation counts images, not scans ('50 scans')", 'write `50 images`'),
    (pilot("[50, 100]", "{}"), 'case.yaml:10:56', 'pilots.p.items: sizes are listed, or bounded by `up-to`', 'write `items: [50, 100, 200]`, or `items: {up-to: 500}`'),
    (pilot("[50, 100]", "2_000_000"), 'case.yaml:10:56', "the pilot would be all of moderation ('2_000_000' of '120_000 images'): nothing is left to decide", 'write a size below the demand'),
    (pilot("week 2", "week 30"), 'case.yaml:10:71', "'week 30' is after the horizon ends (2027-03-28)", 'write an earlier one, or lengthen the horizon'),
    (pilot("decide: week 3", "decide: week 1"), 'case.yaml:10:87', "the pilot ends with 'week 2', and 'week 1' is decided before that", 'write a later period, as in `week 3`'),
    (also("learns: pace"), 'case.yaml:10:13', 'pilots.p: a pace is measured on people, and the pilot has none', 'add how many, as in `annotators: 5`'),
    (also("learns: [accuracy, accuracy]"), 'case.yaml:10:13', 'pilots.p: the pilot learns something twice', 'name each once'),
    (also("learns: []"), 'case.yaml:10:13', 'pilots.p: the pilot learns nothing', 'write what it measures, as in `learns: [accuracy, pace]`'),
    (also("learns: acuracy"), 'case.yaml:10:103', "pilots.p.learns does not know 'acuracy'", "did you mean 'accuracy'?"),
    (also("annotators: 200"), 'case.yaml:10:107', "200 annotators share '100': not an item each", 'write fewer people, or more items'),
    (also("annotators: 0"), 'case.yaml:10:13', 'pilots.p: a pilot needs a person', 'write it as in `annotators: 5`'),
    (also("check: {share: 50%}"), 'case.yaml:10:102', 'pilots.p.check: the check has neither time nor cost', 'write it as in `check: {time: 30 s/image, wage: 40 USD/h}`'),
    (also("check: {wage: 40 USD/h, cost: 1 USD/image}"), 'case.yaml:10:102', 'pilots.p.check: a wage pays checking time, and there is none', 'add `time: 30 s/image`, or remove `wage`'),
    (also("check: {share: 0%, cost: 1 USD/image}"), 'case.yaml:10:102', 'pilots.p.check: no item is checked', 'write the share that is, as in `share: 100%`'),
    (also("early-look: {poor: 95%, good: 85%}"), 'case.yaml:10:107', 'pilots.p.early-look: poor is not below good', 'write the accuracy at which you would not take it first'),
    (also("early-look: {poor: 85%, good: 95%, wrongly-go: 0%}"), 'case.yaml:10:107', 'pilots.p.early-look: a chance of erring is not between 0% and 100%', 'write them as in `wrongly-go: 5%`'),
    (SECOND, 'case.yaml:10:99', 'p (line 10) is a pilot of acme with moderation too', 'keep one, and list its sizes under `items`'),
]  # fmt: skip

test_mistakes = told_once_each(MISTAKES)
