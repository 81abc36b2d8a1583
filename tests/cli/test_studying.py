"""What the study commands share: the bar that counts their points."""

from __future__ import annotations

import io
import sys

import pytest

from allocate.cli.studying import progress_bar


class Watched(io.StringIO):
    """A terminal that somebody looks at."""

    def isatty(self) -> bool:
        """Always."""
        return True


def test_a_bar_counts_points_where_somebody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal each point is counted, and the line is taken away in the end."""
    stream = Watched()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar() as progress:
        assert progress is not None
        for done in range(5):
            progress(done, 4)
    assert "3/4" in stream.getvalue()
    assert "4/4" in stream.getvalue()
    assert stream.getvalue().endswith("\x1b[1A\x1b[2K")


def test_nothing_is_drawn_where_nobody_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or a pipe gets no bar."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar() as progress:
        assert progress is None
    assert stream.getvalue() == ""
