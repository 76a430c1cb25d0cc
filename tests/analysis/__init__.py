"""Tests of what the numbers say. Start with `control_charts/test_rules.py`."""
