"""Build the documentation as a site: `python .ci/docsite` writes it to build/docs/site, or says what is wrong.

It needs the extra `docs` and no network. A link or heading that is not there, a page that no menu leads to, a site of more than 6 MB,
or a build of more than a minute is an error.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from gather import write
from sources import ROOT

FOLDER = ROOT / "build" / "docs"
LARGEST = 6_000_000
LONGEST = 60.0


def slimmed(page: str) -> str:
    """A page without a third of its bytes: blanks at the ends of lines, and marks around each line that a command printed."""
    parts = re.split(r"(<pre.*?</pre>|<script.*?</script>)", page, flags=re.DOTALL)
    return "".join(
        re.sub(r'<span class="(?:go|w|n|o|p|l|nb)">([^<]*)</span>', r"\1", one)
        if one.startswith(("<pre", "<script"))
        else re.sub(r"\s*\n\s*", "\n", one)
        for one in parts
    )


def main() -> None:
    """Gather, build, check."""
    began = time.monotonic()
    shutil.rmtree(FOLDER, ignore_errors=True)
    write(FOLDER)
    command = [Path(sys.executable).parent / "zensical", "build", "--strict", "--clean", "-f", FOLDER / "mkdocs.yml"]
    done = subprocess.run(command, cwd=FOLDER, check=False)
    if done.returncode:
        sys.exit(done.returncode)
    site = FOLDER / "site"
    for path in site.rglob("*.html"):
        path.write_text(slimmed(path.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.rmtree(site / "assets" / "stylesheets" / "classic", ignore_errors=True)  # of the look that is not chosen
    search = site / "search.json"
    found = json.loads(search.read_text(encoding="utf-8"))
    for item in found["items"]:  # nobody searches for what commands print
        item["text"] = re.sub(r"<pre>.*?</pre>", "", item["text"], flags=re.DOTALL)
    search.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
    seconds = time.monotonic() - began
    pages = list(site.rglob("*.html"))
    asked = re.compile(r"<(?:link|script|img)[^>]+(?:href|src)=\"(https?://[^\"]+)")
    fetched = sorted({one for path in pages for one in asked.findall(path.read_text(encoding="utf-8"))})
    print(f"{len(pages)} pages, {size / 1e6:.1f} MB, {seconds:.0f} s: {site}")
    if fetched:
        sys.exit(f"pages that ask something of the network: {fetched}")
    if size > LARGEST:
        sys.exit(f"the site is larger than {LARGEST / 1e6:.0f} MB")
    if seconds > LONGEST:
        sys.exit(f"the build took longer than {LONGEST:.0f} s")


if __name__ == "__main__":
    main()
