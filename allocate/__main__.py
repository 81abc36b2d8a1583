"""`python -m allocate` is the command `allocate`, where scripts are not on the path."""

from __future__ import annotations

from allocate.cli import main

if __name__ == "__main__":
    main()
