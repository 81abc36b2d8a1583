"""Signs of life on stderr."""

from __future__ import annotations

import pytest

from allocate.cli import telling


def test_nothing_at_first_and_then_a_line_a_second(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At first nothing is said; afterwards what is looked into, once a second, on stderr alone."""
    now = iter([0.0, 29.0, 30.5, 30.9, 31.6])
    monkeypatch.setattr(telling.time, "monotonic", lambda: next(now))
    tell = telling.telling()
    for words in ("first", "second", "third", "fourth"):
        tell(words)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [line.split() for line in shown.err.splitlines()] == [["30", "s", "second"], ["32", "s", "fourth"]]
