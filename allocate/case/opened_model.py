"""The cost model that a name, a path or a case means, with what the case adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from allocate.case.files import ALLOWED, read_text
from allocate.case.load import read_case
from allocate.case.model import ModelFile
from allocate.case.model_files import read_model
from allocate.case.schema import Workflow
from allocate.case.workbook import is_workbook
from allocate.case.yaml_text import parse
from allocate.errors import CaseError
from allocate.units import Units


@dataclass(frozen=True)
class OpenedModel:
    """A cost model, or that of a case with the case's own workflows and units."""

    model: ModelFile
    workflows: Mapping[str, Workflow]
    units: Mapping[str, str]
    """Countable nouns, singular to plural."""
    case: str | None = None
    """The case it was opened for."""


def open_model(reference: str) -> OpenedModel:
    """The model of a name (`annotation`), of a path, or of a case (a folder with case.yaml, or a file).

    Raises CaseError with all problems of the model or the case.
    """
    path = Path(reference)
    if _is_case(path):
        case = read_case(path)
        own = {name: workflow for name, workflow in case.file.workflows.items() if workflow is not None}
        return OpenedModel(
            case.model,
            {**case.model.workflows, **own},
            {**case.model.units, **case.file.units},
            case.name,
        )
    path = path.parent if path.name == "model.yaml" else path
    there = path.exists()
    folder = path.parent if there else Path()
    name = str(path.resolve()) if there else reference
    reading = read_model(name, folder, None, {}, (), (*ALLOWED.get(), path.resolve()))
    if reading.problems or reading.model is None:
        raise CaseError(list(reading.problems))
    return OpenedModel(reading.model, reading.model.workflows, Units(reading.model.units).nouns)


def _is_case(path: Path) -> bool:
    """Whether a path is a case: a folder with case.yaml, a workbook, or a file that says `case: …`."""
    try:
        if path.is_dir():
            return (path / "case.yaml").is_file()
        if not path.is_file():
            return False
    except (OSError, ValueError):  # what no file can be called
        return False
    return is_workbook(path) or "case" in parse(read_text(path, path.name), path.name).data
