"""Tickets gone at their source: told so by a record, merged, or missing from a full export.

Floor 2. A ticket that is gone has no row in the tables that are counted; its raw records stay, and
`deletions` says since when and why. It is back as soon as a file holds an ordinary record of it.

What a file says of a ticket is what the last of its records there says. Files are heard in the
order in which they were received, so a full export that lacks a ticket, received after a record of
it, has the last word. Nothing is compared but the numbers of tickets, so no build is needed to
know who is gone.
"""

from collections.abc import Mapping as Dict
from dataclasses import dataclass
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from opsgauge.log.building import stored_sql
from opsgauge.log.gone import (
    BACK,
    CHANGED,
    DELETED,
    GONE,
    KNOWN,
    MISSING,
    UNSAID,
    every_sql,
    gone_sql,
    known_sql,
    said_sql,
    with_ends_sql,
)
from opsgauge.log.mapping import Mapping
from opsgauge.log.normalise import plain
from opsgauge.log.raw import IMPORT
from opsgauge.log.shapes import updates_sql
from opsgauge.log.tables import DELETIONS, TICKETS
from opsgauge.warehouse.engine import number, quoted
from opsgauge.warehouse.tables import Warehouse

_KINDS = {"opened_at": "TIMESTAMP", "last_update_at": "TIMESTAMP"}


@dataclass(frozen=True)
class Heard:
    """Where a file stands: its place among all received, its name, its import and the moment."""

    place: int
    file: str
    import_id: str
    at: datetime


@dataclass(frozen=True)
class Lacking:
    """What a full export lacks: so many of the tickets it should hold, and until when it tells.

    `later` is the latest update known of a ticket that it holds; where that is later than `newest`,
    the export is older than what is known.
    """

    count: int
    of: int
    held: int  # tickets the export holds
    newest: datetime | None
    later: datetime | None

    @property
    def outdated(self) -> bool:
        """Whether the export is older than what is known of its own tickets."""
        return bool(self.newest and self.later and self.later > self.newest)


