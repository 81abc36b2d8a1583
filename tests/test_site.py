"""The documentation as a site: what is generated is complete, links lead somewhere, and every page stands in the menu."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pages
import pytest

import allocate
from allocate.cli import COMMANDS, cli

ROOT = pages.ROOT


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as they are handed to the builder, without the pictures of cases."""
    folder = tmp_path_factory.mktemp("site")
    code = f"import sys; sys.path.insert(0, '.ci/docsite'); import gather; from pathlib import Path; gather.write(Path({str(folder)!r}), pictures=False)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def _text(site: Path, place: str) -> str:
    return (site / "pages" / place).read_text(encoding="utf-8")


@pytest.mark.slow
def test_links_between_pages_lead_somewhere(site: Path) -> None:
    """Links that were moved with their pages, and those of generated pages, name pages and headings that are there."""
    found = [(page, link) for page in (site / "pages").rglob("*.md") for link in pages.broken_links(page)]
    assert [f"{page.relative_to(site)}: {link}" for page, link in found if not link.endswith(".svg")] == []


@pytest.mark.slow
def test_every_command_has_its_place_with_all_its_options(site: Path) -> None:
    """A command's section has each of its options, those of commands below it, its examples, and the guides that show it."""
    text = "".join(
        path.read_text(encoding="utf-8") for path in (site / "pages" / "reference" / "commands").glob("*.md")
    )
    sections = {one.partition("\n")[0]: one for one in re.split(r"^## allocate ", text, flags=re.MULTILINE)[1:]}
    assert sorted(sections) == sorted(COMMANDS)
    missing = []
    for name, section in sections.items():
        command = cli.get_command(click.Context(cli), name)
        below = list(command.commands.values()) if isinstance(command, click.Group) else [command]
        for one in below:
            assert one is not None
            options = [param for param in one.params if isinstance(param, click.Option) and not param.hidden]
            missing += [f"{name}: {option}" for param in options for option in param.opts if option not in section]
        assert section.count("```sh\nallocate ") >= 1, f"no example of `allocate {name}`"
        assert "\nPages that use it: [" in section, f"no guide shows `allocate {name}`"
    assert missing == []


@pytest.mark.slow
def test_every_key_of_a_case_has_its_place(site: Path) -> None:
    """The pages of blocks together have every key of the schema, each below the block it belongs to."""
    schema = json.loads((ROOT / "cases" / "case.schema.json").read_text(encoding="utf-8"))
    texts = "".join(path.read_text(encoding="utf-8") for path in (site / "pages" / "reference" / "case").glob("*.md"))
    for key in schema["properties"]:
        assert f"| `{key}` |" in texts


@pytest.mark.slow
def test_every_public_name_is_in_the_reference(site: Path) -> None:
    """The page about Python draws each name that the library offers."""
    drawn = re.findall(r"^::: [\w.]+\.(\w+)$", _text(site, "reference/python.md"), re.MULTILINE)
    assert sorted(drawn) == sorted(allocate.__all__)


@pytest.mark.slow
def test_every_figure_of_the_cost_model_has_its_source(site: Path) -> None:
    """Each figure of the model's files is a row of the page, and no row lacks a source."""
    text = _text(site, "reference/cost-model.md")
    files = [path.read_text(encoding="utf-8") for path in (ROOT / "models" / "annotation").glob("*.yaml")]
    sources = [one for file in files for one in re.findall(r'\bsource: "([^"]+)"', file)]
    assert len(sources) > 50
    assert [one for one in sources if one not in text] == []
    rows = re.findall(r"^\| `[^`]+` \|(.*)\|$", text, re.MULTILINE)
    assert [row for row in rows if not row.rpartition("|")[2].strip()] == []


@pytest.mark.slow
def test_a_page_outside_of_the_menu_is_an_error(site: Path) -> None:
    """Every page that was gathered stands in the menu of the configuration."""
    listed = re.findall(r"[\w/-]+\.md", (site / "mkdocs.yml").read_text(encoding="utf-8").rpartition("\nnav: ")[2])
    written = [str(path.relative_to(site / "pages")) for path in (site / "pages").rglob("*.md")]
    assert sorted(set(listed)) == sorted(written)
