"""What `allocate explain` prints: a module for a plan, one for a case without a plan."""
