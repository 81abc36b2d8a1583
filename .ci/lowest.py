"""Print the lowest version allowed of every dependency in pyproject.toml, as constraints for pip."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
wanted = [
    *project["dependencies"],
    *(one for extra in ("test", "dask", "report", "calendars") for one in project["optional-dependencies"][extra]),
]
for name, lowest in sorted({tuple(re.findall(r"^([\w.-]+)>=([\d.]+)", one)[0]) for one in wanted}):
    print(f"{name}=={lowest}")
