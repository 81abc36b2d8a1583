"""Supply: who is there to do the work, and the most they can do."""
