"""Facility location: programs whose whole numbers open things, bounded by prices of what the opened things share."""
