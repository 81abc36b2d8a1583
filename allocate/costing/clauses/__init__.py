"""Clauses of a contract: what each of them asks for."""