class Deletions:
    """Which tickets of one source are gone, and what an import changes about that."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        warehouse: Warehouse,
        mapping: Mapping,
        stored: Dict[str, int],
    ) -> None:
        self._db = connection
        self._mapping = mapping
        self._tickets = stored_sql(warehouse, TICKETS, stored)
        self._source = f"source = {quoted(mapping.source)}"
        connection.execute(
            "CREATE OR REPLACE TABLE gone_before AS "
            f"{gone_sql(stored_sql(warehouse, DELETIONS, stored), mapping.source)}"
        )
        connection.execute(
            "CREATE OR REPLACE TABLE gone_told (ticket_id VARCHAR, place BIGINT, kind VARCHAR, "
            "merged_into VARCHAR)"
        )
        kinds = ", ".join(f"{name} {_KINDS.get(name, 'VARCHAR')}" for name in KNOWN)
        connection.execute(
            f"CREATE OR REPLACE TABLE gone_known (ticket_id VARCHAR, {kinds}, place BIGINT)"
        )
        connection.execute("CREATE OR REPLACE TABLE held (ticket_id VARCHAR)")
        self._events = stored_sql(warehouse, DELETIONS, stored)
        self._newest: datetime | None = None
        self._settle("SELECT * FROM gone_before")

    @property
    def any(self) -> bool:
        """Whether a ticket may be gone, so that it matters what files say."""
        told = self._mapping.deleted is not None or bool(self._mapping.merged_into)
        return told or bool(number(self._db, "SELECT count(*) FROM gone_before"))

    def hear(self, raw: str, place: int, whole: bool) -> None:
        """Note what a file says of its tickets, records known from before included.

        Parameters
        ----------
        raw : the relation of all its records
        whole : it is, or is part of, an export of all tickets
        """
        self._db.execute(
            f"INSERT INTO gone_told SELECT * FROM ({said_sql(self._mapping, raw, str(place))}) "
            "WHERE kind <> 'back' OR ticket_id IN "
            "(SELECT ticket_id FROM gone_before UNION SELECT ticket_id FROM gone_told)"
        )
        gone = f"SELECT ticket_id FROM gone_told WHERE place = {place} AND kind <> '{BACK}'"
        if number(self._db, f"SELECT count(*) FROM ({gone})"):
            known = known_sql(self._mapping, raw, gone)
            self._db.execute(
                f"INSERT INTO gone_known BY NAME SELECT *, {place} AS place FROM ({known})"
            )
        if not whole:
            return
        ticket = plain(self._mapping.ticket_id, self._mapping)
        self._db.execute(
            f"INSERT INTO held SELECT DISTINCT {ticket} FROM {raw} WHERE {ticket} IS NOT NULL"
        )
        [(newest,)] = self._db.execute(
            f"SELECT max(happened_at) FROM ({updates_sql(self._mapping, raw)})"
        ).fetchall()
        if newest is not None:
            found = newest.replace(tzinfo=UTC)
            self._newest = max(found, self._newest or found)

    def take_back(self, place: int) -> None:
        """Forget what a file said of its tickets."""
        for table in ("gone_told", "gone_known"):
            self._db.execute(f"DELETE FROM {table} WHERE place = {place}")

    def lacking(self, window: bool, now: datetime) -> Lacking:
        """Compare what a full export holds with the tickets that stand; note what it lacks.

        Parameters
        ----------
        window : it holds only tickets opened since the first of its tickets was
        now : moments later than this are slips, and say nothing of an export's age
        """
        since = "true"
        if window:
            since = (
                f"opened_at >= (SELECT min(opened_at) FROM ({self._tickets}) "
                f"WHERE {self._source} AND ticket_id IN (SELECT ticket_id FROM held))"
            )
        self._db.execute(
            "CREATE OR REPLACE TABLE lacking AS SELECT ticket_id FROM "
            f"({self._tickets}) WHERE {self._source} AND {since} "
            "AND ticket_id NOT IN (SELECT ticket_id FROM held) "
            "AND ticket_id NOT IN (SELECT ticket_id FROM gone_told)"
        )
        known = (
            f"last_update_at <= {_utc(now)} AND ticket_id IN (SELECT ticket_id FROM held) AND "
            f"ticket_id NOT IN (SELECT ticket_id FROM gone_told WHERE kind = '{DELETED}')"
        )
        [(of, later)] = self._db.execute(
            f"SELECT count(*), max(last_update_at) FILTER ({known}) "
            f"FROM ({self._tickets}) WHERE {self._source} AND {since}"
        ).fetchall()
        return Lacking(
            number(self._db, "SELECT count(*) FROM lacking"),
            int(of),
            number(self._db, "SELECT count(DISTINCT ticket_id) FROM held"),
            self._newest,
            later.replace(tzinfo=UTC) if later else None,
        )

    def take_away(self, place: int) -> None:
        """Hold what a full export lacks to be gone."""
        self._db.execute(
            f"INSERT INTO gone_told SELECT ticket_id, {place}, '{MISSING}', NULL FROM lacking"
        )

    def decide(self, anew: str = "") -> None:
        """Make `gone` and `gone_changed` of what was heard.

        Parameters
        ----------
        anew : the relation of all raw records, where the mapping reads them otherwise than before;
            then they are heard again, and what was concluded from them before counts no more
        """
        told = (
            "SELECT ticket_id, arg_max(kind, place) AS kind, "
            "arg_max(coalesce(merged_into, ''), place) AS merged_into FROM gone_told GROUP BY ALL"
        )
        before = self._heard_again(anew) if anew else "SELECT * FROM gone_before"
        self._settle(
            f"SELECT ticket_id, kind, nullif(merged_into, '') AS merged_into FROM ({told}) "
            f"WHERE kind <> '{BACK}' UNION ALL SELECT * FROM ({before}) "
            "WHERE ticket_id NOT IN (SELECT ticket_id FROM gone_told)"
        )

    def _heard_again(self, raw: str) -> str:
        """Return who was gone before this import, had its mapping been in force all along."""
        said = said_sql(self._mapping, raw, IMPORT)
        self._db.execute(f"CREATE OR REPLACE TABLE said_again AS {said}")
        self._db.execute(
            "CREATE OR REPLACE TABLE said_ever AS SELECT DISTINCT ticket_id, kind FROM "
            f"({every_sql(self._mapping, raw, IMPORT)})"
        )
        events = (
            f"SELECT ticket_id, place, kind, merged_into FROM ({self._events}) "
            f"WHERE {self._source} AND (kind IN ('{MISSING}', '{BACK}') OR (ticket_id, kind) IN "
            "(SELECT (ticket_id, kind) FROM said_ever))"
        )
        last = (
            "SELECT ticket_id, arg_max(kind, row(place, after)) AS kind, "
            "arg_max(coalesce(merged_into, ''), row(place, after)) AS merged_into FROM ("
            "SELECT *, 0 AS after FROM said_again UNION ALL BY NAME "
            f"SELECT *, 1 AS after FROM ({events})) GROUP BY ticket_id"
        )
        return (
            f"SELECT ticket_id, kind, nullif(merged_into, '') AS merged_into FROM ({last}) "
            f"WHERE kind <> '{BACK}'"
        )

    def _settle(self, now: str) -> None:
        self._db.execute(f"CREATE OR REPLACE TABLE {GONE} AS {with_ends_sql(now)}")
        self._db.execute(
            f"CREATE OR REPLACE TABLE {CHANGED} AS SELECT ticket_id, "
            f"coalesce(n.kind, CASE WHEN ticket_id IN (SELECT ticket_id FROM gone_told) "
            f"THEN '{BACK}' ELSE '{UNSAID}' END) AS kind, n.merged_into, "
            "n.kind IS NOT NULL AND b.kind IS NULL AS lost, n.kind IS NULL AS found "
            f"FROM {GONE} AS n FULL JOIN gone_before AS b USING (ticket_id) "
            "WHERE n.kind IS DISTINCT FROM b.kind OR n.merged_into IS DISTINCT FROM b.merged_into"
        )

    def counts(self) -> tuple[int, int]:
        """Return how many tickets this import found gone, and how many back."""
        [(gone, back)] = self._db.execute(
            f"SELECT count(*) FILTER (lost), count(*) FILTER (found) FROM {CHANGED}"
        ).fetchall()
        return int(gone), int(back)

    def changes(self) -> bool:
        """Say whether this import changes who is gone."""
        return bool(number(self._db, f"SELECT count(*) FROM {CHANGED}"))

    def events(self, heard: Heard) -> pa.Table:
        """Return the rows of `deletions` that this import adds."""
        known = ", ".join(f"coalesce(t.{name}, k.{name}) AS {name}" for name in KNOWN)
        told = ", ".join(f"arg_max({name}, place) AS {name}" for name in KNOWN)
        rows = self._db.sql(
            f"SELECT {quoted(self._mapping.source)} AS source, c.ticket_id, c.kind, "
            f"{_utc(heard.at)} AS at, {heard.place}::BIGINT AS place, "
            f"{quoted(heard.file)} AS file, {quoted(heard.import_id)} AS import_id, "
            f"c.merged_into, {known} FROM {CHANGED} AS c LEFT JOIN "
            f"(SELECT * FROM ({self._tickets}) WHERE {self._source}) AS t USING (ticket_id) "
            f"LEFT JOIN (SELECT ticket_id, {told} FROM gone_known GROUP BY ticket_id) AS k "
            "USING (ticket_id) ORDER BY c.ticket_id"
        )
        return rows.to_arrow_table().cast(DELETIONS.arrow_schema())


def _utc(moment: datetime) -> str:
    """Return an instant as SQL writes it, naive in UTC as all that is stored is read."""
    return f"TIMESTAMP '{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}'"


def find_gone(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Warehouse,
    source: str,
    stored: Dict[str, int],
) -> None:
    """Make the relation `gone` of a source as a data version has it, with nothing new."""
    known = gone_sql(stored_sql(warehouse, DELETIONS, stored), source)
    connection.execute(f"CREATE OR REPLACE TABLE {GONE} AS {with_ends_sql(known)}")
