"""Quality: how right work comes out after review and votes, and how sure samples make of it."""
