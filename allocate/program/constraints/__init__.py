"""One constraint, one function: meaning, algebra, unit, and how to read its dual."""
