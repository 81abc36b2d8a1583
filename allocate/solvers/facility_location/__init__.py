"""Programs whose whole numbers open things: branched on, and bounded by prices of what the opened things share."""
