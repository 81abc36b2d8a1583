"""The parts of a report, one file a subject: every figure is computed from the answer."""
