"""Limits that may be missed, and rules that may be broken, for a penalty: what that comes to, recomputed."""
