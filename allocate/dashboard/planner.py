"""Planning again with every move: the case is read once, plans that were seen are kept, only the last move counts."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from allocate.answers import Answer, UnverifiedPlanError
from allocate.api.solving import solve
from allocate.case.load import Case, read_case, revised
from allocate.case.scenarios import pairs as pairs_of
from allocate.dashboard.levers import Lever, levers
from allocate.dashboard.moves import Moves, Pairs, command_line, moves_of, scenario_of
from allocate.dashboard.tiles import Standing, standing
from allocate.errors import CaseError
from allocate.solvers.outcome import Limit

KEPT = 256
"""Moves whose page is kept."""
PAGES = 64
"""Pages in a browser that are told apart; of one that was open before them, an old plan is not called off."""


class SupersededError(Exception):
    """A later move of the same page came before the plan was there."""


@dataclass(frozen=True)
class Asked:
    """What is planned: from where, with what laid over it, and how long."""

    source: Path
    scenario: str | None = None
    settings: tuple[str, ...] = ()
    time_limit: float = 10.0
    """s, for the plan of a move."""
    against: tuple[str, Standing] | None = None
    """A plan that tiles are held against beside the case, with what it is called."""
    actuals: tuple[Path, ...] = ()
    """Folders of what was done."""
    can_save: bool = True


@dataclass(frozen=True)
class Ground:
    """A case with one of its scenarios laid over it, and its levers."""

    case: Case
    levers: tuple[Lever, ...]


@dataclass(frozen=True)
class Planned:
    """A move with its plan, or why there is none."""

    moves: Moves
    ground: Ground
    case: Case
    settings: Mapping[str, Any]
    answer: Answer


class Planner:
    """Plans of one case and of what the levers make of it."""

    def __init__(self, asked: Asked, case: Case | None = None) -> None:
        self.asked = asked
        self._lock = threading.Lock()
        self._cancel: OrderedDict[str, threading.Event] = OrderedDict()
        self.seen: OrderedDict[str, Any] = OrderedDict()
        """What was made of moves, by their key; the last `KEPT`."""
        self._start(case or read_case(asked.source, asked.scenario, asked.settings))

    def _start(self, case: Case) -> None:
        self.case = case
        self._grounds: dict[str, Ground] = {}
        self.base: Standing | None = None
        self._base_known = False
        self.seen.clear()

    @property
    def is_outdated(self) -> bool:
        """Whether a file beside the case was changed since it was read."""
        files = ((self.case.folder / name, digest) for name, digest in self.case.inputs.items())
        return any(path.is_file() and sha256(path.read_bytes()).hexdigest() != digest for path, digest in files)

    def reread(self) -> None:
        """Read the case from its files again, as after a scenario was saved."""
        case = read_case(self.asked.source, self.asked.scenario, self.asked.settings)
        with self._lock:
            self._start(case)

    @property
    def file(self) -> Path | None:
        """The case's own file, where it is one that a scenario can be written into."""
        source = self.asked.source
        path = source / "case.yaml" if source.is_dir() else source
        return path if path.name in self.case.inputs and path.suffix in (".yaml", ".yml") else None

    def ground(self, scenario: str = "") -> Ground:
        """The case with a scenario."""
        if scenario not in self._grounds:
            case = self._with(scenario) if scenario else self.case
            self._grounds[scenario] = Ground(case, levers(case))
        return self._grounds[scenario]

    def _with(self, scenario: str) -> Case:
        """The case with a scenario, below what the command line sets, as the command would read it."""
        if self.asked.settings:
            return read_case(self.asked.source, scenario, self.asked.settings)
        return revised(self.case, {}, scenario)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Scenarios that can be laid over the case; none where it is one of them itself."""
        return () if self.asked.scenario else tuple(self.case.file.scenarios)

    def moves(self, pairs: Pairs) -> tuple[Ground, Moves]:
        """The moves of a form; raises CaseError for what cannot be."""
        scenario = scenario_of(pairs, self.scenarios)
        ground = self.ground(scenario)
        return ground, moves_of(pairs, scenario, ground.levers)

    def changed(self, pairs: Pairs) -> Case:
        """The case that the moves of a form make; raises CaseError for what cannot be."""
        ground, moves = self.moves(pairs)
        settings = moves.settings(ground.levers)
        return revised(ground.case, settings) if settings else ground.case

    def plan(self, pairs: Pairs, page: str = "") -> Planned:
        """The plan of a form's moves; raises CaseError for what cannot be, SupersededError where a later move came."""
        ground, moves = self.moves(pairs)
        settings = moves.settings(ground.levers)
        mine = threading.Event()
        before = self._cancel.pop(page, None)
        if before is not None:
            before.set()
        self._cancel[page] = mine
        while len(self._cancel) > PAGES:
            self._cancel.popitem(last=False)
        with self._lock:
            if mine.is_set():
                raise SupersededError
            case = revised(ground.case, settings) if settings else ground.case
            answer = self._solved(case, mine)
            if self._cancel.get(page) is mine:
                del self._cancel[page]
            if not self._base_known:
                whole = answer if case is self.case else self._solved(self.case, None)
                self.base, self._base_known = standing(whole), True
        return Planned(moves, ground, case, settings, answer)

    def _solved(self, case: Case, cancel: threading.Event | None) -> Answer:
        try:
            answer = solve(case, time_limit=self.asked.time_limit, cancel=cancel, conflicts=False)
        except UnverifiedPlanError as error:
            message = "the plan of this move failed its check, which is a fault of the program and not of the case"
            raise CaseError.of(f"{message}: {error.violations[0]}", None, "please report it") from None
        if answer.limit is Limit.INTERRUPT and cancel is not None and cancel.is_set():
            raise SupersededError
        return answer

    @property
    def others(self) -> dict[str, Standing]:
        """Plans that tiles are held against, by what these are called."""
        found = {"the case": self.base} if self.base is not None else {}
        return {**found, **(dict([self.asked.against]) if self.asked.against is not None else {})}

    def keep(self, key: str, made: Any) -> Any:
        """Keep what was made of a move."""
        self.seen[key] = made
        self.seen.move_to_end(key)
        while len(self.seen) > KEPT:
            self.seen.popitem(last=False)
        return made

    def commands(self, planned: Planned) -> tuple[str, ...]:
        """The command that plans what is shown, and the one that explains it."""
        scenario, settings = self._laid(planned.moves, planned.settings)
        source = str(self.asked.source)
        return tuple(command_line(source, scenario, settings, verb) for verb in ("solve", "explain"))

    def _laid(self, moves: Moves, settings: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
        """Scenario and settings that make the same of the case as it is written."""
        given = dict(pairs_of(self.asked.settings))
        return moves.scenario or self.asked.scenario, {**given, **settings}

    def to_save(self, moves: Moves, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of a scenario of its own that makes the same of the case."""
        scenario, own = self._laid(moves, settings)
        written = self.case.document.data.get("scenarios") or {}
        return {**(written.get(scenario) or {}), **own} if scenario else own
