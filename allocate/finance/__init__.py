"""A plan as finance reads it, after the solve: by year and category, discounted."""
