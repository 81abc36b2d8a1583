"""Limits of a case as plain numbers: money, items, targets."""
