"""Value: what labels are worth to a model, and what errors cost."""
