"""What a plan reaches of several goals in order, and what each may give up: written, and held against the plan's lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allocate.answers import Answer
from allocate.errors import Problem
from allocate.record.plain_values import is_number
from allocate.record.text import Path_, Text
from allocate.tolerances import STATUS_PROVEN

BEST: Path_ = ("run", "best")
LARGER_IS_BETTER = frozenset({"net-value", "value", "delivery"})


def goals_json(answer: Answer) -> dict[str, Any]:
    """Each goal with what the plan reaches of it, what it came to before it gave up anything, and the share it may; no key for a single one."""
    names, found = answer.case.file.objective, answer.verification
    if len(names) < 2 or found is None:
        return {}
    best = answer.run.get("best", {})
    goals = [
        {
            "goal": name,
            "reached": found.reached[name],
            "best": best.get(name),
            "give": answer.case.file.give.get(name, 0.0),
        }
        for name in names
    ]
    return {"goals": [{**goal, **_proven(answer, number, goal["best"])} for number, goal in enumerate(goals)]}


def _proven(answer: Answer, number: int, best: Any) -> dict[str, bool]:
    """Whether the first goal's best is what the proof says; nothing about others, whose best is the solver's word."""
    certificate = answer.certificate
    if number or certificate is None or not is_number(best):
        return {}
    return {"best_is_proven": abs(best - certificate.proven_of_pieces) <= answer.room}


def wrong_goals(answer: Answer, text: Text) -> Iterator[Problem]:
    """Goals that pass their best, or give up more than they may; figures of them are compared with all others."""
    best, found, certificate = text.data["run"].get("best"), answer.verification, answer.certificate
    names = answer.case.file.objective
    if len(names) < 2 or found is None:
        return
    if not isinstance(best, dict) or not all(is_number(best.get(name)) for name in best):
        yield Problem("the file does not say what each goal came to", text.place(("run",)))
        return
    for number, name in enumerate(names):
        if name not in best:
            continue
        sense = 1.0 if name in LARGER_IS_BETTER else -1.0
        most, reached = float(best[name]), found.reached[name]
        room = STATUS_PROVEN * max(abs(most), abs(reached), 1.0) + (
            answer.room if name in ("net-value", "value", "cost") else 0.0
        )
        words = name.replace("-", " ")
        if sense * (reached - most) > room:
            message = f"the best {words} is said to be {most:,.6g}, and the plan reaches {reached:,.6g}"
            yield Problem(message, text.place((*BEST, name)))
        give = float(answer.case.file.give.get(name, 0.0))
        if sense * (most - reached) > give * abs(most) + room:
            message = f"{words} gives up more than {give:.4g} of its best, {most:,.6g}: the plan reaches {reached:,.6g}"
            yield Problem(message, text.place(("goals",)))
        if not number and certificate is not None and sense * (most - certificate.proven_of_pieces) > answer.room:
            message = f"the best {words} is said to be {most:,.6g}, past the bound of all plans, {certificate.proven_of_pieces:,.6g}"
            yield Problem(message, text.place((*BEST, name)))
