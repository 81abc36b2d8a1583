"""Runs kept: what was asked, the plan with its certificate, the figures; each in a folder named by its content."""
