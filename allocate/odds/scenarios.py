"""One scenario as a case: every drawn amount in place of its P50, and nothing uncertain left."""

from __future__ import annotations

from dataclasses import replace

from allocate.case.load import Case, revised, with_facts_of
from allocate.odds.drawing import Draws, without_spreads


def settings_of(draws: Draws, s: int) -> dict[str, str]:
    """Scenario s (from 0) as settings: each drawn amount by its dotted path, as `--set` takes it, all its digits kept."""
    moved = draws.spreads.moved
    return {name: moved[name].amount(float(values[s])) for name, values in draws.amounts.items()}


def scenario_case(case: Case, draws: Draws, s: int) -> Case:
    """The case of scenario s (from 0), with every drawn amount as it comes to there and no spread left.

    What is done stays as it was: facts have no spread.
    Weeks are what they are on average: how each differs by itself (`Draws.weekly`) is for those who count week by week.

    Raises CaseError where an amount that was drawn cannot stand in the case.
    """
    settings = {name: text for name, text in settings_of(draws, s).items() if text != draws.spreads.moved[name].text}
    there = revised(case, settings) if settings else case
    return with_facts_of(replace(there, spreads=without_spreads(case.spreads)), case)
