"""Tests of what is frozen of a series, and how charts are drawn by it."""
