"""Builds the tables of the log from raw records: all of them, or the tickets touched.

Floor 2. Big data streams through files in a work folder; nothing large is held in memory. Called
by `operations.ingest` under the import lock.
"""

from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from opsgauge.foundation.errors import WarehouseDamaged
from opsgauge.log.answers import unmet, with_automatic
from opsgauge.log.decided import hold_decided, laid_over_sql
from opsgauge.log.gone import CHANGED, GONE, merged_links_sql
from opsgauge.log.history import heads_sql, history_sql, summary_sql, tickets_sql
from opsgauge.log.mapping import Mapping
from opsgauge.log.mapping_fields import PERSONS
from opsgauge.log.normalise import plain
from opsgauge.log.privacy import hidden_sql, make_aliases
from opsgauge.log.raw import IMPORT, LAYOUT, raw_rows, raw_table, stored_name
from opsgauge.log.related import RECORD_FACTS, SERVICES
from opsgauge.log.shapes import mapped, updates_sql
from opsgauge.log.tables import HISTORY, LINKS, TICKETS, Table
from opsgauge.log.tables import PERSONS as PERSON_TABLE
from opsgauge.log.ties import links_sql
from opsgauge.warehouse.engine import (
    StoredTable,
    name_of,
    number,
    one_file,
    quoted,
    select_stored,
)
from opsgauge.warehouse.tables import Warehouse

BATCH = 100_000
SMALL = 300_000  # rows; below, everything stays in memory


@dataclass(frozen=True)
class Built:
    """What a build did."""

    touched: int
    months: tuple[str, ...]
    persons: pa.Table
    unmet: tuple[str, ...] = ()  # of all updates: words for programs that none is signed with


