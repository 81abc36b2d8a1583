"""The bill: lines of a plan, entries for them, and what their prices come to where other clauses count it."""
