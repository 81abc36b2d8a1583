"""Bounds of programs whose choices open columns: at given prices of what ties them together, choice by choice."""
