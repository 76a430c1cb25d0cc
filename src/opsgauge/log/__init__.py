"""What happened to every ticket: the tables, the words, and how raw records become them.

Floor 2. Start with `tables.py` (what a row is), then `mapping.py`, `normalise.py`, `history.py`.
"""
