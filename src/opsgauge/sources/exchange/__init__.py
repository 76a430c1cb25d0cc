"""Event logs on their way out: XES, OCEL 2.0 as JSON and as SQLite, CSV.

Floor 3. What a log holds is said by `operations/exchange`; here it becomes a file. Start at
`cases.py`; logs of objects are in `objects.py`. Files come in through `tools/files`.
"""
