"""Published examples and their published results, each test named after its source."""
