"""Reading a cost model: shipped ones by name, a user's own by path, each with what it extends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

from allocate.case.attached import spots_of, without
from allocate.case.document import Document, Path_
from allocate.case.files import ALLOW, is_within, read_text, resolved
from allocate.case.model import ModelFile
from allocate.case.model_checks import model_problems
from allocate.case.names import nearest, suggestion
from allocate.case.overlays import overlay
from allocate.case.paths import dotted
from allocate.case.scenarios import apply, steps
from allocate.case.sources import Source, collapse_sources
from allocate.case.spreads.collapse import collapse_spreads
from allocate.case.spreads.spread import Spread
from allocate.case.validation import validate_pruned
from allocate.case.yaml_text import parsed
from allocate.errors import CaseError, Place, Problem
from allocate.units import BUILT_IN_COUNTS, Units

CHANGES = "model-changes"
"""Key of a case under which it changes figures of its cost model."""
Texts = tuple[tuple[str, str], ...]
"""Name and text of each file of one model."""


@dataclass(frozen=True)
class Reading:
    """A cost model as read, as far as it could be."""

    model: ModelFile | None = None
    units: Units | None = None
    document: Document = field(default_factory=lambda: Document({}))
    sources: Mapping[Path_, Source] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of every file, by name."""
    spreads: Mapping[str, Spread] = field(default_factory=dict)
    """Figures that are not known exactly, by how a case sets them."""


@cache
def shipped_models() -> Path:
    """The folder of the cost models that ship with the package, or the checkout's.

    Raises FileNotFoundError when neither is there.
    """
    installed = Path(str(resources.files("allocate"))) / "models"
    if installed.is_dir():
        return installed
    checkout = Path(str(resources.files("allocate"))).parent
    if (checkout / "models").is_dir() and (checkout / "pyproject.toml").is_file():
        return checkout / "models"
    raise FileNotFoundError("the cost models are missing from this installation; install the package again")


def read_model(
    reference: str,
    folder: Path,
    place: Place | None,
    nouns: Mapping[str, str],
    problems: Sequence[Problem] = (),
    allowed: Iterable[Path] = (),
    changes: Document | None = None,
) -> Reading:
    """A cost model, its `extends` chain merged (the nearer file wins), with the nouns of a case added to its own.

    changes: a case that changes figures of it, under `model-changes`. Its files lie in the folder, in one of those allowed, or among those that ship.

    problems: what is wrong with the nouns; then the reading has no units, as amounts could not be read.

    Problems are kept in the reading: a model that is not there, a cyclic chain, whatever the files have wrong.
    """
    try:
        if reference in _shipped_names():
            chain, inputs = _shipped_chain(reference)
        else:
            chain = _chain(reference, folder, place, (folder, shipped_models(), *allowed))
            inputs = _digests(chain)
    except CaseError as error:
        return Reading(problems=(*error.problems, *problems))
    reading = _built(chain, tuple(nouns.items())) if changes is None else _changed(chain, tuple(nouns.items()), changes)
    if problems:
        return Reading(problems=(*reading.problems, *problems), inputs=inputs)
    return replace(reading, inputs=inputs)


def case_nouns(document: Document) -> tuple[dict[str, str], list[Problem]]:
    """Countable nouns a file declares under `units`, singular to plural, and the problems of those left out."""
    declared = document.data.get("units")
    problems: list[Problem] = []
    fine: dict[str, str] = {}
    taken = set(Units().known())
    for singular, plural in declared.items() if isinstance(declared, dict) else ():
        if not isinstance(plural, str):
            continue  # the schema says so
        place = document.place(("units", singular))
        words = {singular: None, plural: None}
        used = {word for pair in fine.items() for word in pair}
        if not all(word[:1].isalpha() and not set(word) & set(" /%.'\"") for word in words):
            problems.append(
                Problem(f"'{singular}: {plural}' does not name a unit", place, "write it as in `scan: scans`")
            )
        elif (singular, plural) != ("item", BUILT_IN_COUNTS["item"]) and (
            clash := [w for w in words if w in taken or w in used]
        ):
            message = f"the unit '{clash[0]}' has a meaning already"
            problems.append(Problem(message, place, "choose another word"))
        else:
            fine[singular] = plural
    return fine, problems


def _chain(reference: str, folder: Path, place: Place | None, within: tuple[Path, ...]) -> tuple[Texts, ...]:
    """The files of a model and of all it extends, nearest first."""
    chain: list[Texts] = []
    seen: list[Path] = []
    while True:
        home = _home(reference, folder, place, within)
        if home in seen:
            names = " -> ".join(_model_name(path) for path in [*seen, home])
            raise CaseError.of(f"the model extends itself: {names}", place, "remove one `extends`")
        seen.append(home)
        texts = _texts(home, place, within)
        chain.append(texts)
        shown, text = texts[0]
        first = parsed(text, shown)
        parent = first.data.get("extends")
        if not isinstance(parent, str):
            return tuple(chain)
        reference, folder, place = parent, home if home.is_dir() else home.parent, first.place(("extends",))


