"""Where tables are kept and read: Delta tables, data versions, and the engine that runs queries.

Floor 1. Start with `versions.py` for what a data version is, then `engine.py` for how one is read.
"""
