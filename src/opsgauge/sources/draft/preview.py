"""What a mapping makes of an export's records, found by importing them for real.

Floor 3. The records are landed, judged and built in a folder that is thrown away afterwards, by the
same rooms that an import goes through; nothing here is an estimate.
"""

import secrets
from collections import Counter
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from opsgauge.log.building import Builder, stored_sql
from opsgauge.log.changed_fields import people_sql
from opsgauge.log.deletions import Deletions
from opsgauge.log.judging import Judge, check_moments
from opsgauge.log.mapping import Mapping
from opsgauge.log.mapping_fields import CARRIED, FIELDS
from opsgauge.log.raw import raw_rows
from opsgauge.log.shapes import mapped
from opsgauge.log.tables import HISTORY, TICKETS
from opsgauge.log.vocabulary import CANCELLED_PHASES, CLOSED_PHASE, PHASES
from opsgauge.sources.connector import Opened
from opsgauge.sources.landing import Landing, land
from opsgauge.warehouse.engine import number, quoted
from opsgauge.warehouse.tables import Warehouse

WHOLE = 100_000  # records; a file of more is tried by its first alone
TRIED = 1_000  # of such a file
MOST_REASONS = 20


@dataclass(frozen=True)
class Reason:
    """Why records were refused: the column at fault, how many, and a value that stood there."""

    column: str
    reason: str
    count: int
    example: str


@dataclass(frozen=True)
class Preview:
    """What the first records become.

    Attributes
    ----------
    tried : records that were read, those refused included
    known : records that came twice
    phases : how many tickets were ever in each phase, in the order of the vocabulary
    unmapped : words without a mapping, by field, and how often they stand there
    practices : tickets by practice
    earliest, latest : first and last moment of what happened, UTC
    beside : whether the records are no tickets but stand beside them, and were only judged
    unnamed : changes of fields that the mapping does not name, by the source's name
    filled : how many tickets have each field that the mapping fills
    open : tickets that are open
    reopened : tickets that were reopened; None where that is not known
    resolve_hours : median time to resolve, hours; None where no ticket is resolved
    more : whether the file holds more records than were read
    closed_unresolved : tickets that are closed, have no resolution and were never taken back
    blanked : fields that the last row of so many tickets leaves blank, though another did not
    people : changed fields that are kept in clear and name people of other columns
    alone : whether no ticket of a log has a second update, as if each record were a ticket
    """

    tried: int
    known: int
    tickets: int
    updates: int
    phases: Dict[str, int]
    practices: Dict[str, int]
    rejected: int
    reasons: tuple[Reason, ...]
    unmapped: Dict[str, Dict[str, int]]
    earliest: datetime | None
    latest: datetime | None
    beside: bool = False
    unnamed: Dict[str, int] = field(default_factory=dict)
    filled: Dict[str, int] = field(default_factory=dict)
    open: int = 0
    reopened: int | None = None
    resolve_hours: float | None = None
    alone: bool = False
    people: tuple[str, ...] = ()
    more: bool = False
    closed_unresolved: int = 0
    blanked: Dict[str, int] = field(default_factory=dict)


def preview(
    connection: duckdb.DuckDBPyConnection,
    opened: Opened,
    mapping: Mapping,
    file: str,
    work: Path,
) -> Preview:
    """Import all records into a warehouse below `work`, of a long file the first; tell what came.

    Raises
    ------
    MappingWrong : the mapping reads a column that the file does not have, or lacks a zone
    FileUnreadable : the records cannot be read
    """
    mapping.check_columns(opened.header, file)
    more = _is_long(connection, opened)
    first = replace(opened, rows=f"(SELECT * FROM {opened.rows} LIMIT {TRIED})") if more else opened
    return replace(_tried(connection, first, mapping, file, work), more=more)


def _tried(
    connection: duckdb.DuckDBPyConnection,
    opened: Opened,
    mapping: Mapping,
    file: str,
    work: Path,
) -> Preview:
    root = work / "warehouse"
    root.mkdir()
    warehouse = Warehouse(root)
    key = secrets.token_bytes(32)
    how = Landing(file, key, pseudonyms=True, keep_text=False, received=0, known=())
    landed = land(connection, opened, mapping, warehouse, how)
    told: Counter[tuple[str, str, str]] = Counter(("", words, "") for _, words in landed.faulty)
    if landed.file is None:
        return _nothing(landed.read, told)
    fresh = [str(landed.file)]
    judged = Judge(connection, warehouse, mapping).judge(fresh, "preview")
    check_moments(judged.rejected, landed.rows, file)
    told.update(_reasons(judged.rejected))
    if mapping.related:
        return replace(_nothing(landed.read, told), unmapped=judged.unmapped, beside=True)
    deletions = Deletions(connection, warehouse, mapping, {})
    deletions.hear(raw_rows(fresh), 0, whole=False)
    deletions.decide()
    built = Builder(connection, warehouse, mapping, work, key).build(fresh, (), {})
    rejected = judged.rejected.num_rows + len(landed.faulty)
    if not built.touched:
        return replace(_nothing(landed.read, told), unmapped=judged.unmapped)
    updates = _updates(connection, warehouse)
    return Preview(
        tried=landed.read,
        known=landed.read - landed.rows - len(landed.faulty),
        tickets=built.touched,
        updates=updates,
        phases=_phases(connection, warehouse),
        practices=_practices(connection, warehouse),
        rejected=rejected,
        reasons=_ranked(told),
        unmapped=judged.unmapped,
        earliest=judged.earliest,
        latest=judged.latest,
        unnamed=judged.unnamed,
        people=_people(connection, mapping, fresh, (built.persons, key)),
        blanked=_blanked(connection, mapping),
        filled=_filled(connection, warehouse, mapping),
        alone=mapping.shape != "tickets" and updates == built.touched > 1,
        **_first_numbers(connection, warehouse),
    )


