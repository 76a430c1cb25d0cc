"""The records as plain rows, to be written into a backup and put into new records of either kind.

Floor 4. The hash of each line that is put in is taken anew and held against the line before: an
audit that does not hold cannot be made from a copy.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, insert, select, text, update
from sqlalchemy.orm import Session

from opsgauge.foundation.errors import RecordsDamaged
from opsgauge.governance.audit import BEFORE_THE_FIRST, canonical, hash_of
from opsgauge.governance.database import HEAD, Database, new_records
from opsgauge.governance.tables import ONLY_ROW, AuditEnd, AuditRow, Base, SettingsNoted

LINES, END, NOTED = (each.__tablename__ for each in (AuditRow, AuditEnd, SettingsNoted))
AT_ONCE = 500
Row = Sequence[Any]


@dataclass(frozen=True)
class Copy:
    """One state of the records.

    Attributes
    ----------
    step : of the tables, see `database.REVISIONS`
    lines, last_hash : where the audit's chain ends
    columns : of each table, by its name
    """

    step: str
    lines: int
    last_hash: str
    columns: Mapping[str, Sequence[str]]
    session: Session

    def rows(self, table: str) -> Iterator[Row]:
        """Yield the rows of a table in order of its key, as JSON values."""
        known = Base.metadata.tables[table]
        query = select(known).order_by(*known.primary_key.columns)
        for row in self.session.execute(query, execution_options={"yield_per": AT_ONCE}):
            yield tuple(row)


@contextmanager
def copied(database: Database) -> Iterator[Copy]:
    """Open one state of the records, whatever is written meanwhile.

    Raises
    ------
    RecordsDamaged : the audit has no end
    """
    with database.reading() as session:
        end = session.get(AuditEnd, ONLY_ROW)
        if end is None:
            raise RecordsDamaged(
                "The audit has lost the record of its end.",
                hint="Restore the records from a backup.",
            )
        columns = {each.name: tuple(each.columns.keys()) for each in Base.metadata.sorted_tables}
        yield Copy(HEAD, end.lines, end.last_hash, columns, session)


def put_in(url: str, copy: Mapping[str, tuple[Sequence[str], Iterable[Row]]], step: str) -> None:
    """Make records from a copy, whole or not at all.

    Parameters
    ----------
    copy : of each table its columns and rows; rows are read once, tables in any order
    step : of the tables in the copy; the records are brought up to date afterwards

    Raises
    ------
    SettingsWrong : there are records already
    RecordsDamaged : a line of the audit is not as it was written, or a row does not fit
    """
    with new_records(url, step) as connection:
        tables = MetaData()
        tables.reflect(connection, only=lambda name, _: name in copy)
        for table in tables.sorted_tables:
            columns, rows = copy[table.name]
            named = (dict(zip(columns, row, strict=True)) for row in rows)
            if table.name == LINES:
                _add_lines(connection, table, tables.tables[END], named)
            elif table.name == NOTED:
                for row in named:
                    connection.execute(update(table).values(settings=row["settings"]))
            elif table.name != END:  # which moves on with the lines
                _add(connection, table, named)


def _add(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while batch := list(islice(rows, AT_ONCE)):
        connection.execute(insert(table), batch)
    if connection.dialect.name == "postgresql" and "id" in table.columns:
        counter = func.pg_get_serial_sequence(table.name, "id")
        # What is numbered next follows what was put in.
        connection.execute(select(func.setval(counter, func.max(table.c.id))).select_from(table))


def _add_lines(
    connection: Connection, lines: Table, end: Table, rows: Iterator[dict[str, Any]]
) -> None:
    held = _held(rows)
    if connection.dialect.name == "sqlite":
        for row in held:
            connection.execute(insert(lines), row)
            _move(connection, end, row)
        return
    # One row changed so often in one transaction takes PostgreSQL longer each time, so its guards
    # are off within this transaction; each line was held against the one before.
    for table in (lines, end):
        connection.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
    while batch := list(islice(held, AT_ONCE)):
        connection.execute(insert(lines), batch)
        _move(connection, end, batch[-1])
    for table in (lines, end):
        connection.execute(text(f"ALTER TABLE {table.name} ENABLE TRIGGER USER"))


def _move(connection: Connection, end: Table, row: Mapping[str, Any]) -> None:
    connection.execute(update(end).values(lines=row["number"], last_hash=row["hash"]))


def _held(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield lines that follow from each other.

    Raises
    ------
    RecordsDamaged : one does not
    """
    previous = BEFORE_THE_FIRST
    for count, row in enumerate(rows, start=1):
        holds = row["hash"] == hash_of(canonical(row)) and row["previous_hash"] == previous
        if not holds or row["number"] != count:
            raise RecordsDamaged(
                f"Line {count} of the audit in the backup is not as it was written.",
                hint="Use another backup.",
            )
        previous = row["hash"]
        yield row
