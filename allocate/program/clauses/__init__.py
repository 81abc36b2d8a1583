"""Clauses of contracts in the program: columns, rows and charges, one clause a file."""
