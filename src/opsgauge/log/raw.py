"""Raw tables: one per source, a row per record as it came, beside what we add to it.

Floor 2. Our own columns begin with an underscore; the source's keep their names, but for the
characters that Delta forbids.
"""

import pyarrow as pa

OWN = "_"
HASH, IMPORT, FILE, ROW, LAYOUT = "_hash", "_import", "_file", "_row", "_layout"
RAW_OWN: tuple[tuple[str, pa.DataType], ...] = (
    (HASH, pa.binary()),  # keyed hash of the record, 16 bytes
    (IMPORT, pa.int64()),  # place of its file among all that were received, ascending
    (FILE, pa.string()),  # name of the file it came in
    (ROW, pa.int64()),  # its place in that file, the first record being 1
    (LAYOUT, pa.string()),  # hash of the file's column names
)
FORBIDDEN = " ,;{}()\n\t\r=%"


def raw_table(source: str) -> str:
    """Return the name of the raw table of a source."""
    return f"raw_{source}"


def stored_name(column: str) -> str:
    """Return the name under which a source's column is kept.

    Examples
    --------
    >>> stored_name("resource country"), stored_name("_hash"), stored_name("number")
    ('resource%20country', '%5Fhash', 'number')
    """
    safe = "".join(f"%{ord(c):02X}" if c in FORBIDDEN else c for c in column)
    return "%5F" + safe[1:] if safe.startswith(OWN) else safe
