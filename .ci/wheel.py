"""Build the wheel and the source archive, install the wheel alone in a new environment, and solve a case with it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import venv
import zipfile
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import HTTPCookieProcessor, build_opener

ROOT = Path(__file__).resolve().parent.parent


def run(*command: str | Path, cwd: Path) -> str:
    """A command's stdout; its failure ends the check."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def tracked(folder: str) -> set[str]:
    """Files of a folder that git tracks."""
    return set(run("git", "ls-files", folder, cwd=ROOT).split())


def shown(allocate: Path, case: Path, folder: Path) -> int:
    """Start the dashboard that is installed, and fetch its page and every file that names; how many files these are."""
    command = [allocate, "dashboard", case, "--no-browser", "--read-only"]
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            browser = build_opener(HTTPCookieProcessor(CookieJar()))
            with browser.open(address, timeout=60) as page:
                named = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.read().decode())
            for path in named:
                browser.open(urljoin(address, path), timeout=60).close()
        finally:
            server.terminate()
    if len(named) < 6:
        sys.exit(f"the page of the installed dashboard names no more than {named}")
    return len(named)


def main() -> None:
    """Check that what is installed is what is tracked, and that it works outside the checkout."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(sys.executable, "-m", "build", "--outdir", folder, ROOT, cwd=folder)
        wheel = next(folder.glob("*.whl"))
        inside = set(zipfile.ZipFile(wheel).namelist())
        models = {f"allocate/{path}" for path in tracked("models")}
        found = {path for path in inside if path.startswith("allocate/models/")}
        if found != models:
            sys.exit(f"models in the wheel differ from those tracked: {sorted(found ^ models)}")
        missing = tracked("allocate") - inside
        if missing:
            sys.exit(f"not in the wheel: {sorted(missing)}")
        venv.create(folder / "env", with_pip=True)
        python = folder / "env" / "bin" / "python"
        run(python, "-m", "pip", "install", "-q", wheel, cwd=folder)
        allocate = folder / "env" / "bin" / "allocate"
        run(allocate, "init", "mine", cwd=folder)
        run(allocate, "help", "guides/odds", cwd=folder)
        run(allocate, "solve", "mine", cwd=folder)
        answer = json.loads(run(allocate, "solve", ROOT / "cases" / "portfolio", "--format", "json", cwd=folder))
        if answer["status"] != "optimal":
            sys.exit(f"the installed wheel answers {answer['status']} for cases/portfolio")
        run(python, "-m", "pip", "install", "-q", f"{wheel}[dashboard]", cwd=folder)
        files = shown(allocate, ROOT / "cases" / "portfolio", folder)
    print(
        f"{wheel.name}: {len(models)} model files, installs alone, solves cases/portfolio, shows it with {files} files"
    )


if __name__ == "__main__":
    main()
