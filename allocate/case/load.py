"""Reading a case: file, scenario, tables, cost model, checks; every problem of every file in one pass."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from allocate.case import model as models
from allocate.case import scenarios
from allocate.case.checks import cross_check
from allocate.case.document import Document, Path_, graft
from allocate.case.files import read_text as read_bytes
from allocate.case.yaml_text import parse
from allocate.case.horizon import Periods, periods
from allocate.case.model import ModelFile, Source
from allocate.case.schema import CaseFile, Product, Vendor, Workflow
from allocate.case.tables import read_table
from allocate.case.validation import validate, validate_pruned
from allocate.errors import CaseError, Place, Problem
from allocate.units import BUILT_IN_COUNTS, Units


@dataclass(frozen=True)
class Case:
    """A checked case: what was asked, the cost model, and where everything was written."""

    file: CaseFile
    model: ModelFile
    workflows: Mapping[str, Workflow]
    """The workflows on any menu of the case, by name."""
    periods: Periods
    sources: Mapping[Path_, Source] = field(repr=False, default_factory=dict)
    """Where figures come from, by their path in the case, or after `model` in the cost model."""
    inputs: Mapping[str, str] = field(repr=False, default_factory=dict)
    """SHA-256 of every file read, by name."""
    scenario: str | None = None
    settings: tuple[str, ...] = ()
    document: Document = field(repr=False, default_factory=lambda: Document({}))

    @property
    def name(self) -> str:
        """The case's name."""
        return self.file.case

    @property
    def currency(self) -> str:
        """Currency of every result."""
        return self.file.currency

    @property
    def products(self) -> Mapping[str, Product]:
        """Products by name, in the file's order."""
        return self.file.products

    @property
    def vendors(self) -> Mapping[str, Vendor]:
        """Vendors by name, in the file's order."""
        return self.file.vendors

    def place(self, *path: str | int) -> Place | None:
        """Where something of the case was written."""
        return self.document.place(tuple(path))


def read_case(
    source: str | Path | Mapping[str, Any],
    scenario: str | None = None,
    settings: Mapping[str, Any] | Sequence[str] = (),
) -> Case:
    """Read and check a case: a folder with case.yaml, a file, or a mapping of the same shape.

    settings: overrides by dotted path, as a mapping or as `path=value` texts; laid over the scenario's.

    Raises CaseError with all problems found.
    """
    folder, document, files = _open(source)
    problems: list[Problem] = []
    overrides = scenarios.collect(document, scenario, settings)
    _override(document, [o for o in overrides if not _of_table(o)], problems)
    files += _tables(document, folder, problems)
    _override(document, [o for o in overrides if _of_table(o)], problems)
    sources = models.collapse_sources(document)
    parts, model_files, model_problems = _model(document, folder)
    problems += model_problems
    if parts is None:
        raise CaseError(problems)
    model, units, model_sources = parts
    spec, found = validate_pruned(document, CaseFile, {"units": units})
    problems += found
    if spec is not None:
        problems += cross_check(spec.value, model, document, spec.positions)
    if problems or spec is None:
        raise CaseError(sorted(problems, key=_order))
    file: CaseFile = spec.value
    case_files = {_shown(path, folder): _digest(path) for path in files}
    model_hashes = {f"model/{path.name}": _digest(path) for path in model_files}
    return Case(
        file=file,
        model=model,
        workflows=_workflows(file, model),
        periods=periods(file.horizon),
        sources={**sources, **{("model", *path): source for path, source in model_sources.items()}},
        inputs={**case_files, **model_hashes},
        scenario=scenario,
        settings=tuple(f"{path}={value}" for path, value in scenarios.pairs(settings)),
        document=document,
    )


def _order(problem: Problem) -> tuple[str, int, int]:
    place = problem.place
    return (place.file, place.line, place.column) if place else ("", 0, 0)


def _open(source: str | Path | Mapping[str, Any]) -> tuple[Path, Document, list[Path]]:
    if isinstance(source, Mapping):
        return Path.cwd(), Document(_plain(source), {(): Place("case")}), []
    path = Path(source)
    if path.is_dir():
        path = path / "case.yaml"
        if not path.exists():
            fix = "`allocate init DIR` writes a case to start from"
            raise CaseError([Problem(f"the folder {source} has no case.yaml", Place(str(source)), fix)])
    return path.parent, parse(read_bytes(path, path.name), path.name), [path]


