"""What a form of the page says: which levers stand where, and the settings and the command line that come of it."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from allocate.case.names import suggestion
from allocate.case.saved_scenario import in_flow
from allocate.dashboard.levers import AS_IT_IS, Lever, Slider
from allocate.errors import CaseError, Place, Problem

SCENARIO, OWN_PATH, OWN_VALUE = "scenario", "path", "value"
"""Fields of the form beside those of levers: the scenario, and path and value of each setting that was added by search."""
MOST_FIELDS, MOST_TEXT = 2_000, 4_000
"""Fields of a form, and characters of each, that are read at most."""
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Moves:
    """How the case is changed: a scenario of it, levers away from where they stand, and settings by path."""

    scenario: str = ""
    levers: Mapping[str, str] = field(default_factory=dict)
    """Field and value of each lever that was moved."""
    own: tuple[tuple[str, str], ...] = ()
    """Path and value, as `--set` takes them."""

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The same as fields of a form."""
        own = [pair for path, value in self.own for pair in ((OWN_PATH, path), (OWN_VALUE, value))]
        return [*([(SCENARIO, self.scenario)] if self.scenario else []), *self.levers.items(), *own]

    @property
    def query(self) -> str:
        """The same as the query of an address."""
        return urlencode(self.pairs)

    @property
    def key(self) -> str:
        """A name for it: the same for the same moves."""
        return hashlib.sha256(self.query.encode("utf-8", "surrogatepass")).hexdigest()[:20]

    def settings(self, known: Iterable[Lever]) -> dict[str, Any]:
        """Paths and values that the levers and the settings by path set, in order."""
        found: dict[str, Any] = {}
        for one in known:
            if one.field in self.levers:
                found |= one.settings(self.levers[one.field])
        return {**found, **dict(self.own)}


def scenario_of(pairs: Pairs, known: Sequence[str]) -> str:
    """The scenario a form names; empty without one. Raises CaseError for one that is not known."""
    name = next((value for key, value in pairs if key == SCENARIO), "")
    if name and name not in known:
        listed = ", ".join(known) or "none can be chosen here"
        raise CaseError.of(f"there is no scenario '{name}'", Place(SCENARIO), f"scenarios: {listed}")
    return name


def moves_of(pairs: Pairs, scenario: str, known: Sequence[Lever]) -> Moves:
    """The moves a form says, levers at their place left out.

    Raises CaseError, with all problems, for a lever the case does not have and for a value it cannot take.
    """
    if len(pairs) > MOST_FIELDS or any(len(text) > MOST_TEXT for pair in pairs for text in pair):
        raise CaseError.of("the form is larger than any of this page", None, "load the page again")
    by_field = {one.field: one for one in known}
    moved: dict[str, str] = {}
    problems: list[Problem] = []
    names, values = ([value for key, value in pairs if key == field] for field in (OWN_PATH, OWN_VALUE))
    for key, value in pairs:
        if not key.startswith("lever:"):
            continue
        lever = by_field.get(key)
        if lever is None:
            fix = suggestion(key, list(by_field)) or "load the page again"
            problems.append(Problem(f"there is no lever '{key.removeprefix('lever:')}'", None, fix))
            continue
        try:
            if lever.settings(value):
                moved[key] = value
        except ValueError as error:
            problems.append(Problem(f"'{lever.name}' cannot stand at '{value}'", None, f"take {error}"))
    own = [(path.strip(), value.strip()) for path, value in zip(names, values, strict=False) if path.strip()]
    if len(names) != len(values):
        problems.append(Problem("a setting has a path without a value", None, "load the page again"))
    if problems:
        raise CaseError(problems)
    ordered = {one.field: moved[one.field] for one in known if one.field in moved}
    return Moves(scenario, ordered, tuple(dict(own).items()))


def position(moves: Moves, lever: Lever) -> str:
    """Where a lever stands, as the form has it."""
    return moves.levers.get(lever.field, str(AS_IT_IS) if isinstance(lever, Slider) else "")


def command_line(source: str, scenario: str | None, settings: Mapping[str, Any], verb: str = "solve") -> str:
    """The command that plans the same, ready to be pasted into a shell."""
    words = ["allocate", verb, source, *(["--scenario", scenario] if scenario else [])]
    for path, value in settings.items():
        words += ["--set", f"{path}={value if isinstance(value, str) else in_flow(value)}"]
    return " ".join(map(shlex.quote, words))
