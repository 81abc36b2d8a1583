"""A plan against what was done, week by week: earned value, what the rest may cost, and what leaves its own range."""
