"""The rest of a plan, planned again: what is done as facts, what is ordered kept, the least changed, and told to vendors."""
