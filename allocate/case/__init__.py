"""The case: files read, merged with a scenario and checked; every problem with its place."""
