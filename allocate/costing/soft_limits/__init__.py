"""Limits and rules that may be missed or broken for a penalty: by how much, and what it costs."""
