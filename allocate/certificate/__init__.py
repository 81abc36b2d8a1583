"""Proofs of how good a plan is: bounds by weak duality, computed with safe rounding, without a solver."""
