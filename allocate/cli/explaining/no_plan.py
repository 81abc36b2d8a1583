"""Why a case has no plan, as people and programs read it."""

from __future__ import annotations

from typing import Any

from allocate.api import Answer
from allocate.cli.answer import headline


def as_json(answer: Answer) -> dict[str, Any]:
    """What keeps the case from having a plan, as one JSON object."""
    return {
        "case": answer.case.name,
        "status": answer.status.value,
        "currency": answer.case.currency,
        "reasons": [vars(reason) for reason in answer.reasons],
    }


def lines(answer: Answer) -> list[str]:
    """The same in sentences."""
    return headline(answer)
