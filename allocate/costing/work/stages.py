"""Stages of a workflow over time: when each begins, and the hours it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocate.case.load import Case
from allocate.costing.terms.rate_card import RateLines
from allocate.costing.work.workflows import Work
from allocate.numbers import Floats, Integers
from allocate.units import Quantity

STAGES = ("label", "adjudicate", "review", "rework")
"""Stages an item goes through, in order; delivery follows the last."""


@dataclass(frozen=True, eq=False)
class Stages:
    """When the stages of each route begin and what they take of one delivered item; arrays of shape (R, 4)."""

    begins: Integers
    """Periods from the beginning of the work."""
    hours: Floats
    """Hours of the vendor."""
    review_hours: Floats
    """Hours of the review team."""


def staged(case: Case) -> bool:
    """Whether any workflow says how long its stages take."""
    return any(workflow.leads is not None for workflow in case.workflows.values())


def columns_of(case: Case, name: str, lines: RateLines, done: Work) -> dict[str, NDArray[Any]]:
    r"""Beginning and hours of each stage of a workflow's lines, as columns of the routes.

    .. math:: b_s = \Bigl\lceil \ell_v + \sum_{s' < s} \ell_{s'} \Bigr\rceil, \qquad b_1 = 0

    in whole periods, with :math:`\ell_v` the vendor's lead and :math:`\ell_s` that of each stage: sums are rounded up,
    not their parts. What a review sends back is done again, and checked again, in the rework stage.
    """
    leads = case.workflows[name].leads
    begins = np.zeros((len(lines), len(STAGES)), dtype=np.int32)
    if leads is None:
        begins[:, 1:] = whole_periods(case, lines.lead)[:, None]
        nothing = np.zeros((len(lines), len(STAGES) - 1))
        all_at_once = [np.column_stack([one, nothing]) for one in (done.hours, done.review_hours)]
        return {"stage_begins": begins, "stage_hours": all_at_once[0], "stage_review_hours": all_at_once[1]}
    weeks = lines.lead.astype(np.float64)
    for stage, lead in enumerate((leads.label, leads.adjudicate, leads.review)):
        weeks = weeks + (lead.number if lead is not None else 0.0)
        begins[:, stage + 1] = whole_periods(case, weeks)
    first, none = 1.0 / done.repeat, np.zeros(len(lines))
    again = np.where(lines.finished_pace, 0.0, 1.0 - first)
    hours = np.column_stack([done.hours * (1.0 - again), none, none, done.hours * again])
    checked = done.adjudicating + done.checking
    corrected = done.review_hours - checked + checked * (1.0 - first)
    review = np.column_stack([none, done.adjudicating * first, done.checking * first, corrected])
    return {"stage_begins": begins, "stage_hours": hours, "stage_review_hours": review}


def weeks_after(case: Case, name: str) -> float:
    """Weeks the stages of a workflow take together, beyond the vendor's lead."""
    leads = case.workflows[name].leads
    each = () if leads is None else (leads.label, leads.adjudicate, leads.review, leads.rework)
    return float(sum(lead.number for lead in each if lead is not None))


def whole_periods(case: Case, weeks: Floats) -> Integers:
    """Weeks rounded up to whole periods, shape (N,); a thousand million stand for more, which no horizon has."""
    each, which = np.unique(weeks, return_inverse=True)
    found = [min(case.periods.lead(Quantity(number)), 10**9) for number in each.tolist()]
    return np.array(found, dtype=np.int32)[which]


def taken(columns: Mapping[str, NDArray[Any]]) -> Stages | None:
    """The stages among columns of the routes; None where no workflow says how long they take."""
    if "stage_begins" not in columns:
        return None
    return Stages(columns["stage_begins"], columns["stage_hours"], columns["stage_review_hours"])
