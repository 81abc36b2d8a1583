"""An answer as a file: written as JSON, read back, checked against the case."""
