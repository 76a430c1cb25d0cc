"""Pins of faults in libraries that are worked round; each fails the day upstream mends it."""
