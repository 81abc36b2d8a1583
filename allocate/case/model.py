"""Cost models: how long work takes, how good it comes out, what stands around it; shipped ones and a user's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from allocate.case import amounts as a
from allocate.case.document import Document, Path_, graft
from allocate.case.files import read_text as read_bytes
from allocate.case.yaml_text import parse
from allocate.case.schema import Block, Workflow
from allocate.errors import CaseError, Place, Problem


class Task(Block):
    """A kind of annotation: standard time of an item = base + sum of driver counts times seconds per driver."""

    title: str | None = None
    item: a.Name
    """The ordering unit: image, frame, page, clip …"""
    base: a.Effort
    """Hands-on time of an item with no driver in it."""
    drivers: dict[a.Name, a.Effort] = {}
    """Hands-on time of each unit of a driver."""
    default_drivers: dict[a.Name, a.DriverCount] = {}
    """Driver counts per item where a product names none."""
    complexity: dict[a.Name, a.Factor] = {}
    """Named factors on the standard time."""
    classes: a.Classes | None = None
    """Number of label classes, where it is fixed."""


class Activity(Block):
    """An overhead pool and the driver it is allocated by, for absorbed cost."""

    title: str | None = None
    driver: Literal["vendor-hours", "items", "eu", "spend", "vendors", "products"]
    rate: Any = None


class Region(Block):
    """A labour market: its hours, its calendar, its currency."""

    title: str | None = None
    currency: a.Name | None = None
    hours: a.HoursPerWeek | None = None
    holidays: a.Name | None = None
    """ISO country code of its holiday calendar."""
    attrition: a.PerYear | None = None
    wage: Any = None


class Defaults(Block):
    """What is taken where a case says nothing."""

    productivity: a.Factor = 1.0
    """Standard hours made per hour worked."""
    shrinkage: a.Share = 0.0
    """Share of paid hours not worked on items."""
    accuracy: a.Share
    """Accuracy of one pass."""
    correlation: a.Share = 0.0
    """How far errors of different passes go together."""
    utilisation_ceiling: a.Share = 1.0
    """Share of the hours there are that can be filled without queues growing."""
    learning_rate: a.Share | None = None
    """Share of the cumulative average time that is left at each doubling of output (Wright)."""
    noise: Literal["accuracy", "symmetric"] = "accuracy"
    """accuracy: a label trains by its accuracy; symmetric: by (1 - e C/(C-1))^2 for C classes and error e."""


class ModelFile(Block):
    """A cost model."""

    model: a.Name
    title: str | None = None
    description: str | None = None
    extends: a.Name | None = None
    """Another model this one adds to: a shipped one by name, or a path."""
    reference: a.Name
    """Task whose standard time is one equivalent unit."""
    reference_drivers: dict[a.Name, a.DriverCount] = {}
    units: dict[str, str]
    """Countable nouns, singular to plural."""
    tasks: dict[a.Name, Task]
    workflows: dict[a.Name, Workflow]
    activities: dict[a.Name, Activity] = {}
    regions: dict[a.Name, Region] = {}
    defaults: Defaults


@dataclass(frozen=True)
class Source:
    """Where a figure comes from: the work it was published in, or the reason for an assumption."""

    source: str
    status: str


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


def read_model_document(reference: str, folder: Path, place: Place | None) -> tuple[Document, list[Path]]:
    """A cost model's raw data, its `extends` chain merged (the nearer file wins), and the files it came from.

    Raises CaseError for a model that is not there, a cyclic chain, and whatever the files themselves have wrong.
    """
    chain: list[Document] = []
    files: list[Path] = []
    seen: list[Path] = []
    while True:
        home = _home(reference, folder, place)
        if home in seen:
            names = " -> ".join([*(path.name for path in seen), home.name])
            raise CaseError([Problem(f"the model refers to itself: {names}", place, "remove one `extends`")])
        seen.append(home)
        document, parts = _one(home)
        chain.append(document)
        files += parts
        parent = document.data.get("extends")
        if not isinstance(parent, str):
            break
        reference, folder, place = parent, home if home.is_dir() else home.parent, document.place(("extends",))
    merged = chain.pop()
    while chain:
        _overlay(merged, chain.pop())
    merged.data.pop("extends", None)
    return merged, files


def _home(reference: str, folder: Path, place: Place | None) -> Path:
    looks_like_path = "/" in reference or reference.endswith((".yaml", ".yml")) or reference.startswith(".")
    shipped = shipped_models()
    if not looks_like_path and (shipped / reference).is_dir():
        return (shipped / reference).resolve()
    path = (folder / reference).resolve()
    if path.is_file() or (path / "model.yaml").is_file():
        return path
    names = ", ".join(sorted(entry.name for entry in shipped.iterdir() if entry.is_dir()))
    fix = f"shipped models: {names}; or the path of a file of your own, as in `model: ./model.yaml`"
    raise CaseError([Problem(f"there is no cost model '{reference}'", place, fix)])


def _one(home: Path) -> tuple[Document, list[Path]]:
    files = (
        [home] if home.is_file() else [home / "model.yaml", *sorted(set(home.glob("*.yaml")) - {home / "model.yaml"})]
    )
    whole: Document | None = None
    problems: list[Problem] = []
    for file in files:
        shown = file.name if home.is_file() else f"{home.name}/{file.name}"
        try:
            document = parse(read_bytes(file, shown), shown)
        except CaseError as error:
            problems += error.problems
            continue
        if whole is None:
            whole = document
        else:
            _overlay(whole, document)
    if problems or whole is None:
        raise CaseError(problems)
    return whole, files


def _overlay(base: Document, top: Document, path: Path_ = ()) -> None:
    """Merge mappings key by key into base; anything else is replaced. Depth stops at a named thing's own keys."""
    target: Any = base.data
    source: Any = top.data
    for step in path:
        target, source = target[step], source[step]
    for key, value in source.items():
        where = (*path, key)
        if isinstance(value, Mapping) and isinstance(target.get(key), Mapping):
            _overlay(base, top, where)
        else:
            graft(base, where, top, where)


def collapse_sources(document: Document) -> dict[Path_, Source]:
    """Replace every `{value: …, source: …}` by its value, in place; what was said of the source, by path."""
    sources: dict[Path_, Source] = {}

    def visit(data: Any, path: Path_) -> Any:
        if isinstance(data, dict):
            if "value" in data and "source" in data and set(data) <= {"value", "source", "status"}:
                sources[path] = Source(str(data["source"]), str(data.get("status") or "given"))
                inner = document.values.get((*path, "value"))
                if inner is not None:
                    document.values[path] = inner
                return data["value"]
            return {key: visit(value, (*path, key)) for key, value in data.items()}
        if isinstance(data, list):
            return [visit(value, (*path, position)) for position, value in enumerate(data)]
        return data

    document.data = visit(document.data, ())
    return sources
