"""A plan as people read it: one page for leadership, the same as Markdown for a pull request."""
