"""Price-directed decomposition of integer programs: blocks on their own at given prices of what they share."""
