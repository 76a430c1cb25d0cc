"""Files on disk: CSV, Parquet and XES, also gzipped or inside a zip.

Floor 3. Start with `connector.py`, which tells them apart.
"""
