"""Supply: who is there to do the work, the most they can do, and how much could be bought."""
