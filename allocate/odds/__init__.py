"""Plans for inputs that nobody knows exactly: drawing them, what they do to a plan, and plans made for them."""
