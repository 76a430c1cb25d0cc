"""Tests of process mining, on a few tickets (`conftest.py`) that can be counted by hand."""
