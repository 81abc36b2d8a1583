"""Plans of programs with pairs that learn: true to their concave curves, from linear programs alone."""
