"""Solving: HiGHS and PuLP back ends behind one closed outcome."""
