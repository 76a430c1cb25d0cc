"""Alerts over a desk: what fires, whom it is told, and that nothing is lost."""
