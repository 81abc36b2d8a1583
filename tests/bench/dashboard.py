"""The dashboard: a move against a bare solve, a move seen before, time to the address, memory. `python -m tests.bench.dashboard`."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from pathlib import Path

from allocate.api.solving import solve
from allocate.case.load import read_case, revised

PORTFOLIO = Path(__file__).resolve().parents[2] / "cases" / "portfolio"
MOVES = 20
TOKEN = "a-token-for-the-bench"


def main() -> None:
    """Print one line for each thing that is promised."""
    bare = _bare()
    begun = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "allocate",
        "dashboard",
        str(PORTFOLIO),
        "--no-browser",
        "--read-only",
        "--token",
        TOKEN,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            print(f"address after {time.perf_counter() - begun:.2f} s (at most 1)")
            _served(address, server.pid, bare)
        finally:
            server.terminate()


def _bare() -> float:
    """Median seconds of a solve of the portfolio with another budget."""
    case = read_case(PORTFOLIO)
    solve(case)
    return _median(lambda at: solve(revised(case, {"budget": f"{at} USD"})))


def _median(done: Callable[[int], object]) -> float:
    taken = []
    for number in range(MOVES):
        begun = time.perf_counter()
        done(200_000 + 3_000 * number)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def _served(address: str, pid: int, bare: float) -> None:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    begun = time.perf_counter()
    page = opener.open(address).read().decode()
    print(f"first page {time.perf_counter() - begun:.2f} s, {len(page):,} bytes")
    form_token = re.search(r'name="token" value="([^"]+)"', page)
    assert form_token is not None
    home = address.partition("?")[0]

    def move(percent: int) -> None:
        form = urllib.parse.urlencode({"token": form_token[1], "page": "bench", "lever:budget": str(percent)}).encode()
        opener.open(urllib.request.Request(f"{home}plan", form, {"HX-Request": "true"})).read()

    new = _median(lambda at: move(60 + (at - 200_000) // 3_000))
    seen = _median(lambda at: move(60 + (at - 200_000) // 3_000))
    print(f"bare solve {1000 * bare:.0f} ms; a move {1000 * new:.0f} ms, {new / bare:.2f} times that (at most 2.5)")
    print(f"a move seen before {1000 * seen:.1f} ms (at most 60)")
    opener.open(f"{home}after/why?lever:budget=90").read()
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    others = [one for thread in threads for one in thread.read_text(encoding="utf-8").split()]
    print(
        f"memory {_memory(pid):.0f} MB (at most 250); of what explains, beside it, {sum(_memory(int(one)) for one in others):.0f} MB"
    )


def _memory(pid: int) -> float:
    """Resident memory of a process, MB."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(encoding="utf-8"))
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    main()
