"""Costing: effort, price, quality and throughput become the routes table."""
