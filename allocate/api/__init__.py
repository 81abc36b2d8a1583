"""The library's functions on one case: solve, explain, evaluate; each takes a case or where one is written."""
