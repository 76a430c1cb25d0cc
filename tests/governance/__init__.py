"""Tests of the records wing, on real SQLite files. Start with `test_audit.py`."""
