"""Sifting: a linear program solved over few of its columns, with all others priced; exact when none prices in."""
