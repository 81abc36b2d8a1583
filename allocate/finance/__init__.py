"""A plan as finance reads it, after the solve: by who gets the money, product, category and year; invoice and cash flow."""
