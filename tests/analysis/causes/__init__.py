"""What goes with an outcome: the arithmetic, on small data and on invented desks."""
