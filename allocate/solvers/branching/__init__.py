"""Branching on the few whole numbers of a large program, each part bounded by duals that prove it."""
