"""Files on disk: CSV, Excel, JSON, Parquet and XES, also gzipped or inside a zip.

Floor 3. Start with `connector.py`, which tells them apart; each kind has a reader of its own. What
DuckDB does not read itself is laid down by `parts.py` first.
"""
