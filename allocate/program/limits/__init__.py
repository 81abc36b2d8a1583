"""What every plan keeps, whatever its contracts: money, demand, accuracy, capacity, learning and value."""
