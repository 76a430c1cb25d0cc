"""A log of objects as rows: one per event and object, with what was known of the object then.

Floor 3. A change of an object's attribute that no event of it tells is a row as well, and so is an
object that nothing happened to. Its ties to other objects stand in its first row, several of a
kind as a list in JSON. Moments are compared as instants, those without an offset as UTC; each row
keeps them as they are written, and the mapping says what they mean.
"""

from pathlib import Path

import duckdb

from opsgauge.foundation.errors import FileUnreadable
from opsgauge.sources.connector import Opened
from opsgauge.sources.tools.files.object_parts import ObjectParts
from opsgauge.sources.tools.files.parts import MOST_COLUMNS, check_names
from opsgauge.warehouse.engine import name_of, one_file, quoted

EVENT_ID, EVENT_TYPE, EVENT_TIME = "ocel:eid", "ocel:activity", "ocel:timestamp"
OBJECT_ID, OBJECT_TYPE, QUALIFIER = "ocel:oid", "ocel:type", "ocel:qualifier"
EVENT_ATTRIBUTE, OBJECT_ATTRIBUTE = "event:", "object:"
TIED_TO, TIED_FROM, WITH = "to:", "from:", "with:"
MANY = 100  # other objects of a type that one event may name in a row
START_US = 86_400_000_000  # what holds from then or before, holds from the start
FIRST, LAST = -(2**62), 2**62
HINT = "Export it again, or mend it with the tool that wrote it."
Names = list[str]


def rows_of(
    connection: duckdb.DuckDBPyConnection, parts: ObjectParts, file: Path, work: Path
) -> Opened:
    """Return a log of objects made readable as rows.

    Raises
    ------
    FileUnreadable : an id is there twice, a value is of nothing, a moment of one is none, there is
        no object, or there are too many attributes
    """
    if not parts.count("objects"):
        raise FileUnreadable(f"{file.name} holds no objects.", hint=HINT)
    made = _Rows(connection, parts.relations(), file)
    made.check()
    target = work / "objects.parquet"
    connection.execute(
        f"COPY ({made.query()}) TO {quoted(str(target))} (FORMAT parquet, COMPRESSION snappy)"
    )
    rows = f"read_parquet({one_file(target)})"
    return Opened(tuple(made.header), rows, made.astray(rows))


