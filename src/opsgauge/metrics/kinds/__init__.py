"""The closed set of kinds of metric, one file each: count, share, duration, amount and so on.

Floor 3. Every file has `rows` (the tickets counted, one row each per period) and `numbers` (the
value of each group); both start from an `Ask`. Start with `count.py`, the shortest.
"""
