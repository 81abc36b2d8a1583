"""A plan as people read it: one page for leadership, the same as Markdown for a pull request."""

LARGE = 20_000
"""Routes by periods from which a case is not solved again and again for a report unless it is asked for."""
