"""A case reads files of its own folder, and of others only where its user says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from allocate.api.solving import solve
from allocate.case.load import read_case, revised
from allocate.errors import CaseError, render

OURS = """model: ours
extends: annotation
reference: image.bounding-box.one
"""
CASE: dict[str, Any] = {
    "case": "small",
    "currency": "USD",
    "horizon": {"start": "2027-01-04", "weeks": 2},
    "objective": "cost",
    "products": {"p": {"item": "image", "effort": "1 h/image", "demand": "10 images"}},
    "vendors": {"a": {"accuracy": "90%", "contract": {"price": "1 USD/image"}}},
    "workflows": ["single-pass"],
}
TABLES: dict[str, dict[str, Any]] = {
    "model": {"model": "PATH"},
    "rates": {"rates": "PATH"},
    "calendar": {"calendar": "PATH"},
    "exchange": {"exchange": "PATH"},
    "curve": {"products": {"p": {**CASE["products"]["p"], "value": {"curve": "PATH", "worth": "1 USD/point"}}}},
    "points": {"products": {"p": {**CASE["products"]["p"], "value": {"curve": {"points": "PATH"}, "worth": "1 USD/point"}}}},
}  # fmt: skip
"""Every key that names a file."""


def written(folder: Path, more: dict[str, Any], path: str) -> Path:
    """A case in a folder with a key that names a file."""
    folder.mkdir(exist_ok=True)
    text = json.dumps({**CASE, **more}).replace("PATH", path)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("key", TABLES)
@pytest.mark.parametrize("how", ["above", "absolute", "link", "link to a folder", "system"])
def test_no_key_reads_a_file_outside(tmp_path: Path, key: str, how: str) -> None:
    """By `..`, by its whole path or by a link: what lies outside is refused, and nothing of it is printed."""
    ending = "yaml" if key == "model" else "csv"
    outside = tmp_path / f"secret.{ending}"
    outside.write_text(f"{OURS}# 17-secret-word\n" if key == "model" else "17-secret-word,b\n1,2\n")
    folder = tmp_path / "case"
    folder.mkdir()
    name = {
        "above": f"../secret.{ending}",
        "absolute": str(outside),
        "link": f"link.{ending}",
        "link to a folder": f"far/secret.{ending}",
        "system": "/etc/passwd" if key == "model" else "/etc/../etc/passwd.csv",
    }[how]
    (folder / f"link.{ending}").symlink_to(outside)
    (folder / "far").symlink_to(tmp_path)
    with pytest.raises(CaseError, match="lies outside the case's folder") as raised:
        read_case(written(folder, TABLES[key], name))
    told = "\n".join(render(problem) for problem in raised.value.problems)
    assert "secret-word" not in told
    assert "root:" not in told
    assert "--allow-path DIR" in told


def test_links_inside_a_model_s_folder_lead_nowhere(tmp_path: Path) -> None:
    """A folder of model files is read without those that are links to files elsewhere; a chain of models stays inside."""
    (tmp_path / "secret.yaml").write_text(OURS)
    folder = written(tmp_path / "case", {}, "")
    (folder / "ours").mkdir()
    (folder / "ours" / "model.yaml").write_text(OURS)
    (folder / "case.yaml").write_text(json.dumps({**CASE, "model": "ours"}))
    assert read_case(folder).model.model == "ours"
    (folder / "ours" / "more.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(CaseError, match=r"the cost model 'ours/more\.yaml' lies outside"):
        read_case(folder)
    (folder / "ours" / "more.yaml").unlink()
    (folder / "ours" / "model.yaml").write_text(OURS.replace("extends: annotation", "extends: ../../secret.yaml"))
    with pytest.raises(CaseError, match=r"the cost model '\.\./\.\./secret\.yaml' lies outside"):
        read_case(folder)


@pytest.mark.slow
def test_a_folder_that_is_allowed_is_read(run: Run, tmp_path: Path) -> None:
    """A model and a table shared by many cases are read with `--allow-path`, or `allow_paths` in a notebook."""
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "ours.yaml").write_text(OURS)
    (shared / "rates.csv").write_text("product,vendor,price [USD/image]\np,a,2\n")
    folder = written(tmp_path / "case", {"model": "../shared/ours.yaml", "rates": "../shared/rates.csv"}, "")
    refused = run("solve", folder, "--no-save")
    assert refused.code == 1
    assert refused.err.count("lies outside the case's folder") == 2
    for words in (
        ("solve", folder, "--no-save"),
        ("check", folder),
        ("compare", folder, "--set", "budget=50 USD", "--no-save"),
    ):
        assert run(*words, "--allow-path", shared).code == 0
    plan = tmp_path / "plan.json"
    assert run("solve", folder, "--no-save", "--allow-path", shared, "--out", plan).code == 0
    assert run("verify", plan, folder, "--allow-path", shared).code == 0
    assert run("check", folder).code == 1
    case = read_case(folder, allow_paths=[shared])
    assert solve(revised(case, ["budget=50 USD"])).status.value == "optimal"
