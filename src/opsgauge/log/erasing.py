"""One person taken out of the raw records: chance in the place of what could be computed.

Floor 2. Called by `operations.erasing` under the import lock. The digest of a name can be computed
by whoever holds the workspace's secret, and so can the hash of a record that named them, from the
rest of the record and a list of names. Both are replaced. The pseudonym stays, and with it every
number.
"""

import secrets
import uuid
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from opsgauge.foundation.errors import MappingWrong
from opsgauge.log.building import stored_sql
from opsgauge.log.changed_fields import among_sql, names_in_clear
from opsgauge.log.mapping import Mapping, parse_mapping
from opsgauge.log.privacy import MARK, digest_sql
from opsgauge.log.raw import HASH, OWN, RAW, raw_table, stored_name
from opsgauge.log.tables import ERASED, PERSONS, RECEIPTS, REJECTED
from opsgauge.warehouse.engine import file_list, name_of, number, one_file, quoted
from opsgauge.warehouse.tables import Warehouse

CHANCE = "unhex(md5(uuid()::VARCHAR))"  # in the place of the hash of a record
HASHES = "erased_hashes"  # the hashes of the records that named the person


@dataclass(frozen=True)
class Person:
    """Somebody who is to be erased: their digest in records, and their pseudonym, if any."""

    digest: str
    alias: str | None


@dataclass(frozen=True)
class _Named:
    """A raw file that names the person: the SQL of each column as it is to be, and of its rows."""

    file: Path
    columns: Dict[str, str]
    rows: str
    count: int


