"""What records are worth: which cannot be used and why, which words have no mapping, what span.

Floor 2. Looks at raw files and changes nothing; what it finds is written by `operations.ingest`.
"""

import json
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from opsgauge.foundation.errors import MappingWrong
from opsgauge.log.building import stored_sql
from opsgauge.log.changed_fields import unnamed_sql
from opsgauge.log.mapping import Mapping
from opsgauge.log.normalise import (
    REASONS,
    Fault,
    faults,
    fields_sql,
    flag,
    read_rows,
    reason_sql,
    text,
)
from opsgauge.log.raw import FILE, HASH, IMPORT, ROW, raw_rows
from opsgauge.log.related import RELATED_BY_NAME
from opsgauge.log.related_building import related_sql
from opsgauge.log.shapes import mapped, updates_sql
from opsgauge.log.tables import REJECTED
from opsgauge.warehouse.engine import quoted
from opsgauge.warehouse.tables import Warehouse

SHOWN = 80  # characters of a faulty value that are kept


@dataclass(frozen=True)
class Judged:
    """What the new records are worth: faults, words without a mapping, and their span of time.

    `unnamed` counts the changes of fields that the mapping does not name, by the source's name.
    """

    rejected: pa.Table
    unmapped: Dict[str, Dict[str, int]]
    earliest: datetime | None
    latest: datetime | None
    unnamed: Dict[str, int] = field(default_factory=dict)


