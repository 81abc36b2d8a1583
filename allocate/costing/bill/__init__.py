"""The bill: its entries, and what prices come to in the currency of a clause."""