class Eraser:
    """One erasing: a connection, the tables of the newest data version, and the secret."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        warehouse: Warehouse,
        stored: Dict[str, int],
        key: bytes,
    ) -> None:
        self.connection = self._db = connection
        self._warehouse = warehouse
        self._stored = stored
        self._key = key
        self._mappings = self._received()
        self._new = MARK + secrets.token_hex(16)

    def find(self, digest: str = "", alias: str = "") -> Person | None:
        """Return who has this digest or pseudonym; who stands in raw records alone has none."""
        wanted = f"digest = {quoted(digest)}" if digest else f"alias = {quoted(alias)}"
        rows = self._db.execute(
            f"SELECT digest, alias FROM ({self._sql(PERSONS.name)}) WHERE {wanted}"
        ).fetchall()
        if rows:
            return Person(str(rows[0][0]), str(rows[0][1]))
        person = Person(digest, None)
        return person if digest and self.records(person) else None

    def programs(self) -> frozenset[str]:
        """Return the words under which mappings know programs, which are no persons."""
        every = [each for several in self._mappings.values() for each in several]
        return frozenset(word for each in every for word in each.automatic)

    def records(self, person: Person) -> int:
        """Count the raw records that name a person."""
        return sum(each.count for table in self._raw() for each in self._naming(table, person))

    def erase(self, person: Person, data_version: int) -> int:
        """Write every table that holds the person's digest anew; return the records changed.

        What the tables were before stays until `warehouse.cleaning` removes it.
        """
        self._db.execute(f"CREATE OR REPLACE TABLE {HASHES} (hash BLOB)")
        records = sum(self._rewrite(table, person) for table in self._raw())
        self._write_persons(person, data_version)
        self._write_rejected()
        return records

    def _received(self) -> dict[str, list[Mapping]]:
        """Return every mapping that records were received by, by the raw table they are in."""
        receipts = stored_sql(self._warehouse, RECEIPTS, self._stored)
        rows = self._db.execute(f"SELECT DISTINCT source, mapping FROM ({receipts})").fetchall()
        found: dict[str, list[Mapping]] = {}
        for stream, text in rows:
            try:
                read = parse_mapping(str(text), str(stream))
            except MappingWrong:  # written for a format that is read no longer
                continue
            found.setdefault(raw_table(str(stream)), []).append(read)
        return found

    def _raw(self) -> list[str]:
        return sorted(name for name in self._stored if name.startswith(RAW))

    def _sql(self, table: str) -> str:
        known = {each.name: each for each in (PERSONS, ERASED, REJECTED)}
        return stored_sql(self._warehouse, known[table], self._stored)

    def _naming(self, table: str, person: Person) -> list[_Named]:
        """Return the files of a raw table in which a person is named."""
        files = self._warehouse.files(table, self._stored[table])
        looked = (self._in_file(Path(file), table, person) for file in files)
        return [each for each in looked if each.count]

    def _in_file(self, file: Path, table: str, person: Person) -> _Named:
        columns = text_columns(pq.read_schema(file))
        met = {name: self._met(name, table, person, columns) for name in columns}
        told = {
            name: f"CASE WHEN {found} THEN {quoted(self._new)} ELSE {name_of(name)} END"
            for name, found in met.items()
        }
        rows = " OR ".join(f"coalesce({found}, false)" for found in met.values()) or "false"
        read = f"read_parquet({one_file(file)})"
        count = number(self._db, f"SELECT count(*) FROM {read} WHERE {rows}")
        return _Named(file, told, rows, count)

    def _met(self, name: str, table: str, person: Person, columns: Sequence[str]) -> str:
        """Return the SQL that says whether a cell is the person; also where their name is in clear.

        A name may be so where it came in before its column was known to hold persons.
        """
        column, digest = name_of(name), quoted(person.digest)
        by_name = f"{digest_sql(column, self._key)} = {digest}"
        ways = [f"{column} = {digest}"]
        for mapping in self._mappings.get(table, ()):
            people = {stored_name(each).lower() for each in mapping.person_columns}
            if name.lower() in people:
                ways.append(by_name)
            told = mapping.changes
            if told is None or stored_name(told.field).lower() not in map(str.lower, columns):
                continue
            if name.lower() in {stored_name(each).lower() for each in (told.old, told.new) if each}:
                clear = among_sql(name_of(stored_name(told.field)), names_in_clear(told))
                ways.append(f"(NOT {clear} AND {by_name})")
        return f"({' OR '.join(dict.fromkeys(ways))})"

    def _rewrite(self, table: str, person: Person) -> int:
        swapped, records = [], 0
        for each in self._naming(table, person):
            read = f"read_parquet({one_file(each.file)})"
            new = each.file.with_name(
                f"{each.file.stem.rpartition('-')[0]}-{uuid.uuid4().hex}.parquet"
            )
            told = ", ".join(f"{sql} AS {name_of(name)}" for name, sql in each.columns.items())
            self._db.execute(f"INSERT INTO {HASHES} SELECT {HASH} FROM {read} WHERE {each.rows}")
            self._db.execute(
                f"COPY (SELECT * REPLACE ({told}, CASE WHEN {each.rows} THEN {CHANCE} "
                f"ELSE {HASH} END AS {HASH}) FROM {read}) TO {quoted(str(new))} "
                "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
            )
            swapped.append((each.file, new, pq.read_metadata(new).num_rows))
            records += each.count
        if swapped:
            self._warehouse.swap(table, swapped)
        return records

    def _write_persons(self, person: Person, data_version: int) -> None:
        theirs = f"digest = {quoted(person.digest)}"
        digest = f"CASE WHEN {theirs} THEN {quoted(self._new)} ELSE digest END"
        known = self._sql(PERSONS.name)
        if person.alias is not None:
            query = f"SELECT {digest} AS digest, alias, number FROM ({known}) ORDER BY number"
            rows = self._db.sql(query).to_arrow_table()
            self._warehouse.replace(PERSONS.name, rows.to_reader(), PERSONS.arrow_schema())
        last = number(self._db, f"SELECT max(number) FROM ({known})")
        row = {
            "digest": self._new,
            "alias": person.alias,
            "last_number": last,
            "data_version": data_version,
        }
        schema = ERASED.arrow_schema()
        self._warehouse.make(ERASED.name, schema)
        self._warehouse.append(ERASED.name, pa.Table.from_pylist([row], schema=schema), schema)

    def _write_rejected(self) -> None:
        """Let what was said of refused records no longer hold the hash of one that named them."""
        held = self._sql(REJECTED.name)
        theirs = f"content_hash IN (SELECT hash FROM {HASHES})"
        if not number(self._db, f"SELECT count(*) FROM ({held}) WHERE {theirs}"):
            return
        rows = self._db.sql(
            f"SELECT * REPLACE (CASE WHEN {theirs} THEN {CHANCE} ELSE content_hash END "
            f"AS content_hash) FROM ({held})"
        ).to_arrow_table()
        self._warehouse.replace(REJECTED.name, rows.to_reader(), REJECTED.arrow_schema())


def text_columns(schema: pa.Schema) -> list[str]:
    """Return the columns of a raw file that hold text of its source."""
    return [
        field.name
        for field in schema
        if pa.types.is_string(field.type) and not field.name.startswith(OWN)
    ]


def erased_sql(warehouse: Warehouse, stored: Dict[str, int]) -> str:
    """Return the SQL of the rows of `erased_persons` in a data version."""
    return stored_sql(warehouse, ERASED, stored)


def forget_hashes(
    connection: duckdb.DuckDBPyConnection, warehouse: Warehouse, stored: Dict[str, int]
) -> None:
    """Replace, in older versions of `rejected`, the hashes that raw records had and have no more.

    Older data versions are read with that table, so its files stay, each under its name. Call
    before raw files are removed, which tell those hashes; done again, it goes on.
    """
    if REJECTED.name not in stored:
        return
    now = warehouse.files(REJECTED.name, stored[REJECTED.name])
    folder = warehouse.path(REJECTED.name)
    before = [file for file in folder.glob("*.parquet") if str(file) not in now]
    for table in (name for name in stored if before and name.startswith(RAW)):
        live = warehouse.files(table, stored[table])
        old = [str(file) for file in warehouse.path(table).glob("*.parquet")]
        old = [file for file in old if file not in live]
        if not old or not live:
            continue
        kept = f"SELECT {HASH} FROM read_parquet({file_list(live)}, union_by_name = true)"
        connection.execute(
            f"CREATE OR REPLACE TABLE {HASHES} AS SELECT {HASH} AS hash FROM "
            f"read_parquet({file_list(old)}, union_by_name = true) EXCEPT {kept}"
        )
        for file in before:
            _rehash(connection, file)


def _rehash(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    read, theirs = f"read_parquet({one_file(file)})", f"content_hash IN (FROM {HASHES})"
    if number(connection, f"SELECT count(*) FROM {read} WHERE {theirs}"):
        new = file.with_suffix(".new")
        connection.execute(
            f"COPY (SELECT * REPLACE (CASE WHEN {theirs} THEN {CHANCE} ELSE content_hash END "
            f"AS content_hash) FROM {read}) TO {quoted(str(new))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
        new.replace(file)


def tables_cleaned(stored: Dict[str, int]) -> list[str]:
    """Return the tables that hold digests, so that nothing of what they were before may stay."""
    return sorted(name for name in stored if name.startswith(RAW) or name == PERSONS.name)