@cache
def _shipped_chain(reference: str) -> tuple[tuple[Texts, ...], Mapping[str, str]]:
    """The files of a model that ships, and their digests: nobody changes them while the program runs."""
    chain = _chain(reference, shipped_models(), None, (shipped_models(),))
    return chain, _digests(chain)


def _digests(chain: tuple[Texts, ...]) -> dict[str, str]:
    return {f"model/{name}": hashlib.sha256(text.encode()).hexdigest() for texts in chain for name, text in texts}


def _model_name(home: Path) -> str:
    return home.parent.name if home.name == "model.yaml" else home.name


def _home(reference: str, folder: Path, place: Place | None, within: tuple[Path, ...]) -> Path:
    looks_like_path = "/" in reference or reference.endswith((".yaml", ".yml")) or reference.startswith(".")
    shipped = shipped_models()
    known = _shipped_names()
    if not looks_like_path and reference in known:
        return (shipped / reference).resolve()
    path = resolved(folder, reference) if reference else None
    if path is not None and not is_within(path, within) and (looks_like_path or path.exists()):
        raise CaseError([_outside(reference, place)])
    if path is not None and path.is_file():
        return path
    if path is not None and (path / "model.yaml").is_file():
        return path
    close = nearest(reference, known)
    fix = (
        f"did you mean '{close}'?"
        if close
        else f"shipped models: {', '.join(known)}; or the path of a file of your own, as in `model: ./model.yaml`"
    )
    raise CaseError.of(f"there is no cost model '{reference}'", place, fix)


@cache
def _shipped_names() -> list[str]:
    return sorted(entry.name for entry in shipped_models().iterdir() if (entry / "model.yaml").is_file())


def _outside(name: str, place: Place | None) -> Problem:
    fix = f"copy it beside case.yaml, so that the case is whole in one folder; {ALLOW}"
    return Problem(f"the cost model '{name}' lies outside the case's folder", place, fix, code="E-outside")


def _texts(home: Path, place: Place | None, within: tuple[Path, ...]) -> Texts:
    """Name and text of each file of a model: `model.yaml` first, then the others of its folder by name."""
    files = (
        [home] if home.is_file() else [home / "model.yaml", *sorted(set(home.glob("*.yaml")) - {home / "model.yaml"})]
    )
    found: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for file in files:
        shown = file.name if home.is_file() else f"{home.name}/{file.name}"
        if not is_within(file.resolve(), within):
            problems.append(_outside(shown, place))
            continue
        try:
            text = read_text(file, shown)
            parsed(text, shown)
            found.append((shown, text))
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)
    return tuple(found)


@lru_cache(maxsize=8)
def _built(chain: tuple[Texts, ...], nouns: tuple[tuple[str, str], ...]) -> Reading:
    """The model of a chain of texts; equal texts give the same reading, which nobody changes."""
    return _read(_merged(chain), nouns)


def _changed(chain: tuple[Texts, ...], nouns: tuple[tuple[str, str], ...], case: Document) -> Reading:
    """The same with the changes of a case laid over it."""
    merged, problems = _merged(chain), list[Problem]()
    known = list(merged.data)
    for path in case.data[CHANGES]:
        where, first = (CHANGES, path), "".join(steps(path)[:1])
        try:
            if first not in known:
                fix = suggestion(first, known) or "write it as in `tasks.image.bounding-box.base`"
                raise CaseError.of(f"the cost model has no '{first}'", case.place(where, of_key=True), fix)
            apply(merged, (path, case, where))
        except CaseError as error:
            problems += error.problems
    reading = _read(merged, nouns)
    return replace(reading, problems=(*problems, *reading.problems))


def _merged(chain: tuple[Texts, ...]) -> Document:
    """The files of a chain as one document."""
    merged = Document({})
    for texts in reversed(chain):
        for name, text in texts:
            overlay(merged, parsed(text, name))
    merged.data.pop("extends", None)
    return merged


def _read(merged: Document, nouns: tuple[tuple[str, str], ...]) -> Reading:
    """The model of a document; its spreads are replaced by their P50 in it."""
    sources = collapse_sources(merged)
    own, problems = case_nouns(merged)
    units = Units({**own, **dict(nouns)})
    if problems:
        return Reading(None, None, merged, sources, tuple(problems))
    spread = collapse_spreads(merged, ModelFile, units, sources)
    sources |= spread.sources
    spec, wrong = validate_pruned(merged, ModelFile, {"units": units})
    found = [*spread.problems, *without(wrong, spots_of(spread.places))]
    if spec is None:
        return Reading(None, units, merged, sources, tuple(found))
    found += model_problems(spec.value, merged, units)
    named = [
        replace(one, name=dotted(CHANGES, ".".join(map(str, one.path))), path=("model", *one.path))
        for one in spread.spreads.values()
    ]
    return Reading(spec.value, units, merged, sources, tuple(found), spreads={one.name: one for one in named})
