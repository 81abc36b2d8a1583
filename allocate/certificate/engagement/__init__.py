"""Bounds over sets of engaged vendors: one price vector bounds every set, by tables of product-vendor sets."""
