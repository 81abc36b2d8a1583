"""Price-directed decomposition of integer programs (Dantzig-Wolfe): blocks on their own at prices of what they share."""
