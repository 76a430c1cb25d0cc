"""Tests of the log: mapping, normalising, shapes, history, privacy."""
