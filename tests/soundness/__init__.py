"""Traps that give wrong numbers in silence, each walked into on purpose."""
