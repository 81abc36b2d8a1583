"""The case `allocate init` starts from: a small folder that solves, with comments to change it by."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from allocate.errors import CaseError, Place, readable

STARTER = Path(__file__).parent / "starter"
"""The starter case's files, as they ship."""


def write_template(folder: Path) -> list[Path]:
    """Write the starter case into a new or an empty folder; the files written, case.yaml first.

    All files are written, or none: they are prepared in a hidden folder and moved into place together.

    Raises CaseError when the folder is a file or holds something already, and when it cannot be written.
    """
    folder = Path(folder)
    _refuse(folder)
    target = folder.absolute()
    staging = (target if target.is_dir() else target.parent) / f".{target.name}.{os.getpid()}.part"
    made = _missing_parents(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        staging.mkdir()
        names = _fill(staging)
        _move(staging, target)
    except BaseException as error:
        shutil.rmtree(staging, ignore_errors=True)
        for parent in made:
            _remove_empty(parent)
        if isinstance(error, OSError):
            message = f"the case cannot be written into {folder}: {error.strerror or error}"
            raise CaseError.of(message, Place(str(folder)), "name a folder you may write to") from None
        raise
    return [folder / name for name in names]


def _refuse(folder: Path) -> None:
    """Raise CaseError for a folder that is not ours to fill."""
    try:
        if folder.is_dir():
            found = sorted(path.name for path in folder.iterdir())
            if not found:
                return
            shown = ", ".join(map(readable, found[:3])) + (", …" if len(found) > 3 else "")
            message, fix = f"the folder {folder} is not empty (it has {shown})", "name a new folder, or an empty one"
        elif folder.exists() or folder.is_symlink():
            message, fix = f"{folder} is not a folder", "name a new folder, or an empty one"
        else:
            return
    except OSError as error:
        message, fix = f"{folder} cannot be opened: {error.strerror}", "name a folder you may write to"
    except ValueError:
        message, fix = f"'{readable(str(folder))}' is not the name of a folder", "name a new folder"
    raise CaseError.of(message, Place(str(folder)), fix)


def _fill(staging: Path) -> list[str]:
    """Write every file of the starter, the schema included; their names below the folder, case.yaml first."""
    from allocate.case.json_schema import case_schema

    names = sorted(str(path.relative_to(STARTER)) for path in STARTER.rglob("*") if path.is_file())
    for name in names:
        (staging / name).parent.mkdir(parents=True, exist_ok=True)
        (staging / name).write_bytes((STARTER / name).read_bytes())
    schema = json.dumps(case_schema(), indent=2, ensure_ascii=False) + "\n"
    (staging / "case.schema.json").write_text(schema, encoding="utf-8")
    return sorted([*names, "case.schema.json"], key=lambda name: (name != "case.yaml", name))


def _move(staging: Path, target: Path) -> None:
    """Put the prepared files into place: by one renaming, or one by one into a folder that is there, undone on failure."""
    if not target.exists():
        staging.rename(target)
        return
    moved: list[Path] = []
    try:
        for entry in sorted(staging.iterdir()):
            entry.rename(target / entry.name)
            moved.append(target / entry.name)
    except BaseException:
        for entry in moved:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        raise
    staging.rmdir()


def _missing_parents(target: Path) -> list[Path]:
    """Parents of a folder that are not there yet, nearest first."""
    return [parent for parent in target.parents if not parent.exists()]


def _remove_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:  # it was never made, or somebody has put something into it
        return