class _Rows:
    """The rows of one log in the making; each part is a relation by its name."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, parts: dict[str, str], file: Path
    ) -> None:
        self._db = connection
        self._of = parts
        self._file = file
        self._event_names = self._names("event_values", "name")
        self._object_names = self._names("object_values", "name")
        self._ties = self._names("object_ties", "qualifier")
        self._types = self._names("objects", "type")
        self.header = [
            *(OBJECT_ID, OBJECT_TYPE, EVENT_ID, EVENT_TYPE, EVENT_TIME, QUALIFIER),
            *(f"{EVENT_ATTRIBUTE}{name}" for name in self._event_names),
            *(f"{OBJECT_ATTRIBUTE}{name}" for name in self._object_names),
            *(f"{way}{name}" for way in (TIED_TO, TIED_FROM) for name in self._ties),
            *(f"{WITH}{name}" for name in self._types),
        ]
        check_names(file, self.header)

    def _names(self, part: str, column: str) -> Names:
        """Return the names met in a part, in the order in which they came."""
        asked = (
            f"SELECT {column} FROM {self._of[part]} GROUP BY ALL ORDER BY min(place) "
            f"LIMIT {MOST_COLUMNS + 1}"
        )
        return [str(row[0]) for row in self._db.execute(asked).fetchall()]

    def check(self) -> None:
        """Refuse a log whose parts do not fit together, with the first that does not."""
        of = self._of
        for part, what in (("events", "event"), ("objects", "object")):
            twice = f"SELECT id FROM {of[part]} GROUP BY id HAVING count(*) > 1"
            self._refuse(twice, f"{{n}} ids of {what}s are there twice or more, such as {{first}}")
        of_parts = (
            ("event_values", "events"),
            ("event_moments", "events"),
            ("object_values", "objects"),
        )
        for part, there in of_parts:
            self._refuse(
                f"SELECT v.id FROM {of[part]} AS v ANTI JOIN {of[there]} AS o ON o.id = v.id",
                f"{{n}} attributes are of {there} that are not there, such as {{first}}",
            )
        self._refuse(
            f"SELECT id || ', ' || name || ' at ' || time FROM {of['object_values']} "
            "WHERE time IS NOT NULL AND try_cast(time AS TIMESTAMPTZ) IS NULL",
            "{n} attributes change at a moment that cannot be read, such as {first}",
        )

    def _refuse(self, found: str, words: str) -> None:
        [(count, first)] = self._db.execute(
            f"SELECT count(*), min(x) FROM ({found}) AS f(x)"
        ).fetchall()
        if count:
            told = words.format(n=f"{count:,}", first=repr(str(first)[:100]))
            raise FileUnreadable(
                f"{self._file.name} is no whole log of objects: {told}.", hint=HINT
            )

    def astray(self, rows: str) -> str:
        """Return the SQL of the relations that lead nowhere, numbered after the rows; "" for none.

        Each is set aside by itself; all else of its event and of its object is there.
        """
        ends = (
            ("event", "event_ties", "events"),
            ("object", "event_ties", "objects"),
            ("source", "object_ties", "objects"),
            ("target", "object_ties", "objects"),
        )
        found = []
        for column, part, there in ends:
            lost = (
                f"SELECT t.{column} AS id FROM {self._of[part]} AS t "
                f"ANTI JOIN {self._of[there]} AS o ON o.id = t.{column}"
            )
            [(count, first)] = self._db.execute(
                f"SELECT count(*), min(id) FROM ({lost})"
            ).fetchall()
            if count:
                noun = there.removesuffix("s")
                reason = f"a relation names an {noun} that is not there, such as {first[:100]!r}"
                found.append(f"SELECT id, {quoted(reason)} AS reason FROM ({lost})")
        if not found:
            return ""
        return (
            f"SELECT row_number() OVER () + (SELECT count(*) FROM {rows}) AS row, reason "
            f"FROM ({' UNION ALL '.join(found)})"
        )

    def query(self) -> str:
        """Return the SQL of the rows, columns as in the header."""
        of = self._of
        chosen = [
            f"k.object AS {name_of(OBJECT_ID)}",
            f"o.type AS {name_of(OBJECT_TYPE)}",
            *(f"k.{own} AS {name_of(name)}" for own, name in _OWN),
            *_columns("e", "ev", self._event_names, EVENT_ATTRIBUTE),
            *_columns("k", "ov", self._object_names, OBJECT_ATTRIBUTE),
            *self._tied("t", TIED_TO),
            *self._tied("f", TIED_FROM),
            *(
                f"{_listed(f'list_filter(w.w{n}, lambda x: x <> k.object)')} "
                f"AS {name_of(f'{WITH}{name}')}"
                for n, name in enumerate(self._types)
            ),
        ]
        return (
            "WITH dated AS (SELECT e.id, e.type, e.place, m.time "
            f"FROM {of['events']} AS e LEFT JOIN (SELECT id, any_value(time) AS time "
            f"FROM {of['event_moments']} GROUP BY id) AS m ON m.id = e.id), "
            f"pairs AS ({self._pairs()}), said AS ({self._said()}), every AS ("
            "SELECT * FROM pairs UNION ALL BY NAME SELECT * FROM said UNION ALL BY NAME "
            f"SELECT id AS object, {FIRST} AS us, 0 AS is_event, 1 AS place FROM {of['objects']}), "
            f"filled AS ({self._filled()}), kept AS (SELECT *, row_number() OVER "
            "(PARTITION BY object ORDER BY us, is_event, place) AS nth FROM filled "
            f"WHERE is_event = 1 OR (us > {FIRST} AND NOT told) OR (place = 1 AND real = 0 "
            f"AND us = {FIRST})), chosen AS (SELECT * FROM kept UNION ALL BY NAME "
            f"{self._alone()}) SELECT {', '.join(chosen)} FROM chosen AS k "
            f"LEFT JOIN {of['objects']} AS o ON o.id = k.object "
            f"LEFT JOIN ({self._values_of_events()}) AS e ON e.id = k.event "
            f"LEFT JOIN ({self._ties_by('source', 'target')}) AS t "
            "ON t.object = k.object AND k.nth = 1 "
            f"LEFT JOIN ({self._ties_by('target', 'source')}) AS f "
            "ON f.object = k.object AND k.nth = 1 "
            f"LEFT JOIN ({self._together()}) AS w ON w.event = k.event "
            "ORDER BY o.place NULLS LAST, k.nth, k.place"
        )

    def _pairs(self) -> str:
        """Return each event of each object, with the instant it is compared by."""
        return (
            "SELECT DISTINCT t.object, t.event, e.type, e.time, t.qualifier, "
            f"coalesce(epoch_us(try_cast(e.time AS TIMESTAMPTZ)), {LAST}) AS us, "
            f"1 AS is_event, e.place FROM {self._of['event_ties']} AS t "
            "JOIN dated AS e ON e.id = t.event "
            f"SEMI JOIN {self._of['objects']} AS o ON o.id = t.object"
        )

    def _alone(self) -> str:
        """Return the events of no object that is there."""
        return (
            "SELECT d.id AS event, d.type, d.time, 1 AS is_event, d.place FROM dated AS d "
            "ANTI JOIN pairs AS p ON p.event = d.id"
        )

    def _said(self) -> str:
        """Return what is said of objects, together where it is said for one instant."""
        at = "epoch_us(try_cast(time AS TIMESTAMPTZ))"
        us = f"CASE WHEN time IS NULL OR {at} <= {START_US} THEN {FIRST} ELSE {at} END"
        values = "".join(
            f", arg_max(value, place) FILTER (name = {quoted(name)}) AS ov{n}"
            for n, name in enumerate(self._object_names)
        )
        return (
            f"SELECT id AS object, {us} AS us, any_value(time) AS time, 0 AS is_event, "
            f"0 AS place{values} FROM {self._of['object_values']} GROUP BY 1, 2"
        )

    def _filled(self) -> str:
        """Return every row with what was last said of its object by then."""
        values = ", ".join(
            f"last_value(ov{n} IGNORE NULLS) OVER upto AS ov{n}"
            for n in range(len(self._object_names))
        )
        replaced = f" REPLACE ({values})" if values else ""
        return (
            f"SELECT *{replaced}, max(is_event) OVER (PARTITION BY object, us) = 1 AS told, "
            f"count(CASE WHEN is_event = 1 OR us > {FIRST} THEN 1 END) "
            "OVER (PARTITION BY object) AS real FROM every WINDOW upto AS "
            "(PARTITION BY object ORDER BY us, is_event, place "
            "ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
        )

    def _values_of_events(self) -> str:
        values = "".join(
            f", arg_max(value, place) FILTER (name = {quoted(name)}) AS ev{n}"
            for n, name in enumerate(self._event_names)
        )
        return f"SELECT id{values} FROM {self._of['event_values']} GROUP BY id"

    def _ties_by(self, own: str, other: str) -> str:
        """Return the other ends of an object's ties, by their qualifier."""
        lists = "".join(
            f", list(other ORDER BY place) FILTER (qualifier = {quoted(name)}) AS q{n}"
            for n, name in enumerate(self._ties)
        )
        once = (
            f"SELECT {own} AS object, {other} AS other, qualifier, min(place) AS place "
            f"FROM {self._of['object_ties']} GROUP BY 1, 2, 3"
        )
        return f"SELECT object{lists} FROM ({once}) GROUP BY object"

    def _tied(self, relation: str, way: str) -> list[str]:
        return [
            f"{_listed(f'{relation}.q{n}')} AS {name_of(f'{way}{name}')}"
            for n, name in enumerate(self._ties)
        ]

    def _together(self) -> str:
        """Return the objects of an event by their type, where they are not very many."""
        lists = "".join(
            f", any_value(objects) FILTER (type = {quoted(name)}) AS w{n}"
            for n, name in enumerate(self._types)
        )
        by_type = (
            "SELECT event, type, list(DISTINCT object ORDER BY object) AS objects "
            f"FROM (SELECT t.event, t.object, o.type FROM {self._of['event_ties']} AS t "
            f"JOIN {self._of['objects']} AS o ON o.id = t.object) "
            f"GROUP BY ALL HAVING count(DISTINCT object) <= {MANY}"
        )
        return f"SELECT event{lists} FROM ({by_type}) GROUP BY event"


_OWN = (("event", EVENT_ID), ("type", EVENT_TYPE), ("time", EVENT_TIME), ("qualifier", QUALIFIER))


def _columns(relation: str, short: str, names: Names, before: str) -> list[str]:
    return [
        f"{relation}.{short}{n} AS {name_of(f'{before}{name}')}" for n, name in enumerate(names)
    ]


def _listed(values: str) -> str:
    """Return the SQL of a list as one value: the only one as it is, several in JSON."""
    return (
        f"CASE WHEN len({values}) = 1 AND NOT starts_with({values}[1], '[') THEN {values}[1] "
        f"WHEN len({values}) > 0 THEN CAST(to_json({values}) AS VARCHAR) END"
    )
