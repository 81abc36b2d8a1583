"""The plan in a browser: levers to move, and what the plan becomes with each move."""
