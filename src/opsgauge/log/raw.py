"""Raw tables: one per source, a row per record as it came, beside what we add to it.

Floor 2. Our own columns begin with an underscore; the source's keep their names, but for the
characters that Delta forbids.
"""

from collections.abc import Sequence

import pyarrow as pa

from opsgauge.warehouse.engine import file_list

OWN = "_"
RAW = "raw_"  # how the names of raw tables begin
HASH, IMPORT, FILE, ROW, LAYOUT = "_hash", "_import", "_file", "_row", "_layout"
RAW_OWN: tuple[tuple[str, pa.DataType], ...] = (
    (HASH, pa.binary()),  # keyed hash of the record, 16 bytes
    (IMPORT, pa.int64()),  # place of its file among all that were received, ascending
    (FILE, pa.string()),  # name of the file it came in
    (ROW, pa.int64()),  # its place in that file from 1; null: it is its place in this one
    (LAYOUT, pa.string()),  # hash of the file's column names
)
FORBIDDEN = " ,;{}()\n\t\r=%"
PLACE = "file_row_number"  # DuckDB's name for the place of a row in its Parquet file, from 0


def raw_table(stream: str) -> str:
    """Return the name of the raw table of a stream of records.

    Examples
    --------
    >>> raw_table("desk"), raw_table("desk/approvals")
    ('raw_desk', 'raw_desk__approvals')
    """
    return f"{RAW}{stream.replace('/', '__')}"


def stored_name(column: str) -> str:
    """Return the name under which a source's column is kept.

    Examples
    --------
    >>> stored_name("resource country"), stored_name("_hash"), stored_name("number")
    ('resource%20country', '%5Fhash', 'number')
    """
    safe = "".join(f"%{ord(c):02X}" if c in FORBIDDEN else c for c in column)
    taken = safe.startswith(OWN) or safe.lower() == PLACE
    return f"%{ord(safe[0]):02X}{safe[1:]}" if taken else safe


def raw_rows(files: Sequence[str]) -> str:
    """Return the SQL that reads files of one raw table, each row with its place in its source."""
    return (
        f"(SELECT * REPLACE (coalesce({ROW}, {PLACE} + 1) AS {ROW}) "
        f"FROM read_parquet({file_list(files)}, union_by_name = true))"
    )
