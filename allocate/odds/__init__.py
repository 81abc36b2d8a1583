"""Plans for inputs that are not known exactly: drawing them, what they do to a plan, and plans made for them."""
