"""Work: how long it takes, how the time falls with practice, and what a workflow does to a batch."""
