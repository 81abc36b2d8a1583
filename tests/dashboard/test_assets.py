"""Files of others that the page is given: as they were published, with their licences, and no code made of text."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from allocate.dashboard import shown

FOLDER = Path(shown.__file__).parent / "assets" / "vendored"
PUBLISHED = {
    "htmx.min.js": ("htmx.org 4.0.1", "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"),
    "vega.min.js": ("vega 6.4.0", "8f6a3587cf8d4f42c7e08120e3eb05d067e746d554e39d2dcf52acc0bd5ba28f"),
    "vega-lite.min.js": ("vega-lite 6.5.0", "83e215e84e308ee8688fa6503ba0f1cf8a3c05c0d61df2841a0b92bf86809e00"),
    "vega-embed.min.js": ("vega-embed 7.3.0", "b1455caba2fb1a72fb46025ba0ba1316e2dbc7f0dd40a3f6040172bf9c08ba91"),
}
"""SHA-256 of each file as its package has it."""


def test_files_are_as_they_were_published() -> None:
    """Nobody changed them on their way, and each has its licence."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.js")}
    assert found == {name: digest for name, (_, digest) in PUBLISHED.items()}
    licences = (FOLDER / "LICENSES.txt").read_text(encoding="utf-8")
    assert [name for name, (package, _) in PUBLISHED.items() if f"{name}: {package}" not in licences] == []
    assert sum(path.stat().st_size for path in FOLDER.glob("*.js")) < 900_000


def test_our_own_script_runs_no_text_as_code() -> None:
    """It evaluates nothing, writes no markup but what the page's own server answers, and names no host."""
    script = (FOLDER.parent / "dashboard.js").read_text(encoding="utf-8")
    assert re.findall(r"\beval\b|new Function|document\.write|https?:", script) == []
    assert re.findall(r"innerHTML = (\w+)", script) == ["text"]
    assert "ast: true" in script
