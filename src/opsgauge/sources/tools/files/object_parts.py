"""The parts of a log of objects, gathered in portions: events, objects, their values, their ties.

Floor 3. Of a log of any size one portion of each part is held; `object_rows.py` makes rows of them.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from opsgauge.warehouse.engine import file_list

ROWS_AT_ONCE = 50_000
TEXT_AT_ONCE = 64_000_000  # characters
PARTS = {
    "events": ("id", "type"),
    "event_moments": ("id", "time"),
    "event_values": ("id", "name", "value"),
    "objects": ("id", "type"),
    "object_values": ("id", "name", "value", "time"),
    "event_ties": ("event", "object", "qualifier"),
    "object_ties": ("source", "target", "qualifier"),
}
Cell = str | None


class ObjectParts:
    """The parts of one log, laid down in a folder; a row's `place` is its order in its part."""

    def __init__(self, work: Path) -> None:
        self._parts = {name: _Part(name, columns, work) for name, columns in PARTS.items()}

    def add(self, part: str, *row: Cell) -> None:
        """Take the next row of a part."""
        self._parts[part].add(row)

    def count(self, part: str) -> int:
        """Return how many rows a part has."""
        return self._parts[part].count

    def relations(self) -> dict[str, str]:
        """Lay down what is left; return the SQL of each part."""
        return {name: part.relation() for name, part in self._parts.items()}


class _Part:
    def __init__(self, name: str, columns: tuple[str, ...], work: Path) -> None:
        self.count = 0
        self._name = name
        self._work = work
        self._schema = pa.schema(
            [*(pa.field(each, pa.string()) for each in columns), pa.field("place", pa.int64())]
        )
        self._rows: list[tuple[Cell, ...]] = []
        self._weight = 0
        self._files: list[str] = []

    def add(self, row: tuple[Cell, ...]) -> None:
        self.count += 1
        self._rows.append(row)
        self._weight += sum(map(len, filter(None, row)))
        if len(self._rows) >= ROWS_AT_ONCE or self._weight >= TEXT_AT_ONCE:
            self._lay_down()

    def relation(self) -> str:
        self._lay_down(always=not self._files)
        return f"read_parquet({file_list(self._files)})"

    def _lay_down(self, always: bool = False) -> None:
        if not self._rows and not always:
            return
        first = self.count - len(self._rows)
        places = range(first, self.count)
        columns = [list(map(_whole, column)) for column in zip(*self._rows, strict=True)]
        columns = columns or [[] for _ in self._schema.names[:-1]]
        file = self._work / f"{self._name}-{len(self._files):05d}.parquet"
        table = pa.table([*columns, pa.array(places, pa.int64())], schema=self._schema)
        pq.write_table(table, file)
        self._files.append(str(file))
        self._rows, self._weight = [], 0


def _whole(text: Cell) -> Cell:
    """Return text in which halves of letters, as JSON can write them, are marked."""
    if text is None or text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
