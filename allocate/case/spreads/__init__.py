"""What a case says of amounts that are not known exactly: spreads, what moves them together, and when they will be known."""

from allocate.case.spreads.spread import Event, Factor, Known, Settings, Spread, Spreads, Together

__all__ = ["Event", "Factor", "Known", "Settings", "Spread", "Spreads", "Together"]