def _is_long(connection: duckdb.DuckDBPyConnection, opened: Opened) -> bool:
    """Say whether an export holds more records than are tried whole.

    One that breaks on the way is tried by its first records, as far as they can be read.
    """
    counted = f"SELECT count(*) FROM (SELECT * FROM {opened.rows} LIMIT {WHOLE + 1})"
    try:
        return number(connection, counted) > WHOLE
    except duckdb.Error:
        return True


def _nothing(tried: int, told: Counter[tuple[str, str, str]]) -> Preview:
    rejected = told.total()
    return Preview(tried, 0, 0, 0, {}, {}, rejected, _ranked(told), {}, None, None)


def _reasons(rejected: pa.Table) -> Counter[tuple[str, str, str]]:
    return Counter(
        (str(row["column"] or ""), str(row["reason"]), str(row["value"] or ""))
        for row in rejected.to_pylist()
    )


def _ranked(told: Counter[tuple[str, str, str]]) -> tuple[Reason, ...]:
    """Return the reasons with how often each was met, the most frequent first."""
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], str] = {}
    for (column, reason, value), count in told.most_common():
        counts[column, reason] += count
        examples.setdefault((column, reason), value)
    return tuple(
        Reason(column, reason, count, examples[column, reason])
        for (column, reason), count in counts.most_common(MOST_REASONS)
    )


def _table(warehouse: Warehouse, name: str) -> str:
    table = {TICKETS.name: TICKETS, HISTORY.name: HISTORY}[name]
    return f"({stored_sql(warehouse, table, {name: warehouse.head(name)})})"


def _updates(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> int:
    [(count,)] = connection.execute(
        f"SELECT coalesce(sum(update_count), 0) FROM {_table(warehouse, TICKETS.name)}"
    ).fetchall()
    return int(count)


def _people(
    connection: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    files: Sequence[str],
    met: tuple[pa.Table, bytes],
) -> tuple[str, ...]:
    persons, key = met
    connection.register("met_persons", persons)
    try:
        query = people_sql(mapping, raw_rows(files), "met_persons", key)
        return tuple(str(word) for (word,) in connection.execute(query).fetchall())
    finally:
        connection.unregister("met_persons")


def _filled(
    connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, mapping: Mapping
) -> dict[str, int]:
    """Count the tickets that have each mapped field; of a description its length is there."""
    told = {name: "description_length" if name == "description" else name for name in FIELDS}
    names = [name for name in mapped(mapping) if TICKETS.column(told[name])]
    counts = ", ".join(["count(*)", *(f"count({told[name]})" for name in names)])
    [row] = connection.execute(f"SELECT {counts} FROM {_table(warehouse, TICKETS.name)}").fetchall()
    return {name: int(count) for name, count in zip(names, row[1:], strict=True)}


def _blanked(connection: duckdb.DuckDBPyConnection, mapping: Mapping) -> dict[str, int]:
    """Count, of a log, the tickets whose last row is blank where another of their rows is not."""
    names = [name for name in CARRIED if name in mapping.fields and name not in mapping.carry]
    if mapping.shape != "updates" or not names:
        return {}
    # The builder left both relations behind.
    told = ", ".join(f"count({name}) AS {name}" for name in names)
    counts = ", ".join(
        f"count(*) FILTER (h.last.{name} IS NULL AND u.{name} > 0)" for name in names
    )
    [row] = connection.execute(
        f"SELECT {counts} FROM heads AS h "
        f"JOIN (SELECT ticket_id, {told} FROM updates GROUP BY ticket_id) AS u USING (ticket_id)"
    ).fetchall()
    return {name: int(n) for name, n in zip(names, row, strict=True) if n}


def _first_numbers(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> dict[str, Any]:
    """Return what a person knows of a desk by heart: open, reopened, how long it takes."""
    gone = ", ".join(map(quoted, CANCELLED_PHASES))
    [(still, reopened, known, hours, unresolved)] = connection.execute(
        "SELECT count(*) FILTER (open), count(*) FILTER (reopen_count > 0), count(reopen_count), "
        "median(epoch_us(resolved_at) - epoch_us(opened_at)) / 3600000000, "
        f"count(*) FILTER (phase = '{CLOSED_PHASE}' AND resolved_at IS NULL AND ticket_id NOT IN "
        f"(SELECT ticket_id FROM {_table(warehouse, HISTORY.name)} WHERE phase IN ({gone}))) "
        f"FROM {_table(warehouse, TICKETS.name)}"
    ).fetchall()
    return {
        "open": still,
        "reopened": reopened if known else None,
        "resolve_hours": hours,
        "closed_unresolved": unresolved,
    }


def _practices(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> dict[str, int]:
    rows = connection.execute(
        f"SELECT practice, count(*) AS n FROM {_table(warehouse, TICKETS.name)} "
        "GROUP BY practice ORDER BY n DESC, practice"
    ).fetchall()
    return {str(practice): int(n) for practice, n in rows}


def _phases(connection: duckdb.DuckDBPyConnection, warehouse: Warehouse) -> dict[str, int]:
    rows = connection.execute(
        f"SELECT phase, count(DISTINCT ticket_id) FROM {_table(warehouse, HISTORY.name)} "
        "WHERE phase IS NOT NULL GROUP BY phase"
    ).fetchall()
    counts = {str(phase): int(n) for phase, n in rows}
    return {phase: counts[phase] for phase in PHASES if phase in counts}
