"""One file for people without Python: its plans are those of solves, and it opens without anything else."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from allocate import read_case, solve
from allocate.cli import cli
from allocate.dashboard import share as sharing
from allocate.dashboard.share import share
from tests.dashboard.asgi import SMALL
from tests.dashboard.browser import CHROMIUM, chromium

pytest.importorskip("vl_convert", reason="pictures need vl-convert-python, of the extra `report`")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the small case."""
    (tmp_path / "case.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few positions, so that few plans are solved."""
    monkeypatch.setattr(sharing, "BUDGETS", (50, 100, 120))
    monkeypatch.setattr(sharing, "OTHERS", (90, 100))
    monkeypatch.setattr(sharing, "MOST_LEVERS", 2)


def plans_of(text: str) -> dict[str, Any]:
    """The plans in a file, by their keys."""
    found = re.search(r'<script type="application/json" id="plans">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    plans: dict[str, Any] = json.loads(found[1])
    return plans


def unpacked(packed: str) -> str:
    """The page of a plan."""
    return gzip.decompress(base64.b64decode(packed)).decode()


@pytest.mark.slow
def test_every_position_has_the_plan_of_a_solve(folder: Path) -> None:
    """What a lever shows is what the command plans; where there is none, it says so."""
    done = share(read_case(folder), folder / "plan.html")
    text = (folder / "plan.html").read_text(encoding="utf-8")
    plans = plans_of(text)
    assert (done.plans, done.left_out) == (5, ())
    keys = [json.loads(html.unescape(one)) for one in re.findall(r'data-keys="([^"]*)"', text)]
    assert keys[0] == ["0:50", "", "0:120"]
    assert plans["0:50"]["said"] == "No plan is possible: no allocation of the work keeps every limit."
    assert "What is missing" in unpacked(plans["0:50"]["page"])
    scenario = solve(read_case(folder, "less-of-beta")).plan
    assert scenario is not None
    assert plans["scenario:0"]["said"].startswith(
        f"Cost {scenario.spend:,.2f} USD, spend {scenario.spend:,.2f}; cost is "
    )
    assert f"{scenario.spend:,.2f}" in unpacked(plans["scenario:0"]["page"])


@pytest.mark.slow
def test_the_file_runs_its_own_script_and_no_other(folder: Path) -> None:
    """The policy names the digest of the one script; nothing is fetched; names of the case are words."""
    hostile = "</script><img src=x onerror=alert(1)>"
    text = SMALL.replace("case: small", f"case: {json.dumps(hostile)}").replace("less-of-beta", json.dumps(hostile))
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    share(read_case(folder), folder / "plan.html")
    page = (folder / "plan.html").read_text(encoding="utf-8")
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html.unescape(page)
    assert "<img" not in page
    assert all("<img" not in unpacked(one["page"]) for one in plans_of(page).values())
    assert not re.search(r'(?:src|href)="', page)


@pytest.mark.slow
def test_what_does_not_fit_is_left_out_and_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file stays small enough to be mailed, and names what it has not."""
    monkeypatch.setattr(sharing, "MOST_BYTES", 20_000)
    done = CliRunner().invoke(cli, ["report", str(folder), "--share", str(folder / "plan.html"), "--no-save"])
    assert done.exit_code == 0, done.output
    assert "wrote" in done.output
    assert "left out, so that it can be mailed: budget, " in done.output
    assert "Left out, so that the file can be mailed: budget, " in (folder / "plan.html").read_text(encoding="utf-8")


def test_where_to_is_asked(folder: Path) -> None:
    """Without a place for anything the command says what to give; a link is not written over."""
    done = CliRunner().invoke(cli, ["report", str(folder)])
    assert (done.exit_code, "--out DIR, --share FILE" in done.output) == (2, True)
    (folder / "link.html").symlink_to(folder / "case.yaml")
    done = CliRunner().invoke(cli, ["report", str(folder), "--share", str(folder / "link.html")])
    assert "it is a link" in str(done.exception)


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)")
def test_it_opens_anywhere(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """From a file, without a network: the lever shows another plan and puts the others back, and nothing is said on the console."""
    share(read_case(folder), folder / "plan.html")
    with chromium(tmp_path_factory.mktemp("browser")) as tab:
        tab.size(390, 900)
        tab.open((folder / "plan.html").as_uri())
        before = tab.run("document.getElementById('said').textContent")
        tab.run("document.getElementById('lever-1').focus()")
        tab.key("ArrowLeft")
        tab.until("document.getElementById('plan').textContent.includes('What is missing')")
        assert tab.run("document.activeElement.getAttribute('aria-valuetext')") == "4.5k USD (-50%)"
        tab.run("document.getElementById('lever-2').focus()")
        tab.key("ArrowLeft")
        tab.until("!document.getElementById('plan').textContent.includes('What is missing')")
        assert tab.run("document.getElementById('words-1').textContent") == "9k USD (as in the case)"
        tab.key("ArrowRight")
        tab.until(f"document.getElementById('said').textContent === {json.dumps(before)}")
        assert tab.run("document.documentElement.scrollWidth - innerWidth") <= 0
        axe = Path(__file__).parent / "axe.min.js"
        tab.run(axe.read_text(encoding="utf-8") + "; true")
        assert (
            tab.run(
                "axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) => [v.id, v.nodes[0].html]))"
            )
            == []
        )
        assert tab.console == []
        assert {one.partition(":")[0] for one in tab.asked} <= {"file", "data", "about"}
