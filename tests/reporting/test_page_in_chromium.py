"""The page as a browser shows it: headless Chromium renders, measures and prints it. Skipped where there is none."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from allocate import read_case, solve
from allocate.api.explaining import explain
from allocate.api.solving import formulate
from allocate.explaining.inputs import swings
from allocate.reporting.compared import compose_comparison
from allocate.reporting.compose import compose
from allocate.reporting.page import page
from allocate.study.compare import compare

COMPARE = "compare"
CASES = Path(__file__).resolve().parents[2] / "cases"
PROBE = Path(__file__).parent / "probe.js"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed (Debian: apt-get install chromium)"),
]


def browse(folder: Path, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Chromium on a file, with a profile of its own, until it has done what the options ask."""
    assert CHROMIUM is not None
    quiet = ("--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run")
    command = [CHROMIUM, "--headless", "--no-sandbox", *quiet, f"--user-data-dir={folder / 'profile'}", *options]
    return subprocess.run([*command, target.as_uri()], capture_output=True, text=True, timeout=120, check=True)


@cache
def page_of(name: str) -> str:
    """The page of a shipped case, or of the portfolio's scenarios side by side, as the command writes it."""
    if name == COMPARE:
        case = CASES / "portfolio"
        variants = [("portfolio", read_case(case)), ("budget-cut", read_case(case, "budget-cut"))]
        return page(compose_comparison(compare(variants), {"allocate": "1"}))
    case = read_case(CASES / name)
    built = formulate(case)
    answer = solve(case, formulation=built)
    assert answer.plan is not None
    return page(compose(answer, explain(case, answer=answer, formulation=built), swings(built, answer.plan)))


def measured(folder: Path, text: str, width: int) -> dict[str, Any]:
    """What the probe finds in a copy of the page, in a window of a width in pixels."""
    probe = f"<style>svg * {{ pointer-events: all !important; }}</style><script>{PROBE.read_text()}</script></body>"
    copy = folder / "copy.html"
    copy.write_text(re.sub(r"<meta http-equiv=[^>]*>", "", text).replace("</body>", probe), encoding="utf-8")
    shown = browse(folder, copy, f"--window-size={width},9000", "--dump-dom").stdout
    found = re.search(r'<pre id="probe">(.*?)</pre>', shown, re.DOTALL)
    assert found is not None
    measures: dict[str, Any] = json.loads(html.unescape(found[1]))
    return measures


def visited(folder: Path, text: str) -> tuple[list[str], list[str], int]:
    """Console messages, addresses the page asked for, and how many pages it prints to."""
    target, log, printed = folder / "page.html", folder / "net.json", folder / "page.pdf"
    target.write_text(text, encoding="utf-8")
    done = browse(
        folder, target, "--enable-logging=stderr", f"--log-net-log={log}", "--no-pdf-header-footer",
        f"--print-to-pdf={printed}",
    )  # fmt: skip
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    events = [one.get("params", {}) for one in json.loads(log.read_text(encoding="utf-8"))["events"]]
    # What the browser asks for on its own account has no origin.
    asked = [one["url"] for one in events if "url" in one and one.get("initiator", "not an origin") != "not an origin"]
    pages = len(re.findall(rb"/Type\s*/Page\b(?!s)", printed.read_bytes()))
    return console, [address for address in asked if not address.startswith(("file:", "data:"))], pages


@pytest.mark.parametrize(("name", "most"), [("portfolio", 3), ("vendor-comparison", 1), (COMPARE, 2)])
def test_page_is_quiet_and_prints(tmp_path: Path, name: str, most: int) -> None:
    """The page says nothing on the console, asks the network for nothing, and prints to as few A4 pages as it can."""
    console, asked, pages = visited(tmp_path, page_of(name))
    assert console == []
    assert asked == []
    assert 1 <= pages <= most


def test_the_check_would_notice(tmp_path: Path) -> None:
    """A page with a script that fails and a picture from elsewhere is caught by the same check."""
    bad = "<!doctype html><img src='http://127.0.0.1:9/x.png'><script>missing()</script>"
    console, asked, _ = visited(tmp_path, bad)
    assert any("missing is not defined" in line for line in console)
    assert asked == ["http://127.0.0.1:9/x.png"]


@pytest.mark.parametrize(
    ("name", "width"), [("portfolio", 1200), ("portfolio", 500), ("vendor-comparison", 1200), (COMPARE, 1200)]
)
def test_page_can_be_read(tmp_path: Path, name: str, width: int) -> None:
    """Every chart is visible, no text is cut off, nothing is wider than the window, and contrast is AA (4.5 to 1)."""
    found = measured(tmp_path, page_of(name), width)
    assert found["overflow"] <= 0
    assert len(found["charts"]) == {"portfolio": 5, "vendor-comparison": 3, COMPARE: 2}[name]
    assert all(one["width"] > 200 and one["height"] > 60 and one["marks"] > 5 for one in found["charts"])
    assert found["clipped"] == []
    assert len(found["contrast"]) > 100
    assert [one for one in found["contrast"] if one[0] < 4.5] == []
