"""Benchmarks: each measures a promise beside the peer it is measured against.

`python -m bench` runs them all, writes results/ as JSON, prints ratios of medians taken in one run,
and exits 1 on a missed bound. Start with `measuring.py`.
"""
