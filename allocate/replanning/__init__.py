"""The rest of a plan, planned once more: what is done as facts, what is ordered kept, the least changed, and told to vendors."""
