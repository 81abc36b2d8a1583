"""Whom to engage: tables of product-vendor sets, column generation for the best set of vendors, all sets gone through."""
