"""Terms: contracts and the rate card as plain numbers, where several clauses share them."""
