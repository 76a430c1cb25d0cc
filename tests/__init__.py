"""The tests: a mirror of `src/opsgauge`, and rooms for what crosses it.

Start with `conftest.py`, which gives a workspace, the public logs and a place to import files.
"""
