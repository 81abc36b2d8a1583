"""Why one bill is higher than another: a difference in cost by its causes, which add up to the cent."""
