"""Definitions in the formats of others."""