def _plain(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if hasattr(data, "to_dict") and hasattr(data, "columns"):  # a pandas table
        return [{k: str(v) for k, v in row.items() if v == v and v is not None} for row in data.to_dict("records")]
    if isinstance(data, (list, tuple)):
        return [_plain(value) for value in data]
    return data


def _of_table(override: scenarios.Override) -> bool:
    return override[0].startswith("rates.")


def _override(document: Document, overrides: list[scenarios.Override], problems: list[Problem]) -> None:
    for override in overrides:
        try:
            scenarios.apply(document, override)
        except CaseError as error:
            problems += error.problems


def _tables(document: Document, folder: Path, problems: list[Problem]) -> list[Path]:
    """Put the rows of every table the case names in the place of its name; the files read."""
    data = document.data
    wanted: list[Path_] = [(key,) for key in ("rates", "calendar", "exchange") if isinstance(data.get(key), str)]
    products = data.get("products")
    for name, product in products.items() if isinstance(products, dict) else ():
        value = product.get("value") if isinstance(product, dict) else None
        curve = value.get("curve") if isinstance(value, dict) else None
        if isinstance(curve, str):
            wanted.append(("products", name, "value", "curve"))
        elif isinstance(curve, dict) and isinstance(curve.get("points"), str):
            wanted.append(("products", name, "value", "curve", "points"))
    files: list[Path] = []
    for path in wanted:
        reference: Any = data
        for step in path:
            reference = reference[step]
        try:
            table, file = read_table(folder, reference, document.place(path))
        except CaseError as error:
            problems += error.problems
            graft(document, path, Document({"rows": {} if path == ("exchange",) else []}), ("rows",))
            continue
        files.append(file)
        if path == ("exchange",):
            _exchange(table)
        graft(document, path, table, ("rows",))
    return sorted(set(files))


def _exchange(table: Document) -> None:
    """Turn rows of `week, PHP, EUR` into steps by currency, in place."""
    steps: dict[str, list[dict[str, str]]] = {}
    places = dict(table.values)
    for position, row in enumerate(table.data["rows"]):
        week = row.get("week") or row.get("from") or row.get("month") or ""
        unit = "month" if "month" in row else "week"
        for column, rate in row.items():
            if column in ("week", "from", "month"):
                continue
            currency = column.upper()
            entries = steps.setdefault(currency, [])
            table.values["rows", currency, len(entries), "rate"] = places["rows", position, column]
            entries.append({"from": f"{unit} {week}" if week.isdigit() else week, "rate": rate})
    table.data["rows"] = steps


def _model(
    document: Document, folder: Path
) -> tuple[tuple[ModelFile, Units, Mapping[Path_, Source]] | None, list[Path], list[Problem]]:
    reference = document.data.get("model", "annotation")
    if not isinstance(reference, str):
        place = document.place(("model",))
        return None, [], [Problem("model expects a name or a path", place, "write `model: annotation`")]
    try:
        raw, files = models.read_model_document(reference, folder, document.place(("model",)))
        sources = models.collapse_sources(raw)
        nouns = {**_nouns(raw), **_nouns(document)}
        units = Units(nouns)
        model = validate(raw, ModelFile, {"units": units})
        return (model, units, sources), files, []
    except CaseError as error:
        return None, [], list(error.problems)


def _nouns(document: Document) -> dict[str, str]:
    declared = document.data.get("units")
    if not isinstance(declared, dict):
        return {}
    problems = []
    fine = {}
    taken = Units().known()
    for singular, plural in declared.items():
        words = [singular, plural]
        if not all(isinstance(w, str) and w and w[0].isalpha() and not set(w) & set(" /%.") for w in words):
            place = document.place(("units", singular))
            problems.append(Problem(f"'{singular}: {plural}' does not name a unit", place, "write `scan: scans`"))
        elif clash := [w for w in words if w in set(taken) - set(BUILT_IN_COUNTS)]:
            place = document.place(("units", singular))
            problems.append(Problem(f"the unit '{clash[0]}' has a meaning already", place, "choose another word"))
        else:
            fine[singular] = plural
    if problems:
        raise CaseError(problems)
    return fine


def _workflows(file: CaseFile, model: ModelFile) -> dict[str, Workflow]:
    names = [*file.workflows, *(name for p in file.products.values() for name in p.workflows or ())]
    return {name: file.workflows.get(name) or model.workflows[name] for name in dict.fromkeys(names)}


def _shown(path: Path, folder: Path) -> str:
    return str(path.resolve().relative_to(folder.resolve()))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
