"""Promises of time and how they are kept."""