class Judge:
    """Looks at records of one source, by its mapping."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, mapping: Mapping
    ) -> None:
        self._db = connection
        self._warehouse = warehouse
        self._mapping = mapping

    def judge(self, files: Sequence[str], import_id: str) -> Judged:
        """Look at raw files: which records are unfit and why, which words are unmapped."""
        raw = raw_rows(files)
        faulty, first, last = self._survey(raw)
        rejected = REJECTED.arrow_schema().empty_table()
        if faulty:
            rejected = self._rejected(raw, faults(self._mapping), import_id)
        unnamed = self._words(unnamed_sql(self._mapping, raw))
        return Judged(rejected, self._unmapped(raw), first, last, unnamed)

    def unreadable(
        self,
        faulty: Sequence[tuple[int, str]],
        import_id: str,
        file: str,
        checksum: str,
        stored: Dict[str, int],
    ) -> pa.Table:
        """Return rows of `rejected` for lines that could not even be cut into columns.

        The same lines of the same file are told once, however often it is imported.
        """
        rows = [
            {
                "source": self._mapping.stream,
                "content_hash": f"{checksum[:32]}/{row}".encode(),
                "file": file,
                "row": row,
                "column": None,
                "reason": reason,
                "value": None,
                "import_id": import_id,
            }
            for row, reason in faulty
        ]
        if not rows:
            return REJECTED.arrow_schema().empty_table()
        known = self._db.execute(
            "SELECT content_hash FROM "
            f"({stored_sql(self._warehouse, REJECTED, stored)}) WHERE row IS NOT NULL"
        ).fetchall()
        told = {bytes(hash_) for (hash_,) in known}
        fresh = [row for row in rows if row["content_hash"] not in told]
        return pa.Table.from_pylist(fresh, schema=REJECTED.arrow_schema())

    def unreadable_before(self, stored: Dict[str, int]) -> pa.Table:
        """Return what is stored of lines of this source that could not be cut into columns."""
        return (
            self._db.sql(
                f"SELECT * FROM ({stored_sql(self._warehouse, REJECTED, stored)}) "
                f'WHERE source = {quoted(self._mapping.stream)} AND "column" IS NULL'
            )
            .to_arrow_table()
            .cast(REJECTED.arrow_schema())
        )

    def _rejected(self, raw: str, found: list[Fault], import_id: str) -> pa.Table:
        reasons = "[" + ", ".join(quoted(fault.reason) for fault in found) + "]"
        columns = "[" + ", ".join(quoted(fault.column) for fault in found) + "]"
        people = set(self._mapping.person_columns)
        values = " ".join(
            f"WHEN {n} THEN {fault.value}"
            for n, fault in enumerate(found)
            if fault.column not in people and fault.value != "NULL"
        )
        value = f"left(CASE fault {values} END, {SHOWN})" if values else "NULL"
        return (
            self._db.sql(
                f"SELECT {quoted(self._mapping.stream)} AS source, {HASH} AS content_hash, "
                f"{FILE} AS file, {ROW} AS row, {columns}[fault + 1] AS column, "
                f"{reasons}[fault + 1] AS reason, {value} AS value, "
                f"{quoted(import_id)} AS import_id "
                f"FROM (SELECT *, {reason_sql(self._mapping)} AS fault "
                f"FROM {read_rows(self._mapping, raw)}) "
                f"WHERE fault IS NOT NULL ORDER BY {IMPORT}, {FILE}, {ROW}"
            )
            .to_arrow_table()
            .cast(REJECTED.arrow_schema())
        )

    def _unmapped(self, raw: str) -> dict[str, dict[str, int]]:
        """Count the words that no mapping turns into ours, by field."""
        made: dict[str, dict[str, int]] = {}
        if not self._mapping.related and "original_status" in mapped(self._mapping):
            made["original_status"] = self._words(
                f"SELECT original_status AS word FROM ({updates_sql(self._mapping, raw)}) "
                "WHERE phase IS NULL AND original_status IS NOT NULL"
            )
        for name in self._mapping.fields_of("yes_no"):
            take = self._mapping.fields[name]
            word = text(take)
            made[name] = self._words(
                f"SELECT {word} AS word FROM {read_rows(self._mapping, raw)} "
                f"WHERE {word} IS NOT NULL AND ({flag(take)}) IS NULL"
            )
        return {name: words for name, words in made.items() if words}

    def _words(self, query: str) -> dict[str, int]:
        rows = self._db.execute(
            f"SELECT word, count(*) AS n FROM ({query}) "
            "GROUP BY word ORDER BY n DESC, word LIMIT 200"
        ).fetchall()
        return {str(word): int(n) for word, n in rows}

    def _survey(self, raw: str) -> tuple[int, datetime | None, datetime | None]:
        """Count the records at fault and bound the others' moments, at one reading if that will do.

        It will where each record is an update; of a row per ticket, or a related record, the
        moments are found by what is made of it.
        """
        one = not self._mapping.related and self._mapping.shape != "tickets"
        when = fields_sql(self._mapping).get("updated_at", "NULL::TIMESTAMP")
        [(faulty, first, last)] = self._db.execute(
            "SELECT count(fault), min(moment) FILTER (fault IS NULL), "
            "max(moment) FILTER (fault IS NULL) "
            f"FROM (SELECT {reason_sql(self._mapping)} AS fault, {when} AS moment "
            f"FROM {read_rows(self._mapping, raw)})"
        ).fetchall()
        return (int(faulty), _aware(first), _aware(last)) if one else (faulty, *self._span(raw))

    def _span(self, raw: str) -> tuple[datetime | None, datetime | None]:
        if self._mapping.related:
            dated = RELATED_BY_NAME[self._mapping.table].dated_by
            moments = self._mapping.fields_of("instant")
            rows, at = related_sql(self._mapping, raw), dated if dated in moments else "NULL"
        else:
            rows, at = updates_sql(self._mapping, raw), "happened_at"
        [(first, last)] = self._db.execute(f"SELECT min({at}), max({at}) FROM ({rows})").fetchall()
        return _aware(first), _aware(last)


def check_moments(rejected: pa.Table, records: int, file: str) -> None:
    """Refuse a file of which every record has a moment without a zone, where none is named.

    One record of many may be at fault; where all are, the mapping is, and one line mends it.

    Parameters
    ----------
    rejected : what `judge` found in the file
    records : how many it holds that were not known before

    Raises
    ------
    MappingWrong : with the column, an example, and what to add to the mapping
    """
    naive = rejected.filter(pc.equal(rejected["reason"], REASONS["naive"]))
    if not records or naive.num_rows < records:
        return
    shown = naive.select(["column", "value"]).slice(0, 1).to_pylist()[0]
    such = f", such as {shown['value']!r}" if shown["value"] is not None else ""
    raise MappingWrong(
        f"{file}: column {shown['column']!r} holds moments without a zone{such}, and the mapping "
        "names none.",
        hint="Add the zone that the source means, such as  times: {zone: Europe/Amsterdam}",
    )


def as_json(unmapped: Dict[str, Dict[str, int]]) -> str:
    """Return the words without a mapping as the text that receipts keep."""
    return json.dumps(unmapped, ensure_ascii=False, sort_keys=True)


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment is not None else None