class Builder:
    """One build: a connection, a work folder, and the mapping of the source being built.

    With a `key`, names that lie in raw records, from before their column was known to hold persons,
    are hidden too.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        warehouse: Warehouse,
        mapping: Mapping,
        work: Path,
        key: bytes | None = None,
    ) -> None:
        self._db = connection
        self._warehouse = warehouse
        self._mapping = mapping
        self._work = work
        self._key = key
        self._mine = "false"  # which stored rows the build replaces

    def build(
        self,
        fresh: Sequence[str],
        known: Sequence[str],
        stored: Dict[str, int],
        everything: bool = False,
    ) -> Built:
        """Rebuild every ticket that the new raw files touch, and put it in the place of the old.

        Parameters
        ----------
        fresh : raw files of this import
        known : raw files of the committed data version, the same source
        stored : Delta version of each table in the committed data version
        everything : rebuild all tickets of the source, as after a change of the mapping

        `deletions.Deletions` has said before who is gone; those get no rows.
        """
        files = [*known, *fresh]
        raw = raw_rows(files) if everything else self._rows_of_touched(fresh, known)
        self._updates(raw, files)
        whole = everything or not known
        missed = unmet(self._db, self._mapping, self._key) if whole else ()
        self._mine = f"source = {quoted(self._mapping.source)}"
        if not everything:
            self._mine += (
                " AND ticket_id IN (SELECT ticket_id FROM all_heads "
                f"UNION ALL SELECT ticket_id FROM {CHANGED})"
            )
        persons = self._persons(stored)
        self._heads()
        touched = number(self._db, "SELECT count(*) FROM all_heads")
        months = self._months(stored)
        if not months:
            return Built(touched, (), persons, missed)
        history = history_sql(self._mapping, "updates", "heads", "aliases")
        self._replace(HISTORY, history, months, stored)
        mine = self._written_history(months)
        summary = summary_sql(self._mapping, mine, "heads")
        self._db.execute(f"CREATE OR REPLACE TABLE summary AS {summary}")
        self._must_conserve(mine)
        hold_decided(
            self._db,
            stored_sql(self._warehouse, RECORD_FACTS, stored),
            stored_sql(self._warehouse, SERVICES, stored),
        )
        tickets = tickets_sql(self._mapping, "heads", "summary", "aliases")
        self._replace(TICKETS, laid_over_sql(tickets), months, stored)
        links = self._links(raw)
        if links:
            self._replace(LINKS, " UNION ALL BY NAME ".join(links), months, stored)
        elif everything and LINKS.name in stored:
            self._replace(LINKS, stored_sql(self._warehouse, LINKS, {}), months, stored)
        return Built(touched, months, persons, missed)

    def _rows_of_touched(self, fresh: Sequence[str], known: Sequence[str]) -> str:
        """Return the raw rows from which the touched tickets are built."""
        if not known:
            return raw_rows(fresh)
        ticket = plain(self._mapping.ticket_id, self._mapping)
        told = f"SELECT {ticket} AS ticket_id FROM {raw_rows(fresh)} UNION " if fresh else ""
        self._db.execute(
            f"CREATE OR REPLACE TABLE touched AS {told}SELECT ticket_id FROM {CHANGED}"
        )
        everything = raw_rows([*known, *fresh])
        self._db.execute(
            "CREATE OR REPLACE TABLE touched_raw AS "
            f"SELECT * FROM {everything} WHERE {ticket} IN (SELECT ticket_id FROM touched)"
        )
        return "touched_raw"

    def _heads(self) -> None:
        """Make `all_heads`, a row for each ticket built, and `heads`: those that are not gone."""
        self._db.execute(
            f"CREATE OR REPLACE TABLE all_heads AS {heads_sql(self._mapping, 'updates')}"
        )
        there = ""
        if number(self._db, f"SELECT count(*) FROM {GONE}"):
            there = f"WHERE ticket_id NOT IN (SELECT ticket_id FROM {GONE})"
        self._db.execute(f"CREATE OR REPLACE VIEW heads AS SELECT * FROM all_heads {there}")

    def _links(self, raw: str) -> list[str]:
        """Return the queries of the links that the mapping tells of."""
        links = [links_sql(self._mapping, raw, "heads")] if self._mapping.links else []
        merged = [merged_links_sql(self._mapping, "all_heads")] if self._mapping.merged_into else []
        return links + merged

    def _updates(self, raw: str, files: Sequence[str]) -> None:
        """Make `updates`: a table where small, a file where large, read once either way."""
        told = self._hidden(updates_sql(self._mapping, raw))
        told = with_automatic(self._mapping, told, self._key)
        query = self._without_repeats(raw, told, files)
        rows = number(self._db, f"SELECT count(*) FROM {raw}")
        self._db.execute("DROP VIEW IF EXISTS updates; DROP TABLE IF EXISTS updates")
        if rows <= SMALL:
            self._db.execute(f"CREATE TABLE updates AS {query}")
            return
        file = self._work / "updates.parquet"
        self._db.execute(
            f"COPY ({query}) TO {quoted(str(file))} (FORMAT parquet, COMPRESSION snappy)"
        )
        self._db.execute(f"CREATE VIEW updates AS SELECT * FROM read_parquet({one_file(file)})")

    def _hidden(self, updates: str) -> str:
        people = [name for name in PERSONS if name in mapped(self._mapping)]
        return hidden_sql(updates, people, self._key) if self._key and people else updates

    def _without_repeats(self, raw: str, updates: str, files: Sequence[str]) -> str:
        """Drop an update that a later import brought again in a file of other columns.

        The same record with a column more is a new record by its hash, but no new update. What
        only some of the files tell cannot say whether two updates are the same.
        """
        if number(self._db, f"SELECT count(DISTINCT {LAYOUT}) FROM {raw}") < 2:
            return updates
        # In small letters: a column is the same to the engine whatever its case.
        headers = ({name.lower() for name in pq.read_schema(file).names} for file in files)
        everywhere = set.intersection(*headers)
        names = [n for n in mapped(self._mapping) if n not in ("reopen_count", "handoff_count")]
        told = [
            name
            for name in names
            if name not in self._mapping.fields
            or {stored_name(c).lower() for c in self._mapping.fields[name].columns} <= everywhere
        ]
        said = ", ".join(["ticket_id", "happened_at", "part", *told])
        return (
            f"SELECT * FROM ({updates}) QUALIFY "
            f"arg_max({LAYOUT}, row({IMPORT}, {LAYOUT})) OVER (PARTITION BY {said}) = {LAYOUT}"
        )

    def _persons(self, stored: Dict[str, int]) -> pa.Table:
        people = [name for name in PERSONS if name in mapped(self._mapping)]
        known = stored_sql(self._warehouse, PERSON_TABLE, stored)
        return make_aliases(self._db, people, "updates", known)

    def _months(self, stored: Dict[str, int]) -> tuple[str, ...]:
        """Return the months whose partitions change: where touched tickets are, and were."""
        now = "SELECT DISTINCT opened_month AS month FROM all_heads"
        before = (
            f"SELECT DISTINCT opened_month FROM ({stored_sql(self._warehouse, TICKETS, stored)}) "
            f"WHERE {self._mine}"
        )
        rows = self._db.execute(f"{now} UNION {before} ORDER BY month").fetchall()
        return tuple(str(row[0]) for row in rows)

    def _replace(
        self, table: Table, query: str, months: tuple[str, ...], stored: Dict[str, int]
    ) -> None:
        """Write the touched tickets' rows, with the untouched rows of the same months."""
        schema = table.arrow_schema()
        self._warehouse.make(table.name, schema, partitioned=True)
        untouched = ""
        if table.name in stored:
            kept = ", ".join(name_of(c.name) for c in table.columns)
            untouched = (
                f" UNION ALL BY NAME SELECT {kept} FROM "
                f"({stored_sql(self._warehouse, table, stored)}) WHERE opened_month IN "
                f"({', '.join(quoted(month) for month in months)}) AND NOT ({self._mine})"
            )
        # sql(), not execute(): the latter copies all rows before the first is handed over.
        reader = self._db.sql(query + untouched).to_arrow_reader(BATCH)
        self._warehouse.replace_months(table.name, reader, schema, months)

    def _must_conserve(self, mine: str) -> None:
        """Compare the backlog with its flows at every month's end; a load that fails cannot count.

        The backlog counts intervals open at an instant, the flows count passages up to it.
        """
        broken = self._db.execute(
            f"WITH mine AS MATERIALIZED (SELECT since, until, open, passage FROM {mine}), "
            "ends AS (SELECT unnest(generate_series(date_trunc('month', min(since)), "
            "max(since) + INTERVAL 1 MONTH, INTERVAL 1 MONTH)) AS t FROM mine), "
            "stock AS (SELECT t, count(*) AS n FROM ends JOIN mine ON since <= t "
            "AND (until IS NULL OR t < until) WHERE open GROUP BY t), "
            "flow AS (SELECT t, sum(CASE WHEN passage IN ('created', 'reopened') THEN 1 "
            "WHEN passage IS NOT NULL THEN -1 ELSE 0 END) AS n "
            "FROM ends JOIN (SELECT since, passage FROM mine WHERE passage IS NOT NULL) "
            "ON since <= t GROUP BY t) "
            "SELECT ends.t, coalesce(stock.n, 0), coalesce(flow.n, 0) FROM ends "
            "LEFT JOIN stock USING (t) LEFT JOIN flow USING (t) "
            "WHERE coalesce(stock.n, 0) <> coalesce(flow.n, 0) ORDER BY 1"
        ).fetchall()
        if broken:
            when, stock, flow = broken[0]
            raise WarehouseDamaged(
                f"The backlog does not add up: at {when:%Y-%m-%d} UTC {stock} tickets are open, "
                f"while openings, reopenings and endings leave {flow}. Nothing was imported.",
                hint="Keep the file and report this as a fault of Opsgauge.",
            )

    def _written_history(self, months: tuple[str, ...]) -> str:
        head = self._warehouse.head(HISTORY.name)
        stored = stored_sql(self._warehouse, HISTORY, {HISTORY.name: head})
        chosen = ", ".join(quoted(month) for month in months)
        return (
            f"(SELECT * FROM ({stored}) WHERE opened_month IN ({chosen}) "
            f"AND source = {quoted(self._mapping.source)} "
            "AND ticket_id IN (SELECT ticket_id FROM heads))"
        )


def stored_table(warehouse: Warehouse, table: Table, version: int | None) -> StoredTable:
    """Return a table of the log at a Delta version; without one it is empty."""
    schema, root = table.ibis_schema(), str(warehouse.path(table.name))
    if version is None:
        return StoredTable(table.name, schema, (), root)
    files = warehouse.files(table.name, version)
    return StoredTable(
        table.name, schema, files, root, warehouse.late(table.name, version, table.names)
    )


def raw_files(warehouse: Warehouse, stream: str, stored: Dict[str, int]) -> tuple[str, ...]:
    """Return the raw files of a stream in a data version."""
    name = raw_table(stream)
    return warehouse.files(name, stored[name]) if name in stored else ()


def stored_sql(warehouse: Warehouse, table: Table, stored: Dict[str, int]) -> str:
    """Return the SQL that reads a table of the log as a data version holds it."""
    return select_stored(stored_table(warehouse, table, stored.get(table.name)))
