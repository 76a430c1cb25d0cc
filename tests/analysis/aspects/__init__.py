"""When tickets come in."""
