"""What holds for whatever data one may think of."""
