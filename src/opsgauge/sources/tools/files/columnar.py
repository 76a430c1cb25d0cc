"""Parquet files.

Floor 3. Values become the text that stands for them, instants with their offset, nested ones JSON,
so that raw records look alike whatever they came in.
"""

from pathlib import Path

import duckdb

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.sources.tools.files.looks import look_at
from opsgauge.sources.tools.files.parts import check_names
from opsgauge.sources.tools.files.weighing import weigh
from opsgauge.warehouse.engine import first_line, name_of, one_file

NESTED = ("STRUCT", "MAP", "UNION")


class ColumnarReader:
    """Reads `.parquet`."""

    text = False

    def reads(self, name: str, start: bytes) -> bool:
        """Say whether the name or the first bytes are those of Parquet."""
        return name.lower().endswith(".parquet") or start == b"PAR1"

    def open(self, connection: duckdb.DuckDBPyConnection, file: Path, work: Path) -> Opened:
        """Make the file readable through DuckDB."""
        source = f"read_parquet({one_file(file)})"
        try:
            described = connection.execute(f"DESCRIBE FROM {source}").fetchall()
        except duckdb.Error as wrong:
            look = look_at(file)
            if look.kind == ".parquet":
                said, hint = first_line(wrong), "Export or fetch it again."
            else:
                said, hint = f"it looks like {look.noun}", look.hint
            raise FileUnreadable(
                f"{file.name} is no readable Parquet: {said}.", hint=hint
            ) from wrong
        # Runs of one value take next to no room: a few bytes can hold a thousand million rows.
        [rows] = connection.execute(
            f"SELECT sum(num_rows) FROM parquet_file_metadata({one_file(file)})"
        ).fetchall()
        weigh(int(rows[0] or 0) * len(described), file.stat().st_size, file)
        check_names(file, [str(name) for name, *_ in described])
        columns = ", ".join(_as_text(str(name), str(kind)) for name, kind, *_ in described)
        header = tuple(str(name) for name, *_ in described)
        return Opened(header, f"(SELECT {columns} FROM {source})")


def _as_text(name: str, kind: str) -> str:
    column = name_of(name)
    nested = kind.startswith(NESTED) or kind.endswith("]")
    value = f"to_json({column})" if nested else column
    return f"CAST({value} AS VARCHAR) AS {column}"
