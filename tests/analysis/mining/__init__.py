"""Tests of process mining, on a desk of a few tickets (`conftest.py`) that can be counted by hand."""
